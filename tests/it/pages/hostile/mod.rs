//! Fifty hostile texts in every field of every form, wherever they are read again: as texts, and as nothing else.
//!
//! Nobody lists the forms: the test walks through the portal from its first page and fills whatever form it meets. A route
//! that takes a form and was not met fails the test.

mod attack;
mod siege;

use crate::{
    on_both,
    support::{
        World,
        browser::{Browser, PIXEL},
        cast::{Cast, PASSWORD},
        database::Database,
        hostile::{MARK, texts},
        is_page,
    },
};
use rocket::http::{Header, Method};
use serde_json::json;
use siege::{Found, Siege};
use sigillo::{domain::mail::MailKind, operations::users::set_up};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Cursor, Read},
};

const ROOT: &str = "root@example.it";

/// Routes that take no form of a page.
const NO_FORM: [&str; 1] = ["POST /csp"];

/// Forms that are never taken here, and why.
const NEVER_TAKEN: [&str; 7] = [
    // What it waits for is ticked, and nobody ticks here.
    "POST /webhook/nuovo",
    // Nobody is forgotten but by their very name.
    "POST /clienti/<id>/dati-personali/anonimizza",
    // A word is typed that nobody guesses: it would end every licence that others need.
    "POST /licenze/insieme/revoca",
    // What is switched is ticked, and nobody ticks here.
    "POST /licenze/insieme/moduli",
    // Whoever walks here decides the customers who wait, before there is a word to say for them: `pages::proposing` says it.
    "POST /clienti/<id>/proponi",
    // Nobody signs in by an address that nobody has.
    "POST /accedi",
    // No licence has a key that is no key.
    "POST /stato",
];

/// Forms that are sent last: what they end is needed before.
const LAST: [&str; 4] = [
    "POST /webhook/<id>/elimina",
    "POST /utenti/<id>/vedi-come",
    "POST /vedi-come/fine",
    "POST /esci",
];

/// What a message of the queue says.
fn mails(world: &World, of: &str) -> Vec<(String, serde_json::Value)> {
    let bytes = |text: &Option<String>| {
        let text = text.as_ref().unwrap();
        let digits = (0..text.len()).step_by(2);
        digits
            .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
            .collect::<Vec<u8>>()
    };
    let column = |name: &str| {
        world
            .database
            .texts(&format!("SELECT {name} AS t FROM outbox {of} ORDER BY id"))
    };
    let (ids, payloads) = (column("HEX(id)"), column("HEX(payload)"));
    let to = column("recipient");
    ids.iter()
        .zip(&payloads)
        .zip(to)
        .map(|((id, payload), to)| {
            let opened = world.app.vault.open(&bytes(id), &bytes(payload)).unwrap();
            (to.unwrap(), serde_json::from_slice(&opened).unwrap())
        })
        .collect()
}

/// What client software and the public send.
async fn machines(world: &World, cast: &Cast) {
    let (_, key) = world
        .issue(
            &cast.root,
            json!({"cliente": cast.rossi.id, "numero_dispositivi": 100}),
        )
        .await
        .remove(0);
    for (n, hostile) in texts().iter().enumerate() {
        let text = hostile.lossy();
        let short: String = text.chars().take(90).collect();
        let device = json!({"id": format!("{n}"), "nome": short, "piattaforma": short});
        let body = json!({"chiave_licenza": key, "dispositivo": device, "versione": "1"});
        world.call("/api/licenze/attiva", body).await.expect(200);
        let device = json!({"id": text, "nome": text, "piattaforma": text});
        for body in [
            json!({"chiave_licenza": key, "dispositivo": device, "utente": text, "prodotto": text, "nonce": text}),
            json!({"chiave_licenza": text, "dispositivo": {"id": short}}),
        ] {
            let reply = world.call("/api/licenze/attiva", body).await;
            assert!(reply.status.code < 500, "{text:?}: {}", reply.text);
        }
        let contact = json!({"nome": short, "email": "r@example.org", "telefono": "1"});
        let body = json!({
            "nome": short, "email": format!("pubblico{n}@example.org"), "telefono": n.to_string(), "indirizzo": short,
            "referente": contact, "consenso_privacy": true,
        });
        world.call("/api/clienti/registrazione", body).await.expect(201);
        // Browsers name themselves as they like, in what a header can hold.
        let agent: String = text
            .chars()
            .filter(|c| (' '..='~').contains(c))
            .take(300)
            .collect();
        let agent = [("User-Agent", agent)];
        let form = [("email", ROOT), ("password", PASSWORD)];
        let mut request = world
            .request(Method::Post, "/accedi")
            .header(Header::new("Origin", "https://licenze.example.it"));
        for (name, value) in agent {
            request = request.header(Header::new(name, value));
        }
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(form);
        let request = request
            .header(rocket::http::ContentType::Form)
            .body(body.finish());
        assert_eq!(request.dispatch().await.status().code, 303);
    }
}

/// Two addresses for events: one that something was sent to in vain, one that is switched off.
async fn hooks(world: &World) -> Vec<String> {
    let root = Browser::sign_in(world, ROOT, PASSWORD).await;
    let fields = [
        ("indirizzo_webhook", "https://hooks.example.com/"),
        ("eventi", "licenza.revocata"),
    ];
    let mut ids = Vec::new();
    for _ in 0..2 {
        let page = root.post("/webhook/nuovo", &fields).await.expect(200);
        ids.push(page.text.split("href=\"/webhook/").nth(1).unwrap()[..36].to_owned());
    }
    root.post(&format!("/webhook/{}/prova", ids[0]), &[])
        .await
        .expect(303);
    let lost = "UPDATE webhook_deliveries SET state = 'abbandonata', answer = 'no'";
    world.database.execute(lost).unwrap();
    root.post(&format!("/webhook/{}/disattiva", ids[1]), &[])
        .await
        .expect(303);
    ids
}

/// Things in the states whose forms nothing else leads to, and where they are shown.
async fn prepare(world: &World, cast: &Cast) -> Vec<String> {
    let invited = json!({"email": "invitata@example.org", "nome": "Invitata"});
    world
        .post("/api/admin/utenti", &cast.root, invited)
        .await
        .expect(201);
    let refused = "UPDATE outbox SET state = 'rifiutata' WHERE recipient = 'invitata@example.org'";
    world.database.execute(refused).unwrap();
    let message = world
        .database
        .texts("SELECT LOWER(HEX(id)) AS t FROM outbox WHERE recipient = 'invitata@example.org'");
    let message: uuid::Uuid = message[0].as_deref().unwrap().parse().unwrap();
    let stock = world.issue(&cast.root, json!({"quantita": 3})).await;
    let (license, customer) = (&cast.verdi.license, &cast.neri.id);
    // One of them is revoked before it can go on.
    let second = &cast.bianchi.license;
    for path in [
        format!("licenze/{license}"),
        format!("licenze/{second}"),
        format!("clienti/{customer}"),
    ] {
        let why = json!({"motivo": "prova"});
        world
            .post(&format!("/api/admin/{path}/sospendi"), &cast.root, why)
            .await
            .expect(200);
    }
    let device = json!({"chiave_licenza": cast.rossi.key, "dispositivo": {"id": "PC-UNO", "nome": "PC"}});
    world.call("/api/licenze/attiva", device).await.expect(200);
    let waiting = json!({"nome": "In attesa", "email": "attesa@example.org", "consenso_privacy": true});
    let waits = world
        .call("/api/clienti/registrazione", waiting)
        .await
        .expect(201)
        .str("/cliente/id");
    world
        .post(
            "/api/admin/prodotti",
            &cast.root,
            json!({"codice": "ALTRO", "nome": "Altro"}),
        )
        .await
        .expect(201);
    // Kept on a page that only an answer shows.
    let root = Browser::sign_in(world, ROOT, PASSWORD).await;
    for n in 0..6 {
        let name = format!("modello {n}");
        let kept = [
            ("nome_modello", name.as_str()),
            (
                "campi",
                "prodotto=GESTIONALE&tipo_licenza=trial&quantita=1&vincolo=dispositivo",
            ),
        ];
        root.post("/licenze/modelli/nuovo", &kept).await.expect(303);
    }
    // A logo that can be taken away.
    for at in ["/impostazioni".to_owned(), format!("/aziende/{}", cast.alfa.id)] {
        let sent = root.post_file(&format!("{at}/marchio/logo"), "logo", PIXEL).await;
        sent.leads();
    }
    let trial = json!({"tipo_licenza": "trial", "azienda": cast.alfa.id, "quantita": 2});
    let trials = world.issue(&cast.root, trial).await;
    let hooks = hooks(world).await;
    vec![
        format!("/webhook/{}", hooks[0]),
        format!("/webhook/{}", hooks[1]),
        // Nobody who may decide is led there.
        format!("/clienti/{waits}/proponi"),
        "/".to_owned(),
        "/conferma".to_owned(),
        "/licenze/modelli".to_owned(),
        format!("/licenze/{license}"),
        format!("/licenze/{second}"),
        format!("/clienti/{customer}"),
        format!("/clienti/{}", cast.rossi.id),
        format!("/posta/{message}"),
        "/modelli/ritrova_chiavi/it".to_owned(),
        "/impostazioni/marchio".to_owned(),
        format!("/aziende/{}/marchio", cast.alfa.id),
        // What is to become of it is asked for first.
        format!(
            "/in-attesa/licenze/assegna?id={}&azienda={}",
            stock[0].0, cast.alfa.id
        ),
        // Trials come last: what is converted is not to be what else is done to licences.
        format!("/licenze/{}/converti", trials[0].0),
        format!("/licenze/{}/converti", trials[1].0),
    ]
}

/// The pages behind mailed links: of an invitation, of a password that was forgotten, of a registration.
async fn mailed(world: &World) -> Vec<String> {
    let root = world.root().await;
    let invited = json!({"email": "invitata@example.org", "nome": "Invitata"});
    world.post("/api/admin/utenti", &root, invited).await.expect(201);
    let forgotten = [("email", ROOT)];
    Browser::new(world)
        .post("/password/dimenticata", &forgotten)
        .await
        .expect(303);
    let registered = json!({"nome": "Nuova", "email": "nuova@example.org", "password": PASSWORD, "consenso_privacy": true});
    world
        .call("/api/clienti/registrazione", registered)
        .await
        .expect(201);
    let mut paths = Vec::new();
    for (kind, member) in [
        ("invito", "url_invito"),
        ("reimposta_password", "url_password"),
        ("registrazione", "url_conferma"),
    ] {
        let mut found = Vec::new();
        for _ in 0..1000 {
            found = mails(world, &format!("WHERE kind = '{kind}'"));
            if !found.is_empty() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        let url = found[0].1[member].as_str().unwrap();
        paths.push(url.strip_prefix("https://licenze.example.it").unwrap().to_owned());
    }
    paths
}

/// A CSV as RFC 4180 reads it, with semicolons.
fn cells(csv: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut letters = csv.trim_start_matches('\u{feff}').chars().peekable();
    while let Some(c) = letters.next() {
        match c {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' if quoted || cell.is_empty() => quoted = !quoted,
            ';' if !quoted => row.push(std::mem::take(&mut cell)),
            '\r' if !quoted && letters.peek() == Some(&'\n') => {
                letters.next();
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            c => cell.push(c),
        }
    }
    assert!(
        !quoted && cell.is_empty() && row.is_empty(),
        "a row without its end: {row:?} {cell:?}"
    );
    rows
}

/// Files that spreadsheets and editors open: whether many texts stand in them.
async fn downloads(root: &Browser<'_>, batches: &BTreeSet<String>) -> bool {
    let (mut marked, mut booked) = (0, 0);
    for path in batches {
        let (reply, csv) = root.download(&format!("{path}/chiavi/csv")).await;
        assert_eq!(reply.status.code, 200, "{path}");
        let name = reply.header("content-disposition").unwrap();
        assert!(
            name.starts_with("attachment; filename=\"chiavi-") && !name.contains(MARK),
            "{name}"
        );
        let rows = cells(std::str::from_utf8(&csv).unwrap());
        for row in &rows {
            assert_eq!(row.len(), rows[0].len(), "{path}: {row:?}");
            for cell in row {
                marked += usize::from(cell.contains(MARK));
                assert!(
                    !cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\0']),
                    "a formula: {cell:?}"
                );
                assert!(!cell.contains('\0'), "{cell:?}");
            }
        }
        let (_, keys) = root.download(&format!("{path}/chiavi/txt")).await;
        for line in std::str::from_utf8(&keys).unwrap().lines() {
            assert!(
                line.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'),
                "{line:?}"
            );
        }
        let (_, book) = root.download(&format!("{path}/chiavi/xlsx")).await;
        let mut book = zip::ZipArchive::new(Cursor::new(book)).unwrap();
        for n in 0..book.len() {
            let mut file = book.by_index(n).unwrap();
            let name = file.name().unwrap().into_owned();
            let mut text = String::new();
            file.read_to_string(&mut text).unwrap();
            assert!(
                !text.contains("<f>") && !text.contains("<f ") && !text.contains("<hyperlink"),
                "{path} {name}: {text}"
            );
            if name.ends_with("sharedStrings.xml") {
                let tags = text
                    .split('<')
                    .skip(1)
                    .map(|tag| tag.split([' ', '>']).next().unwrap());
                for tag in tags {
                    assert!(
                        ["?xml", "sst", "si", "t", "/t", "/si", "/sst"].contains(&tag),
                        "{path} {tag}: {text}"
                    );
                }
            }
            booked += usize::from(text.contains(MARK));
            assert!(
                !text.chars().any(|c| c.is_control() && !"\r\n\t".contains(c)),
                "{name}: {text:?}"
            );
        }
    }
    println!(
        "{marked} cells and {booked} sheets with a text, of {} batches",
        batches.len()
    );
    marked >= 25 && booked >= 25
}

/// The forms behind links that work once, in portals of their own: in another's, other forms would end the links.
async fn doors() -> (BTreeMap<String, Found>, BTreeMap<String, String>) {
    let (first, second) = (
        World::new(Database::sqlite()).await,
        World::new(Database::sqlite()).await,
    );
    let link = set_up::link(&first.app).await.unwrap().unwrap();
    let set_up = link
        .strip_prefix("https://licenze.example.it")
        .unwrap()
        .to_owned();
    let links = mailed(&second).await;
    let (mut forms, mut faults) = (BTreeMap::new(), BTreeMap::new());
    for (world, paths) in [(&first, vec![set_up]), (&second, links)] {
        let mut siege = Siege::new(world, vec![Browser::new(world)]);
        siege.walk(0, &paths, 1).await;
        siege.forms.retain(|route, _| route.contains("<token>"));
        let routes: Vec<String> = siege.forms.keys().cloned().collect();
        for round in 0..siege.texts.len() {
            for route in &routes {
                siege.attack(route, round).await;
            }
        }
        forms.extend(siege.forms);
        faults.extend(siege.faults);
    }
    (forms, faults)
}

on_both!(
    fifty_hostile_texts_in_every_field_are_texts_everywhere,
    |world| async {
        let begun = std::time::Instant::now();
        let cast = world.cast().await;
        let starts = prepare(&world, &cast).await;
        machines(&world, &cast).await;
        world.settle().await;
        let root = Browser::sign_in(&world, ROOT, PASSWORD).await;
        // Older than all that is made here, and so the last that others come upon.
        let customer = Browser::sign_in(&world, "bianchi@example.com", PASSWORD).await;
        let order = json!({"cliente": cast.bianchi.id, "numero_dispositivi": 30});
        let (_, key) = world.issue(&cast.root, order).await.remove(0);
        for n in 0..30 {
            let device = json!({"chiave_licenza": key, "dispositivo": {"id": format!("PC-{n}")}});
            world.call("/api/licenze/attiva", device).await.expect(200);
        }
        let mut siege = Siege::new(&world, vec![root, Browser::new(&world), customer]);
        assert_eq!(siege.texts.len(), 50);
        println!("prepared after {:?}", begun.elapsed());

        // Some of the companies will be stopped, or have another code.
        let open = [
            "/accedi",
            "/registrazione/ALFA",
            "/registrazione/BETA",
            "/registrazione/NORD",
        ];
        siege.walk(1, &open.map(str::to_owned), 3).await;
        for round in 0..siege.texts.len() {
            // The one who has users of its own is not stopped meanwhile.
            let goes_on = "UPDATE customers SET multi_user = 1, state = 'convalidato' WHERE email = 'bianchi@example.com'";
            world.database.execute(goes_on).unwrap();
            if [0, 1, 10].contains(&round) {
                siege.walk(0, &starts, 4).await;
                siege.walk(2, &["/".to_owned()], 6).await;
                println!(
                    "walked in round {round} after {:?}: {} forms",
                    begun.elapsed(),
                    siege.forms.len()
                );
            }
            let routes: Vec<String> = siege.forms.keys().cloned().collect();
            for route in routes.iter().filter(|route| !LAST.contains(&route.as_str())) {
                siege.attack(route, round).await;
            }
            if round == 1 {
                // While lists are short.
                siege.search(0).await;
                println!("searched after {:?}", begun.elapsed());
            }
        }
        println!("{} answers after {:?}", siege.asked, begun.elapsed());
        world.settle().await;
        siege.walk(0, &starts, 6).await;
        println!("{} answers after {:?}", siege.asked, begun.elapsed());
        let batches: BTreeSet<String> = siege
            .made
            .iter()
            .filter(|path| path.starts_with("/lotti/"))
            .cloned()
            .collect();
        if !downloads(&siege.browsers[0], &batches).await {
            siege.fault("few texts come to files".into(), "");
        }
        for (to, payload) in mails(&world, "") {
            assert!(
                !to.chars().any(|c| c.is_control() || c.is_whitespace()) && to.matches('@').count() == 1,
                "{to:?}"
            );
            for (name, value) in payload
                .as_object()
                .unwrap()
                .iter()
                .filter(|(name, _)| name.starts_with("url"))
            {
                assert!(
                    value.as_str().unwrap().starts_with("https://licenze.example.it/"),
                    "{name}: {value}"
                );
            }
        }
        for route in LAST {
            siege.attack(route, 0).await;
            if route.ends_with("/vedi-come") {
                // The way back stands on every page while somebody sees as somebody else: as one whom nobody switched off,
                // with a password that was given just now.
                let people = world
                    .database
                    .texts("SELECT u.email AS t FROM users AS u WHERE u.state = 'attivo'");
                siege.browsers[0] = Browser::sign_in(&world, ROOT, PASSWORD).await;
                let mut begun = false;
                for email in people.into_iter().flatten().filter(|email| email != ROOT) {
                    let id = crate::pages::user_id(&world, &email);
                    let reply = siege.browsers[0]
                        .post(&format!("/utenti/{id}/vedi-come"), &[])
                        .await;
                    begun = reply.status.code == 303;
                    if begun {
                        break;
                    }
                }
                assert!(begun, "nobody is left to see as");
                siege.meet(0, "/").await;
            }
        }

        let (forms, faults) = doors().await;
        siege.faults.extend(faults);
        siege.forms.extend(forms);
        let mounted: BTreeSet<String> = world
            .client
            .rocket()
            .routes()
            .filter(|route| is_page(route) && route.method == Method::Post)
            .map(|route| format!("POST {}", route.uri.path()))
            .filter(|route| !NO_FORM.contains(&route.as_str()))
            // There is one as soon as there is a kind that can be switched off.
            .filter(|route| route != "POST /modelli/<tipo>/invio" || MailKind::ALL.iter().any(|kind| kind.is_optional()))
            .collect();
        let met: BTreeSet<String> = siege.forms.keys().cloned().collect();
        for route in mounted.difference(&met) {
            siege.fault(format!("no page led to a form of {route}"), "");
        }
        let routes: Vec<_> = siege
            .forms
            .iter()
            .map(|(route, found)| (route.clone(), found.clone()))
            .collect();
        for (route, found) in &routes {
            println!("{route}: taken {} times, back {} times", found.taken, found.back);
            if found.has_texts() && found.taken == 0 && !NEVER_TAKEN.contains(&route.as_str()) {
                siege.fault(format!("{route} was never taken"), &format!("{found:?}"));
            }
        }
        for (n, text) in texts().iter().enumerate() {
            // The one that is far too long is taken by no field.
            let wanted = if text.lossy().chars().count() > 1000 { 0 } else { 5 };
            let read = siege.read.get(&n).map_or(0, BTreeSet::len);
            if read < wanted {
                siege.fault(
                    format!("text {n} is read on {read} kinds of pages"),
                    &text.lossy(),
                );
            }
        }
        println!("{} answers after {:?}", siege.asked, begun.elapsed());
        assert!(
            siege.faults.is_empty(),
            "{} faults:\n{}",
            siege.faults.len(),
            siege
                .faults
                .iter()
                .map(|(kind, more)| format!("{kind}\n    {more}"))
                .collect::<Vec<_>>()
                .join("\n")
        );
    }
);
