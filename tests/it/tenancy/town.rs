//! A town for the canary: every text of every tenant carries that tenant's random word.

use super::people::{Caller, Place};
use crate::support::{Reply, World, cast::PASSWORD};
use rocket::http::Method;
use serde_json::{Value, json};
use sigillo::{
    domain::{access::Permit, actor::Actor, ids::AnyId},
    operations::users::create_token,
};
use std::collections::BTreeMap;

/// All that stands in one place, every text of it with the same word.
#[derive(Default)]
pub struct Marked {
    pub word: String,
    pub token: String,
    pub customer_token: String,
    pub node: String,
    pub licenses: Vec<String>,
    pub keys: Vec<String>,
    pub customers: Vec<String>,
    pub users: Vec<String>,
}

pub struct Town {
    pub world: World,
    root: String,
    pub places: BTreeMap<Place, Marked>,
}

fn word() -> String {
    // The random end of an id, between letters that no id has.
    let id = AnyId::new().to_string();
    format!("zy{}yz", &id[24..])
}

/// The caller at a place.
pub fn caller(place: Place) -> Caller {
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
    pub async fn new(world: World) -> Self {
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
            if place == Place::Vendor {
                town.staff(&marked.word).await;
            } else {
                town.open(place, &mut marked).await;
            }
            town.fill(place, &mut marked).await;
            town.places.insert(place, marked);
        }
        town.meddle().await;
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

    /// From here on all that the vendor does is done by a user with the vendor's word in their name.
    async fn staff(&mut self, w: &str) {
        let email = format!("capo.{w}@example.org");
        let body = json!({"email": email, "nome": w, "password": PASSWORD});
        self.post("/api/admin/utenti", body).await.expect(201);
        self.root = self.token(&email, w).await;
    }

    /// What companies do to the things of those below them, in whose logs it stands.
    async fn meddle(&self) {
        for (above, below) in [
            (Place::Alfa, Place::Nord),
            (Place::Alfa, Place::Anna),
            (Place::Alfa, Place::Nino),
            (Place::Nord, Place::Nino),
            (Place::Beta, Place::Bruno),
        ] {
            let (token, below) = (&self.places[&above].token, &self.places[&below]);
            for path in [
                format!("/api/admin/licenze/{}", below.licenses[2]),
                format!("/api/admin/clienti/{}", below.customers[0]),
                format!("/api/admin/agent/{}", below.node),
            ] {
                for action in ["sospendi", "riattiva"] {
                    let body = json!({"motivo": below.word});
                    self.world
                        .post(&format!("{path}/{action}"), token, body)
                        .await
                        .expect(200);
                }
            }
        }
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
}
