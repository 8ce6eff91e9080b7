//! The same done to many licences: to each what the rule for one says, once, in the caller's scope, with its record.

use super::{reads, recorded};
use crate::{
    on_both,
    support::{World, browser::Browser, cast::PASSWORD},
};
use serde_json::json;

const ROOT: &str = "root@example.it";

fn count(world: &World, what: &str) -> i64 {
    world.database.count(&format!("SELECT COUNT(*) AS n FROM {what}"))
}

fn fields<'a>(token: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![("gettone", token)];
    fields.extend(more);
    fields
}

on_both!(
    all_that_a_list_shows_are_suspended_and_resumed_once_with_a_record_each,
    |world| async {
        let cast = world.cast().await;
        let of_alfa = json!({"quantita": 6, "azienda": cast.alfa.id, "tipo_licenza": "permanente"});
        let issued = world.issue(&cast.root, of_alfa).await;
        let revoke = format!("/api/admin/licenze/{}/revoca", issued[0].0);
        world
            .post(&revoke, &cast.root, json!({"motivo": "x"}))
            .await
            .expect(200);
        world
            .issue(&cast.root, json!({"quantita": 2, "tipo_licenza": "permanente"}))
            .await;
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        let path = "/licenze/insieme/sospendi?tutte=si&tipo=permanente";
        alfa.get("/licenze?tipo=permanente")
            .await
            .expect(200)
            .says(&path.replace('&', "&amp;"));
        for language in ["it", "en"] {
            reads(&world, &cast.alfa.email, language);
            let page = alfa.get(path).await.expect(200);
            page.says(if language == "it" {
                "5 licenze vengono modificate"
            } else {
                "5 licences are changed"
            });
            page.says(if language == "it" {
                "è revocata"
            } else {
                "it is revoked"
            });
            page.says(&issued[0].1);
        }
        reads(&world, &cast.alfa.email, "it");
        let token = alfa.get(path).await.value("gettone");
        // Something else wants words.
        let bad = alfa.post(path, &fields(&token, &[("causale", "altro")])).await;
        bad.expect(422).says("motivo-e");
        assert_eq!(recorded(&world, "licenza.sospesa"), 0);
        let sent = fields(&token, &[("causale", "cliente"), ("motivo", "Su richiesta <b>")]);
        let result = alfa.post(path, &sent).await.leads();
        assert_eq!(alfa.post(path, &sent).await.leads(), result);
        assert_eq!(recorded(&world, "licenza.sospesa"), 5);
        assert_eq!(count(&world, "suspensions"), 5);
        assert_eq!(count(&world, "licenses WHERE suspensions = 1"), 5);
        let page = alfa.get(&result).await.expect(200);
        page.says("5 fatte, 1 saltate").says("è revocata");
        let (reply, csv) = alfa.download(&format!("{result}/saltate")).await;
        assert_eq!(reply.status.code, 200);
        let csv = String::from_utf8(csv).unwrap();
        assert!(csv.lines().count() == 2 && csv.contains(&issued[0].1), "{csv}");
        // What came of it is told to who did it alone.
        let beta = Browser::sign_in(&world, &cast.beta.email, PASSWORD).await;
        beta.get(&result).await.expect(404);
        beta.get(&format!("{result}/saltate")).await.expect(404);
        // The same form about something else is no repetition of it.
        let other = alfa.post("/licenze/insieme/sospendi?tutte=si", &sent).await;
        other.expect(409);

        // The vendor's suspension of one is not alfa's to lift.
        let suspend = format!("/api/admin/licenze/{}/sospendi", cast.rossi.license);
        world
            .post(&suspend, &cast.root, json!({"motivo": "x"}))
            .await
            .expect(200);
        let path = "/licenze/insieme/riattiva?tutte=si&stato=sospesa";
        let page = alfa.get(path).await.expect(200);
        page.says("5 licenze vengono modificate").says("è di altri");
        let token = page.value("gettone");
        let result = alfa.post(path, &fields(&token, &[])).await.leads();
        alfa.get(&result).await.expect(200).says("5 fatte, 1 saltate");
        assert_eq!(recorded(&world, "licenza.riattivata"), 5);
        assert_eq!(count(&world, "licenses WHERE suspensions > 0"), 1);
        assert_eq!(count(&world, "suspensions WHERE lifted_at IS NULL"), 1);
    }
);

on_both!(
    nothing_is_touched_where_one_that_was_chosen_is_not_theirs,
    |world| async {
        let cast = world.cast().await;
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        let (own, others) = (&cast.rossi.license, &cast.bianchi.license);
        let path = format!("/licenze/insieme/sospendi?id={own}&id={others}");
        alfa.get(&path).await.expect(404);
        let sent = [("gettone", "g1"), ("causale", "cliente")];
        alfa.post(&path, &sent).await.expect(404);
        alfa.get("/licenze/insieme/sospendi?id=boh").await.expect(404);
        assert_eq!(recorded(&world, "licenza.sospesa"), 0);
        let path = format!("/licenze/insieme/sospendi?id={own}");
        alfa.post(&path, &sent).await.expect(303);
        assert_eq!(recorded(&world, "licenza.sospesa"), 1);
        // Of another's company nothing is among all of them.
        let path = format!("/licenze/insieme/sospendi?tutte=si&azienda={}", cast.beta.id);
        let reply = alfa
            .post(&path, &[("gettone", "g2"), ("causale", "cliente")])
            .await;
        assert_eq!(reply.leads(), format!("/licenze?azienda={}", cast.beta.id));
        assert_eq!(recorded(&world, "licenza.sospesa"), 1);
        // Nor is anything done where nothing was chosen.
        assert_eq!(alfa.get("/licenze/insieme/sospendi").await.leads(), "/licenze");
        let path = format!("/licenze/insieme/assegna?id={own}");
        let stranger = [("gettone", "g3"), ("azienda", cast.beta.id.as_str())];
        alfa.post(&path, &stranger).await.expect(404);
        // What costs something, and what cannot be undone, is the vendor's.
        alfa.get(&format!("/licenze/insieme/proroga?id={own}"))
            .await
            .expect(403);
        let free = [("gettone", "g4"), ("giorni", "30")];
        let reply = alfa
            .post(&format!("/licenze/insieme/proroga?id={own}"), &free)
            .await;
        assert!([403, 422].contains(&reply.status.code), "{}", reply.status);
        alfa.get(&format!("/licenze/insieme/revoca?id={own}"))
            .await
            .expect(403);
        let anna = Browser::sign_in(&world, &cast.anna.email, PASSWORD).await;
        anna.get(&format!("/licenze/insieme/sospendi?id={own}"))
            .await
            .expect(403);
        assert_eq!(recorded(&world, "licenza.modificata"), 0);
    }
);

on_both!(
    many_are_extended_assigned_and_revoked_by_the_vendor,
    |world| async {
        let cast = world.cast().await;
        let root = Browser::sign_in(&world, ROOT, PASSWORD).await;
        let stock = json!({"quantita": 3, "tipo_licenza": "permanente"});
        let stock = world.issue(&cast.root, stock).await;
        let dated = json!({"quantita": 3, "data_scadenza": "2030-01-31", "etichetta": "d"});
        world.issue(&cast.root, dated).await;

        let path = "/licenze/insieme/proroga?tutte=si";
        let page = root.get(path).await.expect(200);
        page.hides("licenze vengono modificate");
        let token = page.value("gettone");
        root.post(path, &fields(&token, &[]))
            .await
            .expect(422)
            .says("giorni-e");
        let wanted = [("giorni", "10"), ("prova", "si")];
        let look = root.post(path, &fields(&token, &wanted)).await.expect(200);
        look.says("non ha un ultimo giorno da spostare");
        assert_eq!(recorded(&world, "licenza.modificata"), 0);
        let result = root.post(path, &fields(&token, &wanted[..1])).await.leads();
        root.get(&result).await.expect(200).says("saltate");
        let moved = "licenses WHERE label = 'd' AND expires_on = '2030-02-10'";
        assert_eq!(count(&world, moved), 3);
        assert!(recorded(&world, "licenza.modificata") >= 3);

        let ids: Vec<String> = stock.iter().map(|(id, _)| format!("id={id}")).collect();
        let ids = ids.join("&");
        let path = format!("/licenze/insieme/assegna?{ids}&id={}", cast.bianchi.license);
        let to = [("gettone", "g5"), ("agente", cast.anna.id.as_str())];
        let result = root.post(&path, &to).await.leads();
        let page = root.get(&result).await.expect(200);
        page.says("3 fatte, 1 saltate").says("non vanno insieme");
        assert_eq!(recorded(&world, "licenza.assegnata"), 3);
        let anna = Browser::sign_in(&world, &cast.anna.email, PASSWORD).await;
        for (id, _) in &stock {
            anna.get(&format!("/licenze/{id}")).await.expect(200);
        }

        let path = format!("/licenze/insieme/revoca?{ids}");
        root.get(&path).await.expect(200).says("REVOCA");
        let token = "g6";
        let untyped = fields(token, &[("motivo", "fine"), ("conferma", "si")]);
        root.post(&path, &untyped).await.expect(422).says("conferma-e");
        assert_eq!(recorded(&world, "licenza.revocata"), 0);
        let typed = fields(token, &[("motivo", "fine"), ("conferma", "revoca")]);
        root.post(&path, &typed).await.expect(303);
        assert_eq!(recorded(&world, "licenza.revocata"), 3);
        // Nothing is left to be done.
        let again = fields("g7", &[("motivo", "fine"), ("conferma", "revoca")]);
        assert_eq!(root.post(&path, &again).await.leads(), "/licenze");
    }
);

on_both!(
    ten_thousand_are_changed_at_once_and_one_more_is_too_many,
    |world| async {
        let cast = world.cast().await;
        let stock = json!({"quantita": 10_000, "tipo_licenza": "permanente"});
        world.issue(&cast.root, stock).await;
        let root = Browser::sign_in(&world, ROOT, PASSWORD).await;
        let path = "/licenze/insieme/sospendi?tutte=si&tipo=permanente";
        let before = world.app.db.statements_read();
        let page = root.get(path).await.expect(200);
        assert!(world.app.db.statements_read() - before <= 12);
        page.says("10.000 licenze vengono modificate");
        let sent = [("gettone", "molte"), ("causale", "cliente")];
        let result = root.post(path, &sent).await.leads();
        root.get(&result)
            .await
            .expect(200)
            .says("10.000 fatte, 0 saltate");
        assert_eq!(recorded(&world, "licenza.sospesa"), 10_000);
        assert_eq!(count(&world, "licenses WHERE suspensions = 1"), 10_000);
        world
            .issue(&cast.root, json!({"tipo_licenza": "permanente"}))
            .await;
        root.get(path).await.expect(422).says("10.000");
        let sent = [("gettone", "troppe"), ("causale", "cliente")];
        root.post(path, &sent).await.expect(422);
        assert_eq!(recorded(&world, "licenza.sospesa"), 10_000);
    }
);
