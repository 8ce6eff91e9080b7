//! Random histories against a model of a licence that fits on a page (K11).

use super::*;
use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, TestRunner},
};
use std::collections::BTreeMap;

#[derive(Debug, Clone)]
enum Step {
    Activate(u8),
    Deactivate(u8),
    Validate(u8),
    Release(u8),
    Suspend,
    Resume,
    Resize(usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        5 => (0_u8..5).prop_map(Step::Activate),
        3 => (0_u8..5).prop_map(Step::Deactivate),
        2 => (0_u8..5).prop_map(Step::Validate),
        1 => (0_u8..5).prop_map(Step::Release),
        1 => Just(Step::Suspend),
        2 => Just(Step::Resume),
        1 => (1_usize..5).prop_map(Step::Resize),
    ]
}

/// Own releases that a device's licence allows.
const RELEASES: usize = 3;

struct Model {
    places: usize,
    live: BTreeMap<u8, String>,
    past: Vec<String>,
    releases: usize,
    suspensions: usize,
}

impl Model {
    /// What an activation answers.
    fn activation(&self, device: u8) -> (u16, &'static str) {
        match () {
            () if self.suspensions > 0 => (403, "SOSPESA"),
            () if self.live.contains_key(&device) => (200, "gia_attiva"),
            () if self.live.len() >= self.places => (409, "DISPOSITIVI_ESAURITI"),
            () => (200, "attivata"),
        }
    }

    fn deactivation(&self, device: u8) -> (u16, &'static str) {
        match () {
            () if !self.live.contains_key(&device) => (409, "DISPOSITIVO_NON_ATTIVO"),
            () if self.releases >= RELEASES => (409, "RILASCI_ESAURITI"),
            () => (200, "disattivata"),
        }
    }

    fn validation(&self, device: u8) -> &'static str {
        match () {
            () if self.suspensions > 0 => "SOSPESA",
            () if !self.live.contains_key(&device) => "DISPOSITIVO_NON_ATTIVO",
            () => "VALIDA",
        }
    }
}

fn said(reply: &Reply) -> (u16, &str) {
    (
        reply.status.code,
        reply.body["esito"].as_str().unwrap_or(reply.code()),
    )
}

async fn live_out(world: &World, root: &str, license: (String, String), steps: &[Step]) {
    let (id, key) = license;
    let mut model = Model {
        places: 2,
        live: BTreeMap::new(),
        past: Vec::new(),
        releases: 0,
        suspensions: 0,
    };
    let sheet = format!("/api/admin/licenze/{id}");
    let ask = |verb: &'static str, n: u8| world.call(verb, device(&key, &format!("D{n}")));
    let staff = |verb: &str| {
        let path = format!("{sheet}/{verb}");
        async move {
            let body = json!({"causale": "altro", "motivo": "prova"});
            world.post(&path, root, body).await.status.code
        }
    };
    for step in steps {
        match step {
            Step::Activate(n) => {
                let reply = ask("/api/licenze/attiva", *n).await;
                assert_eq!(said(&reply), model.activation(*n), "{}", reply.text);
                if reply.status == Status::Ok {
                    let activation = reply.str("/attivazione/id");
                    assert!(
                        !model.past.contains(&activation),
                        "an activation that was released came back"
                    );
                    let held = model.live.entry(*n).or_insert_with(|| activation.clone());
                    assert_eq!(*held, activation);
                    assert_eq!(reply.body["licenza"]["dispositivi_attivi"], model.live.len());
                }
            }
            Step::Deactivate(n) => {
                let reply = ask("/api/licenze/disattiva", *n).await;
                assert_eq!(said(&reply), model.deactivation(*n), "{}", reply.text);
                if reply.status == Status::Ok {
                    model.past.extend(model.live.remove(n));
                    model.releases += 1;
                    assert_eq!(reply.body["dispositivi_attivi"], model.live.len());
                }
            }
            Step::Validate(n) => {
                let reply = ask("/api/licenze/valida", *n).await.expect(200);
                assert_eq!(reply.code(), model.validation(*n), "{}", reply.text);
            }
            Step::Release(n) => {
                let nobody = "00000000-0000-7000-8000-000000000000".to_owned();
                let activation = model.live.get(n).cloned().unwrap_or(nobody);
                let status = staff(&format!("dispositivi/{activation}/rilascia")).await;
                assert_eq!(status, if model.live.contains_key(n) { 200 } else { 404 });
                model.past.extend(model.live.remove(n));
            }
            Step::Suspend => {
                assert_eq!(staff("sospendi").await, 200);
                model.suspensions += 1;
            }
            Step::Resume => {
                let expected = if model.suspensions > 0 { 200 } else { 409 };
                assert_eq!(staff("riattiva").await, expected);
                model.suspensions = 0;
            }
            Step::Resize(places) => {
                let tag = world.get(&sheet, root).await.header("etag").unwrap().to_owned();
                let revision = tag.trim_matches('"').parse().unwrap();
                let body = json!({"numero_dispositivi": places});
                let reply = world.patch(&sheet, root, revision, body).await;
                if *places < model.live.len() {
                    reply.refused(409, "POSTI_IN_USO");
                } else {
                    reply.expect(200);
                    model.places = *places;
                }
            }
        }
        let shown = world.get(&sheet, root).await.expect(200);
        assert_eq!(shown.body["dispositivi_attivi"], model.live.len());
    }
}

on_both!(
    any_history_of_a_licence_is_the_one_that_the_model_tells,
    |world| async {
        let root = world.root().await;
        let product =
            json!({"codice": "GESTIONALE", "nome": "Gestionale", "versione": "1", "rilasci_max": RELEASES});
        world
            .post("/api/admin/prodotti", &root, product)
            .await
            .expect(201);
        let cases = u32::try_from(rounds(16, 500)).unwrap();
        let mut runner = TestRunner::new(Config {
            cases,
            failure_persistence: None,
            ..Config::default()
        });
        let here = tokio::runtime::Handle::current();
        let outcome = tokio::task::block_in_place(|| {
            runner.run(&vec(step(), 1..40), |steps| {
                here.block_on(async {
                    let license = world
                        .issue(&root, json!({"numero_dispositivi": 2}))
                        .await
                        .remove(0);
                    live_out(&world, &root, license, &steps).await;
                });
                Ok(())
            })
        });
        outcome.unwrap();
        assert_places_add_up(&world.database);
    }
);
