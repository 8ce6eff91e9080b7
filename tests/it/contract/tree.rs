//! Companies, agents and users: nobody gives more than they have, or reaches beyond their own.

use crate::{on_both, support::cast::PASSWORD};
use rocket::http::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const NODES: &str = "/api/admin/agent";
const USERS: &str = "/api/admin/utenti";

on_both!(nobody_gives_a_child_more_than_they_have, |world| async {
    let cast = world.cast().await;
    // Everybody of the cast has 1000.
    let open = |extra: Value| {
        let mut body = json!({"nome": "Figlia", "ruolo": "sottoazienda"});
        for (field, value) in extra.as_object().unwrap() {
            body[field] = value.clone();
        }
        body
    };
    for (extra, field, fault) in [
        (
            json!({"sconto_punti_base": 1001}),
            "sconto_punti_base",
            "FUORI_INTERVALLO",
        ),
        (json!({"fido_centesimi": 1}), "fido_centesimi", "FUORI_INTERVALLO"),
        (
            json!({"diritti": {"posticipato": true}}),
            "diritti.posticipato",
            "NON_PERMESSO",
        ),
        (
            json!({"diritti": {"incassa": true}}),
            "diritti.incassa",
            "NON_PERMESSO",
        ),
        (json!({"ruolo": "rivenditore"}), "ruolo", "NON_PERMESSO"),
        (json!({"ruolo": "fornitore"}), "ruolo", "NON_VALIDO"),
        (json!({"codice": "BETA"}), "codice", "GIA_IN_USO"),
        (json!({"codice": "è"}), "codice", "NON_VALIDO"),
        (
            json!({"azienda_padre": cast.anna.id}),
            "azienda_padre",
            "NON_COMPATIBILE",
        ),
        (json!({"password": PASSWORD}), "email", "MANCANTE"),
    ] {
        world
            .post(NODES, &cast.alfa.token, open(extra))
            .await
            .field(field, fault);
    }
    world
        .post(
            NODES,
            &cast.alfa.token,
            open(json!({"azienda_padre": cast.beta.id})),
        )
        .await
        .refused(404, "NON_TROVATO");
    world
        .post(NODES, &cast.anna.token, open(json!({})))
        .await
        .refused(403, "NON_PERMESSO");
    let made = world
        .post(NODES, &cast.alfa.token, open(json!({"sconto_punti_base": 1000})))
        .await
        .expect(201);
    assert_eq!(
        (made.str("/azienda_padre"), made.str("/stato")),
        (cast.alfa.id.clone(), "attivo".into())
    );
    let path = format!("{NODES}/{}", made.str("/id"));
    let change = json!({"sconto_punti_base": 1001});
    world
        .ask(Method::Patch, &path, Some(&cast.alfa.token), Some(change))
        .await
        .field("sconto_punti_base", "FUORI_INTERVALLO");
    // A company that may not open companies still opens agents.
    let rights = json!({"diritti": {"crea_sottoaziende": false}});
    let nord = format!("{NODES}/{}", cast.nord.id);
    world
        .ask(Method::Patch, &nord, Some(&cast.alfa.token), Some(rights))
        .await
        .expect(200);
    world
        .post(NODES, &cast.nord.token, open(json!({})))
        .await
        .refused(403, "NON_PERMESSO");
    world
        .post(NODES, &cast.nord.token, open(json!({"ruolo": "agente"})))
        .await
        .expect(201);
});

on_both!(
    a_childs_discount_stays_at_most_its_parents_when_the_parent_changes_or_moves,
    |world| async {
        let cast = world.cast().await;
        let alfa = format!("{NODES}/{}", cast.alfa.id);
        let lower = json!({"sconto_punti_base": 999});
        world
            .ask(Method::Patch, &alfa, Some(&cast.root), Some(lower))
            .await
            .field("sconto_punti_base", "FUORI_INTERVALLO");
        for child in [&cast.anna, &cast.nord, &cast.nino] {
            let path = format!("{NODES}/{}", child.id);
            let change = json!({"sconto_punti_base": 500});
            let reply = world
                .ask(Method::Patch, &path, Some(&cast.root), Some(change))
                .await;
            // Nino stands below nord: from the leaves up.
            if child.id == cast.nord.id {
                reply.field("sconto_punti_base", "FUORI_INTERVALLO");
            } else {
                reply.expect(200);
            }
        }
        let nord = format!("{NODES}/{}", cast.nord.id);
        let change = json!({"sconto_punti_base": 500});
        world
            .ask(Method::Patch, &nord, Some(&cast.root), Some(change))
            .await
            .expect(200);
        let lower = json!({"sconto_punti_base": 500});
        world
            .ask(Method::Patch, &alfa, Some(&cast.root), Some(lower))
            .await
            .expect(200);
        // Beta's agent has 1000: alfa has less.
        let to = json!({"azienda_padre": cast.alfa.id});
        world
            .post(&format!("{NODES}/{}/sposta", cast.bruno.id), &cast.root, to)
            .await
            .field("azienda_padre", "NON_COMPATIBILE");
    }
);

on_both!(
    a_node_moves_with_all_below_it_and_never_below_itself,
    |world| async {
        let cast = world.cast().await;
        let shift = async |id: &str, token: &str, parent: Value| {
            world
                .post(
                    &format!("{NODES}/{id}/sposta"),
                    token,
                    json!({"azienda_padre": parent}),
                )
                .await
        };
        shift(&cast.alfa.id, &cast.root, json!(cast.alfa.id))
            .await
            .refused(409, "CICLO");
        shift(&cast.alfa.id, &cast.root, json!(cast.nord.id))
            .await
            .refused(409, "CICLO");
        shift(&cast.alfa.id, &cast.root, json!(cast.nino.id))
            .await
            .refused(409, "CICLO");
        shift(&cast.nord.id, &cast.root, json!(cast.bruno.id))
            .await
            .field("azienda_padre", "NON_COMPATIBILE");
        shift(&cast.nord.id, &cast.alfa.token, json!(cast.beta.id))
            .await
            .refused(404, "NON_TROVATO");
        shift(&cast.nord.id, &cast.alfa.token, Value::Null)
            .await
            .field("azienda_padre", "MANCANTE");
        shift(&cast.beta.id, &cast.alfa.token, json!(cast.alfa.id))
            .await
            .refused(404, "NON_TROVATO");
        shift(&cast.alfa.id, &cast.alfa.token, json!(cast.nord.id))
            .await
            .refused(403, "NON_PERMESSO");
        let path = format!("/api/admin/licenze/{}", cast.neri.license);
        world.get(&path, &cast.alfa.token).await.expect(200);
        let moved = shift(&cast.nord.id, &cast.root, json!(cast.beta.id))
            .await
            .expect(200);
        assert_eq!(moved.str("/azienda_padre"), cast.beta.id);
        world
            .get(&path, &cast.alfa.token)
            .await
            .refused(404, "NON_TROVATO");
        world.get(&path, &cast.beta.token).await.expect(200);
        world
            .get(&format!("{NODES}/{}", cast.nino.id), &cast.beta.token)
            .await
            .expect(200);
        let up = shift(&cast.nord.id, &cast.root, Value::Null).await.expect(200);
        assert_eq!(
            (up.str("/ruolo"), &up.body["azienda_padre"]),
            ("rivenditore".into(), &Value::Null)
        );
        let down = shift(&cast.nord.id, &cast.root, json!(cast.alfa.id))
            .await
            .expect(200);
        assert_eq!(down.str("/ruolo"), "sottoazienda");
    }
);

on_both!(the_tree_is_only_so_deep, |world| async {
    let cast = world.cast().await;
    let mut parent = cast.nord.id.clone();
    let mut depth = 2;
    loop {
        let body = json!({"nome": "Giù", "ruolo": "sottoazienda", "azienda_padre": parent, "sconto_punti_base": 1000});
        let reply = world.post(NODES, &cast.root, body).await;
        if reply.status.code == 422 {
            reply.field("azienda_padre", "FUORI_INTERVALLO");
            break;
        }
        parent = reply.expect(201).str("/id");
        depth += 1;
        assert!(depth < 40, "there is no bottom");
    }
    let body = json!({"azienda_padre": parent});
    world
        .post(&format!("{NODES}/{}/sposta", cast.beta.id), &cast.root, body)
        .await
        .field("azienda_padre", "FUORI_INTERVALLO");
});

on_both!(nobody_changes_what_is_agreed_with_their_own_node, |world| async {
    let cast = world.cast().await;
    let own = format!("{NODES}/{}", cast.alfa.id);
    for terms in [
        json!({"sconto_punti_base": 0}),
        json!({"fido_centesimi": 1}),
        json!({"quota_licenze": null}),
        json!({"giorni_pagamento": 90}),
        json!({"diritti": {"incassa": true}}),
    ] {
        let path = own.clone();
        world
            .ask(Method::Patch, &path, Some(&cast.alfa.token), Some(terms))
            .await
            .refused(403, "NON_PERMESSO");
    }
    world
        .ask(
            Method::Patch,
            &own,
            Some(&cast.alfa.token),
            Some(json!({"nome": "Alfa nuova"})),
        )
        .await
        .expect(200);
    for what in ["sospendi", "riattiva"] {
        world
            .post(&format!("{own}/{what}"), &cast.alfa.token, json!({"motivo": "x"}))
            .await
            .refused(403, "NON_PERMESSO");
    }
    world
        .post(
            &format!("{NODES}/{}/sospendi", cast.beta.id),
            &cast.alfa.token,
            json!({"motivo": "x"}),
        )
        .await
        .refused(404, "NON_TROVATO");
    // A suspended company is out with all below it; its customers' licences go on.
    world
        .post(&format!("{own}/sospendi"), &cast.root, json!({"motivo": "x"}))
        .await
        .expect(200);
    for token in [
        &cast.alfa.token,
        &cast.anna.token,
        &cast.nord.token,
        &cast.nino.token,
    ] {
        let reply = world.get("/api/admin/licenze", token).await;
        assert!(matches!(reply.status.code, 401 | 403), "{}", reply.text);
    }
    world.computer_key(&cast.rossi.key, "D1").await;
    world
        .post(&format!("{own}/sospendi"), &cast.root, json!({"motivo": "x"}))
        .await
        .refused(409, "STATO_INCOMPATIBILE");
    world
        .post(&format!("{own}/riattiva"), &cast.root, json!({}))
        .await
        .expect(200);
    world
        .get("/api/admin/licenze", &cast.nino.token)
        .await
        .expect(200);
});

on_both!(an_invitation_is_always_answered_as_sent, |world| async {
    let cast = world.cast().await;
    let mut shapes = BTreeSet::new();
    for email in [
        "mai-vista@example.it",
        "beta@example.it",
        "rossi@example.com",
        "alfa@example.it",
        "root@example.it",
    ] {
        let body = json!({"email": email, "nome": "Nuova"});
        let reply = world.post(USERS, &cast.alfa.token, body).await.expect(201);
        assert_eq!(
            (reply.str("/esito"), reply.str("/email")),
            ("inviato".into(), email.into())
        );
        assert_eq!(reply.str("/nodo"), cast.alfa.id);
        let mut body = reply.body.clone();
        body["email"] = Value::Null;
        shapes.insert(body.to_string());
    }
    assert_eq!(shapes.len(), 1, "{shapes:#?}");
    assert_eq!(
        world
            .database
            .count("SELECT COUNT(*) AS n FROM outbox WHERE kind = 'invito'"),
        1
    );
    // The superadmin is told.
    world
        .post(USERS, &cast.root, json!({"email": "beta@example.it"}))
        .await
        .field("email", "GIA_IN_USO");
    world
        .post(
            USERS,
            &cast.alfa.token,
            json!({"email": "x@example.it", "password": PASSWORD}),
        )
        .await
        .field("password", "NON_PERMESSO");
    world
        .post(
            USERS,
            &cast.alfa.token,
            json!({"email": "x@example.it", "nodo": cast.beta.id}),
        )
        .await
        .refused(404, "NON_TROVATO");
    world
        .post(
            USERS,
            &cast.alfa.token,
            json!({"email": "x@example.it", "cliente": cast.bianchi.id}),
        )
        .await
        .refused(404, "NON_TROVATO");
    let both = json!({"email": "x@example.it", "nodo": cast.nord.id, "cliente": cast.rossi.id});
    world
        .post(USERS, &cast.alfa.token, both)
        .await
        .field("cliente", "NON_COMPATIBILE");
    world
        .post(
            USERS,
            &cast.alfa.token,
            json!({"email": "x@example.it", "lingua": "fr"}),
        )
        .await
        .field("lingua", "NON_VALIDO");
    world
        .post(USERS, &cast.anna.token, json!({"email": "x@example.it"}))
        .await
        .refused(403, "NON_PERMESSO");
});

on_both!(
    an_enabled_user_is_what_they_were_before_they_were_disabled,
    |world| async {
        let cast = world.cast().await;
        let invited = json!({"email": "invitata@example.it"});
        let invited = world.post(USERS, &cast.root, invited).await.expect(201);
        let active = json!({"email": "attiva@example.it", "password": PASSWORD});
        let active = world.post(USERS, &cast.root, active).await.expect(201);
        for (made, state) in [(invited, "invitato"), (active, "attivo")] {
            let path = format!("{USERS}/{}", made.str("/id"));
            for _ in 0..2 {
                let user = world.get(&path, &cast.root).await.expect(200);
                assert_eq!(user.str("/stato"), state);
                let off = world
                    .post(&format!("{path}/disabilita"), &cast.root, json!({}))
                    .await
                    .expect(200);
                assert_eq!(off.str("/stato"), "disabilitato");
                let on = world
                    .post(&format!("{path}/abilita"), &cast.root, json!({}))
                    .await
                    .expect(200);
                assert_eq!(on.str("/stato"), state);
            }
        }
    }
);

on_both!(
    a_disabled_user_is_out_at_once_and_the_last_superadmin_stays,
    |world| async {
        let cast = world.cast().await;
        let users = world
            .get(&format!("{USERS}?limite=200"), &cast.root)
            .await
            .expect(200);
        let id_of = |email: &str| {
            let rows = users.body["dati"].as_array().unwrap();
            let row = rows.iter().find(|row| row["email"] == email).unwrap();
            row["id"].as_str().unwrap().to_owned()
        };
        let path = |id: &str, what: &str| format!("{USERS}/{id}/{what}");
        let alfa = id_of("alfa@example.it");
        world
            .post(&path(&alfa, "disabilita"), &cast.beta.token, json!({}))
            .await
            .refused(404, "NON_TROVATO");
        world
            .post(&path(&alfa, "disabilita"), &cast.alfa.token, json!({}))
            .await
            .refused(403, "NON_PERMESSO");
        world
            .post(&path(&alfa, "disabilita"), &cast.root, json!({}))
            .await
            .expect(200);
        world
            .get("/api/admin/licenze", &cast.alfa.token)
            .await
            .refused(401, "NON_AUTENTICATO");
        world
            .post(&path(&alfa, "disabilita"), &cast.root, json!({}))
            .await
            .refused(409, "STATO_INCOMPATIBILE");
        world
            .post(&path(&alfa, "abilita"), &cast.root, json!({}))
            .await
            .expect(200);
        // Its old tokens stay dead.
        world
            .get("/api/admin/licenze", &cast.alfa.token)
            .await
            .refused(401, "NON_AUTENTICATO");
        let root = id_of("root@example.it");
        world
            .post(&path(&root, "disabilita"), &cast.root, json!({}))
            .await
            .refused(403, "NON_PERMESSO");
        let own = json!({"sola_lettura": true});
        world
            .ask(
                Method::Patch,
                &format!("{USERS}/{root}"),
                Some(&cast.root),
                Some(own),
            )
            .await
            .refused(403, "NON_PERMESSO");
    }
);
