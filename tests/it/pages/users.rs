//! Users' pages.

use super::{HOSTILE, audited, harmless, made, reads, shut_to, user_id};
use crate::{
    on_both,
    support::{browser::Browser, cast::PASSWORD},
};

fn pages(id: &str) -> Vec<String> {
    ["", "/storico", "/modifica", "/disabilita"]
        .map(|page| format!("/utenti/{id}{page}"))
        .to_vec()
}

on_both!(every_page_answers_who_may_in_both_languages, |world| async {
    let cast = world.cast().await;
    let root = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
    let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
    let anna = user_id(&world, &cast.anna.email);
    for language in ["it", "en"] {
        for browser in [&root, &alfa] {
            let more = [
                "/utenti".to_owned(),
                "/utenti/nuovo".to_owned(),
                format!("/utenti/nuovo?cliente={}", cast.rossi.id),
                format!("/utenti?nodo={}", cast.anna.id),
                format!("/utenti/{}", user_id(&world, "rossi@example.com")),
            ];
            for path in pages(&anna).into_iter().chain(more) {
                let page = browser.get(&path).await.expect(200);
                assert_eq!(page.header("content-language"), Some(language), "{path}");
            }
        }
        root.get(&format!("/utenti/{anna}/sessioni")).await.expect(200);
        reads(&world, "root@example.it", "en");
        reads(&world, &cast.alfa.email, "en");
    }
    alfa.get("/utenti")
        .await
        .says("anna@example.it")
        .says("rossi@example.com")
        .hides("beta@example.it")
        .hides("root@example.it");
    root.get("/utenti?q=ann")
        .await
        .says("anna@example.it")
        .hides("beta@example.it");
    root.get("/utenti?q=BETA")
        .await
        .says("beta@example.it")
        .hides("anna@example.it");
    root.part("/utenti?stato=invitato")
        .await
        .hides("<html")
        .hides("beta@example.it");
    let agent = Browser::sign_in(&world, &cast.anna.email, PASSWORD).await;
    agent
        .get("/utenti")
        .await
        .expect(200)
        .says("verdi@example.com")
        .hides("rossi@example.com");
});

on_both!(
    strangers_are_not_found_and_lesser_roles_turned_away,
    |world| async {
        let cast = world.cast().await;
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        let (beta, anna) = (
            user_id(&world, &cast.beta.email),
            user_id(&world, &cast.anna.email),
        );
        shut_to(&alfa, 404, &pages(&beta)).await;
        for verb in ["modifica", "disabilita", "abilita", "invito"] {
            alfa.post(&format!("/utenti/{beta}/{verb}"), &[("nome", "x")])
                .await
                .expect(404);
        }
        alfa.get(&format!("/utenti/nuovo?cliente={}", cast.bianchi.id))
            .await
            .expect(404);
        let sessions = format!("/utenti/{anna}/sessioni");
        alfa.get(&sessions).await.expect(403);
        alfa.post(&sessions, &[]).await.expect(403);
        let agent = Browser::sign_in(&world, &cast.anna.email, PASSWORD).await;
        let of = |page: &str| format!("/utenti/{anna}/{page}");
        shut_to(
            &agent,
            403,
            &["modifica", "disabilita", "sessioni", "storico"].map(of),
        )
        .await;
        shut_to(&agent, 403, &["/utenti/nuovo".to_owned()]).await;
        alfa.post_from_elsewhere("/utenti/nuovo", &[("email", "altrove@example.it")])
            .await
            .expect(403);
    }
);

on_both!(
    an_invitation_goes_out_once_and_again_with_another_link,
    |world| async {
        let cast = world.cast().await;
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        let root = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
        let token = alfa.get("/utenti/nuovo").await.expect(200).value("gettone");
        let form = [
            ("gettone", token.as_str()),
            ("email", "nuova@example.it"),
            ("nome", "Nuova Collega"),
            ("nodo", &cast.nord.id),
            ("lingua", "en"),
            ("sola_lettura", "si"),
        ];
        alfa.post("/utenti/nuovo", &form).await.expect(303);
        let second = alfa.post("/utenti/nuovo", &form).await.expect(303);
        assert_eq!(
            second.location(),
            "/utenti",
            "who invites learns nothing of the address"
        );
        let links = "SELECT COUNT(*) AS n FROM one_time_links WHERE email = 'nuova@example.it'";
        assert_eq!(world.database.count(links), 1);
        let id = user_id(&world, "nuova@example.it");
        alfa.get(&format!("/utenti/{id}"))
            .await
            .says("Nuova Collega")
            .says("/invito");
        alfa.post(&format!("/utenti/{id}/invito"), &[]).await.expect(303);
        assert_eq!(world.database.count(links), 2);
        assert_eq!(world.database.count(&format!("{links} AND used_at IS NULL")), 1);
        assert_eq!(audited(&world, &id, "utente.invitato"), 2);
        let active = user_id(&world, &cast.anna.email);
        alfa.post(&format!("/utenti/{active}/invito"), &[])
            .await
            .expect(409);

        let bad = [("email", "nessuna"), ("nome", "Resta")];
        alfa.post("/utenti/nuovo", &bad)
            .await
            .expect(422)
            .says("email-e")
            .says("value=\"Resta\"");
        let weak = [("email", "altra@example.it"), ("password", "password1234")];
        root.post("/utenti/nuovo", &weak)
            .await
            .expect(422)
            .says("password-e")
            .hides("password1234");
        let ready = [
            ("email", "pronta@example.it"),
            ("password", PASSWORD),
            ("nodo", &cast.beta.id),
        ];
        let path = root
            .post("/utenti/nuovo", &ready)
            .await
            .expect(303)
            .location()
            .to_owned();
        assert_eq!(audited(&world, &made(&path), "utente.creato"), 1);
        Browser::sign_in(&world, "pronta@example.it", PASSWORD)
            .await
            .get("/utenti")
            .await
            .expect(200);
        let twice = [("email", "pronta@example.it"), ("password", PASSWORD)];
        root.post("/utenti/nuovo", &twice)
            .await
            .expect(422)
            .says("email-e");
    }
);

on_both!(
    a_change_is_saved_and_one_of_older_data_shows_both_sides,
    |world| async {
        let cast = world.cast().await;
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        let id = user_id(&world, &cast.anna.email);
        let path = format!("/utenti/{id}/modifica");
        let read = alfa.get(&path).await.expect(200).value("revisione");
        let form = |name, revision| {
            [
                ("revisione", revision),
                ("nome", name),
                ("lingua", "it"),
                ("sola_lettura", "si"),
            ]
        };
        alfa.post(&path, &form("Anna Prima", &read)).await.expect(303);
        assert_eq!(audited(&world, &id, "utente.modificato"), 1);
        let stale = alfa.post(&path, &form("Anna Mia", &read)).await.expect(409);
        let now = stale.value("revisione");
        stale.says("Anna Prima").says("Anna Mia").says("Sovrascrivi");
        alfa.post(&path, &form("Anna Mia", &now)).await.expect(303);
        alfa.post(&path, &form(" ", &now))
            .await
            .expect(422)
            .says("nome-e");
        alfa.get(&format!("/utenti/{id}/storico"))
            .await
            .says("<ins>Anna Mia</ins>");
        // Nobody widens their own rights, nor is asked to.
        let own = format!("/utenti/{}/modifica", user_id(&world, &cast.alfa.email));
        alfa.get(&own).await.expect(200).hides("sola_lettura");
        alfa.post(&own, &[("nome", "Io"), ("lingua", "it"), ("sola_lettura", "si")])
            .await
            .expect(303);
    }
);

on_both!(
    access_ends_when_a_user_is_disabled_or_the_vendor_ends_the_sessions,
    |world| async {
        let cast = world.cast().await;
        let root = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        let anna = Browser::sign_in(&world, &cast.anna.email, PASSWORD).await;
        let id = user_id(&world, &cast.anna.email);
        let of = |page: &str| format!("/utenti/{id}/{page}");
        root.get(&of("sessioni"))
            .await
            .expect(200)
            .says("1 sessione aperta");
        root.post(&of("sessioni"), &[]).await.expect(303);
        anna.get("/clienti").await.expect(303);
        assert_eq!(audited(&world, &id, "utente.sessioni_terminate"), 1);
        world
            .get("/api/admin/clienti", &cast.anna.token)
            .await
            .expect(200);

        let anna = Browser::sign_in(&world, &cast.anna.email, PASSWORD).await;
        alfa.get(&of("disabilita")).await.expect(200).says("1 token");
        alfa.post(&of("disabilita"), &[]).await.expect(303);
        anna.get("/clienti").await.expect(303);
        alfa.post(&of("disabilita"), &[]).await.expect(409);
        alfa.get(&of("")).await.says("/abilita");
        alfa.post(&of("abilita"), &[]).await.expect(303);
        for action in ["utente.disabilitato", "utente.abilitato"] {
            assert_eq!(audited(&world, &id, action), 1, "{action}");
        }

        // One token of somebody below, after the password was given a short while ago.
        let nord = user_id(&world, &cast.nord.email);
        let page = alfa.get(&format!("/utenti/{nord}")).await.expect(200);
        let token = page.text.split("/token/").nth(1).unwrap()[..36].to_owned();
        let path = format!("/utenti/{nord}/token/{token}/revoca");
        alfa.get(&path).await.expect(200);
        world.clock_to(&world.app.clock.now().and_utc().to_rfc3339(), 20 * 60);
        let asked = alfa.get(&path).await.expect(303);
        assert!(asked.location().starts_with("/conferma"), "{}", asked.location());
        alfa.post(&path, &[]).await.expect(303);
        world
            .get("/api/admin/clienti", &cast.nord.token)
            .await
            .expect(200);
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        alfa.post(&path, &[]).await.expect(303);
        world
            .get("/api/admin/clienti", &cast.nord.token)
            .await
            .expect(401);
    }
);

on_both!(hostile_names_are_texts, |world| async {
    let cast = world.cast().await;
    let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
    for (n, text) in HOSTILE.into_iter().enumerate() {
        let email = format!("ostile{n}@example.it");
        let form = [("email", email.as_str()), ("nome", text), ("nodo", &cast.alfa.id)];
        alfa.post("/utenti/nuovo", &form).await.expect(303);
        for path in pages(&user_id(&world, &email)) {
            harmless(&alfa.get(&path).await.expect(200).text);
        }
        let escaped: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
        harmless(&alfa.get(&format!("/utenti?q={escaped}")).await.expect(200).text);
        let wrong = [("email", text), ("nome", text)];
        harmless(&alfa.post("/utenti/nuovo", &wrong).await.expect(422).text);
    }
    harmless(&alfa.get("/utenti").await.says("{{ 7*7 }}").text);
});
