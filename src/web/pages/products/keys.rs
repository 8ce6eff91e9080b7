//! The signing keys of a product: which is in use, changing it for the next, revoking one that leaked.

use super::{Head, any_head, path, rights, sheet::typed};
use crate::{
    domain::{
        access::{
            Permit,
            right::{ManageSigningKeys, ReadSigningKeys},
        },
        error::{Error, Result},
        license::computer_key,
    },
    operations::{
        App,
        products::{revoke_key, rotate},
    },
    store::signing_keys::{self, KeySheet, KeyState},
    web::{
        form::{Form, Sent},
        page::{Answer, Goto, Page},
        reader::Language,
        session::Confirmed,
    },
};
use rocket::{State, get, http::Status, post};
use serde_json::{Value, json};

fn shown(key: &KeySheet) -> Value {
    json!({
        "kid": key.kid,
        "state": key.state.code(),
        "pem": computer_key::pem(&key.public_key),
        "created_at": key.created_at,
        "activated_at": key.activated_at,
        "retired_at": key.retired_at,
    })
}

async fn listed(app: &App, codice: &str) -> Result<(Head, Vec<KeySheet>)> {
    let name = codice.to_owned();
    app.db
        .read(move |tx| {
            let head = any_head(tx, &name)?;
            let keys = signing_keys::of_product(tx, head.product.rules.id)?;
            Ok((head, keys))
        })
        .await
}

/// The signing keys: in use, next, retired, revoked.
#[get("/prodotti/<codice>/chiavi")]
pub(crate) async fn chiavi(app: &State<App>, permit: Permit<ReadSigningKeys>, codice: &str) -> Answer {
    let (head, keys) = listed(app, codice).await?;
    let of =
        |state: KeyState| -> Vec<Value> { keys.iter().filter(|key| key.state == state).map(shown).collect() };
    let mut all = of(KeyState::Current);
    all.extend(of(KeyState::Next));
    all.extend(of(KeyState::Retired));
    all.extend(of(KeyState::Revoked));
    let shown = json!({
        "tab": "chiavi", "product": head.value, "keys": all,
        "can": rights(permit.actor()),
    });
    Page::new("pages/products/keys", shown)?.reply()
}

async fn asked(app: &App, codice: &str, form: &Form, status: Status) -> Answer {
    let (head, keys) = listed(app, codice).await?;
    let of = |state: KeyState| keys.iter().find(|key| key.state == state).map(shown);
    let shown = json!({
        "form": form, "product": head.value, "current": of(KeyState::Current), "next": of(KeyState::Next),
        "stale": status == Status::Conflict,
    });
    Page::new("pages/products/rotate", shown)?.status(status).reply()
}

/// Asks before the key in use is changed for the next.
#[get("/prodotti/<codice>/chiavi/ruota")]
pub(crate) async fn ruota(
    app: &State<App>,
    _permit: Permit<ManageSigningKeys>,
    _confirmed: Confirmed,
    codice: &str,
) -> Answer {
    asked(app, codice, &Form::new()?, Status::Ok).await
}

/// Changes the key in use for the next.
#[post("/prodotti/<codice>/chiavi/ruota", data = "<sent>")]
pub(crate) async fn ruotata(
    app: &State<App>,
    permit: Permit<ManageSigningKeys>,
    _confirmed: Confirmed,
    language: Language,
    codice: &str,
    sent: Sent,
) -> Answer {
    let (head, keys) = listed(app, codice).await?;
    let current = keys.iter().find(|key| key.state == KeyState::Current);
    // A form that was sent twice asks for the key that was in use when it was shown.
    if sent.get("kid") != current.map(|key| key.kid.as_str()) {
        return asked(app, codice, &Form::new()?, Status::Conflict).await;
    }
    let done = async {
        typed(&sent, &head.product.rules.code)?;
        rotate::rotate(app, permit, codice.to_owned(), sent.ticked("trapelata")).await
    };
    match done.await {
        Ok(()) => Goto::to(format!("{}/chiavi", path(codice)))
            .saying("product-key-rotated")
            .reply(),
        Err(error) => {
            let form = Form::refused(&sent, error, language)?;
            asked(app, codice, &form, form.status()).await
        }
    }
}

async fn revoking(app: &App, codice: &str, kid: &str, form: Form) -> Answer {
    let (head, keys) = listed(app, codice).await?;
    let key = keys.iter().find(|key| key.kid == kid).ok_or(Error::NotFound)?;
    let status = form.status();
    let shown = json!({ "form": form, "product": head.value, "key": shown(key) });
    Page::new("pages/products/key_revoke", shown)?
        .status(status)
        .reply()
}

/// Asks before a key that is not in use is revoked.
#[get("/prodotti/<codice>/chiavi/<kid>/revoca")]
pub(crate) async fn revoca(
    app: &State<App>,
    _permit: Permit<ManageSigningKeys>,
    _confirmed: Confirmed,
    codice: &str,
    kid: &str,
) -> Answer {
    revoking(app, codice, kid, Form::new()?).await
}

/// Revokes a key that is not in use.
#[post("/prodotti/<codice>/chiavi/<kid>/revoca", data = "<sent>")]
pub(crate) async fn revocata(
    app: &State<App>,
    permit: Permit<ManageSigningKeys>,
    _confirmed: Confirmed,
    language: Language,
    codice: &str,
    kid: &str,
    sent: Sent,
) -> Answer {
    let (head, _) = listed(app, codice).await?;
    let done = async {
        typed(&sent, &head.product.rules.code)?;
        revoke_key::revoke_key(app, permit, codice.to_owned(), kid.to_owned()).await
    };
    match done.await {
        Ok(()) => Goto::to(format!("{}/chiavi", path(codice)))
            .saying("product-key-revoked")
            .reply(),
        Err(error) => revoking(app, codice, kid, Form::refused(&sent, error, language)?).await,
    }
}
