//! A product: a piece of software that is sold, with its versions, modules and rules.

use super::{
    codes::codes,
    ids::{ModuleId, ProductId, SigningKeyId, VersionId},
    license::LicenseKind,
};
use chrono::{NaiveDate, NaiveDateTime};
use serde_json::{Map, Value};

codes! {
    /// When a licence's days begin to count.
    StartRule {
        /// With the first activation.
        Activation = "attivazione",
        /// When it is made.
        Creation = "creazione",
    }
}

/// What the activation rules need of a product.
#[derive(Debug, Clone)]
pub struct Rules {
    /// The product.
    pub id: ProductId,
    /// Its code, as clients send it.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its version now.
    pub version: String,
    /// Days that a computer key lasts without contact.
    pub offline_days: i32,
    /// Whether a computer key may last for ever.
    pub offline_unlimited: bool,
    /// Days for which a subscription goes on after its last valid day.
    pub grace_days: i32,
    /// Days for which a waiting customer's licence works.
    pub pending_days: i32,
    /// A customer's own releases at most, per licence…
    pub release_max: i32,
    /// …in so many days.
    pub release_days: i32,
    /// Free values for the software, a JSON object.
    pub properties: Map<String, Value>,
    /// The key pair in use.
    pub signing_key_id: SigningKeyId,
}

impl Rules {
    /// The values that the software gets: the product's, and before them those of a licence's own.
    pub fn properties_with(&self, own: &Map<String, Value>) -> Map<String, Value> {
        let mut all = self.properties.clone();
        all.extend(own.iter().map(|(name, value)| (name.clone(), value.clone())));
        all
    }
}

/// A product as stored.
#[derive(Debug, Clone)]
pub struct Product {
    /// What activation needs.
    pub rules: Rules,
    /// For people.
    pub description: String,
    /// The kinds it is sold as.
    pub license_kinds: Vec<LicenseKind>,
    /// Price of a period, or once, net, in cents.
    pub base_price_cents: i64,
    /// ISO 4217.
    pub currency: String,
    /// Days of a trial.
    pub trial_days: i32,
    /// Months of a subscription's period.
    pub period_months: i32,
    /// When days begin to count.
    pub start_rule: StartRule,
    /// When it was made, UTC.
    pub created_at: NaiveDateTime,
    /// Grows with every change.
    pub revision: i32,
}

/// A feature that a licence switches on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Module {
    /// Identifier.
    pub id: ModuleId,
    /// Its code, unique in the product.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its place in the mask, 0 to 31; modules beyond have none.
    pub bit: Option<i32>,
    /// Price of a period, or once, net, in cents.
    pub base_price_cents: i64,
    /// Whether every licence has it.
    pub included: bool,
}

/// A version of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Identifier.
    pub id: VersionId,
    /// As clients send it.
    pub version: String,
    /// Covered by maintenance that reaches this day.
    pub released_on: NaiveDate,
    /// What is new.
    pub notes: String,
    /// Where to get it.
    pub url: Option<String>,
}

/// A module as a licence has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActiveModule {
    /// Its code.
    pub code: String,
    /// Its place in the mask.
    pub bit: Option<i32>,
    /// The last day on which the licence has it, where it ends before the licence.
    pub expires_on: Option<NaiveDate>,
}

/// The modules that a licence has of a product's, in the product's order.
pub fn active(of_product: &[Module], of_license: &[(ModuleId, Option<NaiveDate>)]) -> Vec<ActiveModule> {
    of_product
        .iter()
        .filter_map(|module| {
            let (_, expires_on) = of_license.iter().find(|(id, _)| *id == module.id)?;
            Some(ActiveModule {
                code: module.code.clone(),
                bit: module.bit,
                expires_on: *expires_on,
            })
        })
        .collect()
}

/// The mask of the modules that have a bit.
pub fn mask<'a>(modules: impl IntoIterator<Item = &'a ActiveModule>) -> u32 {
    modules
        .into_iter()
        .filter_map(|m| u32::try_from(m.bit?).ok())
        .filter_map(|bit| 1_u32.checked_shl(bit))
        .fold(0, |a, b| a | b)
}
