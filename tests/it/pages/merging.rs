//! Customers who are one.

use super::audited;
use crate::{
    on_both,
    support::{browser::Browser, cast::PASSWORD, database::assert_places_add_up},
};
use serde_json::json;

/// The fields of a preview, as they are sent.
async fn previewed(root: &Browser<'_>, stays: &str, goes: &str) -> Vec<(&'static str, String)> {
    let page = root
        .get(&format!("/clienti/{stays}/unisci?altro={goes}"))
        .await
        .expect(200);
    ["gettone", "revisione", "altro", "revisione_altro"]
        .map(|name| (name, page.value(name)))
        .to_vec()
}

fn sent<'a>(fields: &'a [(&'static str, String)], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut all: Vec<_> = fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    all.extend(more);
    all
}

on_both!(only_the_vendor_learns_of_doubles_and_merges_them, |world| async {
    let cast = world.cast().await;
    for id in [&cast.rossi.id, &cast.bianchi.id] {
        let path = format!("/api/admin/clienti/{id}");
        world
            .patch(&path, &cast.root, 1, json!({"partita_iva": "00743110157"}))
            .await
            .expect(200);
    }
    let root = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
    let alfa = Browser::sign_in(&world, &cast.alfa.email, PASSWORD).await;
    let of = |id: &str, page: &str| format!("/clienti/{id}{page}");
    root.get(&of(&cast.rossi.id, ""))
        .await
        .expect(200)
        .says("BIANCHI");
    root.get(&of(&cast.rossi.id, "/unisci"))
        .await
        .expect(200)
        .says("BIANCHI");
    alfa.get(&of(&cast.rossi.id, ""))
        .await
        .expect(200)
        .hides("BIANCHI");
    alfa.get(&of(&cast.rossi.id, "/unisci")).await.expect(403);
    alfa.post(&of(&cast.rossi.id, "/unisci"), &[("altro", &cast.bianchi.id)])
        .await
        .expect(403);

    // Of two companies: whose it becomes has to be said.
    let fields = previewed(&root, &cast.rossi.id, &cast.bianchi.id).await;
    let path = of(&cast.rossi.id, "/unisci");
    root.post(&path, &sent(&fields, &[]))
        .await
        .expect(422)
        .says("BIANCHI");
    root.post(&path, &sent(&fields, &[("di_chi", &cast.verdi.id)]))
        .await
        .expect(422);
    root.post(&path, &sent(&fields, &[("di_chi", &cast.bianchi.id)]))
        .await
        .expect(303);
    let beta = Browser::sign_in(&world, &cast.beta.email, PASSWORD).await;
    alfa.get(&of(&cast.rossi.id, "")).await.expect(404);
    alfa.get(&of(&cast.bianchi.id, "")).await.expect(404);
    beta.get(&of(&cast.bianchi.id, "")).await.expect(404);
    beta.get(&of(&cast.rossi.id, "")).await.expect(200).says("ROSSI");
    beta.get("/clienti")
        .await
        .expect(200)
        .says("ROSSI")
        .hides("BIANCHI");
    alfa.get("/clienti")
        .await
        .expect(200)
        .hides("ROSSI")
        .hides("BIANCHI");
    root.get("/clienti")
        .await
        .expect(200)
        .says("ROSSI")
        .hides("BIANCHI spa");
    root.get(&of(&cast.bianchi.id, ""))
        .await
        .expect(200)
        .says("BIANCHI");
    root.get(&of(&cast.bianchi.id, "/modifica")).await.expect(404);
    root.get(&of(&cast.rossi.id, "/storico")).await.expect(200);
    for license in [&cast.rossi.license, &cast.bianchi.license] {
        beta.get(&format!("/licenze/{license}")).await.expect(200);
        alfa.get(&format!("/licenze/{license}")).await.expect(404);
    }
    alfa.get("/registri/attivita")
        .await
        .expect(200)
        .hides("BIANCHI")
        .hides(&cast.bianchi.id);
    for id in [&cast.rossi.id, &cast.bianchi.id] {
        assert_eq!(audited(&world, id, "cliente.unito"), 1);
    }
    let astray = world.database.count(
        "SELECT COUNT(*) AS n FROM licenses JOIN customers ON customers.id = licenses.customer_id \
         WHERE customers.archived_at IS NOT NULL OR licenses.company_id <> customers.company_id",
    );
    assert_eq!(astray, 0);
});

on_both!(
    who_stays_has_all_of_the_other_and_what_is_never_changed_is_found_from_it,
    |world| async {
        let cast = world.cast().await;
        let more = json!({"referenti": [{"nome": "Piero Verdi"}], "sedi": [{"nome": "Magazzino"}], "telefono": "049 1"});
        let of = |id: &str| format!("/api/admin/clienti/{id}");
        world
            .patch(&of(&cast.verdi.id), &cast.root, 1, more)
            .await
            .expect(200);
        let device = json!({"chiave_licenza": cast.verdi.key, "dispositivo": {"id": "PC-VERDI"}});
        world.call("/api/licenze/attiva", device).await.expect(200);
        world.settle().await;
        let root = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
        let path = format!("/clienti/{}/unisci", cast.rossi.id);

        // Changed meanwhile: told, and to be looked at again.
        let fields = previewed(&root, &cast.rossi.id, &cast.verdi.id).await;
        world
            .patch(&of(&cast.verdi.id), &cast.root, 2, json!({"telefono": "049 2"}))
            .await
            .expect(200);
        root.post(&path, &sent(&fields, &[]))
            .await
            .expect(409)
            .says("049 2");
        // In another state: first decided.
        world
            .post(
                &format!("{}/sospendi", of(&cast.verdi.id)),
                &cast.root,
                json!({"motivo": "prova"}),
            )
            .await
            .expect(200);
        let fields = previewed(&root, &cast.rossi.id, &cast.verdi.id).await;
        root.post(&path, &sent(&fields, &[])).await.expect(422);
        world
            .post(&format!("{}/riattiva", of(&cast.verdi.id)), &cast.root, json!({}))
            .await
            .expect(200);

        let fields = previewed(&root, &cast.rossi.id, &cast.verdi.id).await;
        root.post(&path, &sent(&fields, &[])).await.expect(303);
        root.post(&path, &sent(&fields, &[])).await.expect(404);
        root.get(&format!("/clienti/{}", cast.rossi.id))
            .await
            .expect(200)
            .says("Piero Verdi")
            .says("Magazzino")
            .says("049 2")
            .says("verdi@example.com");
        // Both histories are on one page, and the other leads to it.
        root.get(&format!("/clienti/{}/storico", cast.rossi.id))
            .await
            .expect(200)
            .says("049 1");
        root.get(&format!("/clienti/{}", cast.verdi.id))
            .await
            .expect(200)
            .says(&format!("/clienti/{}", cast.rossi.id));
        root.get("/clienti?q=verdi").await.expect(200).hides("VERDI spa");
        root.get("/cerca?q=verdi")
            .await
            .expect(200)
            .hides(&format!("/clienti/{}", cast.verdi.id));
        let verdi = Browser::sign_in(&world, "verdi@example.com", PASSWORD).await;
        verdi.get("/").await.expect(200).says("ROSSI spa");
        for license in [&cast.rossi.license, &cast.verdi.license] {
            verdi.get(&format!("/mie-licenze/{license}")).await.expect(200);
        }
        assert_places_add_up(&world.database);
    }
);

on_both!(activations_go_on_while_two_customers_become_one, |world| async {
    let cast = world.cast().await;
    let mut keys = Vec::new();
    for _ in 0..6 {
        let order = json!({"cliente": cast.verdi.id, "numero_dispositivi": 5});
        keys.push(world.issue(&cast.root, order).await.remove(0));
    }
    let root = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
    let fields = previewed(&root, &cast.rossi.id, &cast.verdi.id).await;
    let path = format!("/clienti/{}/unisci", cast.rossi.id);
    let fields = sent(&fields, &[]);
    let world = &world;
    let activations = futures::future::join_all(keys.iter().flat_map(|(_, key)| {
        (0..5).map(move |n| {
            let body = json!({"chiave_licenza": key, "dispositivo": {"id": format!("PC-{n}")}});
            world.call("/api/licenze/attiva", body)
        })
    }));
    let (merged, activated) = futures::future::join(root.post(&path, &fields), activations).await;
    merged.expect(303);
    for reply in activated {
        reply.expect(200);
    }
    world.settle().await;
    let of_rossi = world.database.count(
        "SELECT COUNT(*) AS n FROM licenses JOIN customers ON customers.id = licenses.customer_id \
         WHERE customers.name = 'ROSSI spa' AND licenses.devices_used = 5",
    );
    assert_eq!(of_rossi, 6);
    assert_places_add_up(&world.database);
});
