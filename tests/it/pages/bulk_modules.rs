//! Modules of many licences at once, many given to a customer, those that were ticked as a file, and the password on the
//! form of a revocation.

use super::{reads, recorded};
use crate::{
    on_both,
    support::{browser::Browser, cast::PASSWORD},
};
use serde_json::json;

const ROOT: &str = "root@example.it";

on_both!(
    modules_of_many_are_switched_with_what_is_skipped_and_why,
    |world| async {
        let cast = world.cast().await;
        let other = json!({"codice": "ALTRO", "nome": "Altro", "versione": "1"});
        world
            .post("/api/admin/prodotti", &cast.root, other)
            .await
            .expect(201);
        let of_alfa = json!({"quantita": 5, "azienda": cast.alfa.id, "tipo_licenza": "permanente"});
        let issued = world.issue(&cast.root, of_alfa).await;
        let with = json!({"azienda": cast.alfa.id, "tipo_licenza": "permanente", "moduli": ["MAGAZZINO"]});
        world.issue(&cast.root, with).await;
        let of_other = json!({"prodotto": "ALTRO", "azienda": cast.alfa.id, "tipo_licenza": "permanente"});
        world.issue(&cast.root, of_other).await;
        let revoke = format!("/api/admin/licenze/{}/revoca", issued[0].0);
        world
            .post(&revoke, &cast.root, json!({"motivo": "x"}))
            .await
            .expect(200);
        let path = "/licenze/insieme/moduli?tutte=si&tipo=permanente";
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        for language in ["it", "en"] {
            reads(&world, &cast.alfa.email, language);
            let page = alfa.get(path).await.expect(200);
            page.says("MAGAZZINO")
                .says("Altro (1)")
                .hides("bulk-moduli")
                .hides("field-");
        }
        reads(&world, &cast.alfa.email, "it");
        let token = alfa.get(path).await.value("gettone");
        let fields = |more: &[(&'static str, &'static str)]| -> Vec<(&str, &str)> {
            let mut all = vec![("gettone", token.as_str())];
            all.extend(more);
            all
        };
        let shown = alfa
            .post(path, &fields(&[("prodotto", "ALTRO"), ("mostra", "si")]))
            .await
            .expect(200);
        shown.says("non ha moduli").hides("MAGAZZINO");
        let none = alfa.post(path, &fields(&[("prodotto", "GESTIONALE")])).await;
        none.expect(422).says("moduli");
        for wrong in ["NESSUNO", "\"><script>alert(1)</script>"] {
            let sent = [
                ("gettone", token.as_str()),
                ("prodotto", "GESTIONALE"),
                ("attiva", wrong),
            ];
            alfa.post(path, &sent).await.expect(422).hides("<script>alert");
        }
        let sent = [
            ("prodotto", "GESTIONALE"),
            ("attiva", "MAGAZZINO"),
            ("valido_al", "2090-01-31"),
        ];
        let mut looked = fields(&sent);
        looked.push(("prova", "si"));
        let page = alfa.post(path, &looked).await.expect(200);
        page.says("è di un altro prodotto")
            .says("è revocata")
            .says("5 licenze vengono modificate");
        assert_eq!(recorded(&world, "licenza.modificata"), 0);
        let result = alfa.post(path, &fields(&sent)).await.leads();
        assert_eq!(alfa.post(path, &fields(&sent)).await.leads(), result);
        alfa.get(&result).await.expect(200).says("5 fatte, 2 saltate");
        assert_eq!(recorded(&world, "licenza.modificata"), 5);
        let rows = "license_modules lm JOIN modules m ON m.id = lm.module_id WHERE m.code = 'MAGAZZINO' \
                    AND lm.expires_on = '2090-01-31'";
        let count = |what: &str| world.database.count(&format!("SELECT COUNT(*) AS n FROM {what}"));
        assert_eq!(count(rows), 5);
        assert_eq!(count("licenses WHERE revision = 2 AND kind = 'permanente'"), 6);

        // A stranger's among them, and nothing is done; an agent switches on and not off.
        let mixed = format!(
            "/licenze/insieme/moduli?id={}&id={}",
            issued[1].0, cast.bianchi.license
        );
        alfa.get(&mixed).await.expect(404);
        let off = [
            ("gettone", "g0"),
            ("prodotto", "GESTIONALE"),
            ("disattiva", "MAGAZZINO"),
        ];
        alfa.post(&mixed, &off).await.expect(404);
        let anna = Browser::sign_in(&world, &cast.anna.email, PASSWORD).await;
        let own = format!("/licenze/insieme/moduli?id={}", cast.verdi.license);
        let off = [
            ("gettone", "g1"),
            ("prodotto", "GESTIONALE"),
            ("disattiva", "MAGAZZINO"),
        ];
        anna.post(&own, &off).await.expect(422);
        let on = [
            ("gettone", "g2"),
            ("prodotto", "GESTIONALE"),
            ("attiva", "MAGAZZINO"),
        ];
        anna.post(&own, &on).await.expect(303);
        assert_eq!(recorded(&world, "licenza.modificata"), 6);
        let off = [
            ("gettone", "g3"),
            ("prodotto", "GESTIONALE"),
            ("disattiva", "MAGAZZINO"),
        ];
        let path = "/licenze/insieme/moduli?tutte=si&tipo=permanente&prodotto=GESTIONALE";
        alfa.post(path, &off).await.expect(303);
        assert_eq!(count(rows), 0);
    }
);

on_both!(ten_thousand_get_a_module_in_few_statements, |world| async {
    let cast = world.cast().await;
    let stock = json!({"quantita": 10_000, "tipo_licenza": "permanente"});
    world.issue(&cast.root, stock).await;
    let root = Browser::sign_in(&world, ROOT, PASSWORD).await;
    let path = "/licenze/insieme/moduli?tutte=si&tipo=permanente";
    let before = world.app.db.statements_read();
    root.get(path).await.expect(200).says("10.000");
    assert!(world.app.db.statements_read() - before <= 12);
    let sent = [
        ("gettone", "molte"),
        ("prodotto", "GESTIONALE"),
        ("attiva", "MAGAZZINO"),
    ];
    root.post(path, &sent).await.expect(303);
    assert_eq!(recorded(&world, "licenza.modificata"), 10_000);
});

on_both!(many_go_to_a_customer_and_take_its_company, |world| async {
    let cast = world.cast().await;
    let stock = world
        .issue(&cast.root, json!({"quantita": 3, "tipo_licenza": "permanente"}))
        .await;
    let ids: Vec<String> = stock.iter().map(|(id, _)| format!("id={id}")).collect();
    let path = format!("/licenze/insieme/assegna?{}", ids.join("&"));
    let root = Browser::sign_in(&world, ROOT, PASSWORD).await;
    let search = [("cerca_cliente", "ROSSI"), ("mostra", "si")];
    let found = root.post(&path, &search).await.expect(200);
    found.says(&cast.rossi.id).hides(&cast.bianchi.id);
    let to = [("gettone", "g1"), ("cliente", cast.rossi.id.as_str())];
    let looked = [("prova", "si"), to[1]];
    root.post(&path, &looked)
        .await
        .expect(200)
        .says("3 licenze vengono modificate");
    root.post(&path, &to).await.expect(303);
    assert_eq!(recorded(&world, "licenza.assegnata"), 3);
    for (id, _) in &stock {
        let sheet = world
            .get(&format!("/api/admin/licenze/{id}"), &cast.root)
            .await
            .expect(200);
        assert_eq!(sheet.body["cliente"], json!(cast.rossi.id));
        assert_eq!(sheet.body["azienda"], json!(cast.alfa.id));
    }
    // Nobody gives licences to who is not theirs.
    let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
    let own = format!("/licenze/insieme/assegna?id={}", cast.rossi.license);
    let stranger = [("gettone", "g2"), ("cliente", cast.bianchi.id.as_str())];
    alfa.post(&own, &stranger).await.expect(404);
    assert_eq!(recorded(&world, "licenza.assegnata"), 3);
});

on_both!(
    those_that_were_ticked_are_a_file_for_whoever_sees_them,
    |world| async {
        let cast = world.cast().await;
        let anna = Browser::sign_in(&world, &cast.anna.email, PASSWORD).await;
        let list = anna.get("/licenze").await.expect(200);
        list.says("name=\"id\"")
            .says("/licenze/esporta/csv")
            .hides("insieme/sospendi");
        let path = format!("/licenze/esporta/csv?id={}", cast.verdi.license);
        let (reply, csv) = anna.download(&path).await;
        assert_eq!(reply.status.code, 200);
        let csv = String::from_utf8(csv).unwrap();
        assert!(csv.lines().count() == 2 && csv.contains(&cast.verdi.key), "{csv}");
        assert_eq!(recorded(&world, "licenze.esportate"), 1);
        let stranger = format!("{path}&id={}", cast.bianchi.license);
        anna.get(&stranger).await.expect(404);
        anna.get("/licenze/esporta/csv?id=boh").await.expect(404);
        assert_eq!(recorded(&world, "licenze.esportate"), 1);
    }
);

on_both!(
    many_that_were_ticked_are_revoked_with_the_password_on_the_form,
    |world| async {
        let cast = world.cast().await;
        let stock = world
            .issue(&cast.root, json!({"quantita": 60, "tipo_licenza": "permanente"}))
            .await;
        let ids: Vec<String> = stock.iter().map(|(id, _)| format!("id={id}")).collect();
        let path = format!("/licenze/insieme/revoca?{}", ids.join("&"));
        assert!(path.len() > 1000);
        let root = Browser::sign_in(&world, ROOT, PASSWORD).await;
        root.get(&path).await.expect(200).hides("name=\"password\"");
        let long_ago = "UPDATE sessions SET confirmed_at = '2020-01-01 00:00:00.000000'";
        world.database.execute(long_ago).unwrap();
        let page = root.get(&path).await.expect(200);
        let token = page.says("name=\"password\"").value("gettone");
        let with = |password: &'static str| {
            vec![
                ("gettone", token.as_str()),
                ("motivo", "fine"),
                ("conferma", "REVOCA"),
                ("password", password),
            ]
        };
        for wrong in ["", "non è questa"] {
            root.post(&path, &with(wrong))
                .await
                .expect(422)
                .says("password-e")
                .hides("non è questa");
        }
        assert_eq!(recorded(&world, "licenza.revocata"), 0);
        let result = root.post(&path, &with(PASSWORD)).await.leads();
        root.get(&result).await.expect(200).says("60 fatte, 0 saltate");
        assert_eq!(recorded(&world, "licenza.revocata"), 60);
        // It was given for that alone.
        root.get("/licenze/insieme/revoca?tutte=si")
            .await
            .expect(200)
            .says("name=\"password\"");
    }
);

on_both!(an_included_module_is_switched_on_again_in_many, |world| async {
    let cast = world.cast().await;
    let of_alfa = json!({"quantita": 3, "azienda": cast.alfa.id, "tipo_licenza": "permanente"});
    world.issue(&cast.root, of_alfa).await;
    world
        .database
        .execute("UPDATE modules SET included = 1 WHERE code = 'MAGAZZINO'")
        .unwrap();
    let path = "/licenze/insieme/moduli?tutte=si&tipo=permanente";
    let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
    let page = alfa.get(path).await.expect(200);
    page.says("name=\"attiva\" value=\"MAGAZZINO\"")
        .hides("name=\"disattiva\" value=\"MAGAZZINO\"");
    let sent = [
        ("gettone", "di nuovo"),
        ("prodotto", "GESTIONALE"),
        ("attiva", "MAGAZZINO"),
    ];
    alfa.post(path, &sent).await.expect(303);
    assert_eq!(recorded(&world, "licenza.modificata"), 3);
    let off = [
        ("gettone", "via"),
        ("prodotto", "GESTIONALE"),
        ("disattiva", "MAGAZZINO"),
    ];
    alfa.post(path, &off).await.expect(422);
});
