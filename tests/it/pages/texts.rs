//! What messages say: worded by each company for itself, held to its kind, shown before it is kept, never lost.

use super::{HOSTILE, audited, harmless, reads, recorded};
use crate::{
    on_both,
    support::{
        Reply, World,
        browser::Browser,
        cast::PASSWORD,
        html::{Html, letter},
    },
};
use rocket::http::Method;
use serde_json::json;
use sigillo::{
    domain::{ids::NodeId, mail::MailKind},
    store::message_texts,
};
use std::{collections::BTreeSet, path::Path};

const ROOT: &str = "root@example.it";
const KEYS: &str = "/modelli/ritrova_chiavi/it";

fn of(path: &str, company: &str) -> String {
    format!("{path}?azienda={company}")
}

/// Saves a text as the page's form does, read a moment before.
async fn save(browser: &Browser<'_>, path: &str, subject: &str, body: &str) -> Reply {
    let page = browser.get(path).await.expect(200);
    let revision = page.value("revisione");
    let fields = [
        ("revisione", revision.as_str()),
        ("oggetto", subject),
        ("testo", body),
    ];
    browser.post(path, &fields).await
}

/// Asks for the keys of an address, which queues a message on behalf of its company.
async fn ask_keys(world: &World, email: &str) {
    let before = world.mails("ritrova_chiavi", email).len();
    Browser::new(world).post("/chiavi", &[("email", email)]).await;
    while world.mails("ritrova_chiavi", email).len() == before {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

#[test]
fn every_kind_and_every_placeholder_has_words() {
    for language in ["it", "en"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("src/i18n")
            .join(language);
        let known: BTreeSet<String> = std::fs::read_dir(folder)
            .unwrap()
            .flat_map(|file| {
                let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
                let keys = text
                    .lines()
                    .filter_map(|line| Some(line.split_once(" = ")?.0.to_owned()));
                keys.collect::<Vec<_>>()
            })
            .collect();
        for kind in MailKind::ALL {
            let mut wanted = vec![format!("mail-kind-{kind}"), format!("mail-kind-{kind}-text")];
            wanted.extend(kind.placeholders().map(|name| format!("mail-place-{name}")));
            for key in wanted {
                assert!(known.contains(&key), "{language}: {key}");
            }
            for name in kind.obligatory() {
                assert!(kind.placeholders().any(|known| known == name));
            }
        }
    }
}

on_both!(each_kind_is_there_to_read_and_says_whose_it_is, |world| async {
    let cast = world.cast().await;
    for email in [ROOT, &cast.alfa.email, &cast.nord.email] {
        let browser = Browser::sign_in(&world, email, PASSWORD).await;
        for (language, word) in [("it", "Di serie"), ("en", "Standard")] {
            reads(&world, email, language);
            let browser = Browser::sign_in(&world, email, PASSWORD).await;
            browser.get("/modelli").await.expect(200).says(word);
        }
        reads(&world, email, "it");
        for kind in MailKind::ALL {
            for language in ["it", "en"] {
                let page = browser
                    .get(&format!("/modelli/{kind}/{language}"))
                    .await
                    .expect(200);
                let vendor = email == ROOT;
                assert_eq!(
                    page.text.contains("name=\"testo\""),
                    vendor || !kind.is_guarded(),
                    "{email} {kind}"
                );
                assert_eq!(Html::read(&page.text).faults, Vec::<String>::new(), "{kind}");
                assert!(page.text.contains("srcdoc="), "{kind} {language} is not shown");
            }
        }
    }
    let root = Browser::sign_in(&world, ROOT, PASSWORD).await;
    for path in [
        "/modelli/niente/it",
        "/modelli/prova/de",
        "/modelli/prova/it/versioni?azienda=x",
    ] {
        root.get(path).await.expect(404);
    }
    root.get(&of("/modelli", &cast.anna.id)).await.expect(404);
    let anna = Browser::sign_in(&world, &cast.anna.email, PASSWORD).await;
    anna.get("/modelli").await.expect(403);
});

on_both!(a_text_is_kept_with_all_its_versions, |world| async {
    let cast = world.cast().await;
    let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
    let first = "Ciao {{nome}},\n\nda {{nome_mittente}}:\n\n{{chiavi}}";
    let saved = save(&alfa, KEYS, "Le chiavi di {{nome}}", first).await;
    assert_eq!(saved.leads(), KEYS);
    alfa.get(KEYS)
        .await
        .says("Personalizzato")
        .says("da {{nome_mittente}}:")
        .says("Torna a ciò");
    // Nothing changed, nothing written down.
    save(&alfa, KEYS, "Le chiavi di {{nome}}", first).await.leads();
    save(&alfa, KEYS, "Chiavi", "Ecco:\n\n{{chiavi}}\n\nSaluti")
        .await
        .leads();
    assert_eq!(audited(&world, &cast.alfa.id, "testo.modificato"), 2);
    let versions = format!("{KEYS}/versioni");
    let page = alfa.get(&versions).await.expect(200);
    page.says("Versione 2")
        .says("Versione 1")
        .says("in vigore")
        .says("diff__in");
    let revision = page.value("revisione");
    let restore = format!("{versions}/1/ripristina");
    let fields = [("revisione", revision.as_str())];
    assert_eq!(alfa.post(&restore, &fields).await.leads(), KEYS);
    alfa.get(KEYS).await.says("da {{nome_mittente}}:");
    alfa.get(&versions).await.says("Versione 3");
    // Who looked at the list before is told so.
    assert_eq!(alfa.post(&restore, &fields).await.leads(), versions);
    alfa.post(&format!("{versions}/9/ripristina"), &[])
        .await
        .expect(404);
    let revision = alfa.get(KEYS).await.value("revisione");
    let fields = [("revisione", revision.as_str()), ("azzera", "si")];
    alfa.post(KEYS, &fields).await.leads();
    alfa.get(KEYS).await.says("Di serie").hides("Torna a ciò");
    alfa.get("/modelli").await.expect(200).hides("Personalizzato");
    assert_eq!(recorded(&world, "testo.ripristinato"), 1);
    assert_eq!(world.database.count("SELECT COUNT(*) AS n FROM message_texts"), 4);
    // A version is never changed nor taken away.
    assert!(
        world
            .database
            .execute("UPDATE message_texts SET subject = 'x'")
            .is_err()
    );
    assert!(world.database.execute("DELETE FROM message_texts").is_err());
});

on_both!(what_a_kind_may_not_say_comes_back_with_its_place, |world| async {
    let cast = world.cast().await;
    let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
    for (subject, body, words) in [
        ("Ciao", "Uno\r\n{{chiavi}} {{cognome}}", "Riga 2, carattere 12"),
        ("Ciao", "{{chiavi}} {{ 7*7 }}", "Tra le doppie graffe"),
        ("Ciao", "Niente chiavi", "Manca {{chiavi}}"),
        ("{{chiavi}}", "{{chiavi}}", "schermo bloccato"),
        ("Ciao\r\nBcc: tutti@example.com", "{{chiavi}}", "una riga sola"),
        ("", "{{chiavi}}", "Non c’è scritto niente"),
        ("Ciao", "{{chiavi}}\n\n[Apri](javascript:x)", "Un pulsante porta"),
        (
            "Ciao",
            "{{chiavi}}{{__tera_context}}",
            "non esiste in questo messaggio",
        ),
    ] {
        let reply = save(&alfa, KEYS, subject, body).await;
        assert_eq!(reply.status.code, 422, "{subject:?} {body:?}");
        let page = Html::read(&reply.text);
        assert!(
            page.texts.iter().any(|text| text.contains(words)),
            "{words}: {:?}",
            page.texts
        );
        assert_eq!(page.faults, Vec::<String>::new());
        let wanted = body.replace("\r\n", "\n");
        let typed = page.forms.iter().find_map(|form| form.field("testo"));
        assert_eq!(typed.unwrap().value.as_deref(), Some(wanted.as_str()));
    }
    let mega = "x".repeat(1024 * 1024);
    let reply = alfa.post(KEYS, &[("oggetto", "Ciao"), ("testo", &mega)]).await;
    assert_eq!(reply.status.code, 413);
    let long = format!("{{{{chiavi}}}}{}", "{{nome}}".repeat(1900));
    assert_eq!(save(&alfa, KEYS, "Ciao", &long).await.status.code, 422);
    assert_eq!(world.database.count("SELECT COUNT(*) AS n FROM message_texts"), 0);
    for hostile in HOSTILE {
        for path in [
            KEYS.to_owned(),
            format!("{KEYS}/anteprima"),
            format!("{KEYS}/prova"),
        ] {
            let reply = alfa
                .post(&path, &[("oggetto", hostile), ("testo", hostile)])
                .await;
            harmless(&reply.text);
        }
    }
});

on_both!(
    two_who_write_at_once_both_see_what_the_other_wants,
    |world| async {
        let cast = world.cast().await;
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        let revision = alfa.get(KEYS).await.value("revisione");
        save(&alfa, KEYS, "Primo", "{{chiavi}}").await.leads();
        let mine = [
            ("revisione", revision.as_str()),
            ("oggetto", "Secondo"),
            ("testo", "{{chiavi}} e altro"),
        ];
        let stale = alfa.post(KEYS, &mine).await;
        assert_eq!(stale.status.code, 409);
        stale.says("Primo").says("Secondo").says("Sovrascrivi");
        let now = stale.value("revisione");
        let mine = [
            ("revisione", now.as_str()),
            ("oggetto", "Secondo"),
            ("testo", "{{chiavi}} e altro"),
        ];
        alfa.post(KEYS, &mine).await.leads();
        alfa.get(KEYS).await.says("Secondo");
        assert_eq!(audited(&world, &cast.alfa.id, "testo.modificato"), 2);
    }
);

on_both!(a_text_is_shown_as_it_will_be_with_what_is_real, |world| async {
    let cast = world.cast().await;
    let rossi = "rossi@example.com";
    let name = "Rossi <b>&\"><script>alert(1)</script> {{chiavi}}";
    let path = format!("/api/admin/clienti/{}", cast.rossi.id);
    world
        .patch(&path, &cast.root, 1, json!({"nome": name}))
        .await
        .expect(200);
    let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
    alfa.get(KEYS)
        .await
        .says("Con valori di esempio")
        .says("Maria Rossi");
    ask_keys(&world, rossi).await;
    let fields = [
        ("oggetto", "Per {{nome}}"),
        ("testo", "Caro {{nome}}\n\n{{chiavi}}\n\n[Apri]({{url_portale}})"),
    ];
    let preview = format!("{KEYS}/anteprima");
    let part = alfa
        .send(
            Method::Post,
            &preview,
            Some(&fields),
            &[("Origin", "https://licenze.example.it"), ("HX-Request", "true")],
        )
        .await
        .expect(200);
    part.says("id=\"anteprima\"")
        .says(rossi)
        .hides("<html")
        .hides(&cast.rossi.key);
    harmless(&part.text);
    let html = Html::read(&part.text);
    assert_eq!(html.faults, Vec::<String>::new(), "{}", part.text);
    assert!(
        html.texts
            .iter()
            .any(|text| text.contains("Per Rossi <b>&\"><script>")),
        "{:?}",
        html.texts
    );
    // Without a script it is the whole page, with what was typed.
    let whole = alfa.post(&preview, &fields).await.expect(200);
    whole.says("<html").says("Caro {{nome}}");
    let policy = whole.header("content-security-policy").unwrap();
    assert!(
        policy.contains("style-src 'self' 'unsafe-hashes' 'sha256-"),
        "{policy}"
    );
    assert!(
        policy.contains("script-src 'self';") && !policy.contains("unsafe-inline"),
        "{policy}"
    );
    let other = alfa.get("/modelli").await;
    assert!(
        !other
            .header("content-security-policy")
            .unwrap()
            .contains("unsafe-hashes")
    );
    // Another company has no such record.
    let beta = Browser::sign_in(&world, &cast.beta.email, PASSWORD).await;
    beta.post(&preview, &fields)
        .await
        .expect(200)
        .says("Con valori di esempio")
        .hides(rossi);
    assert_eq!(world.database.count("SELECT COUNT(*) AS n FROM message_texts"), 0);
});

on_both!(
    who_writes_sends_it_to_themselves_a_few_times_a_minute,
    |database| async {
        let world = database;
        let cast = world.cast().await;
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        let fields = [("oggetto", "Per {{nome}}"), ("testo", "Prova nuova: {{chiavi}}")];
        let reply = alfa.post(&format!("{KEYS}/prova"), &fields).await.expect(200);
        reply.says("è in coda").says("Prova nuova");
        let sent = world.mails("ritrova_chiavi", &cast.alfa.email);
        assert_eq!(sent.len(), 1);
        assert_eq!(sent[0]["_prova"]["testo"], "Prova nuova: {{chiavi}}");
        assert!(!sent[0].to_string().contains(&cast.rossi.key));
        assert_eq!(audited(&world, &cast.alfa.id, "testo.provato"), 1);
        assert_eq!(world.database.count("SELECT COUNT(*) AS n FROM message_texts"), 0);
        alfa.post(&format!("{KEYS}/prova"), &[("oggetto", "x"), ("testo", "x")])
            .await
            .expect(422);
        alfa.post(
            "/modelli/invito/it/prova",
            &[("oggetto", "x"), ("testo", "{{url_invito}}")],
        )
        .await
        .expect(403);
    }
);

on_both!(nobody_words_what_is_not_theirs, |world| async {
    let cast = world.cast().await;
    let root = Browser::sign_in(&world, ROOT, PASSWORD).await;
    let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
    let nord = Browser::sign_in(&world, &cast.nord.email, PASSWORD).await;
    let beta = Browser::sign_in(&world, &cast.beta.email, PASSWORD).await;
    let anna = Browser::sign_in(&world, &cast.anna.email, PASSWORD).await;
    let fields = [("oggetto", "Mio"), ("testo", "Mio {{chiavi}}")];
    let vendor = NodeId::VENDOR.to_string();
    for (browser, company, status) in [
        (&beta, &cast.alfa.id, 404),
        (&beta, &vendor, 404),
        (&nord, &cast.alfa.id, 404),
        (&alfa, &vendor, 404),
        (&alfa, &cast.anna.id, 404),
        (&root, &cast.anna.id, 404),
        (&anna, &cast.anna.id, 403),
        (&anna, &cast.alfa.id, 403),
    ] {
        for path in [
            KEYS.to_owned(),
            format!("{KEYS}/anteprima"),
            format!("{KEYS}/prova"),
            format!("{KEYS}/versioni/1/ripristina"),
        ] {
            let reply = browser.post(&of(&path, company), &fields).await;
            assert_eq!(reply.status.code, status, "{path} {company}: {}", reply.text);
        }
        for path in ["/modelli", KEYS, &format!("{KEYS}/versioni")] {
            browser.get(&of(path, company)).await.expect(status);
        }
    }
    // What says who may sign in is the vendor's, wherever it stands.
    let link = [("oggetto", "Mio"), ("testo", "Mio {{url_invito}}")];
    for (browser, company) in [
        (&alfa, &cast.alfa.id),
        (&alfa, &cast.nord.id),
        (&root, &cast.alfa.id),
    ] {
        let reply = browser.post(&of("/modelli/invito/it", company), &link).await;
        assert_eq!(reply.status.code, 403, "{company}");
    }
    for kind in MailKind::ALL.iter().filter(|kind| !kind.is_optional()) {
        let reply = root
            .post(&format!("/modelli/{kind}/invio"), &[("invio", "no")])
            .await;
        assert_eq!(reply.status.code, 403, "{kind}");
    }
    assert_eq!(world.database.count("SELECT COUNT(*) AS n FROM message_texts"), 0);
    assert_eq!(
        world.database.count("SELECT COUNT(*) AS n FROM message_switches"),
        0
    );
    // Above is theirs to word.
    save(&alfa, &of(KEYS, &cast.nord.id), "Di nord", "Da alfa {{chiavi}}")
        .await
        .leads();
    nord.get(KEYS)
        .await
        .says("Da alfa {{chiavi}}")
        .says("Personalizzato");
    save(&root, KEYS, "Del fornitore", "Dal fornitore {{chiavi}}")
        .await
        .leads();
    beta.get(KEYS)
        .await
        .says("Ereditato dal fornitore")
        .hides("Personalizzato");
    save(&alfa, KEYS, "Di alfa", "Per tutti {{chiavi}}").await.leads();
    let page = nord.get("/modelli").await;
    page.says("Personalizzato").hides("ALFA srl");
    let revision = nord.get(KEYS).await.value("revisione");
    nord.post(KEYS, &[("revisione", &revision), ("azzera", "si")])
        .await
        .leads();
    nord.get(KEYS)
        .await
        .says("Ereditato da sopra")
        .says("Per tutti {{chiavi}}");
});

on_both!(what_the_nearest_says_of_a_kind_holds, |world| async {
    let cast = world.cast().await;
    let says = |company: Option<&str>| {
        let company: Option<NodeId> = company.map(|id| id.parse().unwrap());
        let app = world.app.clone();
        async move {
            app.db
                .read(move |tx| message_texts::goes_out(tx, company, MailKind::Test))
                .await
                .unwrap()
        }
    };
    let set = |company: &str, on: i32| {
        let id = company.replace('-', "");
        world
            .database
            .execute(&format!(
                "INSERT INTO message_switches (node_id, kind, is_on) VALUES (X'{id}', 'prova', {on})"
            ))
            .unwrap();
    };
    assert!(says(None).await && says(Some(&cast.nord.id)).await);
    set(&NodeId::VENDOR.to_string(), 0);
    set(&cast.nord.id, 1);
    assert!(!says(None).await && !says(Some(&cast.alfa.id)).await && !says(Some(&cast.beta.id)).await);
    assert!(says(Some(&cast.nord.id)).await);
});

#[test]
fn a_letter_is_held_to_what_the_program_writes() {
    assert_eq!(
        letter("<p style=\"margin:0\"><a href=\"https://x\">x</a></p>"),
        Vec::<String>::new()
    );
    assert!(!letter("<p><script>x</script></p>").is_empty());
}
