//! Figures of exactly what the caller sees.

use super::reply::Answer;
use crate::{
    domain::{
        access::{Permit, right::ReadStatistics},
        calendar,
        error::Fault,
        ids::NodeId,
        license::{LicenseKind, LicenseState, days_after},
        payment::TransactionKind,
        period::Grouping,
    },
    operations::App,
    store::{
        nodes, products,
        reports::{self, Narrow, SoldBy},
        statistics::{Cuts, Sold, Tried},
    },
    web::{
        input::{Check, Query},
        problem::Problems,
    },
};
use chrono::{Days, Months, NaiveDate};
use rocket::{State, get, serde::json::Json};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Intervals of an answer at most.
const INTERVALS: usize = 800;

/// So many, and for how much: net, in cents, by currency.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
struct Quanto {
    numero: i64,
    importi_centesimi: BTreeMap<String, i64>,
}

impl Quanto {
    fn add(&mut self, currency: &str, count: i64, cents: i64) {
        self.numero += count;
        *self.importi_centesimi.entry(currency.to_owned()).or_default() += cents;
    }
}

/// Of an interval, from its first day on.
#[derive(Serialize, ToSchema)]
struct Intervallo<T> {
    dal: String,
    #[serde(flatten)]
    valori: T,
}

/// A series, and what it adds up to.
#[derive(Serialize, ToSchema)]
struct Serie<T> {
    serie: Vec<Intervallo<T>>,
    totale: T,
}

/// How many.
#[derive(Debug, Clone, Copy, Default, Serialize, ToSchema)]
struct Conteggio {
    numero: i64,
}

/// Tries to activate.
#[derive(Debug, Clone, Copy, Default, Serialize, ToSchema)]
struct Tentativi {
    /// A device took a place.
    riuscite: i64,
    /// It had one already.
    ripetute: i64,
    rifiutate: i64,
}

/// Trials that came to their end.
#[derive(Debug, Clone, Copy, Default, Serialize, ToSchema)]
struct Conversione {
    /// Converted into paid licences.
    convertite: i64,
    /// Over, and not converted.
    terminate: i64,
    /// Converted ones of both, in basis points; null without any.
    tasso_punti_base: Option<i64>,
}

/// In how many licences that are in force a module is switched on.
#[derive(Serialize, ToSchema)]
struct UsoModulo {
    prodotto: String,
    modulo: String,
    nome: String,
    licenze: i64,
}

/// What an agent sold.
#[derive(Serialize, ToSchema)]
struct Agente {
    /// Null for what companies sold without an agent.
    id: Option<String>,
    /// Null for who is not seen any more.
    nome: Option<String>,
    vendite: Quanto,
    rinnovi: Quanto,
}

/// Figures between two days.
#[derive(Serialize, ToSchema)]
pub(super) struct Statistiche {
    da: String,
    a: String,
    raggruppa: &'static str,
    /// All that was sold, renewals among it; what was undone or given back counts against it.
    vendite: Serie<Quanto>,
    rinnovi: Serie<Quanto>,
    /// Now, revoked ones aside.
    licenze_per_tipo: BTreeMap<&'static str, i64>,
    /// Now.
    licenze_per_stato: BTreeMap<&'static str, i64>,
    conversione_trial: Serie<Conversione>,
    uso_moduli: Vec<UsoModulo>,
    agenti: Vec<Agente>,
    attivazioni: Serie<Tentativi>,
    /// Licences whose last valid day lies in the stretch, trials aside.
    scadenze: Serie<Conteggio>,
}

/// What was read, all of it at one moment.
struct Seen {
    sales: Vec<Sold>,
    agents: Vec<SoldBy>,
    kinds: BTreeMap<LicenseKind, i64>,
    states: BTreeMap<LicenseState, i64>,
    modules: Vec<reports::ModuleUse>,
    tried: Vec<(i32, Tried, i64)>,
    expiries: Vec<(NaiveDate, i64)>,
    trials: Vec<(NaiveDate, i64)>,
}

/// A series over intervals: `fill` is called with what is counted, the total among it.
fn series<T: Clone + Default>(
    begins: &[NaiveDate],
    rows: impl Iterator<Item = (usize, T)>,
    add: impl Fn(&mut T, &T),
) -> Serie<T> {
    let mut of: Vec<T> = vec![T::default(); begins.len()];
    let mut total = T::default();
    for (interval, value) in rows {
        if let Some(sum) = of.get_mut(interval) {
            add(sum, &value);
            add(&mut total, &value);
        }
    }
    Serie {
        serie: begins
            .iter()
            .zip(of)
            .map(|(dal, valori)| Intervallo {
                dal: dal.to_string(),
                valori,
            })
            .collect(),
        totale: total,
    }
}

/// The interval of a number that a query gave: 0 lies before all of them.
fn place(number: i32) -> usize {
    usize::try_from(number)
        .ok()
        .and_then(|n| n.checked_sub(1))
        .unwrap_or(usize::MAX)
}

/// The interval that a day lies in.
fn interval(begins: &[NaiveDate], day: NaiveDate) -> usize {
    begins
        .partition_point(|begin| *begin <= day)
        .checked_sub(1)
        .unwrap_or(usize::MAX)
}

fn sum(rows: &[Sold], begins: &[NaiveDate], only: Option<TransactionKind>) -> Serie<Quanto> {
    let wanted = rows
        .iter()
        .filter(|row| only.is_none_or(|kind| row.kind == kind.code()));
    series(
        begins,
        wanted.map(|row| {
            let mut one = Quanto::default();
            one.add(&row.currency, row.count, row.cents);
            (place(row.interval), one)
        }),
        |sum, one| {
            sum.numero += one.numero;
            for (currency, cents) in &one.importi_centesimi {
                *sum.importi_centesimi.entry(currency.clone()).or_default() += cents;
            }
        },
    )
}

fn counted(begins: &[NaiveDate], days: &[(NaiveDate, i64)]) -> Serie<Conteggio> {
    series(
        begins,
        days.iter()
            .map(|(day, n)| (interval(begins, *day), Conteggio { numero: *n })),
        |sum, one| sum.numero += one.numero,
    )
}

fn conversions(seen: &Seen, begins: &[NaiveDate]) -> Serie<Conversione> {
    let one = |convertite, terminate| Conversione {
        convertite,
        terminate,
        tasso_punti_base: None,
    };
    let converted = seen
        .sales
        .iter()
        .filter(|row| row.kind == TransactionKind::Conversion.code())
        .map(|row| (place(row.interval), one(row.count, 0)));
    let over = seen
        .trials
        .iter()
        .map(|(day, n)| (interval(begins, *day), one(0, *n)));
    let mut series = series(begins, converted.chain(over), |sum, one| {
        sum.convertite += one.convertite;
        sum.terminate += one.terminate;
    });
    for of in series
        .serie
        .iter_mut()
        .map(|interval| &mut interval.valori)
        .chain([&mut series.totale])
    {
        let all = of.convertite + of.terminate;
        of.tasso_punti_base = (all > 0).then(|| (of.convertite * 10_000 + all / 2) / all);
    }
    series
}

fn agents(rows: Vec<SoldBy>) -> Vec<Agente> {
    let mut of: BTreeMap<Option<NodeId>, Agente> = BTreeMap::new();
    for row in rows {
        let agent = of.entry(row.agent).or_insert_with(|| Agente {
            // Of who left the scope neither name nor identifier is told.
            id: row.agent.filter(|_| row.name.is_some()).map(|id| id.to_string()),
            nome: row.name.clone(),
            vendite: Quanto::default(),
            rinnovi: Quanto::default(),
        });
        agent.vendite.add(&row.currency, row.count, row.cents);
        if row.kind == TransactionKind::Renewal.code() {
            agent.rinnovi.add(&row.currency, row.count, row.cents);
        }
    }
    let mut all: Vec<Agente> = of.into_values().collect();
    all.sort_by_key(|agent| std::cmp::Reverse(agent.vendite.importi_centesimi.values().copied().max()));
    all
}

/// Sales, renewals, licences, trials, modules, agents, activations and expiries between two days: by default the last
/// twelve months. Narrowed to a product, a company with all below it, an agent.
#[utoipa::path(get, path = "/api/statistiche", tag = "statistiche", params(
    ("da" = Option<String>, Query, description = "the first day"), ("a" = Option<String>, Query, description = "the last day"),
    ("raggruppa" = Option<String>, Query, description = "giorno, settimana, mese"),
    ("prodotto" = Option<String>, Query), ("azienda" = Option<String>, Query), ("agente" = Option<String>, Query)),
    responses((status = 200, body = Statistiche), Problems))]
#[get("/api/statistiche")]
pub(super) async fn statistiche(
    app: &State<App>,
    permit: Permit<ReadStatistics>,
    query: Query,
) -> Answer<Statistiche> {
    let (now, zone) = (app.clock.now(), app.zone);
    let today = calendar::today(now, zone);
    let mut check = Check::default();
    let to = check.day("a", query.get("a")).unwrap_or(today);
    let from = check.day("da", query.get("da")).unwrap_or_else(|| {
        let year = to.checked_sub_months(Months::new(12)).unwrap_or(to);
        year.checked_add_days(Days::new(1)).unwrap_or(year)
    });
    if from > to {
        check.fault("da", Fault::OutOfRange);
    }
    let grouping = check
        .word("raggruppa", query.get("raggruppa"), Grouping::from_code)
        .unwrap_or(Grouping::Month);
    let begins = if (to - from).num_days() <= 40_000 {
        grouping.begins(from, to)
    } else {
        Vec::new()
    };
    if begins.len() > INTERVALS || (from <= to && begins.is_empty()) {
        check.fault("raggruppa", Fault::OutOfRange);
    }
    let product = check.verbatim("prodotto", query.get("prodotto"), 40);
    let (company, agent) = (check.id(query.get("azienda")), check.id(query.get("agente")));
    check.finish()?;
    let scope = permit.scope();
    let cuts = Cuts::at(begins.iter().copied(), zone);
    let (since, until) = (
        calendar::start_of_day(from, zone),
        calendar::start_of_day(days_after(to, 1), zone),
    );
    let seen = app
        .db
        .read(move |tx| {
            for node in [company, agent].into_iter().flatten() {
                nodes::get(tx, scope, node)?;
            }
            let product = match &product {
                Some(product) => Some(products::find(tx, product)?.rules.id),
                None => None,
            };
            let narrow = Narrow {
                product,
                company,
                agent,
            };
            let grace = products::grace_days(tx)?;
            Ok(Seen {
                sales: reports::sales(tx, scope, narrow, &cuts, until)?,
                agents: reports::sales_by_agent(tx, scope, narrow, (since, until))?,
                kinds: reports::kinds(tx, scope, narrow, today)?,
                states: reports::states(tx, scope, narrow, today, &grace)?,
                modules: reports::modules(tx, scope, narrow, today)?,
                tried: reports::activations(tx, scope, narrow, &cuts, until)?,
                expiries: reports::expiries(tx, scope, narrow, (from, to), false)?,
                // One is over on the day after its last, and so not yet today.
                trials: reports::expiries(tx, scope, narrow, (from, to.min(days_before(today))), true)?,
            })
        })
        .await?;
    Ok(Json(Statistiche {
        da: from.to_string(),
        a: to.to_string(),
        raggruppa: grouping.code(),
        vendite: sum(&seen.sales, &begins, None),
        rinnovi: sum(&seen.sales, &begins, Some(TransactionKind::Renewal)),
        licenze_per_tipo: LicenseKind::ALL
            .iter()
            .map(|kind| (kind.code(), seen.kinds.get(kind).copied().unwrap_or(0)))
            .collect(),
        licenze_per_stato: LicenseState::ALL
            .iter()
            .map(|state| (state.code(), seen.states.get(state).copied().unwrap_or(0)))
            .collect(),
        conversione_trial: conversions(&seen, &begins),
        uso_moduli: seen
            .modules
            .iter()
            .map(|row| UsoModulo {
                prodotto: row.product.clone(),
                modulo: row.code.clone(),
                nome: row.name.clone(),
                licenze: row.licenses,
            })
            .collect(),
        attivazioni: series(
            &begins,
            seen.tried.iter().map(|(number, tried, n)| {
                let mut one = Tentativi::default();
                match tried {
                    Tried::Activated => one.riuscite = *n,
                    Tried::Known => one.ripetute = *n,
                    Tried::Refused => one.rifiutate = *n,
                }
                (place(*number), one)
            }),
            |sum, one| {
                sum.riuscite += one.riuscite;
                sum.ripetute += one.ripetute;
                sum.rifiutate += one.rifiutate;
            },
        ),
        scadenze: counted(&begins, &seen.expiries),
        agenti: agents(seen.agents),
    }))
}

fn days_before(day: NaiveDate) -> NaiveDate {
    day.pred_opt().unwrap_or(day)
}
