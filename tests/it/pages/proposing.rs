//! An agent who may not validate speaks for a waiting customer; who decides finds it first.

use super::{audited, harmless, reads};
use crate::{
    on_both,
    support::{World, browser::Browser, cast::PASSWORD},
};
use serde_json::json;

const ROOT: &str = "root@example.it";

/// A customer of the agent anna who waits.
async fn waits(world: &World, name: &str, agent: &str) -> String {
    let body = json!({
        "nome": name, "email": format!("{name}@example.org"), "codice_rivenditore": "ALFA", "consenso_privacy": true,
    });
    let reply = world.call("/api/clienti/registrazione", body).await.expect(201);
    let id = reply.str("/cliente/id");
    let give = format!(
        "UPDATE customers SET agent_id = X'{}' WHERE id = X'{}'",
        agent.replace('-', ""),
        id.replace('-', "")
    );
    world.database.execute(&give).unwrap();
    id
}

on_both!(an_agent_proposes_and_who_decides_sees_it_first, |world| async {
    let cast = world.cast().await;
    let early = waits(&world, "Prima", &cast.anna.id).await;
    let late = waits(&world, "Seconda", &cast.anna.id).await;
    let anna = Browser::sign_in(&world, &cast.anna.email, PASSWORD).await;
    let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
    let path = format!("/clienti/{early}/proponi");
    let at = |page: &str, name: &str| page.find(name).unwrap_or_else(|| panic!("no {name} in {page}"));

    // The newest stands first until somebody speaks for another.
    let page = alfa.get("/in-attesa").await.expect(200).text;
    assert!(at(&page, ">Seconda<") < at(&page, ">Prima<"));
    assert!(!page.contains("/proponi"), "who decides has nothing to propose");
    let page = anna.get("/in-attesa").await.expect(200).text;
    assert!(page.contains(&path), "{page}");
    assert!(
        anna.get(&format!("/clienti/{early}"))
            .await
            .expect(200)
            .text
            .contains(&path)
    );
    anna.get(&path).await.expect(200);
    let reply = anna.post(&path, &[("motivo", "Li conosco da anni")]).await;
    assert_eq!(reply.status.code, 303, "{}", reply.text);
    assert_eq!(audited(&world, &early, "cliente.proposto"), 1);

    let page = alfa.get("/in-attesa").await.expect(200).text;
    assert!(at(&page, ">Prima<") < at(&page, ">Seconda<"));
    assert_eq!(page.matches(">Prima<").count(), 1, "it stands there once");
    assert!(page.contains("Li conosco da anni"));
    for browser in [&alfa, &anna] {
        let sheet = browser.get(&format!("/clienti/{early}")).await.expect(200);
        assert!(sheet.text.contains("Li conosco da anni"));
        assert!(!sheet.text.contains("/proponi"));
    }
    // It decides nothing: the customer waits as before, and is validated as any other.
    let state = format!(
        "SELECT COUNT(*) AS n FROM customers WHERE state = 'in_attesa' AND id = X'{}'",
        early.replace('-', "")
    );
    assert_eq!(world.database.count(&state), 1);
    let reply = alfa.post(&format!("/clienti/{early}/convalida"), &[]).await;
    assert_eq!(reply.status.code, 303, "{}", reply.text);
    let reply = anna.post(&path, &[]).await;
    assert_eq!(reply.status.code, 409, "it waits no more");

    // Without a word too; with hostile ones they are words; too many are refused.
    let other = format!("/clienti/{late}/proponi");
    let long = "x".repeat(501);
    let reply = anna.post(&other, &[("motivo", &long)]).await;
    assert_eq!(reply.status.code, 422);
    let hostile = [("motivo", "\"><script>alert(1)</script>")];
    assert_eq!(anna.post(&other, &hostile).await.status.code, 303);
    harmless(&alfa.get("/in-attesa").await.text);
    harmless(&alfa.get(&format!("/clienti/{late}")).await.text);
    reads(&world, &cast.alfa.email, "en");
    let english = alfa.get("/in-attesa").await.expect(200);
    assert!(english.text.contains("Validation proposed"));
});

on_both!(nobody_speaks_for_who_is_not_theirs, |world| async {
    let cast = world.cast().await;
    let id = waits(&world, "Prima", &cast.anna.id).await;
    let path = format!("/clienti/{id}/proponi");
    for email in [&cast.bruno.email, &cast.beta.email, &cast.nino.email] {
        let stranger = Browser::sign_in(&world, email, PASSWORD).await;
        assert_eq!(stranger.get(&path).await.status.code, 404, "{email}");
        assert_eq!(stranger.post(&path, &[]).await.status.code, 404, "{email}");
    }
    let customer = Browser::sign_in(&world, "rossi@example.com", PASSWORD).await;
    assert_eq!(customer.post(&path, &[]).await.status.code, 403);
    // What was said goes with who is forgotten.
    let anna = Browser::sign_in(&world, &cast.anna.email, PASSWORD).await;
    assert_eq!(anna.post(&path, &[("motivo", "Segreto")]).await.status.code, 303);
    let root = Browser::sign_in(&world, ROOT, PASSWORD).await;
    let page = root.get(&format!("/clienti/{id}/dati-personali")).await;
    let revision = page.value("revisione");
    let forget = [("conferma", "Prima"), ("revisione", revision.as_str())];
    let reply = root
        .post(&format!("/clienti/{id}/dati-personali/anonimizza"), &forget)
        .await;
    assert_eq!(reply.status.code, 303, "{}", reply.text);
    assert_eq!(
        world
            .database
            .count("SELECT COUNT(*) AS n FROM customers WHERE proposed_note IS NOT NULL"),
        0
    );
});
