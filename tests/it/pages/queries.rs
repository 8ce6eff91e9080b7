//! What a page costs: at most twelve statements, however many rows it shows.

use super::user_id;
use crate::{
    on_both,
    support::{browser::Browser, cast::PASSWORD},
};
use serde_json::json;

/// Statements that a page may be read with, the look at the session among them.
const AT_MOST: u64 = 12;

/// The pages, with `{licenza}` and others in the place of what they are about: whoever makes a page adds its line.
const PAGES: &[&str] = &[
    "/",
    "/registrazione",
    "/registrazione/ALFA",
    "/licenze",
    "/licenze?limite=100&ordine=scadenza",
    "/licenze?limite=100&ordine=-contatto",
    "/licenze?limite=100&ordine=-cliente&tipo=abbonamento&prodotto=GESTIONALE&azienda={azienda}&agente={agente}",
    "/licenze?cliente={cliente}&q=R&in_attesa=convalida&scade_entro=30&stato=attiva",
    "/licenze/esporta/csv?prodotto=GESTIONALE&azienda={azienda}&q=R",
    "/clienti/esporta/xlsx?azienda={azienda}",
    "/licenze/insieme/sospendi?tutte=si&prodotto=GESTIONALE",
    "/licenze/insieme/riattiva?tutte=si",
    "/licenze/insieme/archivia?tutte=si",
    "/licenze/insieme/ripristina?tutte=si&archivio=si",
    "/licenze?archivio=si&azienda={azienda}",
    "/licenze/{licenza}/archivia",
    "/licenze/{licenza}/ripristina",
    "/licenze/insieme/revoca?id={licenza}",
    "/licenze/insieme/assegna?tutte=si&azienda={azienda}",
    "/licenze/insieme/proroga?tutte=si",
    "/licenze/insieme/moduli?tutte=si",
    "/licenze/{licenza}",
    "/licenze/{licenza}?dispositivo=D9&versione=3.2",
    "/licenze/{prova}?dispositivo=D9",
    "/licenze/{licenza}/dispositivi",
    "/licenze/{licenza}/moduli",
    "/licenze/{licenza}/transazioni",
    "/licenze/{licenza}/storico",
    "/licenze/{licenza}/registro",
    "/licenze/{licenza}/dati",
    "/licenze/{licenza}/certificato",
    "/licenze/{licenza}/modifica",
    "/licenze/{prova}/converti",
    "/licenze/{licenza}/sospendi",
    "/licenze/{licenza}/riattiva",
    "/licenze/{licenza}/revoca",
    "/licenze/{licenza}/assegna",
    "/?periodo=anno",
    "/registri/attivazioni?limite=200",
    "/registri/attivazioni?chiave=AAAAA&esito=rifiutata&operazione=attiva&dal=2020-01-01&q=D1",
    "/registri/accessi?limite=200&utente=root@example.it",
    "/registri/attivita?limite=200",
    "/registri/attivita?utente=root@example.it&azione=cliente.creato&cosa=cliente",
    "/statistiche",
    "/statistiche?periodo=trimestre&prodotto=GESTIONALE&azienda={azienda}&agente={agente}",
    "/statistiche/esporta/csv?tabella=agenti&azienda={azienda}",
    "/gettoni",
    "/gettoni/nuovo",
    "/posta",
    "/avvisi",
    "/webhook",
    "/aziende/{azienda}/webhook",
    "/webhook/nuovo",
    "/profilo",
    "/licenze/{licenza}/invia",
    "/impostazioni",
    "/attivita-pianificate",
    "/aziende/{azienda}/marchio",
    "/impostazioni/marchio",
    "/modelli",
    "/modelli?azienda={azienda}",
    "/modelli/ritrova_chiavi/it",
    "/modelli/ritrova_chiavi/en?azienda={azienda}",
    "/modelli/invito/it?azienda={azienda}",
    "/modelli/ritrova_chiavi/it/versioni?azienda={azienda}",
    "/cerca?q=CLIENTE",
    "/cerca?q=D1",
    "/cerca?rapida=si&q=C",
    "/cerca?rapida=si&q=D1",
    "/api/docs",
    "/in-attesa",
    "/in-attesa/licenze",
    "/in-attesa/clienti/decidi?azione=convalida&tutti=si",
    "/in-attesa/clienti/decidi?azione=rifiuta&tutti=si",
    "/in-attesa/licenze/assegna?id={licenza}&azienda={azienda}&agente={agente}",
    "/licenze/modelli",
    "/licenze/nuova?prodotto=GESTIONALE&cliente={cliente}&azienda={azienda}&agente={agente}",
    "/viste",
    "/viste/nuova?elenco=clienti&stato=convalidato",
    "/clienti",
    "/clienti?q=C&azienda={azienda}&agente={agente}&stato=convalidato",
    "/clienti/nuovo",
    "/clienti/{cliente}",
    "/clienti/{cliente}/storico",
    "/clienti/{cliente}/modifica",
    "/clienti/{cliente}/sospendi",
    "/clienti/{cliente}/proponi",
    "/clienti/{cliente}/assegna",
    "/clienti/{cliente}/dati-personali",
    "/clienti/{cliente}/unisci",
    "/clienti/{cliente}/unisci?altro={altro}",
    "/aziende",
    "/aziende?q=a",
    "/aziende/nuova",
    "/aziende/{azienda}",
    "/aziende/{agente}",
    "/aziende/{agente}/storico",
    "/aziende/{agente}/modifica",
    "/aziende/{azienda}/regole",
    "/aziende/{agente}/regole",
    "/aziende/{azienda}/prodotti",
    "/aziende/{agente}/sospendi",
    "/aziende/{agente}/sposta",
    "/utenti",
    "/utenti?q=a&nodo={azienda}",
    "/utenti/nuovo",
    "/utenti/{utente}",
    "/utenti/{utente}/storico",
    "/utenti/{utente}/modifica",
    "/utenti/{utente}/disabilita",
    "/utenti/{utente}/sessioni",
];

on_both!(no_page_takes_more_than_twelve_queries, |world| async {
    let cast = world.cast().await;
    for n in 0..40 {
        let customer = world
            .customer(
                &cast.root,
                &format!("CLIENTE{n}"),
                &cast.alfa.id,
                Some(&cast.anna.id),
            )
            .await;
        let body = json!({"chiave_licenza": customer.key, "dispositivo": {"id": format!("D{n}")}});
        world.call("/api/licenze/attiva", body).await.expect(200);
    }
    for device in ["D1", "D2", "D3"] {
        let body = json!({"chiave_licenza": cast.rossi.key, "dispositivo": {"id": device}});
        world.call("/api/licenze/attiva", body).await;
    }
    let trial = json!({"tipo_licenza": "trial", "dispositivi_ammessi": ["D9"], "cliente": cast.verdi.id});
    let trial = world.issue(&cast.root, trial).await.remove(0).0;
    let path = format!("/api/admin/licenze/{}/sospendi", cast.rossi.license);
    for token in [&cast.root, &cast.alfa.token] {
        world
            .post(&path, token, json!({"motivo": "prova"}))
            .await
            .expect(200);
    }
    world.settle().await;
    world
        .database
        .execute("UPDATE customers SET state = 'in_attesa' WHERE name LIKE 'CLIENTE%'")
        .unwrap();
    // Who has another grace costs one more where states are told.
    let alfa = format!("/api/admin/agent/{}", cast.alfa.id);
    let rules = json!({"regole": {"giorni_tolleranza": 5}});
    let set = world.ask(rocket::http::Method::Patch, &alfa, Some(&cast.root), Some(rules));
    set.await.expect(200);
    let user = user_id(&world, &cast.anna.email);
    let mut wrong = Vec::new();
    for (who, email) in [("superadmin", "root@example.it"), ("reseller", &cast.alfa.email)] {
        let browser = Browser::sign_in(&world, email, PASSWORD).await;
        for page in PAGES {
            let path = page
                .replace("{licenza}", &cast.rossi.license)
                .replace("{prova}", &trial)
                .replace("{azienda}", &cast.alfa.id)
                .replace("{agente}", &cast.anna.id)
                .replace("{cliente}", &cast.rossi.id)
                .replace("{altro}", &cast.bianchi.id)
                .replace("{utente}", &user);
            let before = world.app.db.statements_read();
            let reply = browser.get(&path).await;
            let read = world.app.db.statements_read() - before;
            // What is the superadmin's alone is refused to others, and costs nothing.
            if who == "superadmin" {
                assert_eq!(reply.status.code, 200, "{path}");
            }
            if !(1..=AT_MOST).contains(&read) {
                wrong.push(format!("{path} takes {read}, for the {who}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
});
