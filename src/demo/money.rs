//! What stories write into the ledger. There is no operation for it yet, so each is one of its own here, with its
//! record.

use super::tree::Seller;
use crate::{
    domain::{
        actor::Actor,
        audit::{Event, EventKind, Owner, Subject},
        error::Result,
        ids::{LicenseId, TransactionId},
        license::{License, LicenseKind, Term},
        money,
        payment::{Payer, Payment, TransactionKind},
    },
    operations::App,
    store::{
        Done, Visible,
        licenses::{self, Change, Terms},
        transactions::{self, NewTransaction},
    },
};
use chrono::{Duration, NaiveDate};

/// VAT in basis points.
const VAT_BP: i32 = 2200;

/// A sale, a renewal or a conversion of licences of one order.
#[derive(Debug, Clone)]
pub(super) struct Sale {
    pub(super) kind: TransactionKind,
    pub(super) method: Payment,
    /// The list price of one, net.
    pub(super) price_cents: i64,
    /// The period that is sold; none for what runs for ever, or begins later.
    pub(super) period: Option<(NaiveDate, NaiveDate)>,
    pub(super) due_on: Option<NaiveDate>,
    /// What the licences are from now on.
    pub(super) then: Then,
    pub(super) auto_renew: bool,
    /// The customer pays by itself, online.
    pub(super) by_customer: bool,
}

/// What a sale changes.
#[derive(Debug, Clone, Copy)]
pub(super) enum Then {
    /// Nothing but that it is paid.
    Stays,
    /// The last valid day moves.
    Until(NaiveDate),
    /// The maintenance date moves.
    Maintained(NaiveDate),
    /// A trial becomes a subscription of so many months.
    Subscription(Term, i32),
}

impl Sale {
    /// What its seller's company pays for one licence; a customer pays the list.
    fn amount(&self, seller: &Seller) -> i64 {
        if self.method == Payment::Free {
            return 0;
        }
        if self.by_customer {
            return self.price_cents;
        }
        money::discounted(
            self.price_cents,
            u32::try_from(seller.discount_bp).unwrap_or_default(),
        )
    }
}

fn row(kind: TransactionKind, method: Payment, amount_cents: i64) -> NewTransaction {
    NewTransaction {
        kind,
        method,
        amount_cents,
        vat_bp: VAT_BP,
        currency: "EUR".into(),
        due_on: None,
        period: None,
        note: None,
    }
}

/// Sells licences, and gives their rows.
pub(super) async fn sell(
    app: &App,
    actor: &Actor,
    seller: &Seller,
    of: &[LicenseId],
    sale: &Sale,
) -> Result<Vec<TransactionId>> {
    let new = NewTransaction {
        due_on: sale.due_on,
        period: sale.period,
        ..row(sale.kind, sale.method, sale.amount(seller))
    };
    let (actor_, of, sale) = (actor.clone(), of.to_vec(), sale.clone());
    app.db
        .operation(actor, app.clock.now(), move |tx| {
            let mut rows = Vec::new();
            let mut owner = Owner::default();
            for id in &of {
                let license = licenses::get(tx, actor_.scope(), *id)?.license();
                owner = (&*license).into();
                rows.push(if sale.by_customer {
                    transactions::insert_paid_by(tx, &license, &new, Payer::Customer, actor_.user_id())?
                } else {
                    transactions::insert(tx, &license, &new, actor_.user_id())?
                });
                licenses::change(tx, &license, &changed(&license, &sale))?;
                if sale.auto_renew {
                    let terms = Terms {
                        auto_renew: true,
                        renewal_method: Some(sale.method.code().to_owned()),
                        ..Terms::default()
                    };
                    licenses::set_terms(tx, &license, &terms)?;
                }
            }
            let kind = match sale.kind {
                TransactionKind::Renewal => EventKind::LicenseRenewed,
                TransactionKind::Conversion => EventKind::LicenseConverted,
                _ => EventKind::TransactionRecorded,
            };
            let event = Event::new(kind, subject(&of, &rows), owner)
                .with("tipo", new.kind)
                .with("modalita", new.method)
                .with("importo_centesimi", new.amount_cents)
                .with("licenze", &of)
                .with("dal", new.period.map(|(from, _)| from))
                .with("al", new.period.map(|(_, to)| to));
            Ok(Done::changed(rows, event))
        })
        .await
}

fn changed(license: &License, sale: &Sale) -> Change {
    let change = match sale.then {
        Then::Stays => Change::default(),
        Then::Until(day) => Change {
            expires_on: Some(Some(day)),
            ..Change::default()
        },
        Then::Maintained(day) => Change {
            maintenance_until: Some(Some(day)),
            ..Change::default()
        },
        Then::Subscription(term, months) => Change {
            kind: Some(LicenseKind::Subscription),
            duration_days: Some(None),
            period_months: Some(Some(months)),
            ..Change::starting(term)
        },
    };
    Change {
        settled: Some(license.settled || sale.due_on.is_none()),
        ..change
    }
}

/// A licence's own history tells of its sale; several are told of by their first row.
fn subject(of: &[LicenseId], rows: &[TransactionId]) -> Subject {
    match (of, rows) {
        ([one], _) => Subject {
            kind: "licenza",
            id: one.0,
        },
        (_, [first, ..]) => Subject {
            kind: "transazione",
            id: first.0,
        },
        _ => Subject {
            kind: "transazione",
            id: [0; 16],
        },
    }
}

/// Collects a share of what deferred rows leave open, in percent; nothing where nothing is open.
pub(super) async fn collect(
    app: &App,
    actor: &Actor,
    of: &[TransactionId],
    method: Payment,
    percent: i64,
) -> Result<()> {
    let (actor_, of) = (actor.clone(), of.to_vec());
    app.db
        .operation(actor, app.clock.now(), move |tx| {
            let mut parts: Vec<(Visible<_>, i64)> = Vec::new();
            for id in &of {
                let row = transactions::get(tx, actor_.scope(), *id)?;
                let cents = transactions::open(tx, &row)? * percent / 100;
                if cents > 0 {
                    parts.push((row, cents));
                }
            }
            let Some((first, _)) = parts.first() else {
                return Ok(Done::Unchanged(()));
            };
            let owner = Owner {
                company: first.company_id,
                agent: first.agent_id,
                customer: first.customer_id,
            };
            let whole = row(
                TransactionKind::Payment,
                method,
                parts.iter().map(|(_, cents)| cents).sum(),
            );
            for (row, _) in &parts {
                let Some(id) = row.license_id else { continue };
                let license = licenses::get(tx, actor_.scope(), id)?.license();
                if !license.settled {
                    let paid = Change {
                        settled: Some(true),
                        ..Change::default()
                    };
                    licenses::change(tx, &license, &paid)?;
                }
            }
            let payment = transactions::collect(tx, &parts, &whole, actor_.user_id())?;
            let subject = Subject {
                kind: "transazione",
                id: payment.0,
            };
            let event = Event::new(EventKind::TransactionCollected, subject, owner)
                .with("metodo_pagamento", method)
                .with("importo_centesimi", whole.amount_cents)
                .with("imputazioni", parts.len());
            Ok(Done::changed((), event))
        })
        .await
}

/// Undoes rows, whole: a refund, or a row that was a mistake.
pub(super) async fn undo(
    app: &App,
    actor: &Actor,
    of: &[TransactionId],
    (kind, method): (TransactionKind, Payment),
    note: &str,
) -> Result<()> {
    let (actor_, of, note) = (actor.clone(), of.to_vec(), note.to_owned());
    app.db
        .operation(actor, app.clock.now(), move |tx| {
            let mut subject = Subject {
                kind: "transazione",
                id: [0; 16],
            };
            let mut owner = Owner::default();
            let mut sum = 0;
            for id in &of {
                let was = transactions::get(tx, actor_.scope(), *id)?;
                let new = NewTransaction {
                    note: Some(note.clone()),
                    ..row(kind, method, -was.amount_cents)
                };
                let undoing = transactions::undo(tx, &was, &new, actor_.user_id())?;
                sum += new.amount_cents;
                subject.id = undoing.0;
                owner = Owner {
                    company: was.company_id,
                    agent: was.agent_id,
                    customer: was.customer_id,
                };
            }
            let event = Event::new(EventKind::TransactionRecorded, subject, owner)
                .with("tipo", kind)
                .with("importo_centesimi", sum)
                .with("motivo", &note);
            Ok(Done::changed((), event))
        })
        .await
}

/// When a deferred sale of a day falls due.
pub(super) fn due_on(day: NaiveDate, payment_days: i32) -> NaiveDate {
    day + Duration::days(i64::from(payment_days))
}
