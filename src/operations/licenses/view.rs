//! Licences as staff see them: the row with its product, its customer's standing, its modules, its key.

use crate::{
    domain::{
        customer::Standing,
        error::{Error, Result},
        ids::*,
        license::{LicenseState, Sheet, key::ActivationKey},
        product::{ActiveModule, Rules, mask},
    },
    operations::App,
    store::{
        ReadTx, Visible, activations,
        activations::Device,
        company_rules,
        licenses::{self, Suspension, Terms},
        products,
    },
};
use chrono::NaiveDate;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// A licence with what a list shows of it.
#[derive(Debug, Clone)]
pub struct View {
    /// The licence.
    pub sheet: Sheet,
    /// The activation key, grouped.
    pub key: String,
    /// Its product's rules, as its company has them.
    pub rules: Arc<Rules>,
    /// Its customer's standing.
    pub standing: Option<Standing>,
    /// Its modules that have not ended.
    pub modules: Vec<ActiveModule>,
    /// What it costs.
    pub terms: Terms,
    /// The day, where the installation is.
    pub today: NaiveDate,
}

impl View {
    /// The state.
    pub fn state(&self) -> LicenseState {
        self.sheet
            .state(self.standing.as_ref(), self.rules.grace_days, self.today)
    }

    /// Whether it works by grace alone.
    pub fn in_grace(&self) -> bool {
        self.sheet.is_in_grace(self.rules.grace_days, self.today)
    }

    /// The modules as a mask.
    pub fn mask(&self) -> u32 {
        mask(&self.modules)
    }
}

/// A licence with all that its page shows.
#[derive(Debug, Clone)]
pub struct Detail {
    /// What a list shows.
    pub view: View,
    /// The devices that hold a place.
    pub devices: Vec<Device>,
    /// The suspensions that stand.
    pub suspensions: Vec<Suspension>,
}

/// Completes licences that were found through a scope, with as many queries for a thousand as for one.
///
/// # Errors
/// Of the database.
pub fn complete(
    app: &App,
    tx: &mut ReadTx<'_>,
    sheets: Vec<Visible<Sheet>>,
    today: NaiveDate,
) -> Result<Vec<View>> {
    let ids: Vec<LicenseId> = sheets.iter().map(|sheet| sheet.license.id).collect();
    let customers: BTreeSet<CustomerId> = sheets.iter().filter_map(|sheet| sheet.customer_id).collect();
    let product_ids: BTreeSet<ProductId> = sheets.iter().map(|sheet| sheet.product_id).collect();
    let standings = licenses::standings(tx, &customers.into_iter().collect::<Vec<_>>())?;
    let rules: BTreeMap<ProductId, Arc<Rules>> =
        products::by_ids(tx, &product_ids.into_iter().collect::<Vec<_>>())?
            .into_iter()
            .map(|product| (product.rules.id, Arc::new(product.rules)))
            .collect();
    let companies: BTreeSet<NodeId> = sheets.iter().filter_map(|sheet| sheet.company_id).collect();
    let lines = company_rules::lines(tx, &companies)?;
    let mut modules = activations::modules_of_many(tx, &ids)?;
    let mut terms = licenses::terms(tx, &ids)?;
    sheets
        .into_iter()
        .map(|sheet| {
            let sheet = sheet.into_inner();
            let id = sheet.license.id;
            let rules = rules.get(&sheet.product_id).ok_or(Error::NotFound)?;
            let line = sheet.company_id.and_then(|company| lines.get(&company));
            let mut modules = modules.remove(&id).unwrap_or_default();
            modules.retain(|module| module.expires_on.is_none_or(|last| today <= last));
            Ok(View {
                key: open_key(app, &sheet)?,
                rules: line.map_or_else(|| rules.clone(), |line| Arc::new(rules.under(line))),
                standing: sheet
                    .customer_id
                    .and_then(|customer| standings.get(&customer).copied()),
                modules,
                terms: terms.remove(&id).unwrap_or_default(),
                today,
                sheet,
            })
        })
        .collect()
}

/// One licence with all that its page shows.
///
/// # Errors
/// Of the database.
pub fn detail(app: &App, tx: &mut ReadTx<'_>, sheet: Visible<Sheet>, today: NaiveDate) -> Result<Detail> {
    let license = sheet.license();
    let devices = activations::devices(tx, &license)?;
    let suspensions = licenses::suspensions(tx, &license)?;
    let view = complete(app, tx, vec![sheet], today)?
        .pop()
        .ok_or(Error::NotFound)?;
    Ok(Detail {
        view,
        devices,
        suspensions,
    })
}

/// Where a key is sealed: it opens for no other licence.
pub(super) fn place(license: LicenseId) -> Vec<u8> {
    [b"activation-key/", license.0.as_slice()].concat()
}

pub(super) fn open_key(app: &App, sheet: &Sheet) -> Result<String> {
    let plain = app.vault.open(&place(sheet.license.id), &sheet.key_sealed)?;
    let canonical = std::str::from_utf8(&plain).map_err(Error::internal)?;
    Ok(ActivationKey::parse(canonical)
        .map_err(Error::internal)?
        .to_string())
}
