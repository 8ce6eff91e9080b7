//! Generating licences, one or thousands: all or none.

use super::{
    fresh::{Fresh, fresh_keys},
    quota, send,
    view::View,
};
use crate::{
    domain::{
        access::{Permit, right::IssueLicenses},
        actor::{Actor, Role},
        audit::{Event, EventKind, Owner, Subject},
        calendar,
        customer::Standing,
        error::{Error, Fault, FieldErrors, Result},
        ids::*,
        license::{Binding, License, LicenseKind, Sheet, days_after, term},
        product::{ActiveModule, Module, Product, StartRule},
    },
    operations::{App, Once, Replayable},
    store::{
        Done, ReadTx, Visible, WriteTx,
        batches::{self, NewKey, Template},
        company_rules, customers, licenses, nodes, products,
    },
};
use chrono::NaiveDate;
use std::sync::Arc;

/// Rows that one request may write at most: it holds up every other writer.
const ROWS_MAX: usize = 200_000;

/// What is to be made. Field names in errors are the contract's.
#[derive(Debug, Clone)]
pub struct Order {
    /// The product, by identifier or code.
    pub product: String,
    /// How long they run.
    pub kind: LicenseKind,
    /// How many, 1 to 10,000.
    pub quantity: usize,
    /// Codes of modules beside the included ones.
    pub modules: Vec<String>,
    /// Run so many days.
    pub duration_days: Option<i32>,
    /// Or up to this day.
    pub expires_on: Option<NaiveDate>,
    /// New versions are covered up to this day.
    pub maintenance_until: Option<NaiveDate>,
    /// Devices at most.
    pub max_devices: Option<i32>,
    /// Named users at most.
    pub max_users: Option<i32>,
    /// Floating seats at most.
    pub max_seats: Option<i32>,
    /// What they count.
    pub binding: Option<Binding>,
    /// The only devices they admit; none for any.
    pub reserved_devices: Vec<String>,
    /// Who uses them.
    pub customer: Option<CustomerId>,
    /// Who sells them.
    pub company: Option<NodeId>,
    /// Who sells them.
    pub agent: Option<NodeId>,
    /// Their own price, in cents.
    pub price_cents: Option<i64>,
    /// Their own discount, in basis points.
    pub discount_bp: Option<i32>,
    /// A label for staff.
    pub label: Option<String>,
    /// When their days begin to count, where it is not as the product says.
    pub start: Option<StartRule>,
    /// Whether their keys are mailed to the customer.
    pub mails_keys: bool,
}

/// What was made.
#[derive(Debug, Clone)]
pub struct Issued {
    /// The batch.
    pub batch: BatchId,
    /// Its licences.
    pub licenses: Vec<View>,
}

/// Makes licences.
///
/// # Errors
/// [`Error::Invalid`], [`Error::NotFound`] for what the caller does not see, [`QuotaExceeded`](crate::domain::error::Conflict::QuotaExceeded).
pub async fn issue(
    app: &App,
    permit: Permit<IssueLicenses>,
    order: Order,
    once: Once<Issued>,
) -> Result<Replayable<Issued>> {
    let fresh = {
        let (app, quantity) = (app.clone(), order.quantity);
        tokio::task::spawn_blocking(move || fresh_keys(&app, quantity))
            .await
            .map_err(Error::internal)??
    };
    let actor = permit.actor().clone();
    let app_ = app.clone();
    app.once(&actor.clone(), once, move |tx| {
        make(&app_, &actor, tx, &order, &fresh)
    })
    .await
}

fn make(
    app: &App,
    actor: &Actor,
    tx: &mut WriteTx<'_>,
    order: &Order,
    fresh: &[Fresh],
) -> Result<Done<Issued>> {
    let product = products::find(tx, actor.scope(), &order.product)?;
    if products::archived_at(tx, product.rules.id)?.is_some() {
        return Err(Error::field("prodotto", Fault::Incompatible));
    }
    let sellers = sellers(tx, actor, order)?;
    if let Some(company) = sellers.company
        && !products::is_sold(tx, company, product.rules.id)?
    {
        return Err(Error::field("prodotto", Fault::Incompatible));
    }
    let line = company_rules::line(tx, sellers.company)?;
    let product = product.under(&line);
    let modules = products::modules(tx, &[product.rules.id])?
        .into_iter()
        .map(|(_, module)| module)
        .collect::<Vec<_>>();
    let template = template(app, actor, tx, order, &product, &modules, &sellers)?;
    quota::charge(tx, (template.company, template.agent), template.kind, fresh.len())?;
    let issued = write(
        app,
        actor,
        tx,
        &template,
        &product,
        &modules,
        sellers.standing(),
        fresh,
    )?;
    let mailed = send::issued(app, tx, order.mails_keys, sellers.customer.as_deref(), &issued)?;
    let owner = Owner {
        company: template.company,
        agent: template.agent,
        customer: template.customer,
    };
    let event = Event::new(
        EventKind::LicensesIssued,
        Subject {
            kind: "lotto",
            id: template.batch.0,
        },
        owner,
    )
    .with("prodotto", &product.rules.code)
    .with("tipo_licenza", template.kind)
    .with("quantita", fresh.len())
    .with(
        "licenze",
        fresh
            .iter()
            .take(50)
            .map(|fresh| fresh.new.id)
            .collect::<Vec<_>>(),
    );
    let event = mailed
        .into_iter()
        .fold(event, |event, email| event.with("destinatario", email));
    Ok(Done::changed(issued, event))
}

/// Writes a batch, and gives it as staff see it.
#[allow(clippy::too_many_arguments)]
pub(in crate::operations) fn write(
    app: &App,
    actor: &Actor,
    tx: &mut WriteTx<'_>,
    template: &Template,
    product: &Product,
    modules: &[Module],
    standing: Option<Standing>,
    fresh: &[Fresh],
) -> Result<Issued> {
    let keys: Vec<NewKey> = fresh.iter().map(|fresh| fresh.new.clone()).collect();
    batches::insert(tx, template, &keys, actor.user_id())?;
    let today = calendar::today(tx.now(), app.zone);
    let rules = Arc::new(product.rules.clone());
    let active: Vec<ActiveModule> = modules
        .iter()
        .filter_map(|module| {
            let (_, expires_on) = template.modules.iter().find(|(id, _)| *id == module.id)?;
            Some(ActiveModule {
                code: module.code.clone(),
                bit: module.bit,
                expires_on: *expires_on,
            })
        })
        .collect();
    let licenses = fresh
        .iter()
        .map(|fresh| View {
            sheet: sheet(template, &fresh.new, tx.now()),
            key: fresh.key.to_string(),
            rules: rules.clone(),
            standing,
            modules: active.clone(),
            terms: template.terms.clone(),
            today,
        })
        .collect();
    Ok(Issued {
        batch: template.batch,
        licenses,
    })
}

fn sheet(template: &Template, new: &NewKey, now: chrono::NaiveDateTime) -> Sheet {
    Sheet {
        batch_id: Some(template.batch),
        key_sealed: Vec::new(),
        key_tail: new.tail.clone(),
        anchor_day: template.term.and_then(|term| term.anchor_day),
        seats_used: 0,
        label: template.label.clone(),
        created_at: now,
        license: License {
            id: new.id,
            product_id: template.product,
            customer_id: template.customer,
            company_id: template.company,
            agent_id: template.agent,
            kind: template.kind,
            binding: template.binding,
            duration_days: template.duration_days,
            period_months: template.period_months,
            starts_on: template.term.map(|term| term.starts_on),
            expires_on: template
                .term
                .and_then(|term| term.expires_on)
                .or(template.expires_on),
            maintenance_until: template.maintenance_until,
            activated_at: None,
            revoked_at: None,
            archived_at: None,
            suspensions: 0,
            settled: false,
            max_devices: template.max_devices,
            devices_used: 0,
            max_users: template.max_users,
            users_used: 0,
            max_seats: template.max_seats,
            reserved: !template.reserved_devices.is_empty(),
            offline_days: None,
            revision: 1,
        },
    }
}

/// Who sells and who uses: all found through the caller's scope, and all of one company.
struct Sellers {
    company: Option<NodeId>,
    agent: Option<NodeId>,
    customer: Option<Visible<crate::domain::customer::Customer>>,
}

impl Sellers {
    fn standing(&self) -> Option<Standing> {
        self.customer.as_ref().map(|c| Standing {
            state: c.state,
            confirmed: c.email_confirmed_at.is_some(),
        })
    }
}

fn sellers(tx: &mut ReadTx<'_>, actor: &Actor, order: &Order) -> Result<Sellers> {
    let scope = actor.scope();
    let customer = order
        .customer
        .map(|id| customers::get(tx, scope, id))
        .transpose()?;
    let company = order.company.map(|id| nodes::get(tx, scope, id)).transpose()?;
    let agent = order.agent.map(|id| nodes::get(tx, scope, id)).transpose()?;
    let own = actor.node().map(|id| nodes::get(tx, scope, id)).transpose()?;
    let mut wrong = FieldErrors::default();
    if company.as_ref().is_some_and(|node| !node.kind.is_company()) {
        wrong.add("azienda", Fault::Invalid);
    }
    if agent.as_ref().is_some_and(|node| node.kind.is_company()) {
        wrong.add("agente", Fault::Invalid);
    }
    wrong.into_result()?;
    // What was named decides, then the customer's, then the caller's own.
    let of_customer = customer.as_ref().and_then(|customer| customer.company_id);
    let chosen = company
        .map(|node| node.id)
        .or(of_customer)
        .or(agent.as_ref().map(|agent| agent.company()))
        .or(own.as_ref().map(|node| node.company()));
    let own_agent = own
        .as_ref()
        .filter(|node| !node.kind.is_company())
        .map(|node| node.id);
    let selling = agent
        .as_ref()
        .map(|node| node.id)
        .or(customer.as_ref().and_then(|c| c.agent_id))
        .or(own_agent);
    let mut wrong = FieldErrors::default();
    if customer
        .as_ref()
        .is_some_and(|customer| customer.company_id != chosen)
    {
        wrong.add("cliente", Fault::Incompatible);
    }
    if agent
        .as_ref()
        .is_some_and(|agent| Some(agent.company()) != chosen)
    {
        wrong.add("agente", Fault::Incompatible);
    }
    wrong.into_result()?;
    Ok(Sellers {
        company: chosen,
        agent: selling,
        customer,
    })
}

fn template(
    app: &App,
    actor: &Actor,
    tx: &WriteTx<'_>,
    order: &Order,
    product: &Product,
    modules: &[Module],
    sellers: &Sellers,
) -> Result<Template> {
    let today = calendar::today(tx.now(), app.zone);
    let mut wrong = FieldErrors::default();
    if !product.license_kinds.contains(&order.kind) {
        wrong.add("tipo_licenza", Fault::Incompatible);
    }
    let (duration_days, period_months) = match (order.kind, order.duration_days, order.expires_on) {
        (LicenseKind::Permanent, days, day) => {
            if days.is_some() {
                wrong.add("durata_giorni", Fault::Incompatible);
            }
            if day.is_some() {
                wrong.add("data_scadenza", Fault::Incompatible);
            }
            (None, None)
        }
        (_, Some(_), Some(_)) => {
            wrong.add("data_scadenza", Fault::Incompatible);
            (None, None)
        }
        (LicenseKind::Trial, None, None) => (Some(product.trial_days), None),
        (LicenseKind::Trial, days, _) => (days, None),
        (LicenseKind::Subscription, days, day) => {
            let period = (days.is_none() && day.is_none()).then_some(product.period_months);
            (days, period)
        }
    };
    let binding = order.binding.unwrap_or(match (order.max_seats, order.max_users) {
        (Some(_), _) => Binding::Floating,
        (None, Some(_)) => Binding::User,
        (None, None) => Binding::Device,
    });
    let max_devices = match binding {
        Binding::Device => Some(order.max_devices.unwrap_or(1)),
        Binding::User => order.max_devices,
        Binding::Floating | Binding::None => {
            if order.max_devices.is_some() {
                wrong.add("numero_dispositivi", Fault::Incompatible);
            }
            None
        }
    };
    match (binding == Binding::User, order.max_users) {
        (true, None) => wrong.add("numero_utenti", Fault::Missing),
        (false, Some(_)) => wrong.add("numero_utenti", Fault::Incompatible),
        _ => {}
    }
    match (binding == Binding::Floating, order.max_seats) {
        (true, None) => wrong.add("posti_flottanti", Fault::Missing),
        (false, Some(_)) => wrong.add("posti_flottanti", Fault::Incompatible),
        _ => {}
    }
    if order
        .modules
        .iter()
        .any(|code| !modules.iter().any(|module| module.code == *code))
    {
        wrong.add("moduli", Fault::Unknown);
    }
    check_price(actor, order, product, modules, today, &mut wrong);
    let rows = order
        .quantity
        .saturating_mul(1 + order.modules.len() + order.reserved_devices.len());
    if rows > ROWS_MAX {
        wrong.add("quantita", Fault::OutOfRange);
    }
    wrong.into_result()?;
    let chosen = modules
        .iter()
        .filter(|module| module.included || order.modules.contains(&module.code));
    let at_once = order.start.unwrap_or(product.start_rule) == StartRule::Creation;
    Ok(Template {
        batch: BatchId::at(tx.now()),
        product: product.rules.id,
        customer: order.customer,
        company: sellers.company,
        agent: sellers.agent,
        kind: order.kind,
        binding,
        duration_days,
        period_months,
        term: at_once.then(|| term(today, order.expires_on, duration_days, period_months)),
        expires_on: order.expires_on,
        maintenance_until: order.maintenance_until,
        max_devices,
        max_users: order.max_users,
        max_seats: order.max_seats,
        reserved_devices: order.reserved_devices.clone(),
        modules: chosen.map(|module| (module.id, None)).collect(),
        label: order.label.clone(),
        terms: licenses::Terms {
            price_cents: order.price_cents,
            discount_bp: order.discount_bp,
            ..licenses::Terms::default()
        },
    })
}

/// Without a way to pay, only the vendor makes what costs something (stock); others make what is free. Trials of
/// others are no longer than the product's, and an agent makes trials alone.
fn check_price(
    actor: &Actor,
    order: &Order,
    product: &Product,
    modules: &[Module],
    today: NaiveDate,
    wrong: &mut FieldErrors,
) {
    if actor.is_superadmin() {
        return;
    }
    if order.price_cents.is_some() {
        wrong.add("prezzo_centesimi", Fault::NotAllowed);
    }
    if order.discount_bp.is_some() {
        wrong.add("sconto_punti_base", Fault::NotAllowed);
    }
    if order.kind == LicenseKind::Trial {
        if order.duration_days.is_some_and(|days| days > product.trial_days) {
            wrong.add("durata_giorni", Fault::OutOfRange);
        }
        if order
            .expires_on
            .is_some_and(|last| last > days_after(today, product.trial_days))
        {
            wrong.add("data_scadenza", Fault::OutOfRange);
        }
        return;
    }
    let chosen = modules
        .iter()
        .filter(|module| !module.included && order.modules.contains(&module.code));
    let price = chosen.fold(product.base_price_cents, |sum, module| {
        sum.saturating_add(module.base_price_cents)
    });
    if actor.role() == Some(Role::Agent) {
        wrong.add("tipo_licenza", Fault::NotAllowed);
    } else if price > 0 {
        wrong.add("modalita", Fault::Missing);
    }
}
