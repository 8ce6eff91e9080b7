//! The figures above all else, each with what it was before.

use super::{
    asked::Asked,
    figures::{Sees, activations, conversions},
    tables::{self, Value},
};
use crate::{
    operations::statistics::Figures,
    web::{messages, reader::Reader},
};
use serde_json::{Value as Json, json};

/// Basis points as people read them, to a tenth.
pub(super) fn percent(reader: &Reader, points: i64) -> String {
    let tenths = (points + points.signum() * 5) / 10 * 10;
    let gap = match reader.language {
        crate::web::reader::Language::Italian => "\u{a0}",
        crate::web::reader::Language::English => "",
    };
    format!("{}{gap}%", reader.hundredths(tenths, 0))
}

fn signed(change: i64, text: String) -> String {
    if change > 0 { format!("+{text}") } else { text }
}

/// What changed: whether for the better, and by how much of what.
fn delta(reader: &Reader, change: i64, is_good: Option<bool>, written: String, before: String) -> Json {
    if change == 0 {
        return json!({ "mood": "flat", "up": false, "text": reader.text("stat-delta-same") });
    }
    let mood = match is_good {
        None => "flat",
        Some(more_is_good) if (change > 0) == more_is_good => "good",
        Some(_) => "poor",
    };
    let text = messages::filled(
        reader.language,
        "stat-delta",
        [
            ("change", signed(change, written).into()),
            ("before", before.into()),
        ],
    );
    json!({ "mood": mood, "up": change > 0, "text": text })
}

fn nothing() -> Json {
    json!({ "mood": "flat", "up": false, "text": "" })
}

/// The cards.
pub(super) fn cards(figures: &Figures, asked: &Asked, reader: &Reader, sees: Sees) -> Vec<Json> {
    let currency = tables::currencies(figures).into_iter().next().unwrap_or_default();
    let compares = asked.wanted.compares;
    let counted = |now: i64, before: i64, is_good: Option<bool>| {
        if !compares {
            return nothing();
        }
        let change = now - before;
        delta(
            reader,
            change,
            is_good,
            reader.number(change),
            reader.number(before),
        )
    };
    let of = |cents: &std::collections::BTreeMap<String, i64>| cents.get(&currency).copied().unwrap_or(0);
    let (sold, sold_before) = (
        of(&figures.sales.total.cents),
        of(&figures.sales.total_before.cents),
    );
    let sold_delta = if compares {
        let change = sold - sold_before;
        let written = match (sold_before > 0).then(|| change.saturating_mul(10_000) / sold_before) {
            Some(points) => percent(reader, points),
            None => reader.money(change, &currency),
        };
        let before = reader.money(sold_before, &currency);
        delta(reader, change, Some(true), written, before)
    } else {
        nothing()
    };
    let (rate, rate_before) = (figures.trials.total.rate(), figures.trials.total_before.rate());
    let rate_delta = match (rate, rate_before) {
        (Some(rate), Some(before)) if compares => {
            let change = rate - before;
            let points = messages::filled(
                reader.language,
                "kpi-points",
                [("points", reader.hundredths(change / 10 * 10, 0).into())],
            );
            delta(reader, change, Some(true), points, percent(reader, before))
        }
        _ => nothing(),
    };
    let stretch = &asked.wanted.stretch;
    let log = |outcome: &str| {
        if asked.is_narrowed() {
            "#attivazioni".to_owned()
        } else {
            activations(outcome, stretch.from, stretch.to)
        }
    };
    let converted = if asked.is_narrowed() || !sees.audit {
        "#prove".to_owned()
    } else {
        conversions(stretch.from, stretch.to)
    };
    let (tries, tried) = (&figures.tries.total, &figures.tries.total_before);
    json!([
        {
            "key": "vendite", "href": "#vendite", "delta": sold_delta,
            "value": Value::Money(sold, currency).text(reader),
        },
        {
            "key": "rinnovi", "href": "#rinnovi", "value": reader.number(figures.renewals.total.count),
            "delta": counted(figures.renewals.total.count, figures.renewals.total_before.count, Some(true)),
        },
        {
            "key": "attivazioni", "href": log("attivata"), "value": reader.number(tries.activated),
            "delta": counted(tries.activated, tried.activated, Some(true)),
        },
        {
            "key": "rifiuti", "href": log("rifiutata"), "value": reader.number(tries.refused),
            "delta": counted(tries.refused, tried.refused, Some(false)),
        },
        {
            "key": "prove", "href": converted, "delta": rate_delta,
            "value": rate.map(|rate| percent(reader, rate)),
        },
        {
            "key": "scadenze", "href": "#scadenze", "value": reader.number(figures.expiries.total),
            "delta": counted(figures.expiries.total, figures.expiries.total_before, None),
        },
    ])
    .as_array()
    .cloned()
    .unwrap_or_default()
}
