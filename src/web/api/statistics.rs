//! Figures of exactly what the caller sees.

use super::reply::Answer;
use crate::{
    domain::{
        access::{Permit, right::ReadStatistics},
        calendar,
        error::Fault,
        license::{LicenseKind, LicenseState},
        period::{Grouping, Stretch, twelve_months},
    },
    operations::{
        App,
        statistics::{self, Money, Series, Trials, Tries, Wanted},
    },
    web::{
        input::{Check, Query},
        problem::Problems,
    },
};
use chrono::NaiveDate;
use rocket::{State, get, serde::json::Json};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// So many, and for how much: net, in cents, by currency.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
struct Quanto {
    numero: i64,
    importi_centesimi: BTreeMap<String, i64>,
}

impl From<&Money> for Quanto {
    fn from(money: &Money) -> Self {
        Self {
            numero: money.count,
            importi_centesimi: money.cents.clone(),
        }
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

impl From<&i64> for Conteggio {
    fn from(numero: &i64) -> Self {
        Self { numero: *numero }
    }
}

impl From<&Tries> for Tentativi {
    fn from(tries: &Tries) -> Self {
        Self {
            riuscite: tries.activated,
            ripetute: tries.known,
            rifiutate: tries.refused,
        }
    }
}

impl From<&Trials> for Conversione {
    fn from(trials: &Trials) -> Self {
        Self {
            convertite: trials.converted,
            terminate: trials.over,
            tasso_punti_base: trials.rate(),
        }
    }
}

impl<T> Serie<T> {
    fn of<'a, S: 'a>(begins: &[NaiveDate], series: &'a Series<S>) -> Self
    where
        T: From<&'a S>,
    {
        let intervals = begins.iter().zip(&series.of);
        Self {
            serie: intervals
                .map(|(dal, valori)| Intervallo {
                    dal: dal.to_string(),
                    valori: valori.into(),
                })
                .collect(),
            totale: (&series.total).into(),
        }
    }
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
    let from = check
        .day("da", query.get("da"))
        .unwrap_or_else(|| twelve_months(to));
    if from > to {
        check.fault("da", Fault::OutOfRange);
    }
    let grouping = check
        .word("raggruppa", query.get("raggruppa"), Grouping::from_code)
        .unwrap_or(Grouping::Month);
    let wanted = Wanted {
        stretch: Stretch::between(from, to),
        grouping,
        compares: false,
        product: check.verbatim("prodotto", query.get("prodotto"), 40),
        company: check.id(query.get("azienda")),
        agent: check.id(query.get("agente")),
    };
    let begins = wanted.begins();
    if from <= to && begins.is_none() {
        check.fault("raggruppa", Fault::OutOfRange);
    }
    check.finish()?;
    let (scope, app_) = (permit.scope(), app.inner().clone());
    let begins = begins.unwrap_or_default();
    let report = app
        .db
        .read(move |tx| statistics::read(&app_, tx, scope, &wanted, &begins))
        .await?;
    let figures = report.figures;
    let begins = &figures.begins;
    Ok(Json(Statistiche {
        da: from.to_string(),
        a: to.to_string(),
        raggruppa: grouping.code(),
        vendite: Serie::of(begins, &figures.sales),
        rinnovi: Serie::of(begins, &figures.renewals),
        licenze_per_tipo: LicenseKind::ALL
            .iter()
            .map(|kind| (kind.code(), figures.kinds.get(kind).copied().unwrap_or(0)))
            .collect(),
        licenze_per_stato: LicenseState::ALL
            .iter()
            .map(|state| (state.code(), figures.states.get(state).copied().unwrap_or(0)))
            .collect(),
        conversione_trial: Serie::of(begins, &figures.trials),
        uso_moduli: figures
            .modules
            .iter()
            .map(|row| UsoModulo {
                prodotto: row.product.clone(),
                modulo: row.code.clone(),
                nome: row.name.clone(),
                licenze: row.licenses,
            })
            .collect(),
        attivazioni: Serie::of(begins, &figures.tries),
        scadenze: Serie::of(begins, &figures.expiries),
        agenti: figures
            .agents
            .iter()
            .map(|agent| Agente {
                id: agent.id.map(|id| id.to_string()),
                nome: agent.name.clone(),
                vendite: (&agent.sales).into(),
                rinnovi: (&agent.renewals).into(),
            })
            .collect(),
    }))
}
