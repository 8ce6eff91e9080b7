//! A person's stop is lifted by the node that it is of, or by one above.

use crate::{
    on_both,
    support::{World, cast::Cast},
};
use rocket::http::Method;
use serde_json::{Value, json};

async fn act(world: &World, path: &str, action: &str, token: &str) -> crate::support::Reply {
    let body = json!({"motivo": format!("{action} per prova")});
    world.post(&format!("{path}/{action}"), token, body).await
}

/// Stops by each of a line, and tries to lift by each of it, from the lowest to the highest.
async fn only_from_above(world: &World, path: &str, stop: &str, line: &[&String]) {
    for (own, stopper) in line.iter().enumerate() {
        let stopped = act(world, path, stop, stopper).await.expect(200);
        assert_eq!(stopped.str("/stato"), "sospeso");
        assert_eq!(stopped.str("/motivo_stato"), format!("{stop} per prova"));
        for (n, lifter) in line.iter().enumerate() {
            if n < own {
                act(world, path, "riattiva", lifter)
                    .await
                    .refused(403, "NON_PERMESSO");
                assert_eq!(world.get(path, lifter).await.expect(200).str("/stato"), "sospeso");
            } else {
                let lifted = act(world, path, "riattiva", lifter).await.expect(200);
                assert_ne!(lifted.str("/stato"), "sospeso");
                assert_eq!(lifted.body["motivo_stato"], Value::Null);
                if n + 1 < line.len() {
                    act(world, path, stop, stopper).await.expect(200);
                }
            }
        }
    }
}

fn line(cast: &Cast) -> [&String; 3] {
    [&cast.nord.token, &cast.alfa.token, &cast.root]
}

on_both!(
    a_stop_of_a_customer_is_lifted_only_by_its_node_or_one_above,
    |world| async {
        let cast = world.cast().await;
        let path = format!("/api/admin/clienti/{}", cast.neri.id);
        only_from_above(&world, &path, "sospendi", &line(&cast)).await;
    }
);

on_both!(
    a_stop_of_a_node_is_lifted_only_by_its_node_or_one_above,
    |world| async {
        let cast = world.cast().await;
        let path = format!("/api/admin/agent/{}", cast.nino.id);
        only_from_above(&world, &path, "sospendi", &line(&cast)).await;
        assert_eq!(
            world
                .database
                .count("SELECT COUNT(*) AS n FROM nodes WHERE suspended_by IS NOT NULL OR suspension_note IS NOT NULL"),
            0
        );
    }
);

on_both!(
    a_refusal_is_lifted_only_by_the_node_that_refused_or_one_above,
    |world| async {
        let cast = world.cast().await;
        let line = line(&cast);
        for (own, refuser) in line.iter().enumerate() {
            let body = json!({
                "nome": "Carla", "email": format!("carla{own}@example.org"), "codice_rivenditore": "NORD",
                "consenso_privacy": true,
            });
            let made = world.call("/api/clienti/registrazione", body).await.expect(201);
            let path = format!("/api/admin/clienti/{}", made.str("/cliente/id"));
            act(&world, &path, "rifiuta", refuser).await.expect(200);
            for lifter in &line[..own] {
                act(&world, &path, "riattiva", lifter)
                    .await
                    .refused(403, "NON_PERMESSO");
            }
            let lifted = act(&world, &path, "riattiva", line[own]).await.expect(200);
            assert_eq!(lifted.str("/stato"), "in_attesa");
        }
    }
);

on_both!(
    a_change_of_a_suspended_nodes_data_leaves_the_stop_whose_it_is,
    |world| async {
        let cast = world.cast().await;
        let path = format!("/api/admin/agent/{}", cast.nord.id);
        act(&world, &path, "sospendi", &cast.root).await.expect(200);
        let named = json!({"nome": "Nord nuova"});
        let changed = world
            .ask(Method::Patch, &path, Some(&cast.alfa.token), Some(named))
            .await
            .expect(200);
        assert_eq!(changed.str("/motivo_stato"), "sospendi per prova");
        act(&world, &path, "riattiva", &cast.alfa.token)
            .await
            .refused(403, "NON_PERMESSO");
    }
);
