//! What waits in the outbox is sent, by a real conversation with a real mail server, once: whatever the server does.

use crate::{
    on_both,
    support::{World, browser::Browser, database::Database, hostile, server::Installation, smtp::Smtp},
};
use chrono::Duration;
use futures::future::join_all;
use serde_json::{Value, json};
use sigillo::{
    gateways::mail::Mailer,
    operations::{
        App,
        messages::post::{Posted, post},
    },
};
use std::{collections::BTreeSet, sync::Arc};

const BASE: &str = "https://licenze.example.it";

pub fn mailer(url: &str) -> Mailer {
    Mailer::new(url, Some("Licenze <posta@example.it>"), BASE).unwrap()
}

/// Sends until there is nothing more to send, or nobody to send it to; with what became of each.
pub async fn drain(app: &App, mailer: &Mailer) -> Vec<Posted> {
    let mut all = Vec::new();
    loop {
        let posted = post(app, mailer).await.unwrap();
        if posted == Posted::Nothing {
            return all;
        }
        all.push(posted);
        if posted == Posted::Unreachable {
            return all;
        }
    }
}

/// Invites somebody, which mails them.
async fn invite(world: &World, root: &str, email: &str) {
    let body = json!({"nome": "Carla Ferri", "email": email});
    let reply = world.post("/api/admin/utenti", root, body).await;
    assert_eq!(reply.status.code, 201, "{reply:?}");
}

/// What stands of a message: state, tries, whether a reason, whether somebody holds it.
fn state(world: &World, to: &str) -> String {
    let rows = world.database.texts(&format!(
        "SELECT CONCAT(state, ' ', attempts, ' ', COALESCE(last_error, '-')) AS t FROM outbox \
         WHERE recipient = '{to}' ORDER BY id"
    ));
    rows.into_iter()
        .map(Option::unwrap)
        .collect::<Vec<_>>()
        .join("; ")
}

pub fn header<'m>(message: &'m Value, name: &str) -> &'m str {
    message["headers"][name].as_str().unwrap_or_default()
}

/// A superadmin whose own mails (of tokens) are through.
pub async fn quiet(world: &World, mailer: &Mailer) -> String {
    let root = world.root().await;
    drain(&world.app, mailer).await;
    root
}

on_both!(what_is_queued_is_sent_once_with_all_that_it_says, |world| {
    async move {
        let (smtp, world) = (Smtp::start(), &world);
        let mailer = mailer(&smtp.url());
        let root = quiet(world, &mailer).await;
        let before = smtp.taken().len();
        invite(world, &root, "carla@example.com").await;
        assert_eq!(drain(&world.app, &mailer).await, [Posted::Sent]);
        assert_eq!(post(&world.app, &mailer).await.unwrap(), Posted::Nothing);
        let taken = smtp.wait_for(before + 1).await;
        assert_eq!(taken.len(), before + 1);
        let message = taken.last().unwrap();
        assert_eq!(message["to"], json!(["carla@example.com"]));
        assert_eq!(message["sender"], "posta@example.it");
        assert_eq!(header(message, "From"), "Licenze <posta@example.it>");
        assert_eq!(header(message, "Subject"), "Il tuo accesso a Sigillo");
        assert_eq!(header(message, "X-Sigillo-Tipo"), "invito");
        assert_eq!(header(message, "Auto-Submitted"), "auto-generated");
        assert!(
            header(message, "Message-ID").ends_with("@licenze.example.it>"),
            "{message}"
        );
        let link = &world.mails("invito", "carla@example.com")[0]["url_invito"];
        let link = link.as_str().unwrap();
        for part in ["text", "html"] {
            let part = message[part].as_str().unwrap();
            assert!(part.contains(link) && part.contains("Carla Ferri"), "{part}");
        }
        assert_eq!(state(world, "carla@example.com"), "inviata 1 -");
    }
});

on_both!(a_name_is_text_wherever_it_stands_in_a_message, |world| {
    async move {
        let (smtp, world) = (Smtp::start(), &world);
        let mailer = mailer(&smtp.url());
        let root = quiet(world, &mailer).await;
        let before = smtp.taken().len();
        for (n, hostile) in hostile::texts().iter().enumerate() {
            let Some(name) = hostile.text() else { continue };
            let body = json!({"nome": name, "email": format!("u{n}@example.com")});
            let reply = world.post("/api/admin/utenti", &root, body).await;
            assert!([201, 422].contains(&reply.status.code), "{reply:?}");
        }
        let sent = drain(&world.app, &mailer).await;
        assert!(
            sent.len() > 20 && sent.iter().all(|one| *one == Posted::Sent),
            "{sent:?}"
        );
        let names = [
            "From",
            "To",
            "Subject",
            "Date",
            "Message-ID",
            "MIME-Version",
            "Content-Type",
        ];
        let ours = ["X-Sigillo-Tipo", "Content-Language", "Auto-Submitted"];
        for message in &smtp.wait_for(before + sent.len()).await[before..] {
            let headers = message["headers"].as_object().unwrap();
            for name in headers.keys() {
                assert!(
                    names.contains(&name.as_str()) || ours.contains(&name.as_str()),
                    "{message}"
                );
            }
            assert_eq!(message["to"].as_array().unwrap().len(), 1);
            let html = message["html"].as_str().unwrap();
            assert_eq!(
                html.matches("<script").count() + html.matches("<img").count(),
                0,
                "{html}"
            );
            assert_eq!(html.matches("<a ").count(), 1, "{html}");
        }
    }
});

on_both!(what_is_put_off_comes_later_under_the_same_name, |world| {
    async move {
        let (smtp, world) = (Smtp::start(), &world);
        let mailer = mailer(&smtp.url());
        let root = quiet(world, &mailer).await;
        let before = smtp.taken().len();
        let to = "later2@example.com";
        invite(world, &root, to).await;
        // A second message to the same person does not overtake the first.
        let again = Browser::new(world);
        again.post("/password/dimenticata", &[("email", to)]).await;
        while world.mails("invito", to).len() < 2 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        let (path, mut reasons) = (&world.app, 0);
        assert_eq!(drain(path, &mailer).await, [Posted::NotSent]);
        assert_eq!(drain(path, &mailer).await, [], "nobody tries at once");
        reasons += state(world, to).matches("come back later").count();
        world.app.clock.advance(Duration::minutes(1));
        assert_eq!(drain(path, &mailer).await, [Posted::NotSent]);
        world.app.clock.advance(Duration::minutes(1));
        assert_eq!(drain(path, &mailer).await, [], "the second pause is longer");
        world.app.clock.advance(Duration::minutes(4));
        assert_eq!(drain(path, &mailer).await, [Posted::Sent, Posted::Sent]);
        assert_eq!(reasons, 1);
        assert_eq!(state(world, to), "inviata 3 -; inviata 1 -");
        let taken = smtp.wait_for(before + 2).await;
        let links: Vec<Value> = world.mails("invito", to);
        for (message, link) in taken[before..].iter().zip(links) {
            let link = link["url_invito"].as_str().unwrap();
            assert!(
                message["text"].as_str().unwrap().contains(link),
                "the older one comes first"
            );
        }
    }
});

on_both!(what_is_refused_holds_nobody_up_and_says_why, |world| {
    async move {
        let (smtp, world) = (Smtp::start(), &world);
        let mailer = mailer(&smtp.url());
        let root = quiet(world, &mailer).await;
        let before = smtp.taken().len();
        for to in ["never@example.com", "carla@example.com"] {
            invite(world, &root, to).await;
        }
        assert_eq!(drain(&world.app, &mailer).await, [Posted::NotSent, Posted::Sent]);
        let refused = state(world, "never@example.com");
        assert!(
            refused.starts_with("rifiutata 1 ") && refused.contains("nobody of that name"),
            "{refused}"
        );
        assert_eq!(smtp.wait_for(before + 1).await.len(), before + 1);
        world.app.clock.advance(Duration::days(3));
        assert_eq!(drain(&world.app, &mailer).await, []);
    }
});

on_both!(a_conversation_that_is_cut_off_is_taken_up_again, |world| {
    async move {
        let (smtp, world) = (Smtp::start(), &world);
        let mailer = mailer(&smtp.url());
        let root = quiet(world, &mailer).await;
        let before = smtp.taken().len();
        invite(world, &root, "cut1@example.com").await;
        assert_eq!(drain(&world.app, &mailer).await, [Posted::NotSent]);
        assert!(state(world, "cut1@example.com").starts_with("in_coda 1 "));
        world.app.clock.advance(Duration::minutes(1));
        assert_eq!(drain(&world.app, &mailer).await, [Posted::Sent]);
        assert_eq!(smtp.wait_for(before + 1).await.len(), before + 1);
    }
});

on_both!(without_a_server_all_waits_and_comes_once_there_is_one, |world| {
    async move {
        let world = &world;
        let port = {
            let smtp = Smtp::start();
            quiet(world, &mailer(&smtp.url())).await;
            smtp.port
        };
        let root = world.token("root@example.it", false).await;
        let dead = mailer(&format!("smtp://127.0.0.1:{port}?tls=none"));
        for n in 0..5 {
            invite(world, &root, &format!("u{n}@example.com")).await;
        }
        for _ in 0..8 {
            assert_eq!(drain(&world.app, &dead).await, [Posted::Unreachable]);
            world.app.clock.advance(Duration::minutes(15));
        }
        for n in 0..5 {
            let state = state(world, &format!("u{n}@example.com"));
            assert!(state.starts_with("in_coda 0 "), "no try is counted: {state}");
        }
        let smtp = Smtp::with(&["--port", &port.to_string()]);
        drain(&world.app, &dead).await;
        let to: Vec<String> = smtp
            .wait_for(5)
            .await
            .iter()
            .map(|message| message["to"][0].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(to.len(), 5, "{to:?}");
        assert_eq!(to.iter().collect::<BTreeSet<_>>().len(), 5, "one each: {to:?}");
    }
});

on_both!(a_server_that_does_not_let_us_in_is_no_message_s_fault, |world| {
    async move {
        let (smtp, world) = (Smtp::with(&["--auth"]), &world);
        let root = world.root().await;
        invite(world, &root, "carla@example.com").await;
        for user in ["", "posta:sbagliata@"] {
            let mailer = mailer(&format!("smtp://{user}127.0.0.1:{}?tls=none", smtp.port));
            assert_eq!(drain(&world.app, &mailer).await, [Posted::Unreachable]);
        }
        let right = mailer(&format!(
            "smtp://posta:segreta%3A2%40@127.0.0.1:{}?tls=none",
            smtp.port
        ));
        assert_eq!(drain(&world.app, &right).await, [Posted::Sent]);
        assert_eq!(smtp.wait_for(1).await[0]["user"], "posta");
    }
});

on_both!(what_leads_nowhere_any_more_is_not_sent, |world| {
    async move {
        let (smtp, world) = (Smtp::start(), &world);
        let mailer = mailer(&smtp.url());
        quiet(world, &mailer).await;
        let before = smtp.taken().len();
        let browser = Browser::new(world);
        browser
            .post("/password/dimenticata", &[("email", "root@example.it")])
            .await;
        while world.mails("reimposta_password", "root@example.it").is_empty() {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        world.app.clock.advance(Duration::minutes(61));
        assert_eq!(drain(&world.app, &mailer).await, [Posted::NotSent]);
        assert!(state(world, "root@example.it").ends_with("scaduta 1 -"));
        assert_eq!(smtp.taken().len(), before);
    }
});

on_both!(two_programs_on_one_database_send_each_message_once, |world| {
    async move {
        let (smtp, world) = (Smtp::start(), &world);
        let mailer = Arc::new(mailer(&smtp.url()));
        let root = quiet(world, &mailer).await;
        let before = smtp.taken().len();
        for n in 0..40 {
            invite(world, &root, &format!("u{n}@example.com")).await;
        }
        let second = world.second().await;
        let postmen = [&world.app, &world.app, &second, &second].map(|app| drain(app, &mailer));
        let sent: usize = join_all(postmen).await.iter().map(Vec::len).sum();
        assert_eq!(sent, 40);
        let ids: BTreeSet<String> = smtp.wait_for(before + 40).await[before..]
            .iter()
            .map(|message| header(message, "Message-ID").to_owned())
            .collect();
        assert_eq!(ids.len(), 40);
        assert_eq!(smtp.taken().len(), before + 40);
    }
});

on_both!(
    who_dies_after_the_server_took_it_sends_it_once_more_under_the_same_name,
    |world| {
        async move {
            let (smtp, world) = (Smtp::start(), &world);
            let mailer = Arc::new(mailer(&smtp.url()));
            let root = quiet(world, &mailer).await;
            let before = smtp.taken().len();
            invite(world, &root, "tardy@example.com").await;
            let (app, postman) = (world.app.clone(), mailer.clone());
            let dying = tokio::spawn(async move { post(&app, &postman).await });
            smtp.wait_for(before + 1).await;
            dying.abort();
            assert!(dying.await.unwrap_err().is_cancelled());
            assert_eq!(drain(&world.app, &mailer).await, [], "its claim stands");
            world.app.clock.advance(Duration::minutes(5));
            assert_eq!(drain(&world.app, &mailer).await, [Posted::Sent]);
            world.app.clock.advance(Duration::days(1));
            assert_eq!(drain(&world.app, &mailer).await, []);
            let taken = smtp.wait_for(before + 2).await;
            assert_eq!(taken.len(), before + 2);
            assert_eq!(
                header(&taken[before], "Message-ID"),
                header(&taken[before + 1], "Message-ID")
            );
        }
    }
);

/// The program itself, with TLS and a password, as an operator sets it up.
async fn as_an_operator(database: Database) {
    let mut installation = Installation::new(database);
    let smtp = Smtp::with(&["--auth", "--tls", installation.folder.path().to_str().unwrap()]);
    let ca = installation.folder.path().join("ca.pem");
    let url = |user: &str| format!("smtp://{user}localhost:{}?tls=required", smtp.port);
    installation
        .environment
        .push(("SSL_CERT_FILE", ca.to_str().unwrap().to_owned()));
    installation.root();
    let ask = |port: u16| {
        ureq::post(format!("http://127.0.0.1:{port}/password/dimenticata"))
            .header("Sec-Fetch-Site", "same-origin")
            .send_form([("email", "root@example.it")])
            .unwrap();
    };
    // Without a mail server it waits.
    let server = installation.serve();
    ask(server.port);
    let queued = || installation.database.count("SELECT COUNT(*) AS n FROM outbox");
    while queued() == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    server.ask_to_end();
    assert!(server.ended().success());
    // Nobody is there: what waits, waits, and that is no failure.
    for dead in ["smtp://127.0.0.1:9?tls=none".to_owned(), url("posta:sbagliata@")] {
        installation.environment.push(("ROCKET_SMTP_URL", dead));
        let ran = installation.run(&["run-jobs"], "");
        assert!(ran.status.success(), "{ran:?}");
        installation.environment.pop();
    }
    installation
        .environment
        .push(("ROCKET_SMTP_URL", url("posta:segreta%3A2%40@")));
    let ran = installation.run(&["run-jobs"], "");
    assert!(ran.status.success(), "{ran:?}");
    let taken = smtp.wait_for(1).await;
    assert_eq!(
        (&taken[0]["tls"], &taken[0]["user"]),
        (&json!(true), &json!("posta"))
    );
    assert_eq!(header(&taken[0], "X-Sigillo-Tipo"), "reimposta_password");
    // While it serves, a link that is asked for comes by itself.
    let server = installation.serve();
    ask(server.port);
    let taken = smtp.wait_for(2).await;
    assert_eq!(header(&taken[1], "X-Sigillo-Tipo"), "reimposta_password");
    assert_eq!(smtp.taken().len(), 2);
    server.ask_to_end();
    assert!(server.ended().success());
    // What cannot be an address of a server is said at once.
    installation
        .environment
        .push(("ROCKET_SMTP_URL", "http://posta".into()));
    let ran = installation.run(&["run-jobs"], "");
    assert!(!ran.status.success());
    assert!(
        String::from_utf8_lossy(&ran.stderr).contains("smtp_url"),
        "{ran:?}"
    );
}

#[rocket::async_test]
async fn the_program_sends_by_itself_and_when_told_to_on_sqlite() {
    as_an_operator(Database::sqlite()).await;
}

#[rocket::async_test]
async fn the_program_sends_by_itself_and_when_told_to_on_mariadb() {
    as_an_operator(Database::mariadb()).await;
}
