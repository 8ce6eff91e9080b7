//! Every value comes back as it was given, on both databases alike.

use super::*;

on_both!(texts_of_every_length_come_back, |world| async {
    let alphabets = [
        "a",
        "è",
        "日",
        "😀",
        "e\u{301}",
        "\u{0}b",
        "'\"\\%_;--",
        "\r\n\t ",
    ];
    let mut n = 0;
    for alphabet in alphabets {
        for length in [
            0, 1, 2, 127, 128, 253, 254, 255, 256, 257, 1_023, 4_096, 16_383, 16_384, 60_000,
        ] {
            let text: String = alphabet.chars().cycle().take(length).collect();
            let mut sent = product(&format!("P{n}"));
            n += 1;
            sent.description.clone_from(&text);
            sent.rules.name = text.chars().take(200).collect();
            sent.rules
                .properties
                .insert("testo".into(), Value::String(text.clone()));
            let name = sent.rules.name.clone();
            let got = stored(&world, sent).await;
            assert!(got.description == text, "{alphabet:?} × {length}");
            assert_eq!(got.rules.name, name);
            assert!(got.rules.properties["testo"] == text, "{alphabet:?} × {length}");
        }
    }
});

on_both!(numbers_and_instants_come_back_to_their_limits, |world| async {
    for (n, cents) in [0, 1, -1, i64::MAX, i64::MIN, i64::from(i32::MAX) + 1, 1 << 53]
        .into_iter()
        .enumerate()
    {
        let sent = Product {
            base_price_cents: cents,
            ..product(&format!("C{n}"))
        };
        assert_eq!(stored(&world, sent).await.base_price_cents, cents);
    }
    for (n, days) in [0, 1, -1, i32::MAX, i32::MIN].into_iter().enumerate() {
        let sent = Product {
            trial_days: days,
            ..product(&format!("D{n}"))
        };
        assert_eq!(stored(&world, sent).await.trial_days, days);
    }
    for (n, text) in [
        "1970-01-01T00:00:00",
        "1970-01-01T00:00:00.000001",
        "2026-03-29T02:30:00",
        "2026-10-25T02:30:00.5",
        "2028-02-29T23:59:59.999999",
        "2038-01-19T03:14:07.999999",
        "2038-01-19T03:14:08",
        "9998-12-31T23:59:59.999999",
    ]
    .into_iter()
    .enumerate()
    {
        let sent = Product {
            created_at: instant(text),
            ..product(&format!("I{n}"))
        };
        assert_eq!(stored(&world, sent).await.created_at, instant(text), "{text}");
    }
});

on_both!(a_token_that_ends_after_2038_ends, |world| async {
    world.root().await;
    let new = create_token::New {
        email: "root@example.it".into(),
        name: "lungo".into(),
        read_only: true,
        days: Some(36_500),
    };
    let permit = Permit::ask(&Actor::operator()).unwrap();
    create_token::create_token(&world.app, permit, new).await.unwrap();
    let ends = "api_tokens WHERE name = 'lungo' AND expires_at > '2100-01-01 00:00:00'";
    assert_eq!(count(&world, ends), 1);
});

on_both!(days_nulls_case_and_blanks_come_back, |world| async {
    let owner = stored(&world, product("P")).await.rules.id;
    let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
    let days = [
        day(1970, 1, 1),
        day(2028, 2, 29),
        day(2038, 1, 20),
        day(9998, 12, 31),
    ];
    let texts = [
        "v1",
        "V1",
        "v1 ",
        " v1",
        "v1\u{a0}",
        "é1",
        "e\u{301}1",
        "e1",
        "1",
        "1.0",
        "١",
        "ß",
        "ss",
        "İ",
        "i",
        "😀",
    ];
    let sent: Vec<Version> = texts
        .iter()
        .enumerate()
        .map(|(n, text)| Version {
            id: VersionId::new(),
            version: (*text).to_owned(),
            released_on: days[n % days.len()],
            notes: String::new(),
            url: [None, Some(String::new()), Some("https://example.it/è?a=1".into())][n % 3].clone(),
        })
        .collect();
    for version in sent.clone() {
        let text = version.version.clone();
        let added = operate(&world, move |tx| {
            let added = products::insert_version(tx, owner, &version)?;
            Ok(Done::changed(
                added,
                Event::node(EventKind::VersionPublished, NodeId::VENDOR),
            ))
        })
        .await
        .unwrap();
        assert!(added, "{text:?} was taken for another");
    }
    let got = world
        .app
        .db
        .read(move |tx| products::versions(tx, &[owner]))
        .await
        .unwrap();
    assert_eq!(got.len(), sent.len());
    for version in sent {
        let (_, kept) = got.iter().find(|(_, kept)| kept.id == version.id).unwrap();
        assert_eq!(
            (&kept.version, kept.released_on, &kept.url),
            (&version.version, version.released_on, &version.url)
        );
    }
});

on_both!(devices_are_told_apart_to_the_last_blank, |world| async {
    let root = world.root().await;
    world.product(&root).await;
    let long = "😀".repeat(255);
    let devices = [
        "D1", "d1", "D1 ", " D1", "D1\u{a0}", "É", "é", "e\u{301}", "E", "ß", "ss", "0", "00", &long,
    ];
    let order = json!({"numero_dispositivi": devices.len()});
    let (_, key) = world.issue(&root, order).await.remove(0);
    let body = |device: &str| json!({"chiave_licenza": key, "dispositivo": {"id": device}});
    let mut seen = Vec::new();
    for device in devices {
        let reply = world.call("/api/licenze/attiva", body(device)).await.expect(200);
        assert_eq!(
            reply.str("/esito"),
            "attivata",
            "{device:?} was taken for another"
        );
        assert_eq!(reply.str("/attivazione/dispositivo/id"), device);
        seen.push(reply.str("/attivazione/id"));
    }
    for (device, activation) in devices.iter().zip(&seen) {
        let reply = world.call("/api/licenze/attiva", body(device)).await.expect(200);
        assert_eq!(
            (reply.str("/esito"), &reply.str("/attivazione/id")),
            ("gia_attiva".into(), activation)
        );
        let valid = world.call("/api/licenze/valida", body(device)).await.expect(200);
        assert_eq!(valid.code(), "VALIDA");
    }
    world
        .call("/api/licenze/attiva", body("D2"))
        .await
        .refused(409, "DISPOSITIVI_ESAURITI");
    world
        .call("/api/licenze/attiva", body(&"😀".repeat(256)))
        .await
        .field("dispositivo.id", "TROPPO_LUNGO");
});
