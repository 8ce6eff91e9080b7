//! Changes of one thing, by several at once.

use super::*;

on_both!(
    two_orders_that_fit_a_quota_only_singly_do_not_pass_together,
    |world| async {
        let cast = world.cast().await;
        let second = world.second_client().await;
        for n in 0..rounds(10, 500) {
            let above = world
                .node(&cast.root, &format!("SOPRA{n}"), "rivenditore", None)
                .await;
            let below = world
                .node(&cast.root, &format!("SOTTO{n}"), "sottoazienda", Some(&above.id))
                .await;
            let (paid, trial) = (json!({"quota_licenze": 10}), json!({"quota_prove": 10}));
            let (quota, kind) = if n % 2 == 0 {
                (paid, "abbonamento")
            } else {
                (trial, "trial")
            };
            world
                .patch(&format!("/api/admin/agent/{}", above.id), &cast.root, 1, quota)
                .await
                .expect(200);
            let order = json!({"prodotto": "GESTIONALE", "tipo_licenza": kind, "quantita": 6});
            let (above, below) = (bearer(&above.token), bearer(&below.token));
            let (one, other) = futures::future::join(
                post(&world.client, "/api/admin/licenze", &above, &order),
                post(&second, "/api/admin/licenze", &below, &order),
            )
            .await;
            let (passed, refused) = if one.status == Status::Created {
                (one, other)
            } else {
                (other, one)
            };
            passed.expect(201);
            refused.refused(409, "QUOTA_SUPERATA");
        }
    }
);

async fn change(client: &Client, path: &str, token: &str, tag: &str, body: &Value) -> Reply {
    let request = client
        .patch(path.to_owned())
        .remote("127.0.0.1:4000".parse().unwrap())
        .header(ContentType::JSON)
        .header(Header::new("Authorization", format!("Bearer {token}")))
        .header(Header::new("If-Match", tag.to_owned()));
    Reply::of(request.body(body.to_string())).await
}

on_both!(
    of_two_changes_of_one_revision_one_is_made_and_one_is_told,
    |world| async {
        let cast = world.cast().await;
        let second = world.second_client().await;
        let objects = [
            (format!("/api/admin/licenze/{}", cast.rossi.license), "etichetta"),
            (format!("/api/admin/clienti/{}", cast.rossi.id), "nome"),
            (format!("/api/admin/agent/{}", cast.alfa.id), "nome"),
            ("/api/admin/prodotti/GESTIONALE".to_owned(), "nome"),
        ];
        for (path, field) in &objects {
            for n in 0..rounds(5, 200) {
                let tag = world
                    .get(path, &cast.root)
                    .await
                    .expect(200)
                    .header("etag")
                    .unwrap()
                    .to_owned();
                let (first, then) = (
                    json!({(*field): format!("uno {n}")}),
                    json!({(*field): format!("altro {n}")}),
                );
                let (one, other) = futures::future::join(
                    change(&world.client, path, &cast.root, &tag, &first),
                    change(&second, path, &cast.root, &tag, &then),
                )
                .await;
                let mut statuses = [one.status.code, other.status.code];
                statuses.sort_unstable();
                assert_eq!(statuses, [200, 412], "{path}: {} {}", one.text, other.text);
                let winner = if one.status.code == 200 { "uno" } else { "altro" };
                let now = world.get(path, &cast.root).await.expect(200);
                assert_eq!(now.body[*field], format!("{winner} {n}"));
            }
        }
    }
);

on_both!(
    of_two_superadmins_who_disable_each_other_one_is_left,
    |world| async {
        let mut tokens = vec![world.root().await];
        let permit = Permit::ask(&Actor::operator()).unwrap();
        let password = NewPassword(PASSWORD.into());
        found::superadmin(&world.app, permit, "altro@example.it".into(), password)
            .await
            .unwrap();
        tokens.push(world.token("altro@example.it", false).await);
        let second = world.second_client().await;
        let users = world.get("/api/admin/utenti", &tokens[0]).await.expect(200);
        let emails = ["root@example.it", "altro@example.it"];
        let ids: Vec<String> = emails
            .iter()
            .map(|email| {
                let all = users.body["dati"].as_array().unwrap();
                let user = all.iter().find(|user| user["email"] == *email).unwrap();
                user["id"].as_str().unwrap().to_owned()
            })
            .collect();
        for _ in 0..rounds(10, 500) {
            let disable = |client, by: usize, whom: usize| {
                let (path, headers) = (
                    format!("/api/admin/utenti/{}/disabilita", ids[whom]),
                    bearer(&tokens[by]),
                );
                async move { post(client, &path, &headers, &json!({})).await }
            };
            let (one, other) =
                futures::future::join(disable(&world.client, 0, 1), disable(&second, 1, 0)).await;
            let left = "SELECT COUNT(*) AS n FROM users WHERE state = 'attivo'";
            assert_eq!(world.database.count(left), 1, "{} {}", one.text, other.text);
            let survivor = usize::from(one.status != Status::Ok);
            let loser = if survivor == 0 { other } else { one };
            assert!(
                loser.status == Status::Unauthorized || loser.code() == "ULTIMO_SUPERADMIN",
                "{}",
                loser.text
            );
            let path = format!("/api/admin/utenti/{}/abilita", ids[1 - survivor]);
            world.post(&path, &tokens[survivor], json!({})).await.expect(200);
            tokens[1 - survivor] = world.token(emails[1 - survivor], false).await;
        }
    }
);

on_both!(two_set_ups_at_once_make_one_vendor, |world| async {
    let second = world.second().await;
    let set_up = |app, email: &'static str| async move {
        let permit = Permit::ask(&Actor::operator()).unwrap();
        found::superadmin(app, permit, email.into(), NewPassword(PASSWORD.into())).await
    };
    let (one, other) = futures::future::join(
        set_up(&world.app, "uno@example.it"),
        set_up(&second, "altro@example.it"),
    )
    .await;
    one.unwrap();
    other.unwrap();
    let vendors = "SELECT COUNT(*) AS n FROM nodes WHERE kind = 'fornitore'";
    assert_eq!(world.database.count(vendors), 1);
});
