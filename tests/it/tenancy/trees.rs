//! Random trees, and random moves in them: what lists show is what `model` says.

use super::{
    forest::{Forest, permit},
    model::Viewer,
};
use crate::{
    on_both,
    support::{World, database::Database},
};
use sigillo::{
    domain::{
        actor::Actor,
        company::NodeKind,
        error::{Conflict, Error},
        ids::{NodeId, UserId},
    },
    operations::companies::shift,
    store,
};
use std::collections::BTreeSet;

/// Plants trees, and moves their nodes about, also from one tree to another.
async fn run(database: Database, trees: usize, seed: u64) {
    let mut forest = Forest::new(database, seed).await;
    let mut moved = [0; 2];
    for _ in 0..trees {
        let nodes = forest.plant().await;
        for _ in 0..2 {
            let viewer = Viewer::Node(forest.dice.one(&nodes));
            forest.check(viewer).await;
        }
        if let Some((customer, _)) = forest.model.customers.last_key_value() {
            let viewer = Viewer::Customer(*customer);
            forest.check(viewer).await;
        }
        for _ in 0..2 {
            let node = forest.dice.one(&nodes);
            let everybody: Vec<NodeId> = forest.model.parents.keys().rev().take(40).copied().collect();
            let parent = if forest.dice.below(2) == 0 {
                forest.dice.maybe(&nodes)
            } else {
                forest.dice.maybe(&everybody)
            };
            let before = forest.model.line(node);
            forest.shift(node, parent).await;
            let after = forest.model.line(node);
            moved[usize::from(before != after)] += 1;
            // Who lost sight of it, who gained it, and it itself.
            let mut viewers: BTreeSet<NodeId> = before.into_iter().chain(after).collect();
            let below = forest.model.below(node);
            viewers.insert(forest.dice.one(&below));
            for viewer in viewers {
                forest.check(Viewer::Node(viewer)).await;
            }
        }
    }
    forest.check(Viewer::Root).await;
    println!(
        "{trees} trees, {} nodes, {} moves done, {} refused",
        forest.model.parents.len(),
        moved[1],
        moved[0]
    );
    assert!(moved[0] > trees / 20 && moved[1] > trees / 4, "{moved:?}");
}

#[allow(clippy::disallowed_methods)]
fn trees(usual: usize) -> (usize, u64) {
    match std::env::var("SIGILLO_LONG") {
        // A seed of its own for each long run; it is printed.
        Ok(_) => (1000, u64::from_be_bytes(UserId::new().0[8..].try_into().unwrap())),
        Err(_) => (usual, 20_261_123),
    }
}

mod lists_show_what_the_model_says_in_random_trees_and_after_random_moves {
    use super::*;

    #[rocket::async_test]
    async fn sqlite() {
        let (trees, seed) = trees(200);
        run(Database::sqlite(), trees, seed).await;
    }

    #[rocket::async_test]
    async fn mariadb() {
        let (trees, seed) = trees(30);
        run(Database::mariadb(), trees, seed).await;
    }
}

on_both!(
    what_happened_before_a_move_stays_with_whom_it_happened_to,
    |world| async {
        let cast = world.cast().await;
        let log = |token: String| {
            let world = &world;
            async move {
                let reply = world
                    .get("/api/admin/registro?limite=200", &token)
                    .await
                    .expect(200);
                reply.body["dati"].as_array().unwrap().len()
            }
        };
        let device = serde_json::json!({"chiave_licenza": cast.rossi.key, "dispositivo": {"id": "D1"}});
        world.call("/api/licenze/attiva", device).await.expect(200);
        world.settle().await;
        let (alfa, beta) = (
            log(cast.alfa.token.clone()).await,
            log(cast.beta.token.clone()).await,
        );
        let path = format!("/api/admin/clienti/{}/assegna", cast.rossi.id);
        world
            .post(&path, &cast.root, serde_json::json!({"azienda": cast.beta.id}))
            .await
            .expect(200);
        // The new company has the licence and its device, and not what the old one did with it.
        let license = format!("/api/admin/licenze/{}", cast.rossi.license);
        let sheet = world.get(&license, &cast.beta.token).await.expect(200);
        assert_eq!(sheet.body["dispositivi"].as_array().unwrap().len(), 1);
        assert_eq!(sheet.body["storico"], serde_json::json!([]));
        world
            .get(&license, &cast.alfa.token)
            .await
            .refused(404, "NON_TROVATO");
        assert_eq!(log(cast.beta.token.clone()).await, beta);
        assert_eq!(log(cast.alfa.token.clone()).await, alfa + 1);
        for (token, rows) in [(&cast.alfa.token, 1), (&cast.beta.token, 0)] {
            let log = world.get("/api/admin/attivazioni", token).await.expect(200);
            assert_eq!(log.body["dati"].as_array().unwrap().len(), rows, "{}", log.text);
        }
    }
);

on_both!(two_moves_at_once_close_no_circle, |world| async {
    let cast = world.cast().await;
    let id = |text: &str| text.parse::<NodeId>().unwrap();
    let (alfa, beta) = (id(&cast.alfa.id), id(&cast.beta.id));
    for round in 0..20 {
        let (one, other) = tokio::join!(
            shift::shift(&world.app, permit(), alfa, Some(beta)),
            shift::shift(&world.app, permit(), beta, Some(alfa)),
        );
        assert_eq!(
            u8::from(one.is_ok()) + u8::from(other.is_ok()),
            1,
            "round {round}: {one:?} {other:?}"
        );
        let refused = one.err().or(other.err());
        assert!(
            matches!(refused, Some(Error::Conflict(Conflict::Cycle))),
            "round {round}: {refused:?}"
        );
        let sql = "SELECT COUNT(*) AS n FROM nodes WHERE parent_id IS NOT NULL AND kind = 'rivenditore'";
        assert_eq!(world.database.count(sql), 1, "one of the two is a reseller still");
        // Every node stands at each depth of its line once: nothing is its own ancestor, nothing hangs loose.
        let tree = "SELECT COUNT(*) AS n FROM node_tree WHERE depth > 0 AND ancestor_id = descendant_id";
        assert_eq!(world.database.count(tree), 0);
        let lines = "SELECT COUNT(*) AS n FROM nodes n WHERE n.kind <> 'fornitore' AND (SELECT COUNT(*) FROM node_tree t
            JOIN nodes top ON top.id = t.ancestor_id AND top.kind = 'fornitore' WHERE t.descendant_id = n.id) <> 1";
        assert_eq!(world.database.count(lines), 0);
        let below = if is_below(&world, alfa).await { alfa } else { beta };
        shift::shift(&world.app, permit(), below, None).await.unwrap();
    }
});

async fn is_below(world: &World, node: NodeId) -> bool {
    let scope = Actor::operator().scope();
    let found = world
        .app
        .db
        .read(move |tx| store::nodes::get(tx, scope, node))
        .await
        .unwrap();
    found.kind == NodeKind::SubCompany
}
