//! How a company shows itself: on its page, in its messages, and to nobody else.

use super::{HOSTILE, audited, harmless, reads};
use crate::{
    mail::{drain, header, mailer},
    on_both,
    support::{
        World,
        browser::{Browser, PIXEL},
        cast::PASSWORD,
        html::Html,
        smtp::Smtp,
    },
};
use sigillo::domain::ids::NodeId;

const ROOT: &str = "root@example.it";
const VENDOR: &str = "/impostazioni/marchio";

fn page(company: &str) -> String {
    format!("/aziende/{company}/marchio")
}

/// Sets a brand as the page's form does, read a moment before.
async fn set(browser: &Browser<'_>, path: &str, fields: &[(&str, &str)]) -> u16 {
    let revision = browser.get(path).await.expect(200).value("revisione");
    let mut sent = vec![("revisione", revision.as_str())];
    sent.extend_from_slice(fields);
    browser.post(path, &sent).await.status.code
}

/// The address of the logo that a page shows.
fn logo(text: &str) -> Option<String> {
    let at = text.find("src=\"/loghi/")? + 5;
    Some(text[at..].split('"').next().unwrap().to_owned())
}

fn logos(world: &World) -> i64 {
    world.database.count("SELECT COUNT(*) AS n FROM logos")
}

on_both!(messages_say_whose_they_are, |world| {
    async move {
        let (smtp, world) = (Smtp::start(), &world);
        let mailer = mailer(&smtp.url());
        let cast = world.cast().await;
        drain(&world.app, &mailer).await;
        let root = Browser::sign_in(world, ROOT, PASSWORD).await;
        let alfa = Browser::sign_in(world, &cast.alfa.email, PASSWORD).await;
        let keys = async |email: &str| {
            let before = smtp.taken().len();
            let queued = world.mails("ritrova_chiavi", email).len();
            Browser::new(world).post("/chiavi", &[("email", email)]).await;
            while world.mails("ritrova_chiavi", email).len() == queued {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
            drain(&world.app, &mailer).await;
            smtp.wait_for(before + 1).await.last().unwrap().clone()
        };
        let usual = keys("rossi@example.com").await;
        assert_eq!(header(&usual, "From"), "Licenze <posta@example.it>");
        assert!(!usual["headers"].to_string().contains("Reply-To"));

        let brand = [
            ("nome_marchio", "Alfa Software"),
            ("nome_mittente", "Assistenza Alfa"),
            ("rispondi_a", "aiuto@example.org"),
            ("colore", "#7A1020"),
        ];
        assert_eq!(set(&alfa, &page(&cast.alfa.id), &brand).await, 303);
        assert_eq!(audited(world, &cast.alfa.id, "marchio.modificato"), 1);
        let shown = alfa.get(&page(&cast.alfa.id)).await.expect(200);
        shown.says("Assistenza Alfa").says("#7a1020");
        assert_eq!(Html::read(&shown.text).faults, Vec::<String>::new());
        for email in ["rossi@example.com", "neri@example.com"] {
            let message = keys(email).await;
            assert_eq!(
                header(&message, "From"),
                "Assistenza Alfa <posta@example.it>",
                "{email}"
            );
            assert_eq!(message["sender"], "posta@example.it");
            assert_eq!(header(&message, "Reply-To"), "aiuto@example.org");
            let html = message["html"].as_str().unwrap();
            assert!(
                html.contains("Alfa Software")
                    && html.contains("#7a1020")
                    && html.contains("aiuto@example.org")
            );
            assert!(
                message["text"]
                    .as_str()
                    .unwrap()
                    .contains("Alfa Software · per aiuto")
            );
        }
        let other = keys("bianchi@example.com").await;
        assert_eq!(header(&other, "From"), "Licenze <posta@example.it>");
        assert!(!other.to_string().contains("Alfa") && !other.to_string().contains("7a1020"));

        // The logo comes with the message, and its page shows the same.
        let sent = alfa
            .post_file(&format!("{}/logo", page(&cast.alfa.id)), "logo", PIXEL)
            .await;
        assert_eq!(sent.status.code, 303, "{}", sent.text);
        let message = keys("neri@example.com").await;
        assert!(message["html"].as_str().unwrap().contains("src=\"cid:logo\""));
        let raw = message["raw"].as_str().unwrap();
        assert!(
            raw.contains("multipart/related")
                && raw.contains("Content-ID: <logo>")
                && raw.contains("image/png")
        );
        assert!(
            !keys("bianchi@example.com").await["raw"]
                .as_str()
                .unwrap()
                .contains("image/png")
        );
        // A company below says its own, and keeps what it does not say.
        assert_eq!(
            set(&root, &page(&cast.nord.id), &[("nome_marchio", "Nord")]).await,
            303
        );
        let message = keys("neri@example.com").await;
        assert_eq!(header(&message, "From"), "Assistenza Alfa <posta@example.it>");
        assert!(
            message["text"]
                .as_str()
                .unwrap()
                .contains("Nord · per aiuto: aiuto@example.org")
        );
        // And the vendor's holds where there is no other.
        assert_eq!(set(&root, VENDOR, &[("nome_marchio", "Casa Madre")]).await, 303);
        assert_eq!(
            header(&keys("bianchi@example.com").await, "From"),
            "Casa Madre <posta@example.it>"
        );
        assert_eq!(
            header(&keys("rossi@example.com").await, "From"),
            "Assistenza Alfa <posta@example.it>"
        );
    }
});

on_both!(
    a_logo_is_a_picture_of_ours_for_who_has_its_address,
    |world| async {
        let cast = world.cast().await;
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        let (here, up) = (page(&cast.alfa.id), format!("{}/logo", page(&cast.alfa.id)));
        assert_eq!(logo(&alfa.get(&here).await.text), None);
        alfa.post_file(&up, "logo", PIXEL).await.leads();
        let first = logo(&alfa.get(&here).await.text).unwrap();
        let (reply, bytes) = Browser::new(&world).download(&first).await;
        assert_eq!(reply.status.code, 200);
        assert!(bytes.starts_with(b"\x89PNG"));
        for (name, value) in [
            ("content-type", "image/png"),
            ("x-content-type-options", "nosniff"),
            ("content-security-policy", "default-src 'none'; sandbox"),
            ("cross-origin-resource-policy", "cross-origin"),
        ] {
            assert_eq!(reply.header(name), Some(value), "{name}");
        }
        // Another takes its place, and it is gone.
        alfa.post_file(&up, "altro", PIXEL).await.leads();
        let second = logo(&alfa.get(&here).await.text).unwrap();
        assert_ne!(first, second);
        assert_eq!(logos(&world), 1);
        Browser::new(&world).get(&first).await.expect(404);
        Browser::new(&world).get("/loghi/x").await.expect(404);

        for (file, words) in [
            (
                &b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"[..],
                "non è un’immagine PNG o JPEG",
            ),
            (b"GIF89a\x01\0\x01\0\x80\0\0", "non è un’immagine PNG o JPEG"),
            (b"", "Scegli un file"),
            (&PIXEL[..30], "non è un’immagine PNG o JPEG"),
        ] {
            let reply = alfa.post_file(&up, "logo", file).await;
            assert_eq!(reply.status.code, 422);
            reply.says(words);
        }
        // A head that says sixty thousand by sixty thousand.
        let mut bomb = PIXEL.to_vec();
        bomb[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
        let reply = alfa.post_file(&up, "logo", &bomb).await;
        assert_eq!(reply.status.code, 422, "{}", reply.text);
        for bytes in [256 * 1024 + 1, 1024 * 1024] {
            assert_eq!(
                alfa.post_file(&up, "logo", &vec![0; bytes]).await.status.code,
                413,
                "{bytes}"
            );
        }
        assert_eq!(alfa.post(&up, &[("logo", "x")]).await.status.code, 422);
        let elsewhere = alfa.post_from_elsewhere(&up, &[]).await;
        assert_eq!(elsewhere.status.code, 403);
        assert_eq!(logo(&alfa.get(&here).await.text), Some(second));
        alfa.post(&format!("{up}/togli"), &[]).await.leads();
        assert_eq!((logo(&alfa.get(&here).await.text), logos(&world)), (None, 0));
        assert_eq!(audited(&world, &cast.alfa.id, "marchio.modificato"), 3);
    }
);

on_both!(a_brand_is_its_companys_and_of_those_above, |world| async {
    let cast = world.cast().await;
    let root = Browser::sign_in(&world, ROOT, PASSWORD).await;
    let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
    let nord = Browser::sign_in(&world, &cast.nord.email, PASSWORD).await;
    let beta = Browser::sign_in(&world, &cast.beta.email, PASSWORD).await;
    let anna = Browser::sign_in(&world, &cast.anna.email, PASSWORD).await;
    assert_eq!(
        set(&alfa, &page(&cast.alfa.id), &[("nome_marchio", "Alfa")]).await,
        303
    );
    alfa.post_file(&format!("{}/logo", page(&cast.alfa.id)), "logo", PIXEL)
        .await
        .leads();
    let vendor = NodeId::VENDOR.to_string();
    for (browser, company, status) in [
        (&beta, &cast.alfa.id, 404),
        (&nord, &cast.alfa.id, 404),
        (&alfa, &cast.anna.id, 404),
        (&alfa, &vendor, 404),
        (&root, &vendor, 404),
        (&anna, &cast.alfa.id, 403),
    ] {
        let here = page(company);
        browser.get(&here).await.expect(status);
        for path in [here.clone(), format!("{here}/logo/togli")] {
            let reply = browser.post(&path, &[("nome_marchio", "Mio")]).await;
            assert_eq!(reply.status.code, status, "{path}");
        }
        let reply = browser.post_file(&format!("{here}/logo"), "logo", PIXEL).await;
        assert_eq!(reply.status.code, status, "{here}");
    }
    for browser in [&alfa, &nord, &beta, &anna] {
        browser.get(VENDOR).await.expect(403);
        assert_eq!(
            browser.post(VENDOR, &[("nome_marchio", "Mio")]).await.status.code,
            403
        );
    }
    alfa.get(&page(&cast.alfa.id)).await.says("value=\"Alfa\"");
    assert_eq!(logos(&world), 1);
    // What comes from above is seen below, and nobody else's.
    nord.get(&page(&cast.nord.id))
        .await
        .expect(200)
        .says("Arriva da sopra");
    beta.get(&page(&cast.beta.id)).await.expect(200).hides("Alfa");
    reads(&world, &cast.nord.email, "en");
    nord.get(&page(&cast.nord.id)).await.says("It comes from above");
    root.get(VENDOR).await.expect(200);

    for (fields, words) in [
        ([("colore", "#ffee00")], "troppo chiaro"),
        ([("colore", "rosso")], "cancelletto"),
        ([("colore", "#24406e;background:url(x)")], "cancelletto"),
        (
            [("rispondi_a", "x@example.it\r\nBcc: tutti@example.com")],
            "rispondi_a-e",
        ),
        ([("rispondi_a", "Anna <a@example.it>")], "rispondi_a-e"),
        ([("rispondi_a", "a(commento)@example.it")], "rispondi_a-e"),
    ] {
        let reply = alfa.post(&page(&cast.alfa.id), &fields).await;
        assert_eq!(reply.status.code, 422, "{fields:?}");
        reply.says(words);
    }
    let long = format!("{}@example.it", "x".repeat(200));
    assert_eq!(
        alfa.post(&page(&cast.alfa.id), &[("rispondi_a", &long)])
            .await
            .status
            .code,
        422
    );
    for hostile in HOSTILE {
        assert_eq!(
            set(&alfa, &page(&cast.alfa.id), &[("nome_marchio", hostile)]).await,
            303
        );
        let shown = alfa.get(&page(&cast.alfa.id)).await;
        harmless(&shown.text);
        assert_eq!(
            Html::read(&shown.text).faults,
            Vec::<String>::new(),
            "{}",
            shown.text
        );
    }
    let revision = alfa.get(&page(&cast.alfa.id)).await.value("revisione");
    assert_eq!(
        set(&alfa, &page(&cast.alfa.id), &[("nome_marchio", "Primo")]).await,
        303
    );
    let fields = [("revisione", revision.as_str()), ("nome_marchio", "Secondo")];
    let stale = alfa.post(&page(&cast.alfa.id), &fields).await;
    assert_eq!(stale.status.code, 409);
    stale.says("Primo").says("Secondo");
});
