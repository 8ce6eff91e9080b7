//! For client software: `attiva`, `valida`, `disattiva`. The key is the credential.

use super::{
    reply::Answer,
    views::{Dispositivo, Licenza, instant},
};
use crate::{
    domain::{
        error::{Error, Refusal, Success},
        license::key::ActivationKey,
    },
    operations::{
        App,
        licenses::{self, Device, activate, deactivate, validate},
    },
    store::log::Operation,
    web::{
        body::{RawBody, objects},
        guards::Client,
        input::{Check, DEVICE_MAX, NAME_MAX},
        messages,
        problem::{Failure, Problems},
        reader::Language,
    },
};
use chrono::{DateTime, NaiveDateTime, Utc};
use rocket::{State, post, serde::json::Json};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Bytes of a computer key at most.
const TOKEN_MAX: usize = 16_384;
/// Characters of a version or platform at most.
const SHORT_MAX: usize = 100;

#[derive(Deserialize, ToSchema)]
#[serde(remote = "Self")]
pub(super) struct DispositivoInviato {
    /// The fingerprint that the client software computes, 1 to 255 characters.
    id: String,
    nome: Option<String>,
    piattaforma: Option<String>,
}

objects!(DispositivoInviato);

impl DispositivoInviato {
    fn check(&self, check: &mut Check) -> Device {
        Device {
            id: check
                .verbatim("dispositivo.id", Some(&self.id), DEVICE_MAX)
                .unwrap_or_default(),
            name: check.line("dispositivo.nome", self.nome.as_deref(), NAME_MAX),
            platform: check.line("dispositivo.piattaforma", self.piattaforma.as_deref(), SHORT_MAX),
        }
    }
}

/// What `attiva` takes.
#[derive(Deserialize, ToSchema)]
pub(super) struct RichiestaAttivazione {
    chiave_licenza: String,
    dispositivo: DispositivoInviato,
    /// The named user, where the licence binds users.
    utente: Option<String>,
    /// The product's code: another product's key is refused.
    prodotto: Option<String>,
    versione: Option<String>,
    /// Given back in the computer key, 1 to 64 characters.
    nonce: Option<String>,
    /// The client's clock (RFC 3339); the answer says how far it is off.
    ora_client: Option<String>,
}

/// An activation.
#[derive(Serialize, ToSchema)]
struct Attivazione {
    id: String,
    dispositivo: Dispositivo,
    utente: Option<String>,
    data_attivazione: String,
}

/// What `attiva` answers.
#[derive(Serialize, ToSchema)]
pub(super) struct Attivata {
    /// `attivata`, or `gia_attiva` for a device that held its place already.
    esito: &'static str,
    chiave_computer: String,
    ricontrolla_entro: Option<String>,
    scarto_orologio_s: i64,
    /// For a release offline; kept by the client.
    segreto_rimozione: String,
    attivazione: Attivazione,
    licenza: Licenza,
}

/// A device takes a place in a licence.
///
/// The same device again gets the same activation. A refusal takes no place.
#[utoipa::path(post, path = "/api/licenze/attiva", tag = "programmi", request_body = RichiestaAttivazione,
    responses((status = 200, body = Attivata), Problems), security(()))]
#[post("/api/licenze/attiva", data = "<body>")]
pub(super) async fn attiva(app: &State<App>, client: Client, body: RawBody) -> Answer<Attivata> {
    let sent: RichiestaAttivazione = body.parse()?;
    let mut check = Check::default();
    let common = Common::check(
        &mut check,
        sent.prodotto.as_deref(),
        sent.versione.as_deref(),
        sent.nonce.as_deref(),
        sent.ora_client.as_deref(),
    );
    let device = sent.dispositivo.check(&mut check);
    let user = check.line("utente", sent.utente.as_deref(), DEVICE_MAX - 1);
    check.finish()?;
    let Ok(key) = ActivationKey::parse(&sent.chiave_licenza) else {
        licenses::mistyped(app, &client.0, Operation::Activate, Some(&device.id)).await?;
        return Err(Error::Refused(Refusal::Mistyped).into());
    };
    let drift = drift(app, common.clock);
    let request = activate::Request {
        key,
        device,
        user,
        product: common.product,
        version: common.version,
        nonce: common.nonce,
    };
    let activated = activate::activate(app, &client.0, request).await?;
    let granted = &activated.granted;
    Ok(Json(Attivata {
        esito: if granted.is_new {
            Success::Activated.code()
        } else {
            Success::ActiveAlready.code()
        },
        chiave_computer: activated.key.token,
        ricontrolla_entro: activated.key.until.map(instant),
        scarto_orologio_s: drift,
        segreto_rimozione: activated.removal_secret,
        attivazione: Attivazione {
            id: granted.place.id.to_string(),
            dispositivo: Dispositivo {
                id: granted.device.id.clone(),
                nome: granted.device.name.clone(),
                piattaforma: granted.device.platform.clone(),
            },
            utente: granted.user.clone(),
            data_attivazione: instant(granted.place.since),
        },
        licenza: (&granted.view).into(),
    }))
}

/// What `valida` takes: an activation key, or a computer key.
#[derive(Deserialize, ToSchema)]
pub(super) struct RichiestaValidazione {
    chiave_licenza: Option<String>,
    /// The JWS that an activation or validation gave.
    chiave_computer: Option<String>,
    dispositivo: Option<DispositivoInviato>,
    utente: Option<String>,
    prodotto: Option<String>,
    versione: Option<String>,
    nonce: Option<String>,
    ora_client: Option<String>,
    /// A counter per module, that only grows on a device.
    moduli_usati: Option<BTreeMap<String, u64>>,
}

/// What `valida` answers.
#[derive(Serialize, ToSchema)]
pub(super) struct Validata {
    valida: bool,
    /// `VALIDA`, or why not.
    codice: &'static str,
    /// The same for people.
    messaggio: String,
    verificata_il: String,
    ricontrolla_entro: Option<String>,
    scarto_orologio_s: i64,
    /// A fresh computer key, where the licence holds and the device is active.
    chiave_computer: Option<String>,
    licenza: Option<Licenza>,
}

/// Whether a licence holds.
///
/// Always 200 for a well-formed request; it changes nothing and takes no place.
#[utoipa::path(post, path = "/api/licenze/valida", tag = "programmi", request_body = RichiestaValidazione,
    responses((status = 200, body = Validata), Problems), security(()))]
#[post("/api/licenze/valida", data = "<body>")]
pub(super) async fn valida(
    app: &State<App>,
    client: Client,
    language: Language,
    body: RawBody,
) -> Answer<Validata> {
    let sent: RichiestaValidazione = body.parse()?;
    let mut check = Check::default();
    let common = Common::check(
        &mut check,
        sent.prodotto.as_deref(),
        sent.versione.as_deref(),
        sent.nonce.as_deref(),
        sent.ora_client.as_deref(),
    );
    let device = sent.dispositivo.as_ref().map(|device| device.check(&mut check));
    let _ = check.line("utente", sent.utente.as_deref(), DEVICE_MAX - 1);
    if sent.moduli_usati.as_ref().is_some_and(|used| used.len() > 1000) {
        check.fault("moduli_usati", crate::domain::error::Fault::TooLong);
    }
    let token = check.verbatim("chiave_computer", sent.chiave_computer.as_deref(), TOKEN_MAX);
    if sent.chiave_licenza.is_none() && token.is_none() {
        check.fault("chiave_licenza", crate::domain::error::Fault::Missing);
    }
    check.finish()?;
    let shown = match (token, sent.chiave_licenza) {
        (Some(token), _) => validate::Shown::Computer(token),
        (None, key) => validate::Shown::Key(key.and_then(|key| ActivationKey::parse(&key).ok())),
    };
    let drift = drift(app, common.clock);
    let request = validate::Request {
        shown,
        device,
        product: common.product,
        version: common.version,
        nonce: common.nonce,
    };
    let validated = validate::validate(app, &client.0, request).await?;
    let code = validated.refusal.map_or(Success::Valid.code(), Refusal::code);
    Ok(Json(Validata {
        valida: validated.refusal.is_none(),
        codice: code,
        messaggio: messages::text(language, &format!("{code}-detail")),
        verificata_il: instant(validated.at),
        ricontrolla_entro: validated.check_again_by.map(instant),
        scarto_orologio_s: drift,
        chiave_computer: validated.key.map(|key| key.token),
        licenza: validated.view.as_ref().map(Into::into),
    }))
}

/// What `disattiva` takes.
#[derive(Deserialize, ToSchema)]
pub(super) struct RichiestaDisattivazione {
    chiave_licenza: String,
    dispositivo: DispositivoInviato,
}

/// What `disattiva` answers.
#[derive(Serialize, ToSchema)]
pub(super) struct Disattivata {
    esito: &'static str,
    dispositivi_attivi: i32,
    numero_dispositivi: Option<i32>,
}

/// A device gives its place back.
#[utoipa::path(post, path = "/api/licenze/disattiva", tag = "programmi", request_body = RichiestaDisattivazione,
    responses((status = 200, body = Disattivata), Problems), security(()))]
#[post("/api/licenze/disattiva", data = "<body>")]
pub(super) async fn disattiva(app: &State<App>, client: Client, body: RawBody) -> Answer<Disattivata> {
    let sent: RichiestaDisattivazione = body.parse()?;
    let mut check = Check::default();
    let device = sent.dispositivo.check(&mut check);
    check.finish()?;
    let Ok(key) = ActivationKey::parse(&sent.chiave_licenza) else {
        licenses::mistyped(app, &client.0, Operation::Deactivate, Some(&device.id)).await?;
        return Err(Error::Refused(Refusal::Mistyped).into());
    };
    match deactivate::deactivate(app, &client.0, &key, device.id).await? {
        deactivate::Outcome::Released(left) => Ok(Json(Disattivata {
            esito: Success::Deactivated.code(),
            dispositivi_attivi: left.devices_used,
            numero_dispositivi: left.max_devices,
        })),
        deactivate::Outcome::Refused(refusal) => Err(Error::Refused(refusal).into()),
        deactivate::Outcome::Exhausted(until) => Err(Failure::Releases(instant(until))),
    }
}

/// What every request of client software may say of itself.
struct Common {
    product: Option<String>,
    version: Option<String>,
    nonce: Option<String>,
    clock: Option<NaiveDateTime>,
}

impl Common {
    fn check(
        check: &mut Check,
        product: Option<&str>,
        version: Option<&str>,
        nonce: Option<&str>,
        clock: Option<&str>,
    ) -> Self {
        let parsed = clock.map(|clock| clock.parse::<DateTime<Utc>>().map(|at| at.naive_utc()));
        if matches!(parsed, Some(Err(_))) {
            check.fault("ora_client", crate::domain::error::Fault::Invalid);
        }
        Self {
            product: check.verbatim("prodotto", product, 40),
            version: check.verbatim("versione", version, 40),
            nonce: check.verbatim("nonce", nonce, 64),
            clock: parsed.and_then(Result::ok),
        }
    }
}

/// By how many seconds the client's clock is ahead of ours; negative where it is behind.
fn drift(app: &App, clock: Option<NaiveDateTime>) -> i64 {
    clock.map_or(0, |clock| (clock - app.clock.now()).num_seconds())
}
