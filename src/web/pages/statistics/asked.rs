//! What an address asks of the figures: which days, in what they are cut, of what.

use crate::{
    domain::{
        error::{Fault, Result},
        period::{Grouping, Preset, Stretch, twelve_months},
    },
    operations::statistics::Wanted,
    web::{
        input::{Check, Query},
        pages::addresses,
    },
};
use chrono::NaiveDate;

/// What is asked.
pub(super) struct Asked {
    /// The stretch by its name; none for any other days.
    pub(super) preset: Option<Preset>,
    /// For the operation.
    pub(super) wanted: Wanted,
    /// The first days of the intervals.
    pub(super) begins: Vec<NaiveDate>,
    /// Today.
    pub(super) today: NaiveDate,
    narrowed: [(&'static str, Option<String>); 5],
}

impl Asked {
    /// Reads an address. Days that are those of the named stretch beside them are no days of their own: the fields of
    /// the page send both.
    ///
    /// # Errors
    /// [`Invalid`](crate::domain::error::Error::Invalid), or `NotFound` for an identifier that is none.
    pub(super) fn read(query: &Query, today: NaiveDate) -> Result<Self> {
        let mut check = Check::default();
        let preset = check.word("periodo", query.get("periodo"), Preset::from_code);
        let (from, to) = (check.day("da", query.get("da")), check.day("a", query.get("a")));
        let (preset, stretch) = if from.is_none() && to.is_none() {
            let preset = preset.unwrap_or(Preset::Twelve);
            (Some(preset), preset.stretch(today))
        } else {
            let to = to.unwrap_or(today);
            let from = from.unwrap_or_else(|| twelve_months(to));
            let named = preset
                .map(|preset| (preset, preset.stretch(today)))
                .filter(|(_, stretch)| (stretch.from, stretch.to) == (from, to));
            match named {
                Some((preset, stretch)) => (Some(preset), stretch),
                None => (None, Stretch::between(from, to)),
            }
        };
        if stretch.from > stretch.to {
            check.fault("da", Fault::OutOfRange);
        }
        let usual = preset.map_or_else(|| stretch.grouping(), Preset::grouping);
        let wanted = Wanted {
            stretch,
            grouping: check
                .word("raggruppa", query.get("raggruppa"), Grouping::from_code)
                .unwrap_or(usual),
            compares: query.get("confronta") != Some("no"),
            product: check.verbatim("prodotto", query.get("prodotto"), 40),
            company: check.id(query.get("azienda")),
            agent: check.id(query.get("agente")),
        };
        let begins = wanted.begins();
        if stretch.from <= stretch.to && begins.is_none() {
            check.fault("raggruppa", Fault::OutOfRange);
        }
        check.finish()?;
        let kept = ["raggruppa", "prodotto", "azienda", "agente", "confronta"];
        Ok(Self {
            preset,
            wanted,
            begins: begins.unwrap_or_default(),
            today,
            narrowed: kept.map(|name| (name, query.get(name).map(str::to_owned))),
        })
    }

    /// A page about the same, with some more said of it.
    pub(super) fn address(&self, path: &str, more: &[(&str, Option<&str>)]) -> String {
        let stretch = &self.wanted.stretch;
        let (from, to) = (stretch.from.to_string(), stretch.to.to_string());
        let days = |text| self.preset.is_none().then_some(text);
        let mut all: Vec<(&str, Option<&str>)> = vec![
            ("periodo", self.preset.map(Preset::code)),
            ("da", days(from.as_str())),
            ("a", days(to.as_str())),
        ];
        all.extend(
            self.narrowed
                .iter()
                .map(|(name, value)| (*name, value.as_deref())),
        );
        all.retain(|(name, _)| more.iter().all(|(changed, _)| changed != name));
        all.extend(more);
        addresses::to(path, &all)
    }

    /// Whether the figures are of a part only of what whoever asks sees.
    pub(super) fn is_narrowed(&self) -> bool {
        self.wanted.product.is_some() || self.wanted.company.is_some() || self.wanted.agent.is_some()
    }

    /// The list of licences that are meant, with more said of them.
    pub(super) fn licenses(&self, name: &str, value: &str) -> String {
        let mut all = vec![(name, Some(value))];
        for (narrow, value) in &self.narrowed {
            if ["prodotto", "azienda", "agente"].contains(narrow) {
                all.push((narrow, value.as_deref()));
            }
        }
        addresses::to("/licenze", &all)
    }
}

/// The page with some of what is asked for changed, also where it cannot be read.
pub(super) fn address(
    path: &str,
    query: &Query,
    asked: Option<&Asked>,
    changes: &[(&str, Option<&str>)],
) -> String {
    match asked {
        Some(asked) => asked.address(path, changes),
        None => {
            let mut all: Vec<(&str, Option<&str>)> = ["prodotto", "azienda", "agente", "confronta"]
                .into_iter()
                .map(|name| (name, query.get(name)))
                .collect();
            all.extend(changes);
            addresses::to(path, &all)
        }
    }
}
