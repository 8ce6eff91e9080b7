//! The installation's settings as pages show them, remembered for a minute: no page pays a query for its frame.

use super::is_page;
use crate::{domain::settings::Settings, operations::App, store::settings};
use chrono::{Duration, NaiveDateTime};
use rocket::{
    Data, Request,
    fairing::{Fairing, Info, Kind},
};
use std::sync::{Arc, RwLock};

/// For how long they are remembered: another program on the same database may have changed them.
const REMEMBERED: Duration = Duration::seconds(60);

/// When they were read, and what they were.
type Known = (NaiveDateTime, Arc<Settings>);

/// The settings, as this program last read them.
#[derive(Debug, Clone, Default)]
pub(super) struct Installation(Arc<RwLock<Option<Known>>>);

impl Installation {
    /// What holds, as far as it is known.
    pub(super) fn settings(&self) -> Arc<Settings> {
        self.0
            .read()
            .ok()
            .and_then(|known| known.as_ref().map(|(_, settings)| settings.clone()))
            .unwrap_or_default()
    }

    /// Reads them again.
    pub(super) async fn refresh(&self, app: &App) {
        let now = app.clock.now();
        match app.db.read(settings::get).await {
            Ok((settings, _)) => {
                if let Ok(mut known) = self.0.write() {
                    *known = Some((now, Arc::new(settings)));
                }
            }
            Err(error) => tracing::warn!(%error, "the settings could not be read"),
        }
    }

    fn is_fresh(&self, now: NaiveDateTime) -> bool {
        self.0.read().is_ok_and(|known| {
            known
                .as_ref()
                .is_some_and(|(at, _)| (*at..*at + REMEMBERED).contains(&now))
        })
    }
}

#[rocket::async_trait]
impl Fairing for Installation {
    fn info(&self) -> Info {
        Info {
            name: "the installation's settings",
            kind: Kind::Request,
        }
    }

    async fn on_request(&self, request: &mut Request<'_>, _: &mut Data<'_>) {
        let is_shown = is_page(request) && !request.uri().path().starts_with("/static/");
        if let Some(app) = request.rocket().state::<App>()
            && is_shown
            && !self.is_fresh(app.clock.now())
        {
            self.refresh(app).await;
        }
    }
}
