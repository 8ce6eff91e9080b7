//! Finds forms by walking through pages as a reader does.

use crate::support::{
    Reply, World,
    browser::Browser,
    hostile::{Hostile, MARK, texts},
    html::{Field, Form, Html},
    is_page,
};
use rocket::http::Method;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A form's fields as they are sent.
pub type Filled = Vec<(String, Vec<u8>)>;

/// A form that was found.
#[derive(Debug, Clone)]
pub struct Found {
    /// Where it goes.
    pub path: String,
    /// The page that it stands on.
    pub page: String,
    pub form: Form,
    /// By which of the browsers it was found.
    pub who: usize,
    /// Fields that take no text whatever, and how they were filled so that they were taken.
    pub strict: BTreeMap<String, usize>,
    /// Others of its kind: path, page, form.
    pub others: Vec<(String, String, Form)>,
    /// How often it was taken.
    pub taken: usize,
    /// How often it came back.
    pub back: usize,
}

impl Found {
    /// Whether a field's words are a matter of the test: a link that works once is not to be used up.
    pub fn is_typed(&self, field: &Field) -> bool {
        field.is_typed() && !(self.is_once() && field.kind == "password")
    }

    pub fn is_once(&self) -> bool {
        ["/invito/", "/primo-accesso/", "/conferma/"]
            .iter()
            .any(|start| self.path.starts_with(start))
            || (self.path.starts_with("/password/") && self.path != "/password/dimenticata")
    }

    pub fn has_texts(&self) -> bool {
        self.form.fields.iter().any(|field| self.is_typed(field))
    }
}

pub struct Siege<'w> {
    pub world: &'w World,
    pub browsers: Vec<Browser<'w>>,
    routes: Vec<(Method, Vec<String>, String)>,
    pub texts: Vec<Hostile>,
    /// The texts as pages show them.
    shown: Vec<String>,
    /// By route.
    pub forms: BTreeMap<String, Found>,
    /// Forms that ask, by their address.
    pub searches: BTreeMap<String, Form>,
    /// What went wrong, once for each kind.
    pub faults: BTreeMap<String, String>,
    /// On which pages a text was read whole.
    pub read: BTreeMap<usize, BTreeSet<String>>,
    /// What was made: where forms led.
    pub made: BTreeSet<String>,
    pub asked: usize,
    pub serial: usize,
    /// Whether rows are counted around each form that is sent.
    pub counts: bool,
    pub rows: i64,
    /// How often a page was read that forms led to.
    pub led: BTreeMap<String, usize>,
}

/// How many more of a form's kind are kept, for when it was about something that is done with.
const OTHERS: usize = 20;
/// How often a page is read to which many forms lead.
pub const LED: usize = 60;

/// What is not to change where something is refused.
pub const ROWS: &str = "SELECT (SELECT COUNT(*) FROM audit_log) + (SELECT COUNT(*) FROM users) + (SELECT COUNT(*) FROM customers) \
    + (SELECT COUNT(*) FROM nodes) + (SELECT COUNT(*) FROM licenses) + (SELECT COUNT(*) FROM products) \
    + (SELECT COUNT(*) FROM modules) + (SELECT COUNT(*) FROM api_tokens) + (SELECT COUNT(*) FROM batches) AS n";

impl<'w> Siege<'w> {
    pub fn new(world: &'w World, browsers: Vec<Browser<'w>>) -> Self {
        let split = |path: &str| path.split('/').map(str::to_owned).collect();
        let routes = world.client.rocket().routes().filter(|route| is_page(route));
        Self {
            world,
            browsers,
            routes: routes
                .map(|route| (route.method, split(route.uri.path()), route.uri.path().to_owned()))
                .collect(),
            shown: texts().iter().map(Hostile::shown).collect(),
            texts: texts(),
            forms: BTreeMap::new(),
            searches: BTreeMap::new(),
            faults: BTreeMap::new(),
            read: BTreeMap::new(),
            made: BTreeSet::new(),
            asked: 0,
            serial: 0,
            counts: false,
            rows: 0,
            led: BTreeMap::new(),
        }
    }

    /// The route that serves a path.
    pub fn route(&self, method: Method, path: &str) -> Option<String> {
        let asked: Vec<&str> = path.split('?').next().unwrap().split('/').collect();
        let fits = self.routes.iter().filter(|(of, parts, _)| {
            *of == method
                && parts.len() == asked.len()
                && parts
                    .iter()
                    .zip(&asked)
                    .all(|(part, asked)| part.starts_with('<') || part == asked)
        });
        fits.min_by_key(|(_, parts, _)| parts.iter().filter(|part| part.starts_with('<')).count())
            .map(|(.., name)| name.clone())
    }

    pub fn fault(&mut self, kind: String, more: &str) {
        self.faults
            .entry(kind)
            .or_insert_with(|| more.chars().take(1500).collect());
    }

    /// Reads an answer: no error of ours, no markup but the templates'. Notes which texts are read on it.
    pub fn examine(&mut self, route: &str, reply: &Reply) -> Html {
        self.asked += 1;
        let status = reply.status.code;
        if status >= 500 || status == 401 {
            self.fault(format!("{route}: {status}"), &reply.text);
        }
        for (name, value) in &reply.headers {
            if value.chars().any(|c| c.is_control()) || name.contains(MARK) {
                self.fault(format!("{route}: a header {name}"), value);
            }
        }
        let html = Html::read(&reply.text);
        for fault in &html.faults {
            let kind = fault.split("}>: ").last().unwrap_or_default().to_owned();
            self.fault(format!("{route} ({status}): {kind}"), fault);
        }
        let all = html.texts.join("\n");
        let numbers: BTreeSet<usize> = all
            .match_indices(MARK)
            .filter_map(|(at, _)| all.get(at + MARK.len()..at + MARK.len() + 2)?.parse().ok())
            .collect();
        for n in numbers.into_iter().filter(|_| status == 200) {
            let known = self.read.get(&n).is_some_and(|routes| routes.contains(route));
            if !known && self.shown.get(n).is_some_and(|shown| all.contains(shown)) {
                self.read.entry(n).or_default().insert(route.to_owned());
            }
        }
        html
    }

    /// Opens a page.
    pub async fn open(&mut self, who: usize, path: &str) -> (Reply, Html) {
        let reply = self.browsers[who].get(path).await;
        let route = self.route(Method::Get, path).unwrap_or_else(|| "nowhere".into());
        let html = self.examine(&format!("GET {route}"), &reply);
        (reply, html)
    }

    /// Opens a page, and takes note of its forms alone.
    pub async fn meet(&mut self, who: usize, path: &str) {
        let (_, html) = self.open(who, path).await;
        for form in &html.forms {
            self.note(who, path, form);
        }
    }

    /// Walks through the portal, so many pages of each kind, and takes note of the forms.
    pub async fn walk(&mut self, who: usize, starts: &[String], each: usize) {
        let mut queue: VecDeque<String> = starts.iter().cloned().collect();
        let mut seen: BTreeSet<String> = BTreeSet::new();
        let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
        while let Some(path) = queue.pop_front() {
            let Some(route) = self.route(Method::Get, &path) else {
                continue;
            };
            if route.starts_with("/static") || route.contains("<formato>") || !seen.insert(path.clone()) {
                continue;
            }
            let query = path.split_once('?').map(|(_, query)| query).unwrap_or_default();
            let names: Vec<&str> = query
                .split('&')
                .map(|pair| pair.split('=').next().unwrap())
                .collect();
            let kind = kinds.entry(format!("{route}?{}", names.join("&"))).or_default();
            if *kind >= each {
                continue;
            }
            *kind += 1;
            let (reply, html) = self.open(who, &path).await;
            match reply.status.code {
                200 => {}
                303 => {
                    queue.push_back(reply.location().to_owned());
                    continue;
                }
                // What a link led to may have changed since.
                404 | 409 => continue,
                other => {
                    self.fault(
                        format!("GET {route}: {other}"),
                        &format!("{path}: {}", reply.text),
                    );
                    continue;
                }
            }
            queue.extend(html.links.iter().cloned());
            for form in &html.forms {
                self.note(who, &path, form);
            }
        }
    }

    fn note(&mut self, who: usize, page: &str, form: &Form) {
        let here = page.split('?').next().unwrap().to_owned();
        let or_here = |target: &String| {
            if target.is_empty() {
                here.clone()
            } else {
                target.clone()
            }
        };
        if form.method != "post" {
            self.searches
                .entry(or_here(&form.action))
                .or_insert_with(|| form.clone());
            return;
        }
        for target in form.further.iter().chain([&form.action]) {
            let path = or_here(target);
            match self.route(Method::Post, &path) {
                None if path.starts_with('#') => {}
                None => self.fault(format!("a form that nobody takes: {path}"), page),
                Some(route) => match self.forms.get_mut(&format!("POST {route}")) {
                    Some(found) => {
                        let known =
                            found.path == path || found.others.iter().any(|(other, ..)| *other == path);
                        if !known && found.others.len() < OTHERS {
                            found.others.push((path, page.to_owned(), form.clone()));
                        }
                    }
                    None => {
                        let found = Found {
                            path,
                            page: page.to_owned(),
                            form: form.clone(),
                            who,
                            strict: BTreeMap::new(),
                            others: Vec::new(),
                            taken: 0,
                            back: 0,
                        };
                        self.forms.insert(format!("POST {route}"), found);
                    }
                },
            }
        }
    }
}
