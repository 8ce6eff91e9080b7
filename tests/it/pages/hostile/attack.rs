//! Fills the forms that a siege found, and looks at what comes back.

use super::siege::{Filled, Found, LED, ROWS, Siege};
use crate::support::{
    Reply,
    cast::PASSWORD,
    hostile::Hostile,
    html::{Field, Html, plain},
};
use rocket::http::Method;
use std::collections::{BTreeMap, BTreeSet};

/// Rounds in which rows are counted: what is done by halves does not depend on the text.
const COUNTED: usize = 3;

impl Siege<'_> {
    /// What stands in a form that nobody touched.
    fn base(&mut self, found: &Found, round: usize) -> Filled {
        self.serial += 1;
        let mut filled = Filled::new();
        let mut radios = BTreeSet::new();
        for field in &found.form.fields {
            let value = match field.kind.as_str() {
                "hidden" if field.name == "gettone" => Some(format!("{:032x}", self.serial)),
                // Only at last is such a link used up.
                "password" if found.is_once() && round + 1 == self.texts.len() => Some(PASSWORD.into()),
                "password" if found.is_once() => Some("corta".into()),
                // Now and then another one is chosen among what there is to choose.
                "select"
                    if round % 4 == 3 && ["cliente", "azienda", "agente"].contains(&field.name.as_str()) =>
                {
                    field.options.get(round % field.options.len().max(1)).cloned()
                }
                "radio" if field.value.is_none() => {
                    let ticked = found
                        .form
                        .fields
                        .iter()
                        .any(|of| of.name == field.name && of.value.is_some());
                    let first = radios.insert(field.name.clone());
                    field.options.first().cloned().filter(|_| first && !ticked)
                }
                _ => field.value.clone(),
            };
            if let Some(value) = value {
                filled.push((field.name.clone(), value.into_bytes()));
            }
        }
        filled
    }

    /// A value that a field may take, at the first, second, … try.
    fn good(&self, found: &Found, field: &Field, attempt: usize) -> String {
        let name = field.name.as_str();
        let n = self.serial;
        match attempt {
            0 => field.value.clone().unwrap_or_default(),
            1 if field.kind == "password" => PASSWORD.into(),
            1 if field.kind == "date" => "2031-05-06".into(),
            1 if name.contains("email") || field.kind == "email" => format!("posta{n}@example.org"),
            1 if name == "conferma" => found.path.split('/').nth(2).unwrap_or_default().into(),
            1 if name == "codice" || name == "versione" => format!("C{n}"),
            1 if name.contains("url") || field.kind == "url" => "https://example.org/x".into(),
            1 => "1".into(),
            2 => "GESTIONALE".into(),
            3 => "EUR".into(),
            _ => String::new(),
        }
    }

    fn encoded(filled: &Filled) -> Vec<u8> {
        let pair = |(name, value): &(String, Vec<u8>)| {
            let name: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
            let value: String = form_urlencoded::byte_serialize(value).collect();
            format!("{name}={value}")
        };
        filled.iter().map(pair).collect::<Vec<_>>().join("&").into_bytes()
    }

    fn rows(&self) -> i64 {
        self.world.database.count(ROWS)
    }

    /// Sends a form. What comes back is filled; what is refused changed nothing; what is taken leads to a page.
    async fn send(
        &mut self,
        route: &str,
        found: &Found,
        body: Vec<u8>,
        filled: Option<&Filled>,
    ) -> (Reply, Html) {
        let reply = self.browsers[found.who].post_raw(&found.path, body).await;
        let html = self.examine(route, &reply);
        let status = reply.status.code;
        if self.counts {
            let rows = self.rows();
            if status >= 400 && rows != self.rows {
                self.fault(
                    format!("{route}: {status} and yet something was done"),
                    &reply.text,
                );
            }
            self.rows = rows;
        }
        if let Some(filled) = filled.filter(|_| status == 422) {
            if html.wrong.is_empty() && !reply.text.contains("note is-") {
                self.fault(format!("{route}: 422 without words"), &reply.text);
            }
            self.comes_back(route, found, filled, &html);
        }
        if status == 303 {
            let path = reply.location().to_owned();
            if !path.starts_with('/') || path.starts_with("//") || path.starts_with("/\\") {
                self.fault(format!("{route}: leads away"), &path);
            }
            let led = self.led.entry(path.clone()).or_default();
            *led += 1;
            let enough = *led > if path == "/" || path == "/accedi" { 4 } else { LED };
            if !enough && self.route(Method::Get, &path).is_some() {
                self.open(found.who, &path).await;
            }
            self.made.insert(path);
        }
        (reply, html)
    }

    /// Holds that a form that was refused comes back with what was typed.
    fn comes_back(&mut self, route: &str, found: &Found, filled: &Filled, html: &Html) {
        let is_list = route.starts_with("GET");
        let text = |value: &str| {
            // What is searched for is cleaned first.
            if is_list {
                return plain(&sigillo::domain::text::clean(value));
            }
            value
                .replace("\r\n", "\n")
                .replace('\r', "\n")
                .replace('\0', "\u{fffd}")
        };
        for field in found
            .form
            .fields
            .iter()
            .filter(|field| field.is_typed() && field.kind != "password")
        {
            let Some((_, sent)) = filled.iter().find(|(name, _)| *name == field.name) else {
                continue;
            };
            let Ok(sent) = std::str::from_utf8(sent) else {
                continue;
            };
            let fields = html.forms.iter().flat_map(|form| form.fields.iter());
            let shown: Vec<String> = fields
                .filter(|shown| shown.name == field.name)
                .filter_map(|shown| {
                    shown
                        .value
                        .as_deref()
                        .map(|value| if is_list { text(value) } else { value.to_owned() })
                })
                .collect();
            let wanted = text(sent);
            let cut = |shown: &String| is_list && !shown.is_empty() && wanted.starts_with(shown.as_str());
            if !shown.contains(&wanted) && !shown.iter().any(cut) {
                let more = format!("typed {:?}, shown {shown:?}", plain(sent));
                self.fault(format!("{route}: {} does not come back", field.name), &more);
            }
        }
    }

    /// The form as it stands on its page now.
    async fn afresh(&mut self, found: &mut Found) {
        let (_, html) = self.open(found.who, &found.page.clone()).await;
        let target = found.path.clone();
        let now = html
            .forms
            .iter()
            .find(|form| form.action == target || form.further.contains(&target));
        if let Some(form) = now {
            found.form = form.clone();
        }
    }

    /// Fills a form with the texts of a round: each field that people type into with another one, and again with fit values
    /// in those that take no text.
    pub async fn attack(&mut self, route: &str, round: usize) {
        let Some(mut found) = self.forms.get(route).cloned() else {
            return;
        };
        self.counts = round < COUNTED;
        if self.counts {
            self.rows = self.rows();
        }
        let count = self.texts.len();
        let hostile = |texts: &[Hostile], n: usize| texts[(round + 7 * n) % count].bytes.clone();
        let typed: Vec<Field> = found
            .form
            .fields
            .iter()
            .filter(|field| found.is_typed(field))
            .cloned()
            .collect();
        let mut filled = self.base(&found, round);
        for (n, field) in typed.iter().enumerate() {
            if let Some((_, value)) = filled.iter_mut().find(|(name, _)| *name == field.name) {
                *value = hostile(&self.texts, n);
            }
        }
        if typed.is_empty() {
            self.tamper(route, &found, round).await;
            self.keep(route, found);
            return;
        }
        let (mut reply, mut html) = self
            .send(route, &found, Self::encoded(&filled), Some(&filled))
            .await;
        let mut again = false;
        for attempt in 0..if round < 5 { 6 } else { 3 } {
            match reply.status.code {
                422 => found.back += 1,
                200 | 303 => {
                    found.taken += 1;
                    break;
                }
                409 if !again && found.form.field("revisione").is_some() => {
                    again = true;
                    // What stands was shown beside what was wanted: once more from how it stands.
                    self.afresh(&mut found).await;
                    let revision = found
                        .form
                        .field("revisione")
                        .and_then(|field| field.value.clone());
                    if let (Some(revision), Some((_, value))) =
                        (revision, filled.iter_mut().find(|(name, _)| name == "revisione"))
                    {
                        *value = revision.into_bytes();
                    }
                }
                404 | 409 if !found.others.is_empty() => {
                    (found.path, found.page, found.form) = found.others.remove(0);
                    let hidden: Vec<Field> = found
                        .form
                        .fields
                        .iter()
                        .filter(|field| field.kind == "hidden")
                        .cloned()
                        .collect();
                    for field in hidden.into_iter().filter(|field| field.name == "revisione") {
                        if let Some((_, value)) = filled.iter_mut().find(|(name, _)| *name == field.name) {
                            *value = field.value.unwrap_or_default().into_bytes();
                        }
                    }
                }
                _ => break,
            }
            self.serial += 1;
            let mut wrong: BTreeSet<String> = html.wrong.iter().cloned().collect();
            wrong.extend(found.strict.keys().cloned());
            for field in &found.form.fields.clone() {
                // Whoever chooses a password for themselves is to know it in the next round.
                let own = field.kind == "password" && found.path == "/profilo/password";
                if field.kind == "hidden" || (field.kind == "password" && found.is_once()) {
                    continue;
                }
                if !own && !wrong.contains(&field.name) {
                    continue;
                }
                let value = if field.kind == "select" || field.kind == "radio" {
                    let other = field.options.get(attempt % field.options.len().max(1)).cloned();
                    other
                        .filter(|_| attempt > 0)
                        .or(field.value.clone())
                        .unwrap_or_default()
                } else {
                    let first = !found.strict.contains_key(&field.name);
                    let known = found.strict.entry(field.name.clone()).or_insert(usize::from(own));
                    if !first && attempt > 0 && html.wrong.contains(&field.name) {
                        *known = (*known + 1) % 5;
                    }
                    let known = *known;
                    self.good(&found, field, known)
                };
                match filled.iter_mut().find(|(name, _)| *name == field.name) {
                    Some((_, filled)) => *filled = value.into_bytes(),
                    None => filled.push((field.name.clone(), value.into_bytes())),
                }
            }
            if let Some((_, token)) = filled.iter_mut().find(|(name, _)| name == "gettone") {
                *token = format!("{:032x}", self.serial).into_bytes();
            }
            (reply, html) = self
                .send(route, &found, Self::encoded(&filled), Some(&filled))
                .await;
        }
        if round.is_multiple_of(7) {
            self.tamper(route, &found, round).await;
        }
        if round == 0 {
            self.spoil(route, &found, &filled).await;
        }
        self.keep(route, found);
    }

    fn keep(&mut self, route: &str, found: Found) {
        self.forms.insert(route.to_owned(), found);
    }

    /// Puts texts where nobody types: in hidden fields, choices, boxes.
    async fn tamper(&mut self, route: &str, found: &Found, round: usize) {
        let mut filled = self.base(found, round);
        for field in found.form.fields.iter().filter(|field| field.kind == "button") {
            filled.push((field.name.clone(), Vec::new()));
        }
        for (n, (name, value)) in filled.iter_mut().enumerate() {
            let field = found.form.field(name).unwrap();
            if !field.is_typed() && (name != "gettone" || round % 2 == 1) {
                *value = self.texts[(round + 11 * n) % self.texts.len()].bytes.clone();
            }
        }
        self.send(route, found, Self::encoded(&filled), None).await;
    }

    /// Nothing, everything twice, no form at all, too much.
    async fn spoil(&mut self, route: &str, found: &Found, filled: &Filled) {
        let twice: Filled = filled.iter().chain(filled).cloned().collect();
        let mut without = filled.clone();
        without.retain(|(name, _)| ["gettone", "revisione"].contains(&name.as_str()));
        self.send(route, found, Self::encoded(&twice), None).await;
        self.send(route, found, Self::encoded(&without), None).await;
        let reply = self
            .send(route, found, b"\xff\xfe%%%&=&&==%zz=\xc0\xbc".to_vec(), None)
            .await
            .0;
        if reply.status.code != 400 {
            self.fault(
                format!("{route}: bytes that are no form: {}", reply.status.code),
                &reply.text,
            );
        }
        let reply = self.send(route, found, vec![b'a'; 70_000], None).await.0;
        if reply.status.code != 413 {
            self.fault(
                format!("{route}: 70,000 bytes: {}", reply.status.code),
                &reply.text,
            );
        }
    }

    /// Asks each list for each text.
    pub async fn search(&mut self, who: usize) {
        for (path, form) in self.searches.clone() {
            let Some(route) = self.route(Method::Get, &path) else {
                self.fault(format!("a form that nobody answers: {path}"), "");
                continue;
            };
            for round in 0..self.texts.len() {
                let mut filled = Filled::new();
                for (n, field) in form.fields.iter().enumerate() {
                    let text = &self.texts[(round + 7 * n) % self.texts.len()];
                    if field.is_typed() || round % 5 == 4 {
                        filled.push((field.name.clone(), text.bytes.clone()));
                    }
                }
                let query = String::from_utf8(Self::encoded(&filled)).unwrap();
                let asked = format!("{path}?{query}");
                let (reply, html) = self.open(who, &asked).await;
                if reply.status.code == 200 && round % 5 != 4 {
                    let found = Found {
                        path: path.clone(),
                        page: path.clone(),
                        form: form.clone(),
                        who,
                        strict: BTreeMap::new(),
                        others: Vec::new(),
                        taken: 0,
                        back: 0,
                    };
                    self.comes_back(&format!("GET {route}"), &found, &filled, &html);
                }
                if round.is_multiple_of(10) {
                    let part = self.browsers[who].part(&asked).await;
                    self.examine(&format!("GET {route} (part)"), &part);
                }
            }
        }
    }
}
