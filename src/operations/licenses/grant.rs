//! What client software is given: the licence as it sees it, and the computer key.

use super::alarm;
use crate::{
    domain::{
        actor::Actor,
        customer::Standing,
        error::{Error, Refusal, Result, Success},
        ids::LogId,
        license::{
            License, LicenseState,
            admission::Case,
            computer_key::{Claims, Signer},
        },
        product::{ActiveModule, Rules, mask},
    },
    operations::App,
    store::{
        activations::Place,
        log::{ActivationEntry, KeyKind, LicenseSnapshot, LogRow, Operation},
    },
};
use chrono::{NaiveDate, NaiveDateTime};
use serde_json::{Map, Value};
use std::sync::Arc;

/// A device, as a client describes it.
#[derive(Debug, Clone)]
pub struct Device {
    /// Its fingerprint.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// Its platform.
    pub platform: Option<String>,
}

/// A licence as client software sees it.
#[derive(Debug, Clone)]
pub struct ClientView {
    /// The licence.
    pub license: License,
    /// Its product's rules.
    pub rules: Arc<Rules>,
    /// Its customer's standing.
    pub standing: Option<Standing>,
    /// Its modules that have not ended.
    pub modules: Vec<ActiveModule>,
    /// The values for the software: its own and its product's.
    pub properties: Map<String, Value>,
    /// The day, where the installation is.
    pub today: NaiveDate,
}

impl ClientView {
    /// The view at a moment.
    pub(super) fn new(
        license: License,
        rules: Arc<Rules>,
        standing: Option<Standing>,
        mut modules: Vec<ActiveModule>,
        own: &Map<String, Value>,
        today: NaiveDate,
    ) -> Self {
        modules.retain(|module| module.expires_on.is_none_or(|last| today <= last));
        Self {
            license,
            properties: rules.properties_with(own),
            rules,
            standing,
            modules,
            today,
        }
    }

    /// The licence's state.
    pub fn state(&self) -> LicenseState {
        self.license
            .state(self.standing.as_ref(), self.rules.grace_days, self.today)
    }

    /// Whether it works by grace alone.
    pub fn in_grace(&self) -> bool {
        self.license.is_in_grace(self.rules.grace_days, self.today)
    }

    /// The modules as a mask.
    pub fn mask(&self) -> u32 {
        mask(&self.modules)
    }
}

/// A place that a device holds, and all that its computer key says.
pub struct Granted {
    /// The licence.
    pub view: ClientView,
    /// The place.
    pub place: Place,
    /// The device.
    pub device: Device,
    /// The named user.
    pub user: Option<String>,
    /// Whether the place was taken just now.
    pub is_new: bool,
    pub(super) signer: Arc<Signer>,
}

/// A signed computer key, and when its lease ends.
#[derive(Debug, Clone)]
pub struct ComputerKey {
    /// The JWS.
    pub token: String,
    /// UTC; none where the lease has no end.
    pub until: Option<NaiveDateTime>,
}

impl Granted {
    /// Signs the computer key. The licence is judged by what was committed, so this comes after the commit.
    pub(super) fn sign(&self, app: &App, now: NaiveDateTime, nonce: Option<String>) -> Result<ComputerKey> {
        let view = &self.view;
        let license = &view.license;
        let case = Case {
            license,
            rules: &view.rules,
            customer: view.standing.as_ref(),
            now,
            zone: app.zone,
        };
        let until = case.lease_until(license);
        let claims = Claims {
            iss: app.base_url.clone(),
            sub: license.id.to_string(),
            jti: self.place.id.to_string(),
            iat: now.and_utc().timestamp(),
            exp: until.map(|end| end.and_utc().timestamp()),
            prodotto: view.rules.code.clone(),
            versione: view.rules.version.clone(),
            tipo: license.kind.code().to_owned(),
            stato: view.state().code().to_owned(),
            scadenza: license.expires_on.map(|day| day.to_string()),
            manutenzione_al: license.maintenance_until.map(|day| day.to_string()),
            moduli: view.modules.iter().map(|module| module.code.clone()).collect(),
            maschera: view.mask(),
            moduli_al: view
                .modules
                .iter()
                .filter_map(|m| Some((m.code.clone(), m.expires_on?.to_string())))
                .collect(),
            dispositivo: self.device.id.clone(),
            utente: self.user.clone(),
            proprieta: view.properties.clone(),
            nonce,
        };
        Ok(ComputerKey {
            token: self.signer.sign(&claims).map_err(Error::internal)?,
            until,
        })
    }
}

/// An entry of the activation log.
pub(super) fn entry(
    actor: &Actor,
    now: NaiveDateTime,
    operation: Operation,
    license: Option<LicenseSnapshot>,
    device: Option<&str>,
    outcome: std::result::Result<Success, Refusal>,
) -> ActivationEntry {
    let origin = actor.origin();
    ActivationEntry {
        id: LogId::at(now),
        at: now,
        license,
        key_kind: KeyKind::Activation,
        operation,
        device: device.map(str::to_owned),
        outcome: outcome.map_or_else(Refusal::code, Success::code),
        address: origin
            .address
            .map(|address| address.to_string())
            .unwrap_or_default(),
        request_id: origin.request_id.clone(),
    }
}

/// Counts a refusal against its caller's limits, and writes it down unless they are reached: what is thrown back at
/// the door fills no log.
pub(super) async fn refused(
    app: &App,
    actor: &Actor,
    refusal: Refusal,
    entry: ActivationEntry,
) -> Result<()> {
    let address = actor.origin().address;
    if refusal == Refusal::Unknown {
        app.limits.unknown_key(address)?
    } else {
        app.limits.failure(address)?
    }
    alarm::raise(app, refusal, &entry);
    app.db.log(LogRow::Activation(Box::new(entry))).await
}

/// Writes a mistyped key down. It counts for no limit, but no caller fills the log with them.
///
/// # Errors
/// [`Error::Unavailable`] while the log's queue is full.
pub async fn mistyped(app: &App, actor: &Actor, operation: Operation, device: Option<&str>) -> Result<()> {
    if app.limits.mistyped(actor.origin().address).is_err() {
        return Ok(());
    }
    let entry = entry(
        actor,
        app.clock.now(),
        operation,
        None,
        device,
        Err(Refusal::Mistyped),
    );
    app.db.log(LogRow::Activation(Box::new(entry))).await
}
