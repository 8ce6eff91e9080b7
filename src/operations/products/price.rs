//! The vendor's price lists: a price begins and ends, and is never edited.

use super::create::subject;
use crate::{
    domain::{
        access::{Permit, right::SetPrices},
        audit::{Event, EventKind, Owner},
        calendar,
        company::NodeKind,
        error::{Conflict, Error, Fault, FieldErrors, Result},
        ids::PriceId,
        license::LicenseKind,
        price::Price,
    },
    operations::{App, Once, Replayable},
    store::{Done, prices, products},
};
use chrono::NaiveDate;

/// A new price. Field names in errors are the contract's.
#[derive(Debug, Clone)]
pub struct New {
    /// The module's code; none for the product itself.
    pub module: Option<String>,
    /// The kind of licence.
    pub kind: LicenseKind,
    /// For a period of so many months; none for any.
    pub period_months: Option<i32>,
    /// For companies of this kind; none for everybody.
    pub level: Option<NodeKind>,
    /// For each device or seat beyond the first.
    pub per_seat: bool,
    /// Net, in cents.
    pub amount_cents: i64,
    /// The first day; not one that has passed.
    pub valid_from: NaiveDate,
    /// The last day.
    pub valid_to: Option<NaiveDate>,
}

/// Adds a price to the lists.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`]: where on one of its days another holds for the same thing, `valido_dal` is
/// taken.
pub async fn add(
    app: &App,
    permit: Permit<SetPrices>,
    name: String,
    new: New,
    once: Once<PriceId>,
) -> Result<Replayable<PriceId>> {
    let zone = app.zone;
    let scope = permit.scope();
    app.once(permit.actor(), once, move |tx| {
        let product = products::find(tx, scope, &name)?;
        let id = product.rules.id;
        products::lock(tx, id)?;
        let mut wrong = FieldErrors::default();
        let module = match &new.module {
            None => None,
            Some(code) => {
                let known = products::modules(tx, &[id])?;
                let found = known.into_iter().find(|(_, module)| module.code == *code);
                if found.is_none() {
                    wrong.add("modulo", Fault::Unknown);
                }
                found.map(|(_, module)| module.id)
            }
        };
        if !product.license_kinds.contains(&new.kind) {
            wrong.add("tipo_licenza", Fault::Incompatible);
        }
        if new.period_months.is_some() && new.kind != LicenseKind::Subscription {
            wrong.add("periodo_mesi", Fault::Incompatible);
        }
        if new.level.is_some_and(|level| !level.is_company()) {
            wrong.add("livello", Fault::Invalid);
        }
        if new.valid_from < calendar::today(tx.now(), zone) {
            wrong.add("valido_dal", Fault::OutOfRange);
        }
        if new.valid_to.is_some_and(|last| last < new.valid_from) {
            wrong.add("valido_al", Fault::OutOfRange);
        }
        let price = Price {
            id: PriceId::at(tx.now()),
            product_id: id,
            module_id: module,
            kind: new.kind,
            period_months: new.period_months,
            level: new.level,
            per_seat: new.per_seat,
            amount_cents: new.amount_cents,
            currency: product.currency.clone(),
            valid_from: new.valid_from,
            valid_to: new.valid_to,
        };
        if prices::of_product(tx, id)?
            .iter()
            .any(|other| other.overlaps(&price))
        {
            wrong.add("valido_dal", Fault::Taken);
        }
        wrong.into_result()?;
        prices::insert(tx, &price)?;
        let event = Event::new(EventKind::PriceAdded, subject(id), Owner::default())
            .with("listino", price.id)
            .with("modulo", &new.module)
            .with("tipo_licenza", price.kind)
            .with("periodo_mesi", price.period_months)
            .with("livello", price.level)
            .with("per_posto", price.per_seat)
            .with("importo_centesimi", price.amount_cents)
            .with("valido_dal", price.valid_from)
            .with("valido_al", price.valid_to);
        Ok(Done::changed(price.id, event))
    })
    .await
}

/// Gives a price its last day: not one that has passed. A price that does not hold yet and ends before it begins is
/// withdrawn.
///
/// # Errors
/// [`Error::NotFound`]; [`Conflict::WrongState`] where it has ended; [`Error::Invalid`].
pub async fn end(
    app: &App,
    permit: Permit<SetPrices>,
    name: String,
    price: PriceId,
    last: NaiveDate,
) -> Result<()> {
    let zone = app.zone;
    let scope = permit.scope();
    app.db
        .operation(permit.actor(), app.clock.now(), move |tx| {
            let id = products::find(tx, scope, &name)?.rules.id;
            products::lock(tx, id)?;
            let known = prices::of_product(tx, id)?;
            let was = known
                .iter()
                .find(|known| known.id == price)
                .ok_or(Error::NotFound)?;
            let today = calendar::today(tx.now(), zone);
            if was.valid_to.is_some_and(|last| last < today) {
                return Err(Error::Conflict(Conflict::WrongState));
            }
            // It can end sooner; later would be another price for days that were said to be free.
            if last < today || was.valid_to.is_some_and(|was| last > was) {
                return Err(Error::field("valido_al", Fault::OutOfRange));
            }
            prices::end(tx, was.id, last)?;
            let event = Event::new(EventKind::PriceEnded, subject(id), Owner::default())
                .with("listino", was.id)
                .changed("valido_al", &was.valid_to, &Some(last));
            Ok(Done::changed((), event))
        })
        .await
}
