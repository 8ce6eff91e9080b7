//! Who acted, in the audit log and in a licence's history: by name to those above, by role to those below.

use crate::{on_both, support::World};
use rocket::http::Method;
use serde_json::{Value, json};

const LOG: &str = "/api/admin/registro?limite=1";

/// The newest row of the log, and of the licence's history, as a reader has it.
async fn rows(world: &World, license: &str, reader: &str, reads_log: bool) -> Vec<Value> {
    let sheet = world
        .get(&format!("/api/admin/licenze/{license}"), reader)
        .await
        .expect(200);
    let mut rows = vec![sheet.body["storico"][0].clone()];
    if reads_log {
        let log = world.get(LOG, reader).await.expect(200);
        rows.push(log.body["dati"][0].clone());
    }
    rows
}

on_both!(
    of_who_acted_from_above_those_below_are_told_the_role_alone,
    |world| async {
        let cast = world.cast().await;
        let verdi = &cast.verdi.license;
        let neri = &cast.neri.license;
        let readers = |license: &String| -> Vec<(&String, &str, bool)> {
            if license == neri {
                vec![
                    (&cast.root, "root", true),
                    (&cast.alfa.token, "alfa", true),
                    (&cast.nord.token, "nord", true),
                ]
            } else {
                vec![
                    (&cast.root, "root", true),
                    (&cast.alfa.token, "alfa", true),
                    (&cast.anna.token, "anna", false),
                ]
            }
        };
        for license in [verdi, neri] {
            for (actor, email, role, level) in [
                (&cast.root, "root@example.it", "fornitore", 0),
                (&cast.alfa.token, "alfa@example.it", "rivenditore", 1),
            ] {
                for action in ["sospendi", "riattiva"] {
                    let path = format!("/api/admin/licenze/{license}/{action}");
                    let body = json!({"motivo": "nota di prova"});
                    world.post(&path, actor, body).await.expect(200);
                    for (n, (reader, name, reads_log)) in readers(license).into_iter().enumerate() {
                        for row in rows(&world, license, reader, reads_log).await {
                            let heard = format!("{name} hears {row}");
                            assert_eq!(row["tipo_autore"], "utente", "{heard}");
                            assert_eq!(row["dettagli"]["motivo"], "nota di prova", "{heard}");
                            if n <= level {
                                assert_eq!(row["autore"], *email, "{heard}");
                                assert_eq!(row["indirizzo"], "127.0.0.1", "{heard}");
                                assert!(row["utente"].is_string(), "{heard}");
                            } else {
                                assert_eq!(row["autore"], *role, "{heard}");
                                assert_eq!(
                                    (&row["utente"], &row["indirizzo"]),
                                    (&Value::Null, &Value::Null),
                                    "{heard}"
                                );
                            }
                        }
                    }
                }
            }
        }
        // One's own users, and those of one's customers, keep their names; so does who is nobody's.
        let path = format!("/api/admin/clienti/{}", cast.neri.id);
        let body = json!({"telefono": "06 1"});
        world
            .ask(Method::Patch, &path, Some(&cast.nord.token), Some(body))
            .await
            .expect(200);
        for reader in [&cast.root, &cast.alfa.token, &cast.nord.token] {
            let log = world.get(LOG, reader).await.expect(200);
            assert_eq!(log.str("/dati/0/autore"), "nord@example.it");
        }
        world.computer_key(&cast.neri.key, "D1").await;
        let log = world.get(LOG, &cast.nord.token).await.expect(200);
        assert_eq!(log.str("/dati/0/autore"), "programma");
    }
);
