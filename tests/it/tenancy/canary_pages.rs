//! The canary in the portal: every page, every part of one and every file that anybody can reach carries no word of who is
//! not theirs to see; nor does any mail.

use super::{
    canary::tenant,
    people::{Caller, Place},
    town::{Marked, Town, caller},
};
use crate::{
    on_both,
    support::{Reply, browser::Browser, cast::PASSWORD, html::Html, is_page},
};
use rocket::http::Method;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Pages of each kind that are followed from link to link.
const EACH: usize = 3;

/// What a place has to offer to those who guess.
struct Aims {
    licenses: Vec<String>,
    customers: Vec<String>,
    node: String,
    users: Vec<String>,
    batches: Vec<String>,
    tokens: Vec<String>,
    messages: Vec<String>,
    activations: Vec<(String, String)>,
}

fn dashed(hex: &str) -> String {
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

impl Aims {
    fn of(town: &Town, marked: &Marked) -> Self {
        let w = &marked.word;
        let ids = |sql: String| -> Vec<String> {
            let found = town.world.database.texts(&sql);
            found.into_iter().flatten().map(|hex| dashed(&hex)).collect()
        };
        let licenses: Vec<String> = marked.licenses.clone();
        let held = format!(
            "SELECT LOWER(HEX(a.id)) AS t FROM activations a JOIN licenses l ON l.id = a.license_id \
             WHERE l.label = '{w}' AND a.live = 1 ORDER BY a.id LIMIT 1"
        );
        Self {
            activations: ids(held)
                .into_iter()
                .map(|id| (licenses[2].clone(), id))
                .collect(),
            licenses: vec![licenses[0].clone(), licenses[2].clone(), licenses[5].clone()],
            customers: vec![marked.customers[0].clone(), marked.customers[3].clone()],
            node: marked.node.clone(),
            users: marked.users.iter().take(2).cloned().collect(),
            batches: ids(format!(
                "SELECT LOWER(HEX(id)) AS t FROM batches WHERE label = '{w}' ORDER BY id LIMIT 2"
            )),
            tokens: ids(format!(
                "SELECT LOWER(HEX(t.id)) AS t FROM api_tokens t WHERE t.name = '{w}' ORDER BY t.id LIMIT 1"
            )),
            messages: ids(format!(
                "SELECT LOWER(HEX(id)) AS t FROM outbox WHERE recipient LIKE '%{w}%' ORDER BY id LIMIT 2"
            )),
        }
    }

    /// Where a route leads about the things of this place.
    fn paths(&self, route: &str) -> Vec<String> {
        let with = |ids: &[String]| ids.iter().map(|id| route.replace("<id>", id)).collect::<Vec<_>>();
        match route {
            _ if route.contains("<file..>") || route.starts_with("/.sigillo") => Vec::new(),
            _ if route.contains("<attivazione>") => {
                let place = |(license, id): &(String, String)| {
                    route.replace("<id>", license).replace("<attivazione>", id)
                };
                self.activations.iter().map(place).collect()
            }
            _ if route.starts_with("/utenti/<id>/token/") => {
                let of = |token: &String| route.replace("<id>", &self.users[0]).replace("<token>", token);
                self.tokens.iter().map(of).collect()
            }
            _ if route.contains("/esporta/") => ["csv", "xlsx"]
                .iter()
                .map(|format| route.replace("<formato>", format))
                .collect(),
            _ if route.contains("<formato>") => ["csv", "txt", "xlsx"]
                .iter()
                .flat_map(|format| {
                    with(&self.batches)
                        .into_iter()
                        .map(|path| path.replace("<formato>", format))
                })
                .collect(),
            _ if route.starts_with("/licenze/modelli/<id>") => {
                vec![route.replace("<id>", "00000000-0000-7000-8000-000000000000")]
            }
            _ if route.starts_with("/licenze/<id>") || route.starts_with("/mie-licenze/<id>") => {
                with(&self.licenses)
            }
            // Who holds the code of a request is who made it.
            _ if route.contains("<codice_pratica>") => {
                vec![route.replace("<codice_pratica>", &"A".repeat(43))]
            }
            _ if route.starts_with("/clienti/<id>") => with(&self.customers),
            _ if route.starts_with("/aziende/<id>") => with(std::slice::from_ref(&self.node)),
            _ if route.starts_with("/utenti/<id>") || route.starts_with("/miei-dati/utenti/<id>") => {
                with(&self.users)
            }
            // Nobody in town keeps any.
            _ if route.starts_with("/viste/<id>") || route.starts_with("/webhook/<id>") => {
                vec![
                    route
                        .replace("<id>", "00000000-0000-7000-8000-000000000000")
                        .replace("<consegna>", "00000000-0000-7000-8000-000000000000"),
                ]
            }
            _ if route.starts_with("/lotti/<id>") => with(&self.batches),
            _ if route.starts_with("/gettoni/<id>") => with(&self.tokens),
            _ if route.starts_with("/posta/<id>") => with(&self.messages),
            // Who has a logo's address is who it was sent to.
            _ if route.starts_with("/loghi/") => {
                vec![route.replace("<id>", "00000000-0000-7000-8000-000000000000")]
            }
            _ if route.starts_with("/modelli") => ["invito", "ritrova_chiavi"]
                .iter()
                .map(|kind| {
                    let path = route.replace("<tipo>", kind).replace("<lingua>", "it");
                    format!("{path}?azienda={}", self.node)
                })
                .collect(),
            _ if route.contains("<codice_pratica>") => {
                vec![route.replace("<codice_pratica>", &"A".repeat(43))]
            }
            _ if route.contains("<codice>") => {
                let path = route
                    .replace("<codice>", "GESTIONALE")
                    .replace("<modulo>", "MAGAZZINO")
                    .replace("<versione>", "00000000-0000-7000-8000-000000000000");
                vec![
                    path.replace("<id>", "00000000-0000-7000-8000-000000000000")
                        .replace("<kid>", "nessuno"),
                ]
            }
            _ if route.contains("<nome>") => vec![route.replace("<nome>", "pulizia")],
            // Who holds the link is who it was sent to.
            _ if route.contains("<token>") => vec![route.replace("<token>", &"A".repeat(43))],
            plain => {
                assert!(
                    !plain.contains('<'),
                    "a page that the canary does not know: {plain}"
                );
                vec![plain.to_owned()]
            }
        }
    }
}

/// Whether a path leads to a file and not to a page.
fn is_file(path: &str) -> bool {
    (path.contains("/chiavi/") && path.starts_with("/lotti/")) || path.contains("/esporta/")
}

/// Somebody who listens: a name, who of the staff, a customer of which place, the address to sign in with.
type Person = (String, Option<Caller>, Option<Place>, Option<String>);

struct Listener<'t> {
    town: &'t Town,
    name: String,
    who: Option<Caller>,
    /// The place whose words one hears anyway: a customer's own.
    own: Option<Place>,
    browser: Browser<'t>,
    heard: BTreeSet<String>,
    leaks: BTreeSet<String>,
    asked: usize,
}

impl Listener<'_> {
    fn may_hear(&self, place: Place) -> bool {
        self.who.is_some_and(|who| who.sees(place)) || self.own == Some(place)
    }

    fn listen(&mut self, asked: &str, text: &str, reply: &Reply) {
        self.asked += 1;
        let mut heard = text.to_lowercase();
        for (name, value) in &reply.headers {
            heard.push_str(&format!("\n{name}: {}", value.to_lowercase()));
        }
        let route = asked.split('?').next().unwrap();
        assert!(reply.status.code < 500, "{} at {asked}: {text}", self.name);
        for (place, marked) in &self.town.places {
            if self.may_hear(*place) {
                if heard.contains(&marked.word) {
                    self.heard.insert(route.to_owned());
                }
                continue;
            }
            if let Some(at) = heard.find(&marked.word) {
                let around: String = heard
                    .chars()
                    .skip(heard[..at].chars().count().saturating_sub(300))
                    .take(400)
                    .collect();
                self.leaks
                    .insert(format!("{} hears {place:?} at {asked}: … {around}", self.name));
            }
            let home = self.who.map(Caller::home).or(self.own);
            if home.is_some_and(|home| tenant(home) == tenant(*place)) {
                continue;
            }
            // Of another tenant not even an id, but for the one that was asked for.
            let ids = marked
                .licenses
                .iter()
                .chain(&marked.customers)
                .chain(&marked.users)
                .chain([&marked.node]);
            for id in ids.filter(|id| !id.is_empty() && !asked.contains(id.as_str())) {
                if heard.contains(id.as_str()) {
                    self.leaks
                        .insert(format!("{} hears an id of {place:?} at {asked}", self.name));
                }
            }
        }
    }

    async fn open(&mut self, path: &str) -> Option<Html> {
        let reply = self.browser.get(path).await;
        let text = reply.text.clone();
        self.listen(path, &text, &reply);
        match reply.status.code {
            200 => Some(Html::read(&text)),
            _ => None,
        }
    }

    async fn file(&mut self, path: &str) {
        let (reply, bytes) = self.browser.download(path).await;
        let text = if bytes.starts_with(b"PK") {
            let mut all = String::new();
            let mut book = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
            for n in 0..book.len() {
                std::io::Read::read_to_string(&mut book.by_index(n).unwrap(), &mut all).unwrap();
            }
            all
        } else {
            String::from_utf8_lossy(&bytes).into_owned()
        };
        self.listen(path, &text, &reply);
    }

    /// From link to link, as a reader goes, and through every list with everything that it can be asked for.
    async fn wander(&mut self, routes: &[Vec<String>], begins: &[String]) {
        let mut queue: VecDeque<String> = ["/".to_owned(), "/accedi".to_owned()].into();
        let (mut seen, mut kinds, mut lists) =
            (BTreeSet::new(), BTreeMap::<String, usize>::new(), BTreeSet::new());
        while let Some(path) = queue.pop_front() {
            if !seen.insert(path.clone()) || path.starts_with("/static") {
                continue;
            }
            let (plain, query) = path.split_once('?').unwrap_or((&path, ""));
            let parts: Vec<&str> = plain.split('/').collect();
            let route = routes.iter().find(|route| {
                route.len() == parts.len()
                    && route
                        .iter()
                        .zip(&parts)
                        .all(|(a, b)| a.starts_with('<') || a == b)
            });
            let names: Vec<&str> = query
                .split('&')
                .map(|pair| pair.split('=').next().unwrap())
                .collect();
            let kind = kinds.entry(format!("{route:?}{names:?}")).or_default();
            *kind += 1;
            if *kind > EACH {
                continue;
            }
            if is_file(plain) {
                self.file(&path).await;
                continue;
            }
            let Some(html) = self.open(&path).await else {
                continue;
            };
            queue.extend(html.links);
            for form in html.forms.iter().filter(|form| form.method != "post") {
                if !lists.insert(form.action.clone()) {
                    continue;
                }
                for field in &form.fields {
                    let values = if field.is_typed() {
                        begins.to_vec()
                    } else {
                        field.options.clone()
                    };
                    for value in values {
                        let value: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
                        let asked = format!("{}?{}={value}", form.action, field.name);
                        let part = self.browser.part(&asked).await;
                        let text = part.text.clone();
                        self.listen(&asked, &text, &part);
                    }
                }
            }
        }
    }
}

on_both!(
    no_page_file_or_mail_carries_a_word_of_who_is_not_theirs_to_see,
    |world| async {
        let town = Town::new(world).await;
        let mut routes: Vec<(String, Vec<String>)> = town
            .world
            .client
            .rocket()
            .routes()
            .filter(|route| route.method == Method::Get && is_page(route))
            .map(|route| route.uri.path().to_owned())
            .map(|path| (path.clone(), path.split('/').map(str::to_owned).collect()))
            .collect();
        // The most exact one first, as a request finds it.
        routes.sort_by_key(|(path, _)| path.matches('<').count());
        let patterns: Vec<Vec<String>> = routes.iter().map(|(_, parts)| parts.clone()).collect();
        // What is searched for stands on the page again: so only with the beginnings of words.
        let begins: Vec<String> = town
            .places
            .values()
            .map(|marked| marked.word[..10].to_owned())
            .collect();
        let aims: BTreeMap<Place, Aims> = town
            .places
            .iter()
            .map(|(place, marked)| (*place, Aims::of(&town, marked)))
            .collect();

        let mut people: Vec<Person> = vec![("nobody".into(), None, None, None)];
        for (place, marked) in &town.places {
            let w = &marked.word;
            people.push((
                format!("a customer of {place:?}"),
                None,
                Some(*place),
                Some(format!("cliente0.{w}@example.org")),
            ));
            if *place != Place::Vendor {
                people.push((
                    format!("{place:?}"),
                    Some(caller(*place)),
                    None,
                    Some(format!("capo.{w}@example.org")),
                ));
            }
        }
        let (mut asked, mut leaks) = (0, BTreeSet::new());
        for (name, who, own, email) in people {
            let browser = match &email {
                Some(email) => Browser::sign_in(&town.world, email, PASSWORD).await,
                None => Browser::new(&town.world),
            };
            let mut listener = Listener {
                town: &town,
                name,
                who,
                own,
                browser,
                heard: BTreeSet::new(),
                leaks: BTreeSet::new(),
                asked: 0,
            };
            listener.wander(&patterns, &begins).await;
            // And to what nothing led them: the things of everybody, by their addresses.
            let mut guessed = BTreeSet::new();
            for aims in aims.values() {
                for (route, _) in &routes {
                    guessed.extend(aims.paths(route));
                }
            }
            for path in guessed {
                if is_file(&path) {
                    listener.file(&path).await;
                } else {
                    listener.open(&path).await;
                }
            }
            if let Some(who) = who {
                let mut wanted = vec![
                    "/licenze",
                    "/clienti",
                    "/aziende",
                    "/utenti",
                    "/lotti",
                    "/registri/attivazioni",
                    "/licenze/esporta/csv",
                    "/clienti/esporta/xlsx",
                ];
                if !matches!(who.letter(), 'A' | 'v') {
                    wanted.extend(["/registri/attivita", "/registri/accessi"]);
                }
                for list in wanted {
                    // Who hears nothing of their own proves nothing.
                    assert!(
                        listener.heard.contains(list),
                        "{} hears nothing at {list}: {:?}",
                        listener.name,
                        listener.heard
                    );
                }
                assert!(
                    listener.heard.iter().any(|path| path.ends_with("/chiavi/csv")),
                    "{} has no file: {:?}",
                    listener.name,
                    listener.heard
                );
            }
            asked += listener.asked;
            leaks.extend(listener.leaks);
        }

        // Mail: whoever it goes to hears of themselves, and of those below.
        let bytes = |hex: &Option<String>| -> Vec<u8> {
            let hex = hex.as_ref().unwrap();
            (0..hex.len())
                .step_by(2)
                .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
                .collect()
        };
        let column = |what: &str| {
            town.world
                .database
                .texts(&format!("SELECT {what} AS t FROM outbox ORDER BY id"))
        };
        let (ids, to, kinds, payloads) = (
            column("HEX(id)"),
            column("recipient"),
            column("kind"),
            column("HEX(payload)"),
        );
        let mut mails = 0;
        for (((id, to), kind), payload) in ids.iter().zip(&to).zip(&kinds).zip(&payloads) {
            let (to, kind) = (to.as_ref().unwrap(), kind.as_ref().unwrap());
            let said = String::from_utf8(
                town.world
                    .app
                    .vault
                    .open(&bytes(id), &bytes(payload))
                    .unwrap()
                    .to_vec(),
            )
            .unwrap();
            let home = town
                .places
                .iter()
                .find(|(_, marked)| to.contains(&marked.word))
                .map(|(place, _)| *place);
            for (place, marked) in &town.places {
                let staff = to.starts_with("capo.") || to.starts_with("invitato.");
                let may =
                    home == Some(*place) || (staff && home.is_some_and(|home| caller(home).sees(*place)));
                mails += usize::from(said.contains(&marked.word));
                if !may && said.contains(&marked.word) {
                    leaks.insert(format!("{kind} to {to} names {place:?}: {said}"));
                }
            }
        }
        println!("{asked} answers heard, {} mails read", ids.len());
        assert!(mails > 10, "{mails} mails with a word");
        assert!(
            leaks.is_empty(),
            "{} leaks:\n{}",
            leaks.len(),
            leaks.into_iter().take(20).collect::<Vec<_>>().join("\n")
        );
    }
);
