//! Every text that a tenant has carries that tenant's random word. Every GET route, with every filter, is walked by
//! everybody: no answer, and no header of one, carries a word that is not the caller's to see.

use super::people::{Caller, Place};
use crate::{
    on_both,
    support::{Reply, World, cast::PASSWORD},
};
use rocket::http::{Header, Method};
use serde_json::{Value, json};
use sigillo::{
    domain::{
        access::Permit,
        actor::Actor,
        company::NodeKind,
        customer::CustomerState,
        ids::AnyId,
        license::{LicenseKind, LicenseState},
    },
    operations::users::create_token,
    web::api::document,
};
use std::collections::{BTreeMap, BTreeSet};

/// All that stands in one place, every text of it with the same word.
#[derive(Default)]
struct Marked {
    word: String,
    token: String,
    customer_token: String,
    node: String,
    licenses: Vec<String>,
    keys: Vec<String>,
    customers: Vec<String>,
    users: Vec<String>,
}

struct Town {
    world: World,
    root: String,
    places: BTreeMap<Place, Marked>,
}

fn word() -> String {
    // The random end of an id, between letters that no id has.
    let id = AnyId::new().to_string();
    format!("zy{}yz", &id[24..])
}

/// The caller at a place.
fn caller(place: Place) -> Caller {
    match place {
        Place::Alfa => Caller::Alfa,
        Place::Anna => Caller::Anna,
        Place::Nord => Caller::Nord,
        Place::Nino => Caller::Nino,
        Place::Beta => Caller::Beta,
        Place::Bruno => Caller::Bruno,
        _ => Caller::Root,
    }
}

impl Town {
    async fn new(world: World) -> Self {
        let root = world.root().await;
        world.product(&root).await;
        let mut town = Self {
            world,
            root,
            places: BTreeMap::new(),
        };
        for place in Place::REAL {
            let mut marked = Marked {
                word: word(),
                ..Marked::default()
            };
            if place != Place::Vendor {
                town.open(place, &mut marked).await;
            }
            town.fill(place, &mut marked).await;
            town.places.insert(place, marked);
        }
        let users = town
            .world
            .get("/api/admin/utenti?limite=200", &town.root)
            .await
            .expect(200);
        for user in users.body["dati"].as_array().unwrap() {
            let text = user.to_string();
            for marked in town
                .places
                .values_mut()
                .filter(|marked| text.contains(&marked.word))
            {
                marked.users.push(user["id"].as_str().unwrap().to_owned());
            }
        }
        town.world.settle().await;
        town
    }

    async fn post(&self, path: &str, body: Value) -> Reply {
        self.world.post(path, &self.root, body).await
    }

    async fn patch(&self, path: &str, body: Value) {
        self.world
            .ask(Method::Patch, path, Some(&self.root), Some(body))
            .await
            .expect(200);
    }

    async fn token(&self, email: &str, word: &str) -> String {
        let permit = Permit::ask(&Actor::operator()).unwrap();
        let new = create_token::New {
            email: email.into(),
            name: word.into(),
            read_only: false,
            days: None,
        };
        create_token::create_token(&self.world.app, permit, new)
            .await
            .unwrap()
    }

    /// The place's node, with users and a history.
    async fn open(&self, place: Place, marked: &mut Marked) {
        let w = &marked.word;
        let (kind, above) = match place {
            Place::Alfa | Place::Beta => ("rivenditore", None),
            Place::Nord => ("sottoazienda", Some(Place::Alfa)),
            Place::Nino => ("agente", Some(Place::Nord)),
            Place::Bruno => ("agente", Some(Place::Beta)),
            _ => ("agente", Some(Place::Alfa)),
        };
        let parent = above.map(|above| self.places[&above].node.clone());
        let email = format!("capo.{w}@example.org");
        let body = json!({
            "nome": format!("prima {w}"), "ruolo": kind, "azienda_padre": parent, "codice": w, "email": email,
            "password": PASSWORD,
        });
        marked.node = self.post("/api/admin/agent", body).await.expect(201).str("/id");
        let path = format!("/api/admin/agent/{}", marked.node);
        self.patch(
            &path,
            json!({"nome": format!("{w} srl"), "email": format!("posta.{w}@example.org")}),
        )
        .await;
        for action in ["sospendi", "riattiva"] {
            self.post(&format!("{path}/{action}"), json!({"motivo": w}))
                .await
                .expect(200);
        }
        let invited = json!({"email": format!("invitato.{w}@example.org"), "nome": w, "nodo": marked.node});
        self.post("/api/admin/utenti", invited).await.expect(201);
        marked.token = self.token(&email, w).await;
    }

    /// Customers and licences of the place, with devices, suspensions, refusals.
    async fn fill(&self, place: Place, marked: &mut Marked) {
        let w = marked.word.clone();
        let node = |place: Place| match place {
            _ if !marked.node.is_empty()
                && caller(place).home() == place
                && !self.places.contains_key(&place) =>
            {
                marked.node.clone()
            }
            place => self.places[&place].node.clone(),
        };
        let (company, agent) = (place.company().map(node), place.agent().map(node));
        let customer = |n: usize| {
            json!({
                "nome": format!("{w} spa {n}"), "email": format!("cliente{n}.{w}@example.org"), "password": PASSWORD,
                "telefono": w, "indirizzo": format!("via {w}\n{n}"),
                "sedi": [{"nome": w, "indirizzo": w}],
                "referenti": [{"nome": w, "email": format!("ref.{w}@example.org"), "telefono": w}],
                "azienda": company, "agente": agent,
            })
        };
        for n in 0..2 {
            marked.customers.push(
                self.post("/api/admin/clienti", customer(n))
                    .await
                    .expect(201)
                    .str("/id"),
            );
        }
        marked.customer_token = self.token(&format!("cliente0.{w}@example.org"), &w).await;
        let first = format!("/api/admin/clienti/{}", marked.customers[0]);
        self.patch(
            &first,
            json!({"nome": format!("{w} spa"), "indirizzo": format!("piazza {w}")}),
        )
        .await;
        let second = format!("/api/admin/clienti/{}", marked.customers[1]);
        self.post(&format!("{second}/sospendi"), json!({"motivo": w}))
            .await
            .expect(200);
        for n in 0..2 {
            let code = (place != Place::Vendor).then_some(&w);
            let body = json!({
                "nome": format!("{w} attesa"), "email": format!("attesa{n}.{w}@example.org"), "telefono": w, "indirizzo": w,
                "referente": {"nome": w, "email": format!("r.{w}@example.org"), "telefono": w},
                "codice_rivenditore": code, "prodotto": "GESTIONALE", "consenso_privacy": true,
            });
            let reply = self
                .world
                .call("/api/clienti/registrazione", body)
                .await
                .expect(201);
            marked.customers.push(reply.str("/cliente/id"));
            marked.licenses.push(reply.str("/licenze/0/id"));
            marked.keys.push(reply.str("/licenze/0/chiave_licenza"));
        }
        let refused = format!("/api/admin/clienti/{}/rifiuta", marked.customers[2]);
        self.post(&refused, json!({"motivo": w})).await.expect(200);
        let whose =
            json!({"cliente": marked.customers[0], "azienda": company, "agente": agent, "etichetta": w});
        let with = |extra: Value| {
            let mut body = whose.clone();
            for (name, value) in extra.as_object().unwrap() {
                body[name] = value.clone();
            }
            body
        };
        for extra in [
            json!({"numero_dispositivi": 3}),
            json!({"dispositivi_ammessi": [format!("riservato {w}")]}),
            json!({"numero_utenti": 2}),
            json!({}),
        ] {
            let (license, key) = self.world.issue(&self.root, with(extra)).await.remove(0);
            marked.licenses.push(license);
            marked.keys.push(key);
        }
        self.use_licenses(marked).await;
        if !marked.token.is_empty() {
            // Something by their own hand, so that their name stands in a log.
            let path = format!("/api/admin/clienti/{}", marked.customers[0]);
            let own = self.world.ask(
                Method::Patch,
                &path,
                Some(&marked.token),
                Some(json!({"telefono": format!("{w}2")})),
            );
            own.await.expect(200);
        }
    }

    async fn use_licenses(&self, marked: &Marked) {
        let w = &marked.word;
        let device =
            |n: usize| json!({"id": format!("{w} {n}"), "nome": format!("PC {w}"), "piattaforma": w});
        let (keys, ids) = (&marked.keys[2..], &marked.licenses[2..]);
        let mut activation = String::new();
        for n in 0..3 {
            let body = json!({"chiave_licenza": keys[0], "dispositivo": device(n)});
            activation = self
                .world
                .call("/api/licenze/attiva", body)
                .await
                .expect(200)
                .str("/attivazione/id");
        }
        let released = format!("/api/admin/licenze/{}/dispositivi/{activation}/rilascia", ids[0]);
        self.post(&released, json!({"motivo": w})).await.expect(200);
        let body = json!({"chiave_licenza": keys[1], "dispositivo": device(9)});
        self.world.call("/api/licenze/attiva", body).await.expect(403);
        let user = format!("utente.{w}@example.org");
        let body = json!({"chiave_licenza": keys[2], "dispositivo": device(4), "utente": user});
        self.world.call("/api/licenze/attiva", body).await.expect(200);
        for (n, action) in [(2, "sospendi"), (3, "sospendi"), (3, "riattiva"), (3, "revoca")] {
            self.post(
                &format!("/api/admin/licenze/{}/{action}", ids[n]),
                json!({"motivo": w}),
            )
            .await
            .expect(200);
        }
        let body = json!({"chiave_licenza": keys[3], "dispositivo": device(5)});
        self.world.call("/api/licenze/valida", body).await.expect(200);
    }

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
            "limite" => words(&["1", "200"]),
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
            .filter(|route| route.method == Method::Get)
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
fn tenant(place: Place) -> Place {
    match place {
        Place::Beta | Place::Bruno => Place::Beta,
        Place::Vendor => Place::Vendor,
        _ => Place::Alfa,
    }
}
