//! A device from its activation to its release, and keys that are none.

use super::*;

/// A well-formed key that nobody has.
fn unknown_key() -> String {
    sigillo::domain::license::key::ActivationKey::from_entropy([9; 15]).to_string()
}

/// The key with its third symbol changed for another.
fn mistyped(key: &str) -> String {
    let mut symbols: Vec<char> = key.chars().collect();
    symbols[2] = if symbols[2] == '7' { '8' } else { '7' };
    symbols.into_iter().collect()
}

on_both!(a_device_is_activated_validated_and_released, |world| async {
    let cast = world.cast().await;
    let first = world
        .call("/api/licenze/attiva", device(&cast.rossi.key, "D1"))
        .await
        .expect(200);
    assert_eq!(first.str("/esito"), "attivata");
    let again = world
        .call("/api/licenze/attiva", device(&cast.rossi.key, "D1"))
        .await
        .expect(200);
    assert_eq!(again.str("/esito"), "gia_attiva");
    assert_eq!(again.str("/attivazione/id"), first.str("/attivazione/id"));
    world
        .call("/api/licenze/attiva", device(&cast.rossi.key, "D2"))
        .await
        .refused(409, "DISPOSITIVI_ESAURITI");
    let valid = world
        .call("/api/licenze/valida", device(&cast.rossi.key, "D1"))
        .await
        .expect(200);
    assert_eq!((valid.code(), &valid.body["valida"]), ("VALIDA", &json!(true)));
    world
        .call("/api/licenze/disattiva", device(&cast.rossi.key, "D1"))
        .await
        .expect(200);
    let stale = world
        .call(
            "/api/licenze/valida",
            json!({"chiave_computer": valid.str("/chiave_computer")}),
        )
        .await
        .expect(200);
    assert_eq!(stale.code(), "DISPOSITIVO_NON_ATTIVO");
    world
        .call("/api/licenze/attiva", device(&cast.rossi.key, "D2"))
        .await
        .expect(200);
});

on_both!(
    unknown_mistyped_and_foreign_keys_are_refused_each_in_its_own_way,
    |world| async {
        let cast = world.cast().await;
        world
            .post(
                "/api/admin/prodotti",
                &cast.root,
                json!({"codice": "ALTRO", "nome": "Altro"}),
            )
            .await
            .expect(201);
        let body = device(&unknown_key(), "D1");
        refused(&world, &cast.root, None, body, alike(404, "LICENZA_NON_TROVATA")).await;
        let body = device(&mistyped(&cast.rossi.key), "D1");
        refused(&world, &cast.root, None, body, alike(422, "CHIAVE_DIGITATA_MALE")).await;
        for nonsense in ["", "-", "ciao", "\u{0}", &"A".repeat(5000)] {
            world
                .call(ATTIVA, device(nonsense, "D1"))
                .await
                .refused(422, "CHIAVE_DIGITATA_MALE");
            let check = says(&world, device(nonsense, "D1"), "CHIAVE_DIGITATA_MALE").await;
            assert!(check["licenza"].is_null());
            world
                .call(DISATTIVA, device(nonsense, "D1"))
                .await
                .refused(422, "CHIAVE_DIGITATA_MALE");
        }
        world
            .call(DISATTIVA, device(&unknown_key(), "D1"))
            .await
            .refused(404, "LICENZA_NON_TROVATA");
        for product in ["ALTRO", "SCONOSCIUTO", "gestionale"] {
            let body = with(device(&cast.rossi.key, "D1"), json!({"prodotto": product}));
            let wrong = alike(409, "PRODOTTO_ERRATO");
            refused(&world, &cast.root, Some(&cast.rossi.license), body, wrong).await;
        }
        let body = with(device(&cast.rossi.key, "D1"), json!({"prodotto": "GESTIONALE"}));
        activated(&world, body).await;
    }
);

on_both!(
    a_key_is_read_as_people_type_it_and_shown_back_in_groups,
    |world| async {
        let cast = world.cast().await;
        let plain = cast.rossi.key.replace('-', "");
        let typed = [
            plain.to_lowercase(),
            format!("  {}  ", cast.rossi.key.replace('-', " ")),
            cast.rossi.key.replace('0', "o").replace('1', "l"),
            cast.rossi.key.replace('0', "O").replace('1', "I"),
            plain.chars().map(|c| format!("{c}-")).collect(),
        ];
        for key in typed {
            activated(&world, device(&key, "D1")).await;
        }
        assert!(cast.rossi.key.split('-').all(|group| group.len() == 5));
        assert_eq!(cast.rossi.key.split('-').count(), 5);
        let sheet = world
            .get(&format!("/api/admin/licenze/{}", cast.rossi.license), &cast.root)
            .await
            .expect(200);
        assert_eq!(sheet.str("/chiave_licenza"), cast.rossi.key);
    }
);

#[rocket::async_test]
async fn a_mistyped_key_is_refused_before_the_database_and_counts_for_no_limit() {
    for database in [Database::sqlite(), Database::mariadb()] {
        let world = World::with(database, |config| {
            config.rates.rate_unknown_key = 1;
            config.rates.rate_failures = 1;
            config.rates.rate_device = 1;
        })
        .await;
        let cast = world.cast().await;
        world
            .database
            .execute("ALTER TABLE licenses RENAME TO elsewhere")
            .unwrap();
        for _ in 0..30 {
            let body = device(&mistyped(&cast.rossi.key), "D1");
            for path in [ATTIVA, DISATTIVA] {
                world
                    .call(path, body.clone())
                    .await
                    .refused(422, "CHIAVE_DIGITATA_MALE");
            }
            says(&world, body, "CHIAVE_DIGITATA_MALE").await;
        }
        let status = world.call(ATTIVA, device(&unknown_key(), "D1")).await.status.code;
        assert!(
            [500, 503].contains(&status),
            "an unknown key never reached the database: {status}"
        );
        world
            .database
            .execute("ALTER TABLE elsewhere RENAME TO licenses")
            .unwrap();
        activated(&world, device(&cast.rossi.key, "D1")).await;
    }
}
