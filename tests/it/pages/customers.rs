//! Customers' pages.

use super::{HOSTILE, audited, harmless, made, reads, shut_to};
use crate::{
    on_both,
    support::{browser::Browser, cast::PASSWORD},
};

/// The pages of a customer that the vendor may open.
fn pages(id: &str) -> Vec<String> {
    let of = |page: &str| format!("/clienti/{id}{page}");
    [
        "",
        "/storico",
        "/modifica",
        "/sospendi",
        "/riattiva",
        "/rifiuta",
        "/assegna",
    ]
    .map(of)
    .into_iter()
    .chain(["/clienti".to_owned(), "/clienti/nuovo".to_owned()])
    .collect()
}

on_both!(every_page_answers_who_may_in_both_languages, |world| async {
    let cast = world.cast().await;
    let root = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
    let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
    for language in ["it", "en"] {
        for browser in [&root, &alfa] {
            for path in pages(&cast.verdi.id) {
                let page = browser.get(&path).await.expect(200);
                assert_eq!(page.header("content-language"), Some(language), "{path}");
            }
        }
        reads(&world, "root@example.it", "en");
        reads(&world, &cast.alfa.email, "en");
    }
    alfa.get("/clienti")
        .await
        .says("ROSSI spa")
        .says("VERDI spa")
        .says("NERI spa")
        .hides("BIANCHI");
    let anna = Browser::sign_in(&world, &cast.anna.email, PASSWORD).await;
    anna.get("/clienti")
        .await
        .expect(200)
        .says("VERDI")
        .hides("ROSSI");
    anna.get(&format!("/clienti/{}", cast.verdi.id)).await.expect(200);
    anna.get(&format!("/clienti/{}/modifica", cast.verdi.id))
        .await
        .expect(200);
});

on_both!(
    strangers_are_not_found_and_lesser_roles_turned_away,
    |world| async {
        let cast = world.cast().await;
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        let beta_only: Vec<String> = pages(&cast.bianchi.id)
            .into_iter()
            .filter(|path| path.contains(&cast.bianchi.id))
            .collect();
        shut_to(&alfa, 404, &beta_only).await;
        for verb in [
            "convalida",
            "sospendi",
            "riattiva",
            "rifiuta",
            "assegna",
            "modifica",
        ] {
            let path = format!("/clienti/{}/{verb}", cast.bianchi.id);
            let fields = [("motivo", "x"), ("azienda", cast.alfa.id.as_str()), ("nome", "x")];
            alfa.post(&path, &fields).await.expect(404);
        }
        let anna = Browser::sign_in(&world, &cast.anna.email, PASSWORD).await;
        let verdi = |page: &str| format!("/clienti/{}/{page}", cast.verdi.id);
        shut_to(
            &anna,
            403,
            &["sospendi", "riattiva", "assegna", "storico"].map(verdi),
        )
        .await;
        anna.post(&verdi("sospendi"), &[("motivo", "x")])
            .await
            .expect(403);
        let customer = Browser::sign_in(&world, "rossi@example.com", PASSWORD).await;
        shut_to(&customer, 403, &pages(&cast.rossi.id)).await;
        let form = [("nome", "Altrove")];
        alfa.post_from_elsewhere("/clienti/nuovo", &form)
            .await
            .expect(403);
    }
);

on_both!(
    a_customer_is_registered_once_however_often_the_form_is_sent,
    |world| async {
        let cast = world.cast().await;
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        let token = alfa.get("/clienti/nuovo").await.expect(200).value("gettone");
        let form = [
            ("gettone", token.as_str()),
            ("nome", "Ferramenta Gialli"),
            ("partita_iva", "IT 00743110157"),
            ("email", "gialli@example.com"),
            ("azienda", &cast.alfa.id),
            ("agente", &cast.anna.id),
            ("sedi_righe", "2"),
            ("sedi.0.nome", ""),
            ("sedi.1.nome", "Magazzino"),
            ("sedi.1.indirizzo", "Via Larga 1"),
            ("referenti_righe", "1"),
            ("referenti.0.nome", "Piero Gialli"),
            ("referenti.0.telefono", "049 000000"),
        ];
        let first = alfa.post("/clienti/nuovo", &form).await.expect(303);
        let second = alfa.post("/clienti/nuovo", &form).await.expect(303);
        assert_eq!(first.location(), second.location());
        let id = made(first.location());
        assert_eq!(audited(&world, &id, "cliente.creato"), 1);
        assert_eq!(
            world
                .database
                .count("SELECT COUNT(*) AS n FROM customers WHERE name = 'Ferramenta Gialli'"),
            1
        );
        alfa.get(first.location())
            .await
            .expect(200)
            .says("Magazzino")
            .says("Piero Gialli")
            .says("00743110157")
            .says("ANNA srl");
    }
);

on_both!(
    a_bad_form_comes_back_filled_with_the_words_beside_the_fields,
    |world| async {
        let cast = world.cast().await;
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        let form = [
            ("nome", ""),
            ("partita_iva", "00743110158"),
            ("codice_fiscale", "RSSMRA"),
            ("email", "nessuna"),
            ("telefono", "049 123456"),
            ("referenti_righe", "1"),
            ("referenti.0.telefono", "347"),
        ];
        alfa.post("/clienti/nuovo", &form)
            .await
            .expect(422)
            .says("error-summary")
            .says("id=\"partita_iva-e\"")
            .says("11 cifre e ricontrollarle")
            .says("id=\"codice_fiscale-e\"")
            .says("id=\"email-e\"")
            .says("id=\"referenti.0.nome-e\"")
            .says("049 123456")
            .says("00743110158");
        let more = [
            ("righe", "sedi"),
            ("nome", "Aperta"),
            ("sedi_righe", "1"),
            ("sedi.0.nome", "Una"),
        ];
        alfa.post("/clienti/nuovo", &more)
            .await
            .expect(200)
            .says("sedi.2.nome")
            .says("value=\"Una\"")
            .says("value=\"Aperta\"");
        assert_eq!(
            world
                .database
                .count("SELECT COUNT(*) AS n FROM customers WHERE name = 'Aperta'"),
            0
        );
    }
);

on_both!(
    a_change_is_saved_and_one_of_older_data_shows_both_sides,
    |world| async {
        let cast = world.cast().await;
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        let path = format!("/clienti/{}/modifica", cast.rossi.id);
        let revision = alfa.get(&path).await.expect(200).value("revisione");
        let form = |name: &'static str, revision: &str| {
            vec![
                ("revisione".to_owned(), revision.to_owned()),
                ("nome".to_owned(), name.to_owned()),
                ("telefono".to_owned(), "06 1".to_owned()),
                ("sedi_righe".to_owned(), "1".to_owned()),
                ("sedi.0.nome".to_owned(), "Centro".to_owned()),
            ]
        };
        async fn send(
            browser: &Browser<'_>,
            path: &str,
            form: Vec<(String, String)>,
        ) -> crate::support::Reply {
            let fields: Vec<(&str, &str)> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            browser.post(path, &fields).await
        }
        send(&alfa, &path, form("Rossi Nuova", &revision))
            .await
            .expect(303);
        assert_eq!(audited(&world, &cast.rossi.id, "cliente.modificato"), 1);
        alfa.get(&format!("/clienti/{}", cast.rossi.id))
            .await
            .says("Rossi Nuova")
            .says("Centro");
        let stale = send(&alfa, &path, form("Rossi Mia", &revision)).await.expect(409);
        let now = stale.value("revisione");
        assert_ne!(now, revision);
        stale.says("Rossi Mia").says("Rossi Nuova").says("Sovrascrivi");
        // Sites and contacts are replaced whole: who overwrites them sees them first.
        let mut moved = form("Rossi Nuova", &revision);
        moved.retain(|(name, _)| name != "sedi.0.nome");
        moved.push(("sedi.0.nome".to_owned(), "Porto".to_owned()));
        let stale = send(&alfa, &path, moved).await.expect(409);
        stale.says("href=\"#sedi\"").says(">Porto<").says(">Centro<");
        assert_eq!(audited(&world, &cast.rossi.id, "cliente.modificato"), 1);
        send(&alfa, &path, form("Rossi Mia", &now)).await.expect(303);
        let history = alfa
            .get(&format!("/clienti/{}/storico", cast.rossi.id))
            .await
            .expect(200);
        history
            .says("<del>Rossi Nuova</del>")
            .says("<ins>Rossi Mia</ins>");
        let wrong = send(&alfa, &path, form("", &now)).await.expect(422);
        wrong.says("id=\"nome-e\"");
    }
);

on_both!(
    stops_decisions_and_assignments_work_and_are_written_down,
    |world| async {
        let cast = world.cast().await;
        let root = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
        let of = |page: &str| format!("/clienti/{}/{page}", cast.verdi.id);
        root.get(&of("sospendi")).await.expect(200).says("1 licenza");
        root.post(&of("sospendi"), &[("motivo", " ")])
            .await
            .expect(422)
            .says("motivo-e");
        root.post(&of("sospendi"), &[("motivo", "insoluto da marzo")])
            .await
            .expect(303);
        root.get(&of("")).await.says("insoluto da marzo");
        root.post(&of("sospendi"), &[("motivo", "ancora")])
            .await
            .expect(409);
        root.post(&of("riattiva"), &[]).await.expect(303);
        for action in ["cliente.sospeso", "cliente.riattivato"] {
            assert_eq!(audited(&world, &cast.verdi.id, action), 1, "{action}");
        }
        let to = [
            ("azienda", cast.beta.id.as_str()),
            ("agente", cast.anna.id.as_str()),
        ];
        root.post(&of("assegna"), &to).await.expect(422).says("agente-e");
        let to = [
            ("azienda", cast.beta.id.as_str()),
            ("agente", cast.bruno.id.as_str()),
        ];
        root.post(&of("assegna"), &to).await.expect(303);
        root.get(&of("")).await.says("BETA srl").says("BRUNO srl");
        root.get(&of("storico"))
            .await
            .says("<del>ALFA srl</del>")
            .says("<ins>BETA srl</ins>");

        let waiting = world
        .call(
            "/api/clienti/registrazione",
            serde_json::json!({"nome": "Attende", "email": "attende@example.com", "consenso_privacy": true, "codice_rivenditore": "ALFA"}),
        )
        .await;
        assert_eq!(waiting.status.code, 201, "{}", waiting.text);
        let page = root.get("/clienti?stato=in_attesa").await.expect(200);
        page.says("Attende");
        let id = page
            .text
            .split("/clienti/")
            .find(|rest| rest.starts_with("0"))
            .unwrap();
        let id = id[..36].to_owned();
        let of = |page: &str| format!("/clienti/{id}/{page}");
        root.get(&of("")).await.expect(200).says("/convalida");
        root.post(&of("rifiuta"), &[("motivo", "")]).await.expect(422);
        root.post(&of("convalida"), &[]).await.expect(303);
        root.post(&of("convalida"), &[]).await.expect(409);
        assert_eq!(audited(&world, &id, "cliente.convalidato"), 1);
    }
);

on_both!(the_list_is_searched_filtered_and_paged, |world| async {
    let cast = world.cast().await;
    let root = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
    root.get("/clienti?q=ros")
        .await
        .expect(200)
        .says("ROSSI")
        .hides("VERDI spa");
    root.get("/clienti?q=verdi@example.com")
        .await
        .says("VERDI spa")
        .hides("ROSSI spa");
    let part = root.part("/clienti?q=ros").await.expect(200);
    part.says("id=\"results\"");
    part.hides("<html").says("ROSSI");
    root.get(&format!("/clienti?azienda={}", cast.beta.id))
        .await
        .says("BIANCHI spa")
        .hides("ROSSI spa");
    root.get("/clienti?stato=sospeso")
        .await
        .expect(200)
        .says("class=\"empty\"");
    root.get("/clienti?stato=altro").await.expect(422);
    let first = root.get("/clienti?limite=3").await.expect(200);
    first.says("rel=\"next\"");
    let next = first.text.split("rel=\"next\" href=\"").nth(1).unwrap();
    let next = next
        .split('"')
        .next()
        .unwrap()
        .replace("&amp;", "&")
        .replace("&#x2F;", "/");
    root.get(&next).await.expect(200).says("ROSSI").hides("BIANCHI");
});

on_both!(hostile_names_are_texts, |world| async {
    let cast = world.cast().await;
    let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
    for text in HOSTILE {
        let form = [
            ("nome", text),
            ("indirizzo", text),
            ("telefono", "1"),
            ("sedi_righe", "1"),
            ("sedi.0.nome", text),
            ("referenti_righe", "1"),
            ("referenti.0.nome", text),
        ];
        let reply = alfa.post("/clienti/nuovo", &form).await.expect(303);
        let path = reply.location().to_owned();
        alfa.post(&format!("{path}/sospendi"), &[("motivo", text)])
            .await
            .expect(303);
        for page in ["", "/modifica", "/storico", "/riattiva", "/assegna"] {
            harmless(&alfa.get(&format!("{path}{page}")).await.expect(200).text);
        }
        let escaped: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
        harmless(&alfa.get(&format!("/clienti?q={escaped}")).await.expect(200).text);
        let mut wrong = form.to_vec();
        wrong.push(("email", text));
        harmless(&alfa.post("/clienti/nuovo", &wrong).await.expect(422).text);
    }
    harmless(&alfa.get("/clienti").await.says("{{ 7*7 }}").text);
});
