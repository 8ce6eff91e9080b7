//! Whose words and whose name a message goes out with: the company's, that of who is above it, the vendor's, or those that
//! come with the program. Told by a real mail server.

use crate::{
    mail::{drain, header, mailer, quiet},
    on_both,
    support::{World, browser::Browser, cast::PASSWORD, smtp::Smtp},
};
use serde_json::{Value, json};
use sigillo::gateways::mail::Mailer;

const ROOT: &str = "root@example.it";

/// Words a text.
async fn word(browser: &Browser<'_>, path: &str, subject: &str, body: &str) {
    let revision = browser.get(path).await.expect(200).value("revisione");
    let fields = [
        ("revisione", revision.as_str()),
        ("oggetto", subject),
        ("testo", body),
    ];
    browser.post(path, &fields).await.leads();
}

/// The message that whoever asks for the keys of an address gets.
async fn keys(world: &World, smtp: &Smtp, mailer: &Mailer, email: &str, language: &str) -> Value {
    let before = smtp.taken().len();
    let queued = world.mails("ritrova_chiavi", email).len();
    let browser = Browser::new(world);
    browser.keep("__Host-sigillo_lingua", language);
    browser.post("/chiavi", &[("email", email)]).await;
    while world.mails("ritrova_chiavi", email).len() == queued {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    drain(&world.app, mailer).await;
    smtp.wait_for(before + 1).await.last().unwrap().clone()
}

on_both!(the_nearest_words_are_said_in_both_languages, |world| {
    async move {
        let (smtp, world) = (Smtp::start(), &world);
        let mailer = mailer(&smtp.url());
        let cast = world.cast().await;
        drain(&world.app, &mailer).await;
        let root = Browser::sign_in(world, ROOT, PASSWORD).await;
        let alfa = Browser::sign_in(world, &cast.alfa.email, PASSWORD).await;
        let nord = Browser::sign_in(world, &cast.nord.email, PASSWORD).await;
        for (language, path) in [
            ("it", "/modelli/ritrova_chiavi/it"),
            ("en", "/modelli/ritrova_chiavi/en"),
        ] {
            let told = async |email: &str| {
                let message = keys(world, &smtp, &mailer, email, language).await;
                assert_eq!(header(&message, "X-Sigillo-Tipo"), "ritrova_chiavi");
                assert_eq!(header(&message, "Content-Language"), language);
                for part in ["text", "html"] {
                    assert!(
                        message[part].as_str().unwrap().contains("GESTIONALE")
                            || message[part].as_str().unwrap().contains("Gestionale")
                    );
                }
                header(&message, "Subject").to_owned()
            };
            let usual = told("neri@example.com").await;
            assert_eq!(usual == "Le tue chiavi di licenza", language == "it", "{usual}");
            word(&root, path, "Fornitore {{nome}}", "{{chiavi}}").await;
            assert_eq!(told("neri@example.com").await, "Fornitore NERI spa");
            word(&alfa, path, "Alfa {{nome}}", "{{chiavi}}").await;
            assert_eq!(told("neri@example.com").await, "Alfa NERI spa");
            assert_eq!(told("rossi@example.com").await, "Alfa ROSSI spa");
            assert_eq!(told("bianchi@example.com").await, "Fornitore BIANCHI spa");
            word(&nord, path, "Nord {{nome}}", "{{chiavi}}").await;
            assert_eq!(told("neri@example.com").await, "Nord NERI spa");
            assert_eq!(told("rossi@example.com").await, "Alfa ROSSI spa");
            let revision = alfa.get(path).await.value("revisione");
            let back = [("revisione", revision.as_str()), ("azzera", "si")];
            alfa.post(path, &back).await.leads();
            assert_eq!(told("rossi@example.com").await, "Fornitore ROSSI spa");
            // A company that moves says what is said where it is.
            let revision = nord.get(path).await.value("revisione");
            let back = [("revisione", revision.as_str()), ("azzera", "si")];
            nord.post(path, &back).await.leads();
            assert_eq!(told("neri@example.com").await, "Fornitore NERI spa");
        }
    }
});

on_both!(words_that_cannot_be_filled_in_give_way_to_those_above, |world| {
    async move {
        let (smtp, world) = (Smtp::start(), &world);
        let mailer = mailer(&smtp.url());
        let cast = world.cast().await;
        drain(&world.app, &mailer).await;
        // As an older version may have kept them.
        let id = cast.alfa.id.replace('-', "");
        let user = "(SELECT id FROM users WHERE email = 'alfa@example.it')";
        for (language, body) in [("it", "{{che_non_esiste}}"), ("en", "{{ nome | safe }}")] {
            world
                .database
                .execute(&format!(
                    "INSERT INTO message_texts (node_id, kind, language, version, subject, body, user_id, created_at) \
                     SELECT X'{id}', 'ritrova_chiavi', '{language}', 1, 'Mio', '{body}', id, created_at FROM users \
                     WHERE id = {user}"
                ))
                .unwrap();
            let message = keys(world, &smtp, &mailer, "rossi@example.com", language).await;
            assert_ne!(header(&message, "Subject"), "Mio");
            // A guarded kind never takes a company's words, wherever they come from.
            world
                .database
                .execute(&format!(
                    "INSERT INTO message_texts (node_id, kind, language, version, subject, body, user_id, created_at) \
                     SELECT X'{id}', 'invito', '{language}', 1, 'Mio', '{{{{url_invito}}}}', id, created_at FROM users \
                     WHERE id = {user}"
                ))
                .unwrap();
        }
        let before = smtp.taken().len();
        let body = json!({"nome": "Carla", "email": "carla@example.com"});
        let reply = world.post("/api/admin/utenti", &cast.alfa.token, body).await;
        assert_eq!(reply.status.code, 201, "{reply:?}");
        drain(&world.app, &mailer).await;
        let message = smtp.wait_for(before + 1).await.last().unwrap().clone();
        assert_eq!(header(&message, "Subject"), "Il tuo accesso a Sigillo");
    }
});

on_both!(who_tries_words_gets_them_marked_and_nobody_else_does, |world| {
    async move {
        let (smtp, world) = (Smtp::start(), &world);
        let mailer = mailer(&smtp.url());
        quiet(world, &mailer).await;
        let before = smtp.taken().len();
        let root = Browser::sign_in(world, ROOT, PASSWORD).await;
        for (language, subject) in [("it", "[Prova] Ciao è <b>"), ("en", "[Test] Ciao è <b>")] {
            let path = format!("/modelli/reimposta_password/{language}/prova");
            let fields = [
                ("oggetto", "Ciao è <b>"),
                ("testo", "<i>Qui</i>\n\n[Apri]({{url_password}})"),
            ];
            root.post(&path, &fields).await.expect(200);
            drain(&world.app, &mailer).await;
            let message = smtp.taken().last().unwrap().clone();
            assert_eq!(header(&message, "Subject"), subject);
            assert_eq!(header(&message, "X-Sigillo-Tipo"), "reimposta_password");
            assert_eq!(message["to"], json!([ROOT]));
            assert!(message["html"].as_str().unwrap().contains("&lt;i&gt;Qui"));
            assert!(message["text"].as_str().unwrap().contains("<i>Qui</i>"));
        }
        assert_eq!(smtp.taken().len(), before + 2);
    }
});
