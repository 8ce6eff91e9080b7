//! Every text that a tenant has carries that tenant's random word. Every GET route, with every filter, is walked by
//! everybody: no answer, and no header of one, carries a word that is not the caller's to see.

use super::{
    people::{Caller, Place},
    town::{Marked, Town, caller},
};
use crate::{
    on_both,
    support::{Reply, World, is_page},
};
use rocket::http::{Header, Method};
use serde_json::Value;
use sigillo::{
    domain::{
        company::NodeKind,
        customer::CustomerState,
        license::{LicenseKind, LicenseState},
    },
    web::api::document,
};
use std::collections::BTreeSet;

impl Town {
    fn all<'a>(&'a self, of: impl Fn(&'a Marked) -> Vec<&'a String>) -> Vec<String> {
        self.places
            .values()
            .flat_map(of)
            .filter(|id| !id.is_empty())
            .cloned()
            .collect()
    }

    /// Values to try for a filter, by its name.
    fn values(&self, name: &str) -> Vec<String> {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        match name {
            "azienda" | "agente" | "azienda_padre" => self.all(|m| vec![&m.node]),
            "cliente" => self.all(|m| m.customers.iter().collect()),
            "licenza" => self.all(|m| m.licenses.iter().collect()),
            // A cursor is a place in a list: anybody's id is one, and gives no more than the list does.
            "oggetto" | "cursore" => self.all(|m| {
                let ids = m.licenses.iter().chain(&m.customers).chain(&m.users);
                ids.chain([&m.node]).collect()
            }),
            "q" => {
                let mut texts = self.all(|m| m.keys.iter().chain([&m.word]).collect());
                texts.extend(
                    self.all(|m| m.keys.iter().collect())
                        .iter()
                        .map(|key| key[key.len() - 5..].to_owned()),
                );
                for place in self.places.values() {
                    texts.push(format!("cliente0.{}@example.org", place.word));
                    texts.push(format!("{} 0", place.word));
                    texts.push(format!("riservato {}", place.word));
                }
                texts
            }
            "stato" => [LicenseState::CODES, CustomerState::CODES]
                .concat()
                .iter()
                .map(|word| (*word).to_owned())
                .collect(),
            "tipo_licenza" => words(LicenseKind::CODES),
            "ruolo" => words(NodeKind::CODES),
            "in_attesa" => words(&["convalida", "assegnazione"]),
            "scade_entro" => words(&["0", "400", "36500"]),
            "prodotto" => words(&["GESTIONALE"]),
            "archivio" => words(&["si"]),
            "limite" => words(&["1", "200"]),
            "da" => words(&["2020-01-01"]),
            "a" => words(&["2027-12-31"]),
            "raggruppa" => words(&["giorno", "settimana", "mese"]),
            other => panic!("a filter that the canary does not know: {other}"),
        }
    }

    /// Everything that a GET route can be asked for.
    fn requests(&self) -> Vec<(String, String)> {
        let openapi: Value = serde_json::from_str(document()).unwrap();
        let mut requests = Vec::new();
        for route in self
            .world
            .client
            .rocket()
            .routes()
            .filter(|route| route.method == Method::Get && !is_page(route))
        {
            let uri = route.uri.to_string();
            let paths: Vec<String> = match uri.as_str() {
                "/api/admin/licenze/<id>" => self.all(|m| m.licenses.iter().collect()),
                "/api/admin/clienti/<id>" => self.all(|m| m.customers.iter().collect()),
                "/api/admin/agent/<id>" => self.all(|m| vec![&m.node]),
                "/api/admin/utenti/<id>" => self.all(|m| m.users.iter().collect()),
                "/api/admin/prodotti/<codice>" | "/api/prodotti/<codice>/chiave-pubblica" => {
                    vec!["GESTIONALE".into()]
                }
                // The code is the credential of who registered; without it there is nothing to see.
                "/api/clienti/registrazione/<codice_pratica>" => vec!["A".repeat(43)],
                plain if !plain.contains('<') => vec![String::new()],
                other => panic!("a route that the canary does not know: {other}"),
            }
            .iter()
            .map(|id| {
                let (head, tail) = uri.split_once('<').unwrap_or((&uri, ">"));
                format!("{head}{id}{}", tail.split_once('>').unwrap().1)
            })
            .collect();
            let filters: Vec<String> =
                openapi["paths"][uri.replace('<', "{").replace('>', "}")]["get"]["parameters"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter(|parameter| parameter["in"] == "query")
                    .flat_map(|parameter| {
                        let name = parameter["name"].as_str().unwrap();
                        self.values(name)
                            .into_iter()
                            .map(move |value| format!("?{name}={}", encoded(&value)))
                    })
                    .collect();
            for path in &paths {
                requests.push((uri.clone(), path.clone()));
                requests.extend(
                    filters
                        .iter()
                        .map(|filter| (uri.clone(), format!("{path}{filter}"))),
                );
            }
        }
        requests
    }
}

fn encoded(text: &str) -> String {
    text.replace(' ', "%20").replace('@', "%40")
}

async fn get(world: &World, path: &str, token: Option<&str>) -> Reply {
    let mut request = world.request(Method::Get, path);
    if let Some(token) = token {
        request = request.header(Header::new("Authorization", format!("Bearer {token}")));
    }
    Reply::of(request).await
}

on_both!(
    no_answer_carries_a_word_of_who_is_not_the_callers_to_see,
    |world| async {
        let town = Town::new(world).await;
        let requests = town.requests();
        let mut callers: Vec<(String, Caller, Option<&str>)> = vec![
            ("nobody".into(), Caller::Nobody, None),
            ("bad".into(), Caller::BadToken, Some("sgl_bad")),
        ];
        for (place, marked) in &town.places {
            callers.push((
                format!("a customer of {place:?}"),
                Caller::Rossi,
                Some(&marked.customer_token),
            ));
            if *place != Place::Vendor {
                callers.push((format!("{place:?}"), caller(*place), Some(&marked.token)));
            }
        }
        let (mut asked, mut leaks) = (0, BTreeSet::new());
        for (name, who, token) in &callers {
            let mut own: BTreeSet<&str> = BTreeSet::new();
            for (route, request) in &requests {
                let mut next = Some(request.clone());
                while let Some(path) = next.take() {
                    let reply = get(&town.world, &path, *token).await;
                    asked += 1;
                    let mut heard = reply.text.to_lowercase();
                    for (header, value) in &reply.headers {
                        heard.push_str(&format!("\n{header}: {}", value.to_lowercase()));
                    }
                    for (place, marked) in &town.places {
                        let staff = !matches!(who, Caller::Nobody | Caller::BadToken | Caller::Rossi);
                        if staff && who.sees(*place) {
                            if heard.contains(&marked.word) && *place == who.home() {
                                own.insert(route);
                            }
                            continue;
                        }
                        if heard.contains(&marked.word) {
                            leaks.insert(format!("{name} hears {place:?} at {path}: {}", reply.text));
                        }
                        // Of another tenant not even an id is heard; a part of one's own tree may be named by it.
                        let foreign = !staff || tenant(who.home()) != tenant(*place);
                        let ids = marked
                            .licenses
                            .iter()
                            .chain(&marked.customers)
                            .chain(&marked.users)
                            .chain([&marked.node]);
                        if foreign
                            && ids
                                .filter(|id| !id.is_empty())
                                .any(|id| heard.contains(id.as_str()))
                        {
                            leaks.insert(format!(
                                "{name} hears an id of {place:?} at {path}: {}",
                                reply.text
                            ));
                        }
                    }
                    if let Some(cursor) = reply.body["cursore"].as_str() {
                        let sign = if request.contains('?') { '&' } else { '?' };
                        next = (!request.contains("cursore"))
                            .then(|| format!("{request}{sign}cursore={cursor}"));
                    }
                }
            }
            // Who hears nothing of their own proves nothing.
            if !matches!(who, Caller::Nobody | Caller::BadToken | Caller::Rossi) {
                let mut wanted = vec!["licenze", "clienti", "agent", "utenti", "attivazioni"];
                if who.letter() != 'A' && who.letter() != 'v' {
                    wanted.push("registro");
                }
                for list in wanted {
                    assert!(
                        own.contains(format!("/api/admin/{list}").as_str()),
                        "{name} hears nothing of their own at {list}: {own:?}"
                    );
                }
            }
        }
        println!("{asked} answers heard");
        assert!(
            leaks.is_empty(),
            "{} leaks:\n{}",
            leaks.len(),
            leaks.into_iter().take(12).collect::<Vec<_>>().join("\n")
        );
    }
);

/// The tree that a place belongs to.
pub fn tenant(place: Place) -> Place {
    match place {
        Place::Beta | Place::Bruno => Place::Beta,
        Place::Vendor => Place::Vendor,
        _ => Place::Alfa,
    }
}
