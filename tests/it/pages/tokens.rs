//! Tokens for the API.

use crate::{
    on_both,
    support::{browser::Browser, cast::PASSWORD},
};

on_both! {
    a_token_is_made_once_shown_once_used_and_ended,
    |world| async move {
        let cast = world.cast().await;
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        let form = alfa.get("/gettoni/nuovo").await.expect(200);
        let token = form.value("gettone");
        alfa.post("/gettoni/nuovo", &[("gettone", &token), ("nome", ""), ("ambito", "tutto")])
            .await.expect(422).says("Campo obbligatorio").says("value=\"tutto\" checked");
        let fields = [("gettone", token.as_str()), ("nome", "\"><b>x</b>"), ("ambito", "lettura"), ("giorni", "30")];
        let made = alfa.post("/gettoni/nuovo", &fields).await.expect(200);
made.hides("<b>x</b>");
        let secret = made.text.split_once("sgl_").unwrap().1;
        let secret: String = format!("sgl_{}", secret.chars().take_while(|c| c.is_alphanumeric() || *c == '-' || *c == '_').collect::<String>());
        // Sent twice, it is one token, and it is shown no second time.
        let again = alfa.post("/gettoni/nuovo", &fields).await;
        assert_eq!(again.leads(), "/gettoni");
        assert_eq!(world.database.count("SELECT COUNT(*) AS n FROM audit_log WHERE action = 'token.creato' AND actor_name = 'alfa@example.it'"), 1);
        world.get("/api/admin/licenze", &secret).await.expect(200);
        world.post("/api/admin/licenze", &secret, serde_json::json!({})).await.expect(403);
        let list = alfa.get("/gettoni").await.expect(200);
list.hides(&secret).says(&secret[..12]);
        let href = list.text.split_once("href=\"/gettoni/0").unwrap().1.split('/').next().unwrap();
        let path = format!("/gettoni/0{href}/revoca");
        let beta = Browser::sign_in(&world, &cast.beta.email, PASSWORD).await;
        beta.get(&path).await.expect(404);
        beta.post(&path, &[]).await.expect(404);
        beta.get("/gettoni").await.expect(200).hides(&secret[..12]);
        // A company above sees the users below, and not their tokens.
        let root = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
        root.get("/gettoni").await.expect(200).says(&secret[..12]).says("alfa@example.it");
        root.get(&path).await.expect(200);
        alfa.post(&path, &[]).await.expect(303);
        world.get("/api/admin/licenze", &secret).await.expect(401);
        alfa.post(&path, &[]).await.expect(409);
        assert_eq!(world.database.count("SELECT COUNT(*) AS n FROM audit_log WHERE action = 'token.revocato'"), 1);
    }
}

on_both! {
    tokens_are_made_by_who_gave_the_password_a_short_while_ago,
    |world| async move {
        let cast = world.cast().await;
        let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
        world.app.clock.advance(chrono::Duration::minutes(16));
        let asked = alfa.get("/gettoni/nuovo").await.expect(303);
        assert_eq!(asked.header("location"), Some("/conferma?poi=%2Fgettoni%2Fnuovo"));
        alfa.post("/gettoni/nuovo", &[("nome", "x"), ("ambito", "lettura")]).await.expect(303);
        alfa.get("/gettoni").await.expect(200);
        assert_eq!(world.database.count("SELECT COUNT(*) AS n FROM api_tokens WHERE name = 'x'"), 0);
    }
}
