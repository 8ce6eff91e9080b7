//! The installation's settings: those that the vendor sets here, and those that stand in the configuration, to be seen.

use crate::{
    config::Config,
    domain::{
        access::{Action, Permit, may, right::*},
        error::Error,
        settings::{Setting, Settings},
    },
    operations::{App, settings::change},
    store::settings,
    web::{
        form::{Form, Sent},
        installation::Installation,
        page::{Answer, Goto, Page},
        reader::Language,
    },
};
use rocket::{State, get, http::Status, post};
use serde_json::{Value, json};

/// What the configuration says, by key; what is secret only says whether it is there.
pub(in crate::web) struct Configured(Vec<(&'static str, Option<String>)>);

impl Configured {
    pub(in crate::web) fn new(config: &Config, app: &App) -> Self {
        let set = |secret: bool| Some(if secret { "•••" } else { "" }.to_owned());
        // A database's address holds its password.
        let database = config
            .database_url
            .as_ref()
            .map_or("sqlite", |url| url.split("://").next().unwrap_or_default());
        Self(vec![
            ("base_url", Some(app.base_url.clone())),
            ("allowed_hosts", Some(config.allowed_hosts.join(", "))),
            (
                "trusted_proxy",
                config.trusted_proxy.map(|address| address.to_string()),
            ),
            ("time_zone", Some(config.time_zone.to_string())),
            ("language", Some(config.language.clone())),
            ("database_url", Some(format!("{database}://…"))),
            ("data_dir", Some(config.data_dir.display().to_string())),
            ("secret_key", set(config.secret_key.is_some())),
            ("metrics_token", set(config.metrics_token.is_some())),
            ("bcrypt_cost", Some(config.bcrypt_cost.to_string())),
            ("log_level", Some(config.log_level.clone())),
            ("log_format", Some(config.log_format.clone())),
        ])
    }

    fn shown(&self) -> Vec<Value> {
        self.0
            .iter()
            .map(|(key, value)| json!({"key": key, "value": value.as_deref().unwrap_or_default()}))
            .collect()
    }
}

fn filled(settings: &Settings, revision: i32) -> Result<Form, Error> {
    Ok(Setting::ALL
        .iter()
        .fold(Form::new()?.revision(revision), |form, setting| {
            form.with(setting.code(), settings.text(*setting))
        }))
}

fn page(form: &Form, configured: &Configured, may_change: bool) -> Result<Page, Error> {
    let shown = json!({
        "form": form,
        "configured": configured.shown(),
        "may_change": may_change,
    });
    Page::new("pages/settings", shown)
}

/// The settings.
#[get("/impostazioni")]
pub(crate) async fn impostazioni(
    app: &State<App>,
    configured: &State<Configured>,
    permit: Permit<ReadSettings>,
) -> Answer {
    let (settings, revision) = app.db.read(settings::get).await?;
    let may_change = may(permit.actor(), Action::ChangeSettings);
    page(&filled(&settings, revision)?, configured, may_change)?.reply()
}

/// Changes them.
#[post("/impostazioni", data = "<sent>")]
pub(crate) async fn cambia(
    app: &State<App>,
    configured: &State<Configured>,
    installation: &State<Installation>,
    permit: Permit<ChangeSettings>,
    language: Language,
    sent: Sent,
) -> Answer {
    let wanted = match Settings::wanted(|setting| sent.get(setting.code())) {
        Ok(wanted) => wanted,
        Err(Error::Invalid(wrong)) => {
            return page(&Form::again(&sent, &wrong, language), configured, true)?
                .status(Status::UnprocessableEntity)
                .reply();
        }
        Err(other) => return Err(other.into()),
    };
    match change::change(app, permit, sent.revision()?, wanted.clone()).await {
        Ok(()) => {
            installation.refresh(app).await;
            Goto::to("/impostazioni").saying("settings-saved").reply()
        }
        Err(Error::Stale) => stale(app, &wanted).await,
        Err(other) => Err(other.into()),
    }
}

/// What stands now beside what was wanted, with the way to go on.
async fn stale(app: &App, wanted: &Settings) -> Answer {
    let (stands, revision) = app.db.read(settings::get).await?;
    let differing: Vec<Value> = Setting::ALL
        .iter()
        .filter(|setting| stands.text(**setting) != wanted.text(**setting))
        .map(|setting| {
            json!({"name": setting, "stands": stands.text(*setting), "wanted": wanted.text(*setting)})
        })
        .collect();
    let all: Vec<Value> = Setting::ALL
        .iter()
        .map(|setting| json!({"name": setting, "value": wanted.text(*setting)}))
        .collect();
    let form = Form::new()?.revision(revision);
    let shown = json!({"form": form, "differing": differing, "all": all});
    Page::new("pages/settings_stale", shown)?
        .status(Status::Conflict)
        .reply()
}
