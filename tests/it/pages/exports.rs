//! Lists as files: the rows of the list as it is filtered, in the reader's language and scope, with a record of who took
//! them.

use super::{reads, recorded};
use crate::{
    on_both,
    support::{browser::Browser, cast::PASSWORD},
};
use serde_json::json;

const ROOT: &str = "root@example.it";

async fn csv(browser: &Browser<'_>, path: &str) -> Vec<String> {
    let (reply, bytes) = browser.download(path).await;
    assert_eq!(reply.status.code, 200, "{path}");
    assert_eq!(reply.header("content-type"), Some("text/csv; charset=utf-8"));
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    let text = String::from_utf8(bytes).unwrap();
    let text = text.strip_prefix("\u{feff}").unwrap();
    text.lines().map(str::to_owned).collect()
}

on_both!(
    the_list_of_licences_is_exported_as_it_is_filtered_with_a_record,
    |world| async {
        let cast = world.cast().await;
        let hostile = json!({"quantita": 2, "etichetta": "=HYPERLINK(\"x\");1", "tipo_licenza": "trial"});
        let issued = world.issue(&cast.root, hostile).await;
        let root = Browser::sign_in(&world, ROOT, PASSWORD).await;
        let all = csv(&root, "/licenze/esporta/csv").await;
        assert!(
            all[0].starts_with("Cliente;Stato;Chiave;Prodotto;Tipo;"),
            "{}",
            all[0]
        );
        let trials = csv(
            &root,
            "/licenze/esporta/csv?tipo=trial&ordine=creazione&limite=25",
        )
        .await;
        assert_eq!(trials.len(), 3, "{trials:?}");
        for (line, (_, key)) in trials[1..].iter().zip(&issued) {
            assert!(line.contains(key), "{line}");
            assert!(line.contains("\"'=HYPERLINK(\"\"x\"\");1\""), "{line}");
            assert!(line.contains(";Prova;"), "{line}");
        }
        reads(&world, ROOT, "en");
        let english = csv(&root, "/licenze/esporta/csv?tipo=trial").await;
        assert!(english[0].starts_with("Customer;State;Key;"), "{}", english[0]);
        assert!(english[1].contains(";Trial;"), "{}", english[1]);
        assert_eq!(recorded(&world, "licenze.esportate"), 3);

        // Each has what they see, and no more; what they do not see is not there to be asked for.
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        let own = csv(&alfa, "/licenze/esporta/csv").await;
        assert!(own.len() > 1 && own.len() < all.len(), "{own:?}");
        assert!(own.iter().all(|line| !line.contains("HYPERLINK")), "{own:?}");
        assert!(own.iter().any(|line| line.contains(&cast.rossi.key)));
        let (reply, _) = alfa
            .download(&format!("/licenze/esporta/csv?azienda={}", cast.beta.id))
            .await;
        assert_eq!(reply.status.code, 404);
        assert_eq!(recorded(&world, "licenze.esportate"), 4);
        // Those above see the record, those beside do not.
        root.get("/registri/attivita?azione=licenze.esportate")
            .await
            .expect(200)
            .says(&cast.alfa.email);

        let (reply, book) = root.download("/licenze/esporta/xlsx").await;
        assert_eq!(reply.status.code, 200);
        assert!(book.starts_with(b"PK") && book.len() > 3000);
        root.get("/licenze/esporta/txt").await.expect(404);
        root.get("/licenze/esporta/csv?stato=boh").await.expect(422);
        root.get("/licenze?tipo=trial&ordine=scadenza")
            .await
            .expect(200)
            .says("/licenze/esporta/csv?tipo=trial");
    }
);

on_both!(customers_are_exported_to_who_sees_them, |world| async {
    let cast = world.cast().await;
    let root = Browser::sign_in(&world, ROOT, PASSWORD).await;
    let all = csv(&root, "/clienti/esporta/csv").await;
    assert!(all[0].starts_with("Cliente;Stato;E-mail;"), "{}", all[0]);
    let anna = Browser::sign_in(&world, &cast.anna.email, PASSWORD).await;
    let own = csv(&anna, "/clienti/esporta/csv").await;
    assert!(own.len() > 1 && own.len() < all.len(), "{own:?}");
    let one = csv(&root, "/clienti/esporta/csv?q=rossi").await;
    assert_eq!(one.len(), 2, "{one:?}");
    assert!(
        one[1].contains("ROSSI spa") && one[1].ends_with(|c: char| c.is_ascii_digit()),
        "{one:?}"
    );
    assert_eq!(recorded(&world, "clienti.esportati"), 3);
    let customer = Browser::sign_in(&world, "rossi@example.com", PASSWORD).await;
    customer.get("/clienti/esporta/csv").await.expect(403);
    customer.get("/licenze/esporta/csv").await.expect(403);
});

on_both!(
    a_list_that_is_too_long_says_so_and_leaves_no_record,
    |world| async {
        let cast = world.cast().await;
        for quantity in [10_000, 1] {
            world
                .issue(
                    &cast.root,
                    json!({"quantita": quantity, "tipo_licenza": "permanente"}),
                )
                .await;
        }
        let root = Browser::sign_in(&world, ROOT, PASSWORD).await;
        let page = root.get("/licenze/esporta/csv?tipo=permanente").await.expect(422);
        page.says("10.000").says("href=\"/licenze?tipo=permanente\"");
        assert_eq!(recorded(&world, "licenze.esportate"), 0);
        let (reply, _) = root.download("/licenze/esporta/csv?tipo=trial").await;
        assert_eq!(reply.status.code, 200);
    }
);
