//! The computer key: what it says, how long it holds, and that nothing but our own signature is believed.

use crate::{
    on_both,
    support::{
        World,
        computer::{bent, bytes, claims, header, join},
        instant, rounds,
    },
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use serde_json::{Value, json};
use sigillo::domain::license::computer_key::{self, Claims, Signer};

const ATTIVA: &str = "/api/licenze/attiva";
const VALIDA: &str = "/api/licenze/valida";

fn device(key: &str, id: &str) -> Value {
    json!({"chiave_licenza": key, "dispositivo": {"id": id}})
}

/// What `valida` says of a computer key.
async fn shown(world: &World, token: &str) -> (u16, String) {
    let reply = world.call(VALIDA, json!({"chiave_computer": token})).await;
    (reply.status.code, reply.code().to_owned())
}

/// Holds that a computer key is none of ours.
async fn refused(world: &World, token: &str, why: &str) {
    let verdict = shown(world, token).await;
    assert_eq!(
        verdict,
        (422, "CHIAVE_COMPUTER_NON_VALIDA".to_owned()),
        "{why}: {token}"
    );
}

/// Holds that a computer key is good.
async fn good(world: &World, token: &str) -> String {
    let body = json!({"chiave_computer": token});
    let reply = world.call(VALIDA, body).await.expect(200);
    assert_eq!(reply.code(), "VALIDA", "{}", reply.text);
    reply.str("/chiave_computer")
}

on_both!(it_says_what_the_contract_says_and_nothing_else, |world| async {
    let cast = world.cast().await;
    let root = &cast.root;
    let product = json!({
        "codice": "STUDIO", "nome": "Studio", "versione": "7.1", "proprieta": {"colore": "blu", "livello": 3},
        "moduli": [{"codice": "A", "incluso": true}, {"codice": "B", "bit": 5}, {"codice": "C", "bit": 31}],
    });
    world.post("/api/admin/prodotti", root, product).await.expect(201);
    world.clock_to("2027-02-01T10:00:00Z", 0);
    let order = json!({
        "prodotto": "STUDIO", "tipo_licenza": "abbonamento", "vincolo": "utente", "numero_utenti": 2, "moduli": ["C"],
        "data_scadenza": "2027-12-31",
    });
    let (license, key) = world.issue(root, order).await.remove(0);
    let mut body = device(&key, "D1 «è» 漢字 🦀");
    body["nonce"] = json!("n-0123456789");
    body["utente"] = json!("Mario@example.it");
    let reply = world.call(ATTIVA, body.clone()).await.expect(200);
    let token = reply.str("/chiave_computer");

    let kid = world
        .database
        .count("SELECT COUNT(*) AS n FROM signing_keys WHERE state = 'current'");
    assert_eq!(kid, 2, "each product has one key in use");
    let head = header(&token);
    assert_eq!((&head["alg"], &head["typ"]), (&json!("EdDSA"), &json!("JWT")));
    assert_eq!(head.as_object().unwrap().len(), 3);
    let said = claims(&token);
    let now = instant("2027-02-01T10:00:00Z").timestamp();
    assert!((said["iat"].as_i64().unwrap() - now).abs() < 60);
    assert_eq!(
        said["exp"].as_i64().unwrap() - said["iat"].as_i64().unwrap(),
        14 * 86_400
    );
    assert_eq!(
        instant(&reply.str("/ricontrolla_entro")).timestamp(),
        said["exp"].as_i64().unwrap()
    );
    let mut rest = said.clone();
    for name in ["iat", "exp"] {
        rest.as_object_mut().unwrap().remove(name);
    }
    assert_eq!(
        rest,
        json!({
            "iss": "https://licenze.example.it", "sub": license, "jti": reply.str("/attivazione/id"),
            "prodotto": "STUDIO", "versione": "7.1", "tipo": "abbonamento", "stato": "attiva",
            "scadenza": "2027-12-31", "manutenzione_al": null, "moduli": ["A", "C"], "maschera": 0x8000_0001_u32,
            "moduli_al": {}, "dispositivo": "D1 «è» 漢字 🦀", "utente": "mario@example.it",
            "proprieta": {"colore": "blu", "livello": 3}, "nonce": "n-0123456789",
        })
    );
    assert!(said.get("nbf").is_none(), "slow clocks must work");
    assert_eq!(reply.body["licenza"]["maschera_moduli"], 0x8000_0001_u32);
    assert_eq!(reply.body["licenza"]["moduli_attivi"], json!(["A", "C"]));

    // Without a nonce in the request there is none in the answer; a checked one carries the check's own.
    let plain = good(&world, &token).await;
    assert!(claims(&plain).get("nonce").is_none());
    let body = json!({"chiave_computer": token, "nonce": "altro"});
    let fresh = world.call(VALIDA, body).await.expect(200).str("/chiave_computer");
    assert_eq!(claims(&fresh)["nonce"], "altro");
    assert_eq!(claims(&fresh)["jti"], said["jti"]);

    // A module that ends earlier says when, and is gone the day after.
    world
        .database
        .execute("UPDATE license_modules SET expires_on = '2027-02-05' WHERE module_id IN (SELECT id FROM modules WHERE code = 'C')")
        .unwrap();
    assert_eq!(
        claims(&good(&world, &token).await)["moduli_al"],
        json!({"C": "2027-02-05"})
    );
    world.clock_to("2027-02-05T23:00:00Z", 1);
    let later = claims(&good(&world, &token).await);
    assert_eq!(
        (&later["moduli"], &later["maschera"], &later["moduli_al"]),
        (&json!(["A"]), &json!(1), &json!({}))
    );
});

on_both!(
    its_lease_is_the_licences_or_the_products_and_never_longer_than_the_licence,
    |world| async {
        let cast = world.cast().await;
        let root = &cast.root;
        world.clock_to("2027-02-01T10:00:00Z", 0);
        let day = 86_400;
        let lease = |token: &str| {
            let said = claims(token);
            said.get("exp")
                .map(|exp| exp.as_i64().unwrap() - said["iat"].as_i64().unwrap())
        };
        let (id, key) = world
            .issue(root, json!({"tipo_licenza": "permanente"}))
            .await
            .remove(0);
        assert_eq!(lease(&world.computer_key(&key, "D1").await), Some(14 * day));
        let path = format!("/api/admin/licenze/{id}");
        world
            .patch(&path, root, 1, json!({"giorni_offline": 3}))
            .await
            .expect(200);
        assert_eq!(lease(&world.computer_key(&key, "D1").await), Some(3 * day));
        world
            .patch(&path, root, 2, json!({"giorni_offline": 0}))
            .await
            .expect(200);
        assert_eq!(lease(&world.computer_key(&key, "D1").await), Some(0));
        world
            .patch(&path, root, 3, json!({"giorni_offline": null}))
            .await
            .expect(200);
        assert_eq!(lease(&world.computer_key(&key, "D1").await), Some(14 * day));

        // Unlimited offline use: no end, except where the licence has one.
        let product =
            json!({"codice": "SEMPRE", "nome": "Sempre", "offline_illimitato": true, "giorni_tolleranza": 5});
        world.post("/api/admin/prodotti", root, product).await.expect(201);
        let order = json!({"prodotto": "SEMPRE", "tipo_licenza": "permanente"});
        let (id, key) = world.issue(root, order).await.remove(0);
        let reply = world.call(ATTIVA, device(&key, "D1")).await.expect(200);
        assert_eq!(lease(&reply.str("/chiave_computer")), None);
        assert!(reply.body["ricontrolla_entro"].is_null());
        let path = format!("/api/admin/licenze/{id}");
        world
            .patch(&path, root, 1, json!({"giorni_offline": 7}))
            .await
            .expect(200);
        assert_eq!(lease(&world.computer_key(&key, "D1").await), Some(7 * day));
        let order =
            json!({"prodotto": "SEMPRE", "tipo_licenza": "abbonamento", "data_scadenza": "2027-05-10"});
        let (_, key) = world.issue(root, order).await.remove(0);
        let token = world.computer_key(&key, "D1").await;
        assert_eq!(claims(&token)["exp"], instant("2027-05-15T22:00:00Z").timestamp());
    }
);

on_both!(only_what_we_signed_is_believed, |world| async {
    let cast = world.cast().await;
    let token = world.computer_key(&cast.rossi.key, "D1").await;
    good(&world, &token).await;
    let said: Claims = serde_json::from_value(claims(&token)).unwrap();
    let kid = header(&token)["kid"].as_str().unwrap().to_owned();

    for part in 0..3 {
        refused(&world, &bent(&token, part), "a changed byte").await;
    }
    let forged = Signer::new([42; 32], &kid).sign(&said).unwrap();
    refused(&world, &forged, "somebody else's signature").await;
    let stranger = Signer::new([42; 32], "");
    let own_kid = computer_key::kid(&stranger.public_key());
    let forged = Signer::new([42; 32], &own_kid).sign(&said).unwrap();
    refused(&world, &forged, "a key that nobody published").await;

    let with_header = |head: Value, signature: &[u8]| {
        let mut parts = bytes(&token);
        parts[0] = head.to_string().into_bytes();
        parts[2] = signature.to_vec();
        join(&parts)
    };
    let signature = bytes(&token).remove(2);
    for alg in [
        "none", "None", "NONE", "nOnE", "HS256", "RS256", "ES256", "Ed25519", "eddsa", "",
    ] {
        let head = json!({"alg": alg, "typ": "JWT", "kid": kid});
        refused(&world, &with_header(head.clone(), &signature), alg).await;
        refused(&world, &with_header(head.clone(), &[]), alg).await;
    }
    // HS256 with the public key for its secret: in raw form, and as PEM.
    let public = world.public_key(&kid).await;
    let pem = world
        .ask(
            rocket::http::Method::Get,
            "/api/prodotti/GESTIONALE/chiave-pubblica",
            None,
            None,
        )
        .await
        .expect(200)
        .text;
    for secret in [public.to_vec(), pem.into_bytes()] {
        let head = json!({"alg": "HS256", "typ": "JWT", "kid": kid});
        let mut parts = bytes(&with_header(head, &[]));
        let signed = join(&parts);
        let mut mac = <hmac::Hmac<sha2::Sha256> as hmac::KeyInit>::new_from_slice(&secret).unwrap();
        hmac::Mac::update(&mut mac, signed.trim_end_matches('.').as_bytes());
        parts[2] = hmac::Mac::finalize(mac).into_bytes().to_vec();
        refused(&world, &join(&parts), "HS256 with the public key").await;
    }
    for head in [
        json!({"alg": "EdDSA", "typ": "JWT"}),
        json!({"alg": "EdDSA", "kid": kid}),
        json!({"alg": "EdDSA", "typ": "JOSE", "kid": kid}),
        json!({"alg": "EdDSA", "typ": "JWT", "kid": null}),
        json!({"alg": "EdDSA", "typ": "JWT", "kid": "", "jwk": computer_key::jwk(&public, &kid)}),
        json!({"alg": "EdDSA", "typ": "JWT", "kid": kid, "crit": ["exp"]}),
        json!({"alg": "EdDSA", "typ": "JWT", "kid": "è 漢字 🦀"}),
        json!({"alg": "EdDSA", "typ": "JWT", "kid": "\u{0}' OR 1=1 --"}),
        json!([]),
    ] {
        refused(&world, &with_header(head.clone(), &signature), &head.to_string()).await;
    }
    let parts: Vec<&str> = token.split('.').collect();
    for shape in [
        format!("{}.{}", parts[0], parts[1]),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{token}."),
        format!("{token}.{}", parts[2]),
        format!("{}..{}", parts[0], parts[2]),
        format!(".{}.{}", parts[1], parts[2]),
        format!("{token}="),
        format!(" {token}"),
        format!("{token} "),
        "..".into(),
        "a.b.c".into(),
        token.replace('.', ""),
    ] {
        refused(&world, &shape, "another shape").await;
    }
});

#[rocket::async_test]
async fn no_flipped_bit_of_a_computer_key_is_accepted() {
    let world = World::new(crate::support::database::Database::sqlite()).await;
    let cast = world.cast().await;
    let mut flips = 0;
    for (n, id) in ["D1", "another device with a longer name", "è 🦀"]
        .into_iter()
        .enumerate()
    {
        let (_, key) = world.issue(&cast.root, json!({})).await.remove(0);
        let mut body = device(&key, id);
        body["nonce"] = json!("f".repeat(64));
        let token = world.call(ATTIVA, body).await.expect(200).str("/chiave_computer");
        let public = world.public_key(header(&token)["kid"].as_str().unwrap()).await;
        computer_key::verify(&token, &public).unwrap();
        let parts = bytes(&token);
        for part in 0..3 {
            for byte in 0..parts[part].len() {
                for bit in 0..8 {
                    let mut flipped = parts.clone();
                    flipped[part][byte] ^= 1 << bit;
                    let flipped = join(&flipped);
                    assert!(
                        computer_key::verify(&flipped, &public).is_err(),
                        "part {part}, byte {byte}, bit {bit} of {token}"
                    );
                    // Some of them by the whole way in.
                    if n == 0 && (byte * 8 + bit) % 37 == 0 {
                        refused(&world, &flipped, "a flipped bit").await;
                    }
                    flips += 1;
                }
            }
        }
    }
    assert!(flips >= 10_000, "{flips} flips only");
}

/// Claim set number `n`: no two share a value but for what has two values only.
fn nth_claims(n: usize) -> Claims {
    let text = |what: &str| format!("{what}-{n}");
    serde_json::from_value(json!({
        "iss": format!("https://{n}.example.it"), "sub": text("licenza"), "jti": text("attivazione"),
        "iat": 1_796_000_000 + n, "exp": 1_797_000_000 + n, "prodotto": text("P"), "versione": format!("1.{n}"),
        "tipo": if n.is_multiple_of(2) { "abbonamento" } else { "permanente" },
        "stato": if n.is_multiple_of(2) { "attiva" } else { "sospesa" },
        "scadenza": text("scadenza"), "manutenzione_al": text("manutenzione"), "moduli": [text("A"), "B"],
        "maschera": n, "moduli_al": {"A": text("al")}, "dispositivo": text("è 🦀"), "utente": text("utente"),
        "proprieta": {"livello": n}, "nonce": text("nonce"),
    }))
    .unwrap()
}

fn nth_signer(n: usize) -> Signer {
    let mut seed = [1; 32];
    seed[..8].copy_from_slice(&n.to_be_bytes());
    let public = Signer::new(seed, "").public_key();
    Signer::new(seed, &computer_key::kid(&public))
}

#[test]
fn no_flipped_bit_of_many_signers_computer_keys_is_accepted() {
    let wanted = rounds(50_000, 1_000_000);
    let mut flips = 0;
    for n in 0.. {
        if flips >= wanted {
            break;
        }
        let signer = nth_signer(n);
        let public = signer.public_key();
        let token = signer.sign(&nth_claims(n)).unwrap();
        computer_key::verify(&token, &public).unwrap();
        let mut parts = bytes(&token);
        for part in 0..3 {
            for place in 0..parts[part].len() * 8 {
                parts[part][place / 8] ^= 1 << (place % 8);
                let flipped = join(&parts);
                assert!(
                    computer_key::verify(&flipped, &public).is_err(),
                    "part {part}, bit {place} of {token}"
                );
                parts[part][place / 8] ^= 1 << (place % 8);
                flips += 1;
            }
        }
    }
}

/// One token's payload with one or more claims of another's, which may be as genuine: all that one swap can be.
fn swapped(token: &str, other: &str, names: &[&str]) -> String {
    let mut said = claims(token);
    let theirs = claims(other);
    for name in names {
        match theirs.get(name) {
            Some(value) => said[*name] = value.clone(),
            None => drop(said.as_object_mut().unwrap().remove(*name)),
        }
    }
    // By way of `Claims` their order is the signed one.
    let said: Claims = serde_json::from_value(said).unwrap();
    let parts: Vec<&str> = token.split('.').collect();
    let payload = B64.encode(serde_json::to_vec(&said).unwrap());
    format!("{}.{payload}.{}", parts[0], parts[2])
}

/// The claims in which two tokens differ.
fn differing(token: &str, other: &str) -> Vec<String> {
    let (said, theirs) = (claims(token), claims(other));
    let both = said
        .as_object()
        .unwrap()
        .keys()
        .chain(theirs.as_object().unwrap().keys());
    let names: std::collections::BTreeSet<&String> =
        both.filter(|name| said.get(*name) != theirs.get(*name)).collect();
    names.into_iter().cloned().collect()
}

#[test]
fn no_claim_of_another_genuine_computer_key_is_accepted_in_its_place() {
    let wanted = rounds(20_000, 100_000);
    let mut swaps = 0;
    for n in 0.. {
        if swaps >= wanted {
            break;
        }
        let signer = nth_signer(n / 8);
        let public = signer.public_key();
        let token = signer.sign(&nth_claims(n)).unwrap();
        let other = signer.sign(&nth_claims(n + 1)).unwrap();
        assert_eq!(swapped(&token, &other, &[]), token);
        let names = differing(&token, &other);
        assert_eq!(names.len(), 18, "{names:?}");
        let signature = |token: &str| token.rsplit_once('.').unwrap().1.to_owned();
        let mut forged = Vec::new();
        for first in 0..names.len() {
            for second in first..names.len() {
                forged.push(swapped(&token, &other, &[&names[first], &names[second]]));
            }
            // With the other's signature it is the rest that is not signed.
            let mixed = swapped(&token, &other, &[&names[first]]);
            let (signed, _) = mixed.rsplit_once('.').unwrap();
            forged.push(format!("{signed}.{}", signature(&other)));
        }
        for forged in forged {
            assert!(computer_key::verify(&forged, &public).is_err(), "{forged}");
            swaps += 1;
        }
    }
}

on_both!(
    a_claim_of_another_licence_or_device_makes_a_computer_key_worthless,
    |world| async {
        let cast = world.cast().await;
        let mut body = device(&cast.rossi.key, "D1");
        body["nonce"] = json!("n-1");
        let token = world.call(ATTIVA, body).await.expect(200).str("/chiave_computer");
        let product = json!({"codice": "STUDIO", "nome": "Studio", "versione": "7.1", "moduli": [{"codice": "A", "incluso": true}]});
        world
            .post("/api/admin/prodotti", &cast.root, product)
            .await
            .expect(201);
        let order = json!({"prodotto": "STUDIO", "tipo_licenza": "permanente"});
        let (_, key) = world.issue(&cast.root, order).await.remove(0);
        let other = world.computer_key(&key, "D2").await;
        let names = differing(&token, &other);
        assert!(names.len() >= 8, "{names:?}");
        for name in &names {
            // Absent from a key of another shape is absent from the claims too.
            let forged = swapped(&token, &other, &[name]);
            refused(&world, &forged, name).await;
            refused(&world, &swapped(&other, &token, &[name]), name).await;
        }
        good(&world, &token).await;
        good(&world, &other).await;
    }
);

on_both!(
    a_released_activations_key_and_another_devices_are_turned_away,
    |world| async {
        let cast = world.cast().await;
        let token = world.computer_key(&cast.rossi.key, "D1").await;
        let beside = |id: &str| json!({"chiave_computer": token, "dispositivo": {"id": id}});
        assert_eq!(world.call(VALIDA, beside("D1")).await.code(), "VALIDA");
        let elsewhere = world.call(VALIDA, beside("D2")).await;
        assert!(elsewhere.code() != "VALIDA" && elsewhere.body["chiave_computer"].is_null());
        assert_eq!(elsewhere.code(), "DISPOSITIVO_NON_ATTIVO");
        world
            .call("/api/licenze/disattiva", device(&cast.rossi.key, "D1"))
            .await
            .expect(200);
        assert_eq!(
            shown(&world, &token).await,
            (200, "DISPOSITIVO_NON_ATTIVO".into())
        );
        // The same device again is another activation: the old proof stays dead.
        let again = world.computer_key(&cast.rossi.key, "D1").await;
        assert_ne!(claims(&again)["jti"], claims(&token)["jti"]);
        assert_eq!(
            shown(&world, &token).await,
            (200, "DISPOSITIVO_NON_ATTIVO".into())
        );
        good(&world, &again).await;
    }
);

on_both!(
    its_end_is_the_clients_to_judge_and_ours_is_what_the_licence_says,
    |world| async {
        let cast = world.cast().await;
        world.clock_to("2027-02-01T10:00:00Z", 0);
        let (id, key) = world
            .issue(&cast.root, json!({"data_scadenza": "2027-12-31"}))
            .await
            .remove(0);
        let token = world.computer_key(&key, "D1").await;
        world.clock_to("2027-06-01T10:00:00Z", 0);
        let fresh = good(&world, &token).await;
        assert!(claims(&fresh)["exp"].as_i64().unwrap() > instant("2027-06-10T00:00:00Z").timestamp());
        let path = format!("/api/admin/licenze/{id}/sospendi");
        world.post(&path, &cast.root, json!({})).await.expect(200);
        assert_eq!(shown(&world, &token).await, (200, "SOSPESA".into()));
        world.settle().await;
        let log = world
            .get(
                &format!("/api/admin/attivazioni?licenza={id}&limite=1"),
                &cast.root,
            )
            .await;
        assert_eq!(
            (
                log.str("/dati/0/tipo_chiave"),
                log.str("/dati/0/risultato_validazione")
            ),
            ("computer".into(), "SOSPESA".into())
        );
        assert_eq!(log.str("/dati/0/dispositivo"), "D1");
    }
);

on_both!(
    a_bad_computer_key_is_written_down_like_any_refusal,
    |world| async {
        let cast = world.cast().await;
        let token = world.computer_key(&cast.rossi.key, "D1").await;
        refused(&world, &bent(&token, 1), "a changed byte").await;
        world.settle().await;
        let log = world.get("/api/admin/attivazioni?limite=1", &cast.root).await;
        assert_eq!(
            log.str("/dati/0/risultato_validazione"),
            "CHIAVE_COMPUTER_NON_VALIDA"
        );
        assert_eq!(log.str("/dati/0/tipo_chiave"), "computer");
        assert_eq!(log.str("/dati/0/operazione"), "valida");
        // Nothing in it was proven, so nothing of it is believed.
        assert!(log.body["dati"][0]["licenza"].is_null());
    }
);

on_both!(
    after_a_rotation_the_new_key_signs_and_the_old_one_is_believed_until_it_is_revoked,
    |world| async {
        let cast = world.cast().await;
        let kids = |jwks: &Value| -> Vec<String> {
            let keys = jwks["keys"].as_array().unwrap();
            assert!(keys.iter().all(|key| key["kty"] == "OKP"
                && key["crv"] == "Ed25519"
                && key["use"] == "sig"
                && key.get("d").is_none()));
            keys.iter()
                .map(|key| key["kid"].as_str().unwrap().to_owned())
                .collect()
        };
        let from_the_start = kids(&world.jwks().await);
        assert_eq!(from_the_start.len(), 2, "one in use, one next");
        let old = world.computer_key(&cast.rossi.key, "D1").await;
        let old_kid = header(&old)["kid"].as_str().unwrap().to_owned();
        let pem = async || {
            let path = "/api/prodotti/GESTIONALE/chiave-pubblica";
            let reply = world
                .ask(rocket::http::Method::Get, path, None, None)
                .await
                .expect(200);
            assert_eq!(reply.header("content-type"), Some("application/x-pem-file"));
            assert!(reply.text.starts_with("-----BEGIN PUBLIC KEY-----\n"));
            reply.text
        };
        assert_eq!(pem().await, computer_key::pem(&world.public_key(&old_kid).await));

        let rotate = "/api/admin/prodotti/GESTIONALE/ruota";
        world
            .post(rotate, &cast.alfa.token, json!({}))
            .await
            .refused(403, "NON_PERMESSO");
        world.post(rotate, &cast.root, json!({})).await.expect(200);
        let new = good(&world, &old).await;
        let new_kid = header(&new)["kid"].as_str().unwrap().to_owned();
        assert!(
            new_kid != old_kid && from_the_start.contains(&new_kid),
            "the next key was not the one announced"
        );
        let now = kids(&world.jwks().await);
        assert!(now.len() == 3 && from_the_start.iter().all(|kid| now.contains(kid)));
        assert_eq!(pem().await, computer_key::pem(&world.public_key(&new_kid).await));

        // The one in use leaks: what it signed is refused, what the first one signed is not.
        world
            .post(rotate, &cast.root, json!({"revoca": true}))
            .await
            .expect(200);
        refused(&world, &new, "signed by a key that was revoked").await;
        let third = good(&world, &old).await;
        let third_kid = header(&third)["kid"].as_str().unwrap().to_owned();
        assert!(third_kid != old_kid && third_kid != new_kid);
        assert!(!kids(&world.jwks().await).contains(&new_kid));
        world
            .ask(
                rocket::http::Method::Get,
                "/api/prodotti/NESSUNO/chiave-pubblica",
                None,
                None,
            )
            .await
            .refused(404, "NON_TROVATO");
    }
);

on_both!(
    a_seed_that_was_sealed_for_another_product_does_not_sign,
    |world| async {
        let cast = world.cast().await;
        let other = json!({"codice": "ALTRO", "nome": "Altro"});
        world
            .post("/api/admin/prodotti", &cast.root, other)
            .await
            .expect(201);
        let (_, altro) = world
            .issue(&cast.root, json!({"prodotto": "ALTRO"}))
            .await
            .remove(0);
        // Seeds change places, and then the public halves with them: neither makes a key that signs.
        let seed_of = |code: &str| {
            format!(
                "(SELECT seed_sealed FROM (SELECT k.seed_sealed, p.code FROM signing_keys k JOIN products p ON p.signing_key_id = k.id) AS t WHERE code = '{code}')"
            )
        };
        let key_in_use = "id IN (SELECT signing_key_id FROM products WHERE code = 'GESTIONALE')";
        for statement in [
            format!(
                "UPDATE signing_keys SET seed_sealed = {} WHERE {key_in_use}",
                seed_of("ALTRO")
            ),
            format!(
                "UPDATE signing_keys SET public_key = {} WHERE {key_in_use}",
                seed_of("ALTRO").replace("seed_sealed", "public_key")
            ),
        ] {
            world.database.execute(&statement).unwrap();
            for path in [ATTIVA, VALIDA] {
                let body = device(&cast.rossi.key, "D1");
                let reply = world.call(path, body).await;
                if path == VALIDA {
                    // Nothing is active, so nothing is to be signed.
                    assert_eq!(reply.code(), "DISPOSITIVO_NON_ATTIVO");
                } else {
                    let reply = reply.refused(500, "ERRORE_INTERNO");
                    assert!(!reply.text.contains("eyJ"), "{}", reply.text);
                }
            }
        }
        assert_eq!(
            world.database.count("SELECT COUNT(*) AS n FROM activations"),
            0,
            "a place without its proof"
        );
        // The other product is none the wiser.
        world.computer_key(&altro, "D1").await;
    }
);
