//! Personal data: what is handed over, and what is left of somebody who is forgotten.

use super::audited;
use crate::{
    on_both,
    support::{World, browser::Browser, cast::PASSWORD},
};
use serde_json::{Value, json};

/// Tables whose rows are never changed: what they say of somebody stays, as decision 0015 tells.
const KEPT: [&str; 5] = [
    "audit_log",
    "access_log",
    "activation_log",
    "transactions",
    "settlements",
];

/// The columns with text of every table.
fn columns(world: &World) -> Vec<(String, String)> {
    let sql = if world.database.is_sqlite() {
        "SELECT m.name || '.' || c.name AS t FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c \
         WHERE m.type = 'table' AND c.type = 'TEXT' AND m.name NOT LIKE '%diesel%'"
    } else {
        "SELECT CONCAT(table_name, '.', column_name) AS t FROM information_schema.columns \
         WHERE table_schema = DATABASE() AND data_type IN ('char', 'varchar', 'text', 'mediumtext', 'longtext') \
         AND table_name NOT LIKE '%diesel%'"
    };
    world
        .database
        .texts(sql)
        .into_iter()
        .flatten()
        .map(|column| {
            let (table, name) = column.split_once('.').unwrap();
            (table.to_owned(), name.to_owned())
        })
        .collect()
}

/// Where words stand.
fn found(world: &World, words: &[&str]) -> Vec<String> {
    let mut places = Vec::new();
    for (table, column) in columns(world) {
        for word in words {
            let sql = format!(
                "SELECT COUNT(*) AS n FROM {table} WHERE LOWER({column}) LIKE '%{}%'",
                word.to_lowercase()
            );
            if world.database.count(&sql) > 0 {
                places.push(format!("{table}.{column}"));
            }
        }
    }
    places
}

on_both!(
    of_who_is_forgotten_only_what_is_never_changed_says_who_they_were,
    |world| async {
        let cast = world.cast().await;
        let of = format!("/api/admin/clienti/{}", cast.rossi.id);
        let data = json!({
            "partita_iva": "00743110157", "telefono": "049 123321", "indirizzo": "Via Zefiro 7",
            "referenti": [{"nome": "Zelinda Persona", "email": "zelinda@example.net"}],
            "sedi": [{"nome": "Sede Zeta", "indirizzo": "Via Zefiro 8"}],
        });
        world.patch(&of, &cast.root, 1, data).await.expect(200);
        let device =
            json!({"chiave_licenza": cast.rossi.key, "dispositivo": {"id": "PC-1", "nome": "PC di Zelinda"}});
        world.call("/api/licenze/attiva", device).await.expect(200);
        let rossi = Browser::sign_in(&world, "rossi@example.com", PASSWORD).await;
        rossi.get("/").await.expect(200);
        world.settle().await;
        let words = [
            "rossi",
            "zelinda",
            "zefiro",
            "00743110157",
            "049 123321",
            "sede zeta",
        ];
        assert!(
            found(&world, &words)
                .iter()
                .any(|place| place == "customers.name")
        );

        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        let path = format!("/clienti/{}/dati-personali", cast.rossi.id);
        let post = format!("{path}/anonimizza");
        let send = |revision: String, name: &'static str| {
            let (alfa, post) = (&alfa, post.clone());
            async move {
                let fields = [("revisione", revision.as_str()), ("conferma", name)];
                alfa.post(&post, &fields).await
            }
        };
        // Not by another name, not while a licence works, not from what was read before.
        let revision = alfa.get(&path).await.expect(200).value("revisione");
        send(revision.clone(), "ROSSI").await.expect(422);
        send(revision.clone(), "ROSSI spa").await.expect(409);
        let revoke = format!("/api/admin/licenze/{}/revoca", cast.rossi.license);
        world
            .post(&revoke, &cast.root, json!({"motivo": "Rossi se ne va"}))
            .await
            .expect(200);
        send("1".into(), "ROSSI spa").await.expect(409);
        let revision = alfa.get(&path).await.expect(200).value("revisione");
        send(revision, "ROSSI spa").await.expect(303);
        assert_eq!(audited(&world, &cast.rossi.id, "cliente.anonimizzato"), 1);

        let left: Vec<String> = found(&world, &words)
            .into_iter()
            .filter(|place| !KEPT.contains(&place.split('.').next().unwrap()))
            .collect();
        assert!(left.is_empty(), "{left:?}");
        alfa.get("/clienti")
            .await
            .expect(200)
            .hides("ROSSI")
            .says("Anonimo");
        rossi.get("/").await.expect(303);
        Browser::new(&world)
            .post(
                "/accedi",
                &[("email", "rossi@example.com"), ("password", PASSWORD)],
            )
            .await
            .expect(422);
        alfa.get(&path).await.expect(200).says("Anonimizzato il");
    }
);

on_both!(
    all_of_a_customer_and_nothing_of_its_neighbours_is_handed_over,
    |world| async {
        let cast = world.cast().await;
        let device =
            json!({"chiave_licenza": cast.rossi.key, "dispositivo": {"id": "PC-1", "nome": "Banco"}});
        world.call("/api/licenze/attiva", device).await.expect(200);
        Browser::sign_in(&world, "rossi@example.com", PASSWORD).await;
        world.settle().await;
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        let anna = Browser::sign_in(&world, &cast.anna.email, PASSWORD).await;
        let path = |id: &str| format!("/clienti/{id}/dati-personali/esporta");
        alfa.post(&path(&cast.bianchi.id), &[]).await.expect(404);
        anna.post(&path(&cast.rossi.id), &[]).await.expect(404);
        alfa.post_from_elsewhere(&path(&cast.rossi.id), &[])
            .await
            .expect(403);
        let reply = alfa.post(&path(&cast.rossi.id), &[]).await.expect(200);
        let data: Value = serde_json::from_str(&reply.text).unwrap();
        assert_eq!(data["dati"]["nome"], "ROSSI spa");
        assert_eq!(data["utenti"][0]["email"], "rossi@example.com");
        assert_eq!(data["licenze"].as_array().unwrap().len(), 1);
        assert_eq!(data["dispositivi"][0]["nome"], "Banco");
        assert!(!data["accessi"].as_array().unwrap().is_empty());
        for word in ["VERDI", "verdi@", "BIANCHI", "NERI", "$2b$", "hash", "etichetta"] {
            assert!(!reply.text.contains(word), "{word}");
        }
        assert_eq!(audited(&world, &cast.rossi.id, "cliente.dati_esportati"), 1);
        anna.post(
            &format!("/clienti/{}/dati-personali/anonimizza", cast.verdi.id),
            &[],
        )
        .await
        .expect(403);
    }
);
