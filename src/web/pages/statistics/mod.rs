//! Figures between two days, as charts and tables, on screen and as files: those of `GET /api/statistiche`.

mod asked;
mod cards;
mod figures;
mod tables;

use self::asked::Asked;
use super::licenses::export;
use crate::{
    domain::{
        access::{Action, Permit, may, right::ReadStatistics},
        company::NodeKind,
        error::{Error, FieldErrors},
        period::{Grouping, Preset},
        scope::Scope,
    },
    operations::{
        App,
        statistics::{self, Measure, Report},
    },
    web::{
        input::Query,
        messages,
        page::{Answer, Page},
        problem::Failure,
        reader::Reader,
        sheets::Download,
    },
};
use rocket::{Route, State, get, http::Status, routes};
use serde_json::{Value, json};

const PATH: &str = "/statistiche";

pub(super) fn routes() -> Vec<Route> {
    routes![statistiche, esporta]
}

async fn report(app: &App, scope: Scope, asked: &Asked) -> Result<Report, Error> {
    let (app_, wanted, begins) = (app.clone(), asked.wanted.clone(), asked.begins.clone());
    app.db
        .read(move |tx| statistics::read(&app_, tx, scope, &wanted, &begins))
        .await
}

/// The figures of whoever is signed in.
#[get("/statistiche")]
pub(crate) async fn statistiche(
    app: &State<App>,
    permit: Permit<ReadStatistics>,
    reader: Reader,
    query: Query,
) -> Answer {
    let asked = match Asked::read(&query, reader.today()) {
        Ok(asked) => asked,
        Err(Error::Invalid(wrong)) => return refused(&query, &wrong, &reader),
        Err(other) => return Err(other.into()),
    };
    let report = report(app, permit.scope(), &asked).await?;
    let sees = figures::Sees {
        audit: may(permit.actor(), Action::ReadAudit),
    };
    let mut shown = frame(Some(&asked), &query, &reader);
    let compared = asked.wanted.compares.then(|| {
        let (first, end) = asked.wanted.stretch.before();
        json!({ "from": first, "to": end.pred_opt().unwrap_or(end) })
    });
    let more = json!({
        "kpis": cards::cards(&report.figures, &asked, &reader, sees),
        "figures": figures::all(&report, &asked, &reader, sees),
        "compared": compared,
        "products": products(&report, &query),
        "companies": nodes(&report, true),
        "agents": nodes(&report, false),
    });
    if let (Value::Object(shown), Value::Object(more)) = (&mut shown, more) {
        shown.extend(more);
    }
    Page::new("pages/statistics/page", shown)?.reply()
}

/// What stands around the figures, and in the fields.
fn frame(asked: Option<&Asked>, query: &Query, reader: &Reader) -> Value {
    let filled = |name: &str| query.get(name).unwrap_or_default().to_owned();
    let day = |day: fn(&Asked) -> chrono::NaiveDate, name: &str| {
        asked.map_or_else(|| filled(name), |asked| day(asked).to_string())
    };
    let grouping = asked.map(|asked| asked.wanted.grouping);
    let narrowed = ["prodotto", "azienda", "agente"]
        .iter()
        .any(|name| query.get(name).is_some());
    json!({
        "presets": Preset::ALL.iter().map(|preset| json!({
            "text": reader.text(&format!("stat-period-{preset}")),
            "href": asked::address(PATH, query, asked, &[
                ("periodo", Some(preset.code())), ("da", None), ("a", None), ("raggruppa", None),
            ]),
            "current": asked.is_some_and(|asked| asked.preset == Some(*preset)),
        })).collect::<Vec<_>>(),
        "preset": asked.and_then(|asked| asked.preset),
        "from": day(|asked| asked.wanted.stretch.from, "da"),
        "to": day(|asked| asked.wanted.stretch.to, "a"),
        "groupings": Grouping::CODES.iter().map(|code| json!({
            "value": code, "text": reader.text(&format!("stat-group-{code}")),
        })).collect::<Vec<_>>(),
        "compares": [{ "value": "no", "text": reader.text("stat-compare-no") }],
        "grouping": grouping.map(|grouping| reader.text(&format!("stat-group-{grouping}")).to_lowercase()).unwrap_or_default(),
        "chosen": {
            "raggruppa": filled("raggruppa"), "prodotto": filled("prodotto"), "azienda": filled("azienda"),
            "agente": filled("agente"), "confronta": filled("confronta"),
        },
        "narrowed": narrowed,
    })
}

/// What was asked for cannot be told: what is wrong with it, and the fields to ask again.
fn refused(query: &Query, wrong: &FieldErrors, reader: &Reader) -> Answer {
    let mut shown = frame(None, query, reader);
    let faults: Vec<String> = wrong
        .0
        .iter()
        .flat_map(|(field, faults)| faults.iter().map(move |fault| (field, fault)))
        .map(|(field, fault)| {
            let fault = messages::text(reader.language, &format!("campo-{}", fault.code()));
            match field.as_str() {
                "raggruppa" => reader.text("stat-fault-raggruppa"),
                "da" => format!("{}: {}", reader.text("stat-from"), reader.text("stat-fault-da")),
                "a" => format!("{}: {fault}", reader.text("stat-to")),
                _ => fault,
            }
        })
        .collect();
    if let Value::Object(shown) = &mut shown {
        shown.insert("faults".into(), json!(faults));
    }
    Page::new("pages/statistics/page", shown)?
        .status(Status::UnprocessableEntity)
        .reply()
}

fn products(report: &Report, query: &Query) -> Vec<Value> {
    report
        .products
        .iter()
        .filter(|product| product.is_choice(query.get("prodotto")))
        .map(|product| json!({ "value": product.code, "text": product.name }))
        .collect()
}

fn nodes(report: &Report, companies: bool) -> Vec<Value> {
    report
        .nodes
        .iter()
        .filter(|node| {
            if companies {
                node.kind.is_company()
            } else {
                node.kind == NodeKind::Agent
            }
        })
        .map(|node| json!({ "value": node.id, "text": node.name }))
        .collect()
}

/// One of the tables as a file: what stands on the page, for a spreadsheet.
#[get("/statistiche/esporta/<formato>")]
pub(crate) async fn esporta(
    app: &State<App>,
    permit: Permit<ReadStatistics>,
    reader: Reader,
    formato: &str,
    query: Query,
) -> Result<Download, Failure> {
    let format = export::format(formato)?;
    let which = match query.get("tabella") {
        Some(code) => Measure::from_code(code).ok_or(Error::NotFound)?,
        None => Measure::Sales,
    };
    let asked = Asked::read(&query, reader.today())?;
    let report = report(app, permit.scope(), &asked).await?;
    let name = format!("statistiche-{which}");
    let table = move |reader: &Reader| {
        let links = figures::Links::none();
        tables::table(which, &report.figures, &asked, reader, &links).sheet()
    };
    Ok(export::file(&name, table, format, reader).await?)
}
