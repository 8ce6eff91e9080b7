//! Outgoing webhooks: a real receiver checks their signatures with another's library; nothing inside can be reached by
//! them; each company hears of its own, and nobody of a neighbour's.

use crate::{
    on_both,
    support::{World, browser::Browser, cast::PASSWORD, database::Database, hook::Hook},
};
use serde_json::{Value, json};
use sigillo::{
    domain::webhook::HookEvent,
    gateways::webhook::{Outgoing, Resolver, Sender},
    operations::{
        App,
        webhooks::deliver::{Delivered, deliver, spread},
    },
};
use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

/// A program that may call this machine.
async fn world(database: Database) -> World {
    World::with(database, |config| config.webhook_loopback = true).await
}

/// Sends all that is due, with what became of each.
async fn drain(app: &App) -> Vec<Delivered> {
    while spread(app).await.unwrap() {}
    let mut all = Vec::new();
    loop {
        match deliver(app, &app.webhooks).await.unwrap() {
            Delivered::Nothing => return all,
            other => all.push(other),
        }
    }
}

/// Makes an address through the portal; its identifier and its secret.
async fn made(browser: &Browser<'_>, node: Option<&str>, url: &str, events: &[&str]) -> (String, String) {
    let mut fields = vec![("indirizzo_webhook", url), ("descrizione", "prova")];
    fields.extend(node.map(|node| ("azienda", node)));
    fields.extend(events.iter().map(|event| ("eventi", *event)));
    let page = browser.post("/webhook/nuovo", &fields).await.expect(200);
    let secret = page.text.split("whsec_").nth(1).unwrap();
    let secret = format!("whsec_{}", secret.split(['<', '"', '&']).next().unwrap());
    let id = page.text.split("href=\"/webhook/").nth(1).unwrap()[..36].to_owned();
    (id, secret)
}

fn state(world: &World, column: &str) -> Vec<String> {
    let sql = format!("SELECT CONCAT({column}, '') AS t FROM webhook_deliveries ORDER BY id");
    world
        .database
        .texts(&sql)
        .into_iter()
        .map(Option::unwrap_or_default)
        .collect()
}

mod on_sqlite_and_mariadb {
    use super::*;

    async fn what_happens_is_told_signed_to_who_chose_it_and_to_nobody_else(world: World) {
        let cast = world.cast().await;
        let mut hook = Hook::with(&[]);
        let url = |path: &str| format!("http://localhost:{}/{path}", hook.port);
        let (alfa, beta, root) = (
            Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await,
            Browser::sign_in(&world, &cast.beta.email, PASSWORD).await,
            Browser::sign_in(&world, "root@example.it", PASSWORD).await,
        );
        let (of_alfa, secret) = made(&alfa, None, &url("alfa"), &["licenza.sospesa", "cliente.creato"]).await;
        let (of_beta, _) = made(&beta, None, &url("beta"), &["licenza.sospesa"]).await;
        made(
            &root,
            None,
            &url("vendor"),
            &["licenza.sospesa", "prodotto.versione"],
        )
        .await;
        let (of_nord, _) = made(&alfa, Some(&cast.nord.id), &url("nord"), &["licenza.sospesa"]).await;
        hook.knows(&secret);
        // Of nord: its own, those above, the vendor; not beta.
        let path = format!("/api/admin/licenze/{}/sospendi", cast.neri.license);
        let body = json!({"motivo": "SEGRETISSIMO", "causale": "altro"});
        world.post(&path, &cast.root, body).await.expect(200);
        assert_eq!(drain(&world.app).await, [Delivered::Taken; 3]);
        let heard = hook.heard();
        let mut paths: Vec<&str> = heard.iter().map(|one| one["path"].as_str().unwrap()).collect();
        paths.sort_unstable();
        assert_eq!(paths, ["/alfa", "/nord", "/vendor"]);
        for one in &heard {
            let mine = one["path"] == "/alfa";
            assert_eq!(one["good"], json!([mine]), "{one}");
            assert_eq!(one["body"]["type"], "licenza.sospesa");
            assert_eq!(one["body"]["data"]["oggetto"]["id"], cast.neri.license.as_str());
            assert_eq!(one["body"]["data"]["azienda"], cast.nord.id.as_str());
            let text = one.to_string();
            assert!(
                !text.contains("SEGRETISSIMO") && !text.contains(&cast.neri.key),
                "{text}"
            );
        }
        // What nobody chose is told to nobody, and leaves nothing.
        let body = json!({"nome": "Beta Uno", "email": "b1@example.com"});
        world
            .post("/api/admin/clienti", &cast.beta.token, body)
            .await
            .expect(201);
        assert!(drain(&world.app).await.is_empty());
        // A neighbour sees neither the address nor what was delivered.
        for path in [
            format!("/webhook/{of_beta}"),
            format!("/webhook/{of_beta}/modifica"),
            format!("/webhook/{of_beta}/elimina"),
            format!("/aziende/{}/webhook", cast.beta.id),
        ] {
            alfa.get(&path).await.expect(404);
        }
        alfa.post(&format!("/webhook/{of_beta}/prova"), &[])
            .await
            .expect(404);
        let anna = Browser::sign_in(&world, &cast.anna.email, PASSWORD).await;
        anna.get("/webhook").await.expect(403);
        for language in ["it", "en"] {
            let change = format!(
                "UPDATE users SET language = '{language}' WHERE email = '{}'",
                cast.alfa.email
            );
            world.database.execute(&change).unwrap();
            alfa.get("/webhook")
                .await
                .expect(200)
                .says(&of_alfa)
                .hides(&of_beta)
                .hides(&secret);
            let sheet = alfa.get(&format!("/webhook/{of_alfa}")).await.expect(200);
            sheet.hides(&secret);
            let delivery = sheet.text.split("/consegne/").nth(1).unwrap()[..36].to_owned();
            alfa.get(&format!("/webhook/{of_alfa}/consegne/{delivery}"))
                .await
                .expect(200)
                .says("ricevuto: &lt;b&gt;ok")
                .hides("<b>ok");
            // Of another address it is none.
            alfa.get(&format!("/webhook/{of_nord}/consegne/{delivery}"))
                .await
                .expect(404);
        }
        alfa.get(&format!("/aziende/{}/webhook", cast.nord.id))
            .await
            .expect(200)
            .says(&of_nord);
    }

    async fn a_secret_is_rolled_while_the_old_one_still_signs(world: World) {
        let cast = world.cast().await;
        let mut hook = Hook::with(&[]);
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        let url = format!("http://127.0.0.1:{}/200", hook.port);
        let (id, old) = made(&alfa, None, &url, &["licenza.sospesa"]).await;
        let sheet = alfa.get(&format!("/webhook/{id}")).await.expect(200);
        let revision = sheet.value("revisione");
        let roll = [("revisione", revision.as_str())];
        let page = alfa
            .post(&format!("/webhook/{id}/segreto"), &roll)
            .await
            .expect(200);
        let new = page.text.split("whsec_").nth(1).unwrap();
        let new = format!("whsec_{}", new.split(['<', '"', '&']).next().unwrap());
        assert_ne!(old, new);
        // The same form again gives no other.
        alfa.post(&format!("/webhook/{id}/segreto"), &roll)
            .await
            .expect(303);
        hook.knows(&old);
        hook.knows(&new);
        alfa.post(&format!("/webhook/{id}/prova"), &[]).await.expect(303);
        drain(&world.app).await;
        assert_eq!(hook.heard()[0]["good"], json!([true, true]));
        assert_eq!(hook.heard()[0]["body"]["type"], "prova");
        world.app.clock.advance(chrono::Duration::hours(25));
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        alfa.post(&format!("/webhook/{id}/prova"), &[]).await.expect(303);
        drain(&world.app).await;
        // By a clock that is a day ahead the receiver takes neither: what counts is that one signature is left.
        let signed = hook.heard()[1]["headers"]["webhook-signature"]
            .as_str()
            .unwrap()
            .to_owned();
        assert_eq!(signed.split(' ').count(), 1, "{signed}");
    }

    async fn what_is_not_taken_is_tried_again_for_days_and_then_the_owner_is_told(world: World) {
        let cast = world.cast().await;
        let hook = Hook::with(&[]);
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        let url = format!("http://127.0.0.1:{}/503", hook.port);
        let (id, _) = made(&alfa, None, &url, &["licenza.sospesa"]).await;
        alfa.post(&format!("/webhook/{id}/prova"), &[]).await.expect(303);
        assert_eq!(drain(&world.app).await, [Delivered::NotTaken]);
        assert_eq!(state(&world, "state"), ["in_coda"]);
        assert!(drain(&world.app).await.is_empty());
        for hours in [1, 1, 3, 6, 11, 15, 21, 25] {
            world.app.clock.advance(chrono::Duration::hours(hours));
            assert_eq!(drain(&world.app).await.len(), 1, "{hours}");
        }
        world.app.clock.advance(chrono::Duration::hours(25));
        assert_eq!(drain(&world.app).await.len(), 1);
        assert_eq!(
            (state(&world, "state"), state(&world, "attempts")),
            (vec!["abbandonata".into()], vec!["10".into()])
        );
        let names: Vec<Value> = hook
            .heard()
            .iter()
            .map(|one| one["headers"]["webhook-id"].clone())
            .collect();
        assert!(names.iter().all(|name| *name == names[0]), "{names:?}");
        // After five days of it nothing is sent any more, until somebody says so.
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        alfa.post(&format!("/webhook/{id}/prova"), &[]).await.expect(303);
        world.app.clock.advance(chrono::Duration::days(2));
        assert_eq!(drain(&world.app).await, [Delivered::NotTaken]);
        assert_eq!(world.mails("webhook_disattivato", &cast.alfa.email).len(), 1);
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        alfa.get(&format!("/webhook/{id}"))
            .await
            .expect(200)
            .says("riattiva");
        let path = format!("/api/admin/licenze/{}/sospendi", cast.neri.license);
        world
            .post(&path, &cast.root, json!({"motivo": "m", "causale": "altro"}))
            .await
            .expect(200);
        assert!(drain(&world.app).await.is_empty());
        alfa.post(&format!("/webhook/{id}/riattiva"), &[])
            .await
            .expect(303);
        // Sent once more by hand.
        let sheet = alfa.get(&format!("/webhook/{id}")).await.expect(200);
        let delivery = sheet.text.split("/consegne/").nth(1).unwrap()[..36].to_owned();
        let again = format!("/webhook/{id}/consegne/{delivery}/ripeti");
        alfa.post(&again, &[]).await.expect(303);
        assert_eq!(drain(&world.app).await.len(), 1);
        alfa.post(&format!("/webhook/{id}/elimina"), &[])
            .await
            .expect(303);
        alfa.get(&format!("/webhook/{id}")).await.expect(404);
        assert!(state(&world, "state").is_empty());
    }

    async fn an_address_is_kept_only_where_it_can_be_sent_to_and_made_once(world: World) {
        let cast = world.cast().await;
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        for url in [
            "",
            "http://example.com/a",
            "https://10.0.0.1/",
            "ftp://example.com",
            "https://a:b@example.com/",
        ] {
            let fields = [("indirizzo_webhook", url), ("eventi", "licenza.sospesa")];
            let page = alfa.post("/webhook/nuovo", &fields).await.expect(422);
            page.says("error-summary");
        }
        let hostile = "https://example.com/\"><script>alert(1)</script>";
        let fields = [("indirizzo_webhook", hostile), ("descrizione", "{{ 7*7 }}")];
        let page = alfa.post("/webhook/nuovo", &fields).await.expect(422);
        page.hides("<script>alert");
        let form = alfa.get("/webhook/nuovo").await.expect(200).value("gettone");
        let fields = [
            ("gettone", form.as_str()),
            ("indirizzo_webhook", "https://hooks.example.com/a"),
            ("eventi", "licenza.sospesa"),
        ];
        alfa.post("/webhook/nuovo", &fields).await.expect(200);
        alfa.post("/webhook/nuovo", &fields).await.expect(303);
        assert_eq!(world.database.count("SELECT COUNT(*) AS n FROM webhooks"), 1);
        assert_eq!(
            world
                .database
                .count("SELECT COUNT(*) AS n FROM audit_log WHERE action = 'webhook.creato'"),
            1
        );
        // A stale form changes nothing.
        let sql = "SELECT LOWER(HEX(id)) AS t FROM webhooks";
        let id = world.database.texts(sql).remove(0).unwrap();
        let id = [&id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..]].join("-");
        let edit = format!("/webhook/{id}/modifica");
        let revision = alfa.get(&edit).await.expect(200).value("revisione");
        let fields = [
            ("revisione", revision.as_str()),
            ("indirizzo_webhook", "https://hooks.example.com/b"),
            ("eventi", "licenza.revocata"),
        ];
        alfa.post(&edit, &fields).await.expect(303);
        let stale = alfa.post(&edit, &fields).await.expect(303);
        assert_eq!(stale.location(), format!("/webhook/{id}"));
        assert_eq!(
            world
                .database
                .count("SELECT COUNT(*) AS n FROM audit_log WHERE action = 'webhook.modificato'"),
            1
        );
    }

    macro_rules! both {
        ($($name:ident),+ $(,)?) => { $(
            mod $name {
                use super::*;
                #[rocket::async_test]
                async fn sqlite() {
                    super::$name(world(Database::sqlite()).await).await;
                }
                #[rocket::async_test]
                async fn mariadb() {
                    super::$name(world(Database::mariadb()).await).await;
                }
            }
        )+ };
    }
    both!(
        what_happens_is_told_signed_to_who_chose_it_and_to_nobody_else,
        a_secret_is_rolled_while_the_old_one_still_signs,
        what_is_not_taken_is_tried_again_for_days_and_then_the_owner_is_told,
        an_address_is_kept_only_where_it_can_be_sent_to_and_made_once,
    );
}

on_both!(
    an_event_is_queued_with_what_causes_it_or_not_at_all,
    |world| async move {
        let cast = world.cast().await;
        let queued = || world.database.count("SELECT COUNT(*) AS n FROM webhook_queue");
        let suspend = format!("/api/admin/licenze/{}/sospendi", cast.neri.license);
        let body = json!({"motivo": "m", "causale": "altro"});
        world.post(&suspend, &cast.root, body.clone()).await.expect(200);
        assert_eq!(queued(), 0, "nobody waits for it");
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        made(&alfa, None, "https://hooks.example.com/", &["licenza.sospesa"]).await;
        world.post(&suspend, &cast.root, body).await.expect(200);
        assert_eq!(queued(), 1);
        let refused = json!({"causale": "nessuna"});
        world.post(&suspend, &cast.root, refused).await.expect(422);
        assert!(spread(&world.app).await.unwrap() && !spread(&world.app).await.unwrap());
        assert_eq!(queued(), 0);
        assert_eq!(state(&world, "event"), [HookEvent::Suspended.code(); 1]);
    }
);

fn out(url: &str) -> Outgoing<'_> {
    Outgoing {
        url,
        id: "msg_1",
        at: 1_700_000_000,
        signatures: "v1,nessuna",
        body: "{}",
    }
}

/// Sixty ways to say an address inside.
const HOSTILE: &[&str] = &[
    "http://example.com/",
    "https://127.0.0.1/",
    "https://127.1/",
    "https://127.0.1/",
    "https://0/",
    "https://0.0.0.0/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.1/",
    "https://0177.0.0.1/",
    "https://017700000001/",
    "https://127.0.0.1./",
    "https://127.255.255.254/",
    "https://10.0.0.1/",
    "https://10.255.255.255/",
    "https://172.16.0.1/",
    "https://172.31.255.255/",
    "https://192.168.0.1/",
    "https://192.168.1/",
    "https://3232235777/",
    "https://169.254.169.254/latest/meta-data/",
    "https://0xa9fea9fe/",
    "https://2852039166/",
    "https://169.254.170.2/",
    "https://100.100.100.200/",
    "https://100.64.0.1/",
    "https://168.63.129.16/",
    "https://192.0.0.192/",
    "https://198.18.0.1/",
    "https://224.0.0.1/",
    "https://239.255.255.250/",
    "https://255.255.255.255/",
    "https://240.0.0.1/",
    "https://[::1]/",
    "https://[::]/",
    "https://[0:0:0:0:0:0:0:1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[::ffff:169.254.169.254]/",
    "https://[::127.0.0.1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[64:ff9b::a9fe:a9fe]/",
    "https://[64:ff9b:1::1]/",
    "https://[2002:7f00:1::]/",
    "https://[2001::1]/",
    "https://[fc00::1]/",
    "https://[fd00:ec2::254]/",
    "https://[fe80::1]/",
    "https://[fec0::1]/",
    "https://[ff02::1]/",
    "https://localhost/",
    "https://LOCALHOST./",
    "https://a.localhost/",
    "https://db/",
    "https://metadata.google.internal/",
    "https://printer.local/",
    "https://router.lan/",
    "https://①②⑦.⓪.⓪.①/",
    "https://example.com:22/",
    "https://example.com:6379/",
    "https://example.com:80/",
    "https://user@example.com/",
    "https://a:b@127.0.0.1/",
    "https://example.com/#a",
    "ftp://example.com/",
    "file:///etc/passwd",
    "gopher://example.com/",
    "//example.com/",
    "javascript:alert(1)",
    "https://exa mple.com/",
    "https://example.com/\r\nx: y",
    "",
];

#[rocket::async_test]
async fn nothing_inside_is_reached_however_it_is_written() {
    let sender = Sender::default().resolving(Arc::new(|name| panic!("{name} was asked for")));
    assert!(HOSTILE.len() >= 60, "{}", HOSTILE.len());
    for url in HOSTILE {
        assert!(sender.accepts(url).is_err(), "{url}");
        let refused = sender.send(&out(url)).await.unwrap_err();
        assert!(refused.starts_with("address refused"), "{url}: {refused}");
    }
    for url in [
        "https://hooks.example.com/a?b=c",
        "https://example.com:8443/",
        "https://8.8.8.8/",
        "https://[2606:4700::1]/",
    ] {
        assert!(sender.accepts(url).is_ok(), "{url}");
    }
}

fn resolver(answers: Vec<Vec<&'static str>>, asked: Arc<AtomicUsize>) -> Resolver {
    Arc::new(move |_| {
        let n = asked.fetch_add(1, Ordering::SeqCst);
        let found: Vec<IpAddr> = answers[n.min(answers.len() - 1)]
            .iter()
            .map(|text| text.parse().unwrap())
            .collect();
        Box::pin(async move { Ok(found) })
    })
}

#[rocket::async_test]
async fn a_name_is_resolved_once_and_every_address_that_it_has_is_judged() {
    let asked = Arc::new(AtomicUsize::new(0));
    for answers in [
        vec!["127.0.0.1"],
        vec!["10.1.2.3"],
        vec!["169.254.169.254"],
        vec!["::1"],
        vec!["::ffff:10.0.0.1"],
        vec!["64:ff9b::a00:1"],
        vec!["fd00::1"],
        vec!["8.8.8.8", "127.0.0.1"],
        vec!["2606:4700::1", "fe80::1"],
        vec![],
    ] {
        let sender = Sender::default().resolving(resolver(vec![answers.clone()], asked.clone()));
        let refused = sender
            .send(&out("https://rebind.example.com/"))
            .await
            .unwrap_err();
        assert!(refused.starts_with("the name "), "{answers:?}: {refused}");
    }
    // A name that says something else the second time: there is no second time, and the connection goes to the first.
    let hook = Hook::with(&[]);
    let asked = Arc::new(AtomicUsize::new(0));
    let sender = Sender::default()
        .with_loopback(true)
        .resolving(resolver(vec![vec!["127.0.0.1"], vec!["10.0.0.1"]], asked.clone()));
    let url = format!("http://localhost:{}/200", hook.port);
    assert_eq!(sender.send(&out(&url)).await.unwrap().status, 200);
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[rocket::async_test]
async fn an_answer_is_read_only_so_far_no_redirect_is_followed_and_tls_is_checked() {
    let folder = tempfile::TempDir::new().unwrap();
    let hook = Hook::with(&["--tls", folder.path().to_str().unwrap()]);
    let url = |path: &str| format!("https://localhost:{}/{path}", hook.port);
    let strange = Sender::default().with_loopback(true);
    let refused = strange.send(&out(&url("200"))).await.unwrap_err();
    assert!(refused.contains("certificate"), "{refused}");
    let pem = std::fs::read(folder.path().join("ca.pem")).unwrap();
    let sender = strange.trusting(&pem).unwrap();
    let answer = sender.send(&out(&url("200"))).await.unwrap();
    assert_eq!(
        (answer.status, answer.text.as_str()),
        (200, "ricevuto: <b>ok</b>")
    );
    let long = sender.send(&out(&url("long"))).await.unwrap();
    assert_eq!(long.text.len(), 1024);
    let there = url("to?http://169.254.169.254/");
    assert_eq!(sender.send(&out(&there)).await.unwrap().status, 302);
    let heard = hook.heard();
    assert_eq!(heard.len(), 3);
    assert_eq!(heard[0]["headers"]["webhook-id"], "msg_1");
    let slow = sender.send(&out(&url("slow"))).await.unwrap_err();
    assert!(slow.starts_with("no answer"), "{slow}");
}
