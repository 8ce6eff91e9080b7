//! What customers do with their own data and users.

use super::{audited, user_id};
use crate::{
    on_both,
    support::{browser::Browser, cast::PASSWORD},
};
use serde_json::{Value, json};

on_both!(
    customers_change_how_they_are_reached_and_not_who_they_are,
    |world| async {
        let cast = world.cast().await;
        let rossi = Browser::sign_in(&world, "rossi@example.com", PASSWORD).await;
        for (language, words) in [("it", "I miei dati"), ("en", "My data")] {
            crate::pages::reads(&world, "rossi@example.com", language);
            let page = rossi.get("/miei-dati").await.expect(200);
            page.says(words).says("ROSSI spa").hides("VERDI");
            rossi.get("/miei-dati/modifica").await.expect(200);
        }
        let revision = rossi.get("/miei-dati/modifica").await.value("revisione");
        let form = [
            ("revisione", revision.as_str()),
            ("nome", "Un altro nome"),
            ("partita_iva", "00743110157"),
            ("telefono", "049 7654321"),
            ("indirizzo", "Via Nuova 1"),
            ("sedi_righe", "1"),
            ("sedi.0.nome", "\"><script>alert(1)</script>"),
            ("referenti_righe", "1"),
            ("referenti.0.nome", "Piero Rossi"),
        ];
        let wrong: Vec<_> = form
            .iter()
            .copied()
            .chain([("referenti.0.email", "no")])
            .collect();
        rossi
            .post("/miei-dati/modifica", &wrong)
            .await
            .expect(422)
            .says("Via Nuova 1");
        rossi.post("/miei-dati/modifica", &form).await.expect(303);
        let page = rossi.get("/miei-dati").await.expect(200);
        page.says("049 7654321").says("Piero Rossi").says("ROSSI spa");
        page.hides("Un altro nome")
            .hides("00743110157")
            .hides("<script>alert(1)");
        // From what was read before: both sides are shown.
        let stale = [("revisione", revision.as_str()), ("telefono", "049 000")];
        rossi
            .post("/miei-dati/modifica", &stale)
            .await
            .expect(409)
            .says("049 000")
            .says("049 7654321");
        assert_eq!(audited(&world, &cast.rossi.id, "cliente.modificato"), 1);
        let staff = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
        staff.get("/miei-dati").await.expect(403);
    }
);

on_both!(
    customers_have_users_of_their_own_and_one_is_always_left,
    |world| async {
        let cast = world.cast().await;
        let rossi = Browser::sign_in(&world, "rossi@example.com", PASSWORD).await;
        let form = [
            ("email", "seconda@example.org"),
            ("nome", "Seconda"),
            ("gettone", "0123456789abcdef0123456789abcdef"),
        ];
        rossi
            .post("/miei-dati/utenti/nuovo", &[("email", "x")])
            .await
            .expect(422);
        rossi.post("/miei-dati/utenti/nuovo", &form).await.expect(303);
        rossi.post("/miei-dati/utenti/nuovo", &form).await.expect(303);
        rossi
            .get("/miei-dati")
            .await
            .expect(200)
            .says("seconda@example.org");
        // Of who has one user, another is the last.
        rossi
            .post("/miei-dati/utenti/nuovo", &[("email", "terza@example.org")])
            .await
            .expect(409);
        let of = format!("/api/admin/clienti/{}", cast.rossi.id);
        world
            .patch(&of, &cast.root, 1, json!({"multi_utente": true}))
            .await
            .expect(200);
        rossi
            .post("/miei-dati/utenti/nuovo", &[("email", "terza@example.org")])
            .await
            .expect(303);
        // An address of somebody else is answered like any other, and is not seen.
        rossi
            .post("/miei-dati/utenti/nuovo", &[("email", "verdi@example.com")])
            .await
            .expect(303);
        rossi
            .get("/miei-dati")
            .await
            .expect(200)
            .hides("verdi@example.com");

        let at = |id: &str, verb: &str| format!("/miei-dati/utenti/{id}/{verb}");
        let own = user_id(&world, "rossi@example.com");
        let second = user_id(&world, "seconda@example.org");
        let verdi = user_id(&world, "verdi@example.com");
        rossi.post(&at(&own, "disabilita"), &[]).await.expect(403);
        rossi.get(&at(&verdi, "disabilita")).await.expect(404);
        rossi.post(&at(&verdi, "disabilita"), &[]).await.expect(404);
        rossi.get(&at(&second, "disabilita")).await.expect(200);
        rossi.post(&at(&second, "disabilita"), &[]).await.expect(303);
        rossi.post(&at(&second, "disabilita"), &[]).await.expect(409);
        rossi.post(&at(&second, "abilita"), &[]).await.expect(303);
        assert_eq!(audited(&world, &second, "utente.disabilitato"), 1);
        assert_eq!(audited(&world, &second, "utente.abilitato"), 1);
    }
);

on_both!(
    two_users_who_disable_each_other_at_once_do_not_both,
    |world| async {
        let cast = world.cast().await;
        for n in 0..5 {
            let email = format!("altro{n}@example.com");
            let body =
                json!({"email": email, "nome": "Altro", "cliente": cast.rossi.id, "password": PASSWORD});
            world
                .post("/api/admin/utenti", &cast.root, body)
                .await
                .expect(201);
            let one = Browser::sign_in(&world, "rossi@example.com", PASSWORD).await;
            let other = Browser::sign_in(&world, &email, PASSWORD).await;
            let (own, theirs) = (user_id(&world, "rossi@example.com"), user_id(&world, &email));
            let (to_other, to_one) = (
                format!("/miei-dati/utenti/{theirs}/disabilita"),
                format!("/miei-dati/utenti/{own}/disabilita"),
            );
            futures::future::join(one.post(&to_other, &[]), other.post(&to_one, &[])).await;
            let active = world.database.count(&format!(
            "SELECT COUNT(*) AS n FROM users WHERE state = 'attivo' AND email IN ('rossi@example.com', '{email}')"
        ));
            assert_eq!(active, 1);
            world
                .post(&format!("/api/admin/utenti/{own}/abilita"), &cast.root, json!({}))
                .await;
            world
                .post(
                    &format!("/api/admin/utenti/{theirs}/disabilita"),
                    &cast.root,
                    json!({}),
                )
                .await;
        }
    }
);

on_both!(
    customers_have_their_data_as_a_file_and_ask_for_erasure,
    |world| async {
        let cast = world.cast().await;
        let rossi = Browser::sign_in(&world, "rossi@example.com", PASSWORD).await;
        let reply = rossi.post("/miei-dati/esporta", &[]).await.expect(200);
        let data: Value = serde_json::from_str(&reply.text).unwrap();
        assert_eq!(data["dati"]["nome"], "ROSSI spa");
        assert!(!reply.text.contains("VERDI"));
        rossi.get("/miei-dati/cancellazione").await.expect(200);
        for _ in 0..2 {
            rossi.post("/miei-dati/cancellazione", &[]).await.expect(303);
        }
        assert_eq!(
            audited(&world, &cast.rossi.id, "cliente.cancellazione_chiesta"),
            1
        );
        rossi.get("/").await.expect(200).says("ROSSI spa");
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        alfa.get(&format!("/clienti/{}", cast.rossi.id))
            .await
            .expect(200)
            .says("ha chiesto la cancellazione");
        alfa.get(&format!("/clienti/{}/storico", cast.rossi.id))
            .await
            .expect(200)
            .says("Cancellazione dei dati chiesta");
        alfa.get(&format!("/clienti/{}", cast.verdi.id))
            .await
            .expect(200)
            .hides("ha chiesto la cancellazione");
    }
);
