//! The pages of companies and agents.

use super::{HOSTILE, audited, harmless, made, reads, shut_to};
use crate::{
    on_both,
    support::{browser::Browser, cast::PASSWORD},
};
use serde_json::json;

fn pages(id: &str) -> Vec<String> {
    let of = |page: &str| format!("/aziende/{id}{page}");
    ["", "/storico", "/modifica", "/sospendi", "/riattiva", "/sposta"]
        .map(of)
        .to_vec()
}

on_both!(every_page_answers_who_may_in_both_languages, |world| async {
    let cast = world.cast().await;
    let root = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
    let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
    for language in ["it", "en"] {
        for browser in [&root, &alfa] {
            let more = ["/aziende".to_owned(), "/aziende/nuova".to_owned()];
            for path in pages(&cast.nord.id)
                .into_iter()
                .chain(pages(&cast.anna.id))
                .chain(more)
            {
                let page = browser.get(&path).await.expect(200);
                assert_eq!(page.header("content-language"), Some(language), "{path}");
            }
        }
        reads(&world, "root@example.it", "en");
        reads(&world, &cast.alfa.email, "en");
    }
});

on_both!(the_tree_shows_what_is_seen_opens_and_closes, |world| async {
    let cast = world.cast().await;
    let root = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
    root.get("/aziende")
        .await
        .expect(200)
        .says("ALFA srl")
        .says("NINO srl")
        .says("BETA srl")
        .says("aria-expanded=\"true\"");
    root.get(&format!("/aziende?chiusi={}", cast.nord.id))
        .await
        .says("NORD srl")
        .hides("NINO srl")
        .says("aria-expanded=\"false\"");
    root.get(&format!("/aziende?chiusi={}", cast.alfa.id))
        .await
        .hides("NORD srl")
        .says("BRUNO srl");
    root.get("/aziende?q=nin")
        .await
        .says("NINO srl")
        .says("ALFA srl › NORD srl")
        .hides("BETA srl");
    root.part("/aziende?q=nin").await.hides("<html").says("NINO srl");
    root.get("/aziende?ruolo=agente")
        .await
        .says("ANNA srl")
        .hides(">NORD srl</a>");
    root.get("/aziende?stato=sospeso").await.hides("ANNA srl");
    let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
    alfa.get("/aziende")
        .await
        .says("NINO srl")
        .hides("BETA")
        .hides("BRUNO");
    let anna = Browser::sign_in(&world, &cast.anna.email, PASSWORD).await;
    anna.get("/aziende")
        .await
        .expect(200)
        .says("ANNA srl")
        .hides("NORD");
});

on_both!(
    strangers_are_not_found_and_lesser_roles_turned_away,
    |world| async {
        let cast = world.cast().await;
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        shut_to(&alfa, 404, &pages(&cast.beta.id)).await;
        for verb in ["modifica", "sospendi", "riattiva", "sposta"] {
            let path = format!("/aziende/{}/{verb}", cast.beta.id);
            let fields = [
                ("motivo", "x"),
                ("nome", "x"),
                ("azienda_padre", cast.alfa.id.as_str()),
            ];
            alfa.post(&path, &fields).await.expect(404);
        }
        let anna = Browser::sign_in(&world, &cast.anna.email, PASSWORD).await;
        anna.get(&format!("/aziende/{}", cast.anna.id)).await.expect(200);
        let of = |page: &str| format!("/aziende/{}/{page}", cast.anna.id);
        shut_to(
            &anna,
            403,
            &["modifica", "sospendi", "riattiva", "sposta", "storico"].map(of),
        )
        .await;
        shut_to(&anna, 403, &["/aziende/nuova".to_owned()]).await;
        alfa.post_from_elsewhere("/aziende/nuova", &[("nome", "Altrove")])
            .await
            .expect(403);
    }
);

on_both!(
    a_company_is_opened_once_and_nobody_gives_more_than_they_have,
    |world| async {
        let cast = world.cast().await;
        let root = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
        let token = root.get("/aziende/nuova").await.expect(200).value("gettone");
        let form = [
            ("gettone", token.as_str()),
            ("ruolo", "rivenditore"),
            ("nome", "Gamma srl"),
            ("codice", "gamma"),
            ("quota_licenze", "1.800"),
            ("sconto_punti_base", "30,5"),
            ("fido_centesimi", "20.000,50"),
            ("giorni_pagamento", "60"),
            ("diritti_incassa", "si"),
            ("diritti_convalida", "si"),
        ];
        let first = root.post("/aziende/nuova", &form).await.expect(303);
        let second = root.post("/aziende/nuova", &form).await.expect(303);
        assert_eq!(first.location(), second.location());
        let id = made(first.location());
        assert_eq!(audited(&world, &id, "nodo.creato"), 1);
        root.get(first.location())
            .await
            .expect(200)
            .says("di 1.800")
            .says("30,5\u{a0}%")
            .says("20.000,50\u{a0}€")
            .says("/registrazione/GAMMA");
        let taken = root
            .post(
                "/aziende/nuova",
                &[
                    ("ruolo", "rivenditore"),
                    ("nome", "X"),
                    ("codice", "GAMMA"),
                    ("giorni_pagamento", "30"),
                ],
            )
            .await
            .expect(422);
        taken.says("codice-e");
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        let form = [
            ("ruolo", "agente"),
            ("nome", "Pia"),
            ("sconto_punti_base", "50"),
            ("fido_centesimi", "1.000"),
            ("giorni_pagamento", "30"),
            ("diritti_incassa", "si"),
        ];
        alfa.post("/aziende/nuova", &form)
            .await
            .expect(422)
            .says("sconto_punti_base-e")
            .says("fido_centesimi-e")
            .says("diritti_incassa-e")
            .says("value=\"Pia\"");
        let bad = [
            ("ruolo", "agente"),
            ("nome", ""),
            ("quota_licenze", "molte"),
            ("giorni_pagamento", "400"),
        ];
        alfa.post("/aziende/nuova", &bad)
            .await
            .expect(422)
            .says("nome-e")
            .says("quota_licenze-e")
            .says("giorni_pagamento-e");
    }
);

on_both!(
    a_change_is_saved_and_one_of_older_data_shows_both_sides,
    |world| async {
        let cast = world.cast().await;
        let root = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
        let path = format!("/aziende/{}/modifica", cast.nord.id);
        let revision = root.get(&path).await.expect(200).value("revisione");
        let form = |name: &'static str, revision: &'static str| {
            [
                ("revisione", revision),
                ("nome", name),
                ("codice", "NORD"),
                ("quota_licenze", "5"),
                ("sconto_punti_base", "10"),
                ("fido_centesimi", "0"),
                ("giorni_pagamento", "30"),
                ("diritti_crea_sottoaziende", "si"),
            ]
        };
        let read: &'static str = revision.leak();
        root.post(&path, &form("Nord Nuova", read)).await.expect(303);
        assert_eq!(audited(&world, &cast.nord.id, "nodo.modificato"), 1);
        let stale = root.post(&path, &form("Nord Mia", read)).await.expect(409);
        let now: &'static str = stale.value("revisione").leak();
        stale.says("Nord Mia").says("Nord Nuova").says("Sovrascrivi");
        root.post(&path, &form("Nord Mia", now)).await.expect(303);
        root.get(&format!("/aziende/{}/storico", cast.nord.id))
            .await
            .says("<del>Nord Nuova</del>")
            .says("<ins>Nord Mia</ins>");

        // What is agreed with one's own company is for those above.
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        let own = format!("/aziende/{}/modifica", cast.alfa.id);
        alfa.get(&own).await.expect(200).hides("quota_licenze");
        alfa.post(
            &own,
            &[
                ("nome", "Alfa Mia"),
                ("codice", "ALFA"),
                ("quota_licenze", "9999"),
            ],
        )
        .await
        .expect(303);
        let quota = "SELECT COUNT(*) AS n FROM nodes WHERE name = 'Alfa Mia' AND license_quota IS NULL";
        assert_eq!(world.database.count(quota), 1);
    }
);

on_both!(
    a_company_is_stopped_with_what_that_touches_told_before,
    |world| async {
        let cast = world.cast().await;
        let root = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
        let nino = Browser::sign_in(&world, &cast.nino.email, PASSWORD).await;
        let of = |page: &str| format!("/aziende/{}/{page}", cast.alfa.id);
        root.get(&of("sospendi"))
            .await
            .expect(200)
            .says("3 fra aziende e agenti sotto")
            .says("4 utenti")
            .says("3 clienti")
            .says("3 licenze");
        root.post(&of("sospendi"), &[]).await.expect(422).says("motivo-e");
        root.post(&of("sospendi"), &[("motivo", "contratto scaduto")])
            .await
            .expect(303);
        nino.get("/aziende").await.expect(303);
        root.get(&of("")).await.says("contratto scaduto");
        root.post(&of("riattiva"), &[("motivo", "rinnovato")])
            .await
            .expect(303);
        nino.get("/aziende").await.expect(200);
        for action in ["nodo.sospeso", "nodo.riattivato"] {
            assert_eq!(audited(&world, &cast.alfa.id, action), 1, "{action}");
        }
    }
);

on_both!(
    a_company_moves_along_with_what_stands_below_and_never_below_itself,
    |world| async {
        let cast = world.cast().await;
        let root = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
        let of = |page: &str| format!("/aziende/{}/{page}", cast.nord.id);
        let form = root.get(&of("sposta")).await.expect(200);
        let choice = |id: &str| format!("<option value=\"{id}\"");
        form.says(&choice(&cast.beta.id))
            .says("value=\"radice\"")
            .hides(&choice(&cast.nord.id))
            .hides(&choice(&cast.alfa.id));
        root.post(&of("sposta"), &[])
            .await
            .expect(422)
            .says("azienda_padre-e");
        root.post(&of("sposta"), &[("azienda_padre", &cast.nord.id)])
            .await
            .expect(409);
        root.post(&of("sposta"), &[("azienda_padre", &cast.beta.id)])
            .await
            .expect(303);
        assert_eq!(audited(&world, &cast.nord.id, "nodo.spostato"), 1);
        let beta = Browser::sign_in(&world, &cast.beta.email, PASSWORD).await;
        beta.get("/aziende").await.says("NINO srl");
        root.post(&of("sposta"), &[("azienda_padre", "radice")])
            .await
            .expect(303);
        root.get(&of("")).await.says("Rivenditore");
    }
);

on_both!(hostile_names_are_texts, |world| async {
    let cast = world.cast().await;
    let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
    for text in HOSTILE {
        let form = [("ruolo", "agente"), ("nome", text), ("giorni_pagamento", "30")];
        let path = alfa
            .post("/aziende/nuova", &form)
            .await
            .expect(303)
            .location()
            .to_owned();
        alfa.post(&format!("{path}/sospendi"), &[("motivo", text)])
            .await
            .expect(303);
        for page in ["", "/modifica", "/storico", "/riattiva", "/sposta"] {
            harmless(&alfa.get(&format!("{path}{page}")).await.expect(200).text);
        }
        let escaped: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
        harmless(&alfa.get(&format!("/aziende?q={escaped}")).await.expect(200).text);
    }
    harmless(&alfa.get("/aziende").await.says("{{ 7*7 }}").text);
    harmless(&alfa.get("/clienti/nuovo").await.text);
});

on_both!(
    the_numbers_of_a_company_lead_to_lists_that_yield_them,
    |world| async {
        let cast = world.cast().await;
        let root = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
        let alfa = root.get(&format!("/aziende/{}", cast.alfa.id)).await.expect(200);
        for (path, name) in [("clienti?azienda", "customers"), ("utenti?nodo", "users")] {
            let href = format!("/{path}={}", cast.alfa.id);
            alfa.says(&href);
            let number = alfa.text.split(&href).nth(1).unwrap();
            let number = number.split("kpi__value\">").nth(1).unwrap();
            let number: usize = number.split('<').next().unwrap().trim().parse().unwrap();
            let list = root.get(&href).await.expect(200);
            assert_eq!(list.text.matches("cell-title").count(), number, "{name}");
            assert!(number > 2, "those below are among the {name}");
        }
        // So do the states of the customers that a search finds.
        let found = root.get("/clienti?q=ros").await.expect(200);
        found
            .says("<span class=\"count\">1</span>")
            .hides("<span class=\"count\">4</span>");
    }
);

on_both!(
    who_is_of_a_suspended_company_is_out_at_the_next_request_and_its_customers_software_goes_on,
    |world| async {
        let cast = world.cast().await;
        let root = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
        let device = json!({"chiave_licenza": cast.rossi.key, "dispositivo": {"id": "PC1"}});
        let reply = world
            .call("/api/licenze/attiva", device.clone())
            .await
            .expect(200);
        let computer = reply.str("/chiave_computer");
        let people = [
            &cast.alfa.email,
            &cast.anna.email,
            &cast.nord.email,
            &cast.nino.email,
        ];
        let mut open = Vec::new();
        for email in people {
            open.push(Browser::sign_in(&world, email, PASSWORD).await);
        }
        let path = format!("/aziende/{}/sospendi", cast.alfa.id);
        root.get(&path).await.expect(200).says("3 ");
        root.post(&path, &[("motivo", "non paga")]).await.expect(303);
        for browser in &open {
            let reply = browser.get("/licenze?stato=attiva").await;
            assert_eq!(reply.leads(), "/accedi?poi=%2Flicenze%3Fstato%3Dattiva");
            // What htmx asks for in the background leads the whole page to the door.
            let reply = browser.part("/licenze").await;
            assert_eq!(reply.status.code, 204, "{}", reply.text);
            assert!(reply.header("hx-redirect").unwrap().starts_with("/accedi"));
            let form = [("nome", "X"), ("email", "x@example.com")];
            assert!(
                browser
                    .post("/clienti/nuovo", &form)
                    .await
                    .leads()
                    .starts_with("/accedi")
            );
        }
        world
            .get("/api/admin/licenze", &cast.alfa.token)
            .await
            .expect(401);
        // Its customers look at their licences, and their software starts, and is activated elsewhere.
        let rossi = Browser::sign_in(&world, "rossi@example.com", PASSWORD).await;
        rossi.get("/").await.expect(200);
        let check = json!({"chiave_computer": computer, "dispositivo": {"id": "PC1"}});
        world.call("/api/licenze/valida", check).await.expect(200);
        world.call("/api/licenze/attiva", device).await.expect(200);
        // It goes on, and so do they: with the sessions that they had.
        let path = format!("/aziende/{}/riattiva", cast.alfa.id);
        root.post(&path, &[("motivo", "")]).await.expect(303);
        open[0].get("/licenze").await.expect(200);
    }
);
