//! Activating, validating and releasing devices.

use crate::on_both;
use serde_json::{Value, json};

fn device(key: &str, id: &str) -> Value {
    json!({"chiave_licenza": key, "dispositivo": {"id": id}})
}

on_both!(a_device_is_activated_validated_and_released, |world| async {
    let cast = world.cast().await;
    let first = world
        .call("/api/licenze/attiva", device(&cast.rossi.key, "D1"))
        .await
        .expect(200);
    assert_eq!(first.str("/esito"), "attivata");
    let again = world
        .call("/api/licenze/attiva", device(&cast.rossi.key, "D1"))
        .await
        .expect(200);
    assert_eq!(again.str("/esito"), "gia_attiva");
    assert_eq!(again.str("/attivazione/id"), first.str("/attivazione/id"));
    world
        .call("/api/licenze/attiva", device(&cast.rossi.key, "D2"))
        .await
        .refused(409, "DISPOSITIVI_ESAURITI");
    let valid = world
        .call("/api/licenze/valida", device(&cast.rossi.key, "D1"))
        .await
        .expect(200);
    assert_eq!((valid.code(), &valid.body["valida"]), ("VALIDA", &json!(true)));
    world
        .call("/api/licenze/disattiva", device(&cast.rossi.key, "D1"))
        .await
        .expect(200);
    let stale = world
        .call(
            "/api/licenze/valida",
            json!({"chiave_computer": valid.str("/chiave_computer")}),
        )
        .await
        .expect(200);
    assert_eq!(stale.code(), "DISPOSITIVO_NON_ATTIVO");
    world
        .call("/api/licenze/attiva", device(&cast.rossi.key, "D2"))
        .await
        .expect(200);
});
