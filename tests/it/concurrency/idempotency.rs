//! Idempotency keys, used by many at once.

use super::*;

on_both!(
    twenty_orders_with_one_idempotency_key_make_one_batch,
    |world| async {
        let root = world.root().await;
        world.product(&root).await;
        let order = json!({"prodotto": "GESTIONALE", "tipo_licenza": "abbonamento", "quantita": 3});
        let batches = || world.database.count("SELECT COUNT(*) AS n FROM batches");
        let ask = |key: &str, body: &Value| {
            let mut request = world
                .request(Method::Post, "/api/admin/licenze")
                .header(ContentType::JSON);
            request.add_header(Header::new("Authorization", format!("Bearer {root}")));
            request.add_header(Header::new("Idempotency-Key", key.to_owned()));
            Reply::of(request.body(body.to_string()))
        };
        for n in 0..rounds(5, 200) {
            let (key, before) = (format!("ordine {n}"), batches());
            let mut answers = Vec::new();
            for reply in join_all((0..20).map(|_| ask(&key, &order))).await {
                if reply.status == Status::Created {
                    answers.push(reply);
                } else {
                    reply.refused(409, "IDEMPOTENZA_IN_CORSO");
                }
            }
            answers.push(ask(&key, &order).await.expect(201));
            assert_eq!(batches(), before + 1);
            assert!(answers.iter().all(|answer| answer.text == answers[0].text));
            let first = answers
                .iter()
                .filter(|answer| answer.header("idempotency-replayed").is_none());
            assert_eq!(first.count(), 1);
            assert_eq!(
                answers.last().unwrap().header("idempotency-replayed"),
                Some("true")
            );
            let mut other = order.clone();
            other["quantita"] = json!(4);
            ask(&key, &other).await.refused(409, "IDEMPOTENZA_IN_CONFLITTO");
            assert_eq!(batches(), before + 1);
        }
    }
);

on_both!(an_answer_without_an_effect_is_not_kept, |world| async {
    let root = world.root().await;
    let headers = [bearer(&root), vec![("Idempotency-Key", "una".to_owned())]].concat();
    let order = json!({"prodotto": "GESTIONALE", "tipo_licenza": "abbonamento"});
    post(&world.client, "/api/admin/licenze", &headers, &order)
        .await
        .expect(404);
    post(
        &world.client,
        "/api/admin/licenze",
        &headers,
        &json!({"prodotto": "GESTIONALE"}),
    )
    .await
    .expect(422);
    assert_eq!(
        world.database.count("SELECT COUNT(*) AS n FROM idempotency_keys"),
        0
    );
    world.product(&root).await;
    let made = post(&world.client, "/api/admin/licenze", &headers, &order)
        .await
        .expect(201);
    assert_eq!(made.header("idempotency-replayed"), None);
});

on_both!(no_key_stands_in_clear_in_the_database, |world| async {
    let root = world.root().await;
    world.product(&root).await;
    let headers = [bearer(&root), vec![("Idempotency-Key", "una".to_owned())]].concat();
    let order = json!({"prodotto": "GESTIONALE", "tipo_licenza": "abbonamento", "quantita": 2});
    let made = post(&world.client, "/api/admin/licenze", &headers, &order)
        .await
        .expect(201);
    let key = made.str("/licenze/0/chiave_licenza");
    world
        .call("/api/licenze/attiva", device(&key, "D1"))
        .await
        .expect(200);
    world
        .call("/api/licenze/valida", device(&key, "D1"))
        .await
        .expect(200);
    world.settle().await;
    let bare = key.replace('-', "");
    let spellings = [key.clone(), key.to_lowercase(), bare.clone(), bare.to_lowercase()];
    // The whole file on SQLite, every column on MariaDB.
    match &world.database {
        Database::Sqlite(folder) => {
            for file in std::fs::read_dir(folder.path()).unwrap() {
                let bytes = std::fs::read(file.unwrap().path()).unwrap();
                for spelling in &spellings {
                    assert!(
                        !bytes
                            .windows(spelling.len())
                            .any(|part| part == spelling.as_bytes())
                    );
                }
            }
        }
        Database::MariaDb { name, .. } => {
            let columns = world.database.texts(&format!(
                "SELECT CONCAT(table_name, ' ', column_name) AS t FROM information_schema.columns \
                 WHERE table_schema = '{name}' AND (data_type LIKE '%char' OR data_type LIKE '%text' \
                 OR data_type LIKE '%binary' OR data_type LIKE '%blob')"
            ));
            assert!(columns.len() > 100);
            for column in columns.into_iter().flatten() {
                let (table, column) = column.split_once(' ').unwrap();
                for spelling in &spellings {
                    let sql =
                        format!("SELECT COUNT(*) AS n FROM {table} WHERE INSTR({column}, '{spelling}') > 0");
                    assert_eq!(world.database.count(&sql), 0, "{table}.{column}");
                }
            }
        }
    }
    assert_eq!(
        world.database.count("SELECT COUNT(*) AS n FROM idempotency_keys"),
        1
    );
});
