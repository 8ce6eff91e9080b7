//! A tree that is moved and grown at once.

use super::*;

/// The tree as parents tell it, beside the tree as the closure table tells it.
fn assert_tree_is_one(database: &Database) {
    let up = "WITH RECURSIVE up (d, a, k) AS (SELECT id, id, 0 FROM nodes \
        UNION ALL SELECT up.d, n.parent_id, up.k + 1 FROM up JOIN nodes n ON n.id = up.a \
        WHERE n.parent_id IS NOT NULL AND up.k < 60)";
    let endless = format!("{up} SELECT COUNT(*) AS n FROM up WHERE k >= 60");
    assert_eq!(database.count(&endless), 0, "a node is above itself");
    let missing = format!(
        "{up} SELECT COUNT(*) AS n FROM up WHERE NOT EXISTS (SELECT 1 FROM node_tree t \
         WHERE t.ancestor_id = up.a AND t.descendant_id = up.d AND t.depth = up.k)"
    );
    assert_eq!(database.count(&missing), 0, "pairs that the closure table lacks");
    let pairs = database.count(&format!("{up} SELECT COUNT(*) AS n FROM up"));
    let kept = database.count("SELECT COUNT(*) AS n FROM node_tree");
    assert_eq!(pairs, kept, "pairs that the closure table has too many");
    let rootless = "SELECT COUNT(*) AS n FROM nodes n WHERE NOT EXISTS (SELECT 1 FROM node_tree t \
        JOIN nodes v ON v.id = t.ancestor_id WHERE v.kind = 'fornitore' AND t.descendant_id = n.id)";
    assert_eq!(
        database.count(rootless),
        0,
        "nodes that do not hang below the vendor"
    );
}

async fn shift(client: &Client, token: &str, node: &str, parent: &str) -> Reply {
    let path = format!("/api/admin/agent/{node}/sposta");
    post(client, &path, &bearer(token), &json!({"azienda_padre": parent})).await
}

on_both!(
    two_companies_moved_below_each_other_make_no_cycle,
    |world| async {
        let root = world.root().await;
        let second = world.second_client().await;
        let top = world.node(&root, "CIMA", "rivenditore", None).await;
        let a = world.node(&root, "A", "sottoazienda", Some(&top.id)).await;
        let b = world.node(&root, "B", "sottoazienda", Some(&top.id)).await;
        world.node(&root, "SOTTO-A", "agente", Some(&a.id)).await;
        for _ in 0..rounds(10, 500) {
            let (one, other) = futures::future::join(
                shift(&world.client, &root, &a.id, &b.id),
                shift(&second, &root, &b.id, &a.id),
            )
            .await;
            let (done, refused) = if one.status == Status::Ok {
                (one, other)
            } else {
                (other, one)
            };
            done.expect(200);
            refused.refused(409, "CICLO");
            assert_tree_is_one(&world.database);
            for node in [&a, &b] {
                shift(&world.client, &root, &node.id, &top.id).await.expect(200);
            }
        }
    }
);

on_both!(
    a_tree_that_is_moved_and_grown_at_once_stays_one_tree,
    |world| async {
        let root = world.root().await;
        let second = world.second_client().await;
        let mut nodes = vec![world.node(&root, "CIMA", "rivenditore", None).await.id];
        for n in 0..6 {
            let parent = nodes[n / 2].clone();
            nodes.push(
                world
                    .node(&root, &format!("N{n}"), "sottoazienda", Some(&parent))
                    .await
                    .id,
            );
        }
        for round in 0..rounds(5, 200) {
            let moves = (0..8).map(|n| {
                let client = if n % 2 == 0 { &world.client } else { &second };
                let (from, to) = (&nodes[1 + (n * 5 + round) % 6], &nodes[(n * 3 + round) % 7]);
                let root = &root;
                async move {
                    let reply = shift(client, root, from, to).await;
                    assert!(matches!(reply.status.code, 200 | 409 | 422), "{}", reply.text);
                }
            });
            let births = (0..3).map(|n| {
                let (parent, root, second) = (&nodes[1 + (n + round) % 6], &root, &second);
                async move {
                    let name = format!("FOGLIA-{round}-{n}");
                    let body =
                        json!({"nome": name, "codice": name, "ruolo": "agente", "azienda_padre": parent});
                    let reply = post(second, "/api/admin/agent", &bearer(root), &body).await;
                    assert!(matches!(reply.status.code, 201 | 422), "{}", reply.text);
                }
            });
            futures::future::join(join_all(moves), join_all(births)).await;
            assert_tree_is_one(&world.database);
        }
    }
);
