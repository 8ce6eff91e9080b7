//! The page of what runs by the clock.

use super::tick;
use crate::{
    on_both,
    pages::reads,
    support::{browser::Browser, cast::PASSWORD},
};
use rocket::http::Method;
use sigillo::domain::jobs::JobName;

on_both!(the_vendor_sees_what_runs_and_has_it_run, |world| {
    async move {
        let cast = world.cast().await;
        let root = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
        root.get("/attivita-pianificate")
            .await
            .expect(200)
            .says("Mai eseguita")
            .says("Nessuna esecuzione");
        tick(&world).await;
        for (language, words) in [("it", "Promemoria di scadenza"), ("en", "Expiry reminders")] {
            reads(&world, "root@example.it", language);
            let page = root.get("/attivita-pianificate").await.expect(200);
            page.says(words)
                .says("Europe/Rome")
                .hides("job-")
                .hides("jobs-state")
                .hides("jobs-count");
        }
        reads(&world, "root@example.it", "it");
        root.get("/")
            .await
            .expect(200)
            .says("href=\"/attivita-pianificate\"")
            .hides("class=\"task__title\" href=\"/attivita-pianificate\"");
        assert_eq!(tick(&world).await, []);
        let run = "/attivita-pianificate/pulizia/esegui";
        assert_eq!(
            root.post(run, &[]).await.expect(303).leads(),
            "/attivita-pianificate"
        );
        root.get("/attivita-pianificate")
            .await
            .says("parte fra pochi secondi")
            .says("Sta per partire");
        assert_eq!(tick(&world).await, [JobName::Pruning]);
        let audited = world
            .database
            .count("SELECT COUNT(*) AS n FROM audit_log WHERE action = 'lavoro.avviato'");
        assert_eq!(audited, 1);
        root.get("/registri/attivita?cosa=lavoro")
            .await
            .expect(200)
            .says("Attività pianificata avviata a mano")
            .says("href=\"/attivita-pianificate\"");
        root.post("/attivita-pianificate/nessuna/esegui", &[])
            .await
            .expect(404);
        let elsewhere = [("Origin", "https://example.com")];
        root.send(Method::Post, run, Some(&[]), &elsewhere)
            .await
            .expect(403);
        // Somebody works on one, one fails, one is late.
        world
            .database
            .execute(
                "UPDATE jobs SET lease_owner = 'x-abcdef', lease_until = '2999-01-01 00:00:00' WHERE name = 'prova_ferma'; \
                 UPDATE jobs SET failures = 2, last_outcome = 'fallito' WHERE name = 'prova_in_scadenza'; \
                 UPDATE jobs SET next_run_at = '2020-01-01 00:00:00' WHERE name = 'pulizia'",
            )
            .unwrap();
        root.get("/attivita-pianificate")
            .await
            .expect(200)
            .says("nodo abcdef")
            .says("2 tentativi di fila non riusciti")
            .says("In ritardo");
        root.get("/")
            .await
            .expect(200)
            .says("task__title\" href=\"/attivita-pianificate\"");
        for email in [&cast.alfa.email, &cast.anna.email] {
            let other = Browser::sign_in(&world, email, PASSWORD).await;
            other.get("/attivita-pianificate").await.expect(403);
            other.post(run, &[]).await.expect(403);
            other.get("/").await.expect(200).hides("/attivita-pianificate");
        }
    }
});
