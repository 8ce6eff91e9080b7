//! `sigillo serve`.

use crate::{
    config::{Config, Objection},
    jobs::Jobs,
    operations::{App, users::set_up},
    start::sentence,
    web,
};
use rocket::{Orbit, Rocket, error::ErrorKind, fairing::AdHoc, figment::Figment};
use std::{
    io::stderr,
    sync::Arc,
    time::{Duration, Instant},
};
use tracing_subscriber::{EnvFilter, filter::filter_fn, layer::SubscriberExt, util::SubscriberInitExt};

/// Lines of the log go to standard error: what a command prints is its answer alone.
pub(super) fn start_log(config: &Config) {
    // Rocket names whole paths and queries, with the keys and codes in them: each request has a line of our own.
    let filter = match config.log_level.as_str() {
        "off" => "off",
        "critical" => "error,rocket=off,rocket_dyn_templates=error",
        "debug" => "debug,hyper=info,rocket=off,rocket_dyn_templates=error,globset=info,ignore=info",
        _ => "warn,rocket=off,rocket_dyn_templates=error,sigillo=info",
    };
    // Rocket's handlers warn of each guard that fails, such as of who is not signed in: modules of its macros end so.
    let all = config.log_level == "debug";
    let registry = tracing_subscriber::registry()
        .with(EnvFilter::new(filter))
        .with(filter_fn(move |said| {
            all || !(said.target().starts_with("sigillo::") && said.target().ends_with("::_"))
        }));
    // A second start in one process (in tests) keeps the first log.
    let _ = if config.log_format == "json" {
        registry
            .with(tracing_subscriber::fmt::layer().json().with_writer(stderr))
            .try_init()
    } else {
        registry
            .with(
                tracing_subscriber::fmt::layer()
                    .with_ansi(false)
                    .with_writer(stderr),
            )
            .try_init()
    };
}

/// How long what runs beside the requests is waited for when the program ends.
const ENDING: Duration = Duration::from_secs(10);

/// Serves until told to end; then finishes what runs, and the caller writes what waits.
pub(super) async fn serve(figment: Figment, config: &Config, app: App) -> Result<(), Objection> {
    greet(&app).await?;
    if !web::is_lively() {
        tracing::warn!("this build has no htmx: the portal works page by page (`make assets` fetches it)");
    }
    let jobs = Jobs::start(&app);
    let served = launch(figment, config, app).await;
    jobs.end(ENDING).await;
    served
}

async fn launch(figment: Figment, config: &Config, app: App) -> Result<(), Objection> {
    let url = app.base_url.clone();
    let kind = app.db.kind();
    let rocket = web::rocket(figment, config, app).attach(AdHoc::on_liftoff("listening", move |rocket| {
        Box::pin(async move {
            let config = rocket.config();
            tracing::info!(address = %config.address, port = config.port, database = kind, url, "listening");
        })
    }));
    let error = match rocket.launch().await {
        Ok(_) => return Ok(()),
        Err(error) => error,
    };
    let outstanding = match error.kind() {
        ErrorKind::Bind(why) => return Err(format!("the port cannot be opened: {why}")),
        ErrorKind::Config(why) => return Err(format!("configuration: {why}")),
        ErrorKind::Shutdown(rocket, None) => rocket.clone(),
        other => return Err(other.to_string()),
    };
    drop(error);
    finish(outstanding).await;
    Ok(())
}

/// Of a new installation, shows the link with which its first superadmin is made: here alone, and not in the log.
#[allow(clippy::print_stdout)]
async fn greet(app: &App) -> Result<(), Objection> {
    if let Some(link) = set_up::link(app).await.map_err(|e| sentence(&e))? {
        let hours = set_up::LINK_HOURS;
        println!("Nobody can sign in yet. Make the first superadmin, within {hours} hours, at {link}");
    }
    Ok(())
}

/// Waits for what is still being answered. Rocket does so itself before it gives itself back, but not where its
/// accept loop ends in the moment in which it is told to: then it returns at once, as if the end had failed.
async fn finish(rocket: Arc<Rocket<Orbit>>) {
    let shutdown = &rocket.config().shutdown;
    let patience = Duration::from_secs(u64::from(shutdown.grace) + u64::from(shutdown.mercy) + 1);
    let begun = Instant::now();
    while Arc::strong_count(&rocket) > 1 {
        if begun.elapsed() > patience {
            tracing::warn!("some requests did not end in time");
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
