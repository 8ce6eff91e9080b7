//! The command line.

mod demo;
mod serve;
mod token;
mod user;

use crate::{
    config::{self, Config, Objection},
    jobs,
    operations::App,
    start,
};
use clap::{Parser, Subcommand};
use rocket::figment::Figment;

/// Sigillo, a licence manager.
#[derive(Parser)]
#[command(name = "sigillo", version, about)]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Brings the schema up to date and serves (what happens without a command).
    Serve,
    /// Fills an empty database with a demonstration, prints its sign-ins and serves.
    Demo,
    /// Brings the schema up to date and ends.
    Migrate,
    /// Runs what is due once, sends what the outbox holds, and ends.
    RunJobs,
    /// Counts anew what figures are told from, and ends: nothing else may be needed for it ever.
    Recount,
    /// Users.
    #[command(subcommand)]
    User(UserCommand),
    /// API tokens.
    #[command(subcommand)]
    Token(TokenCommand),
}

#[derive(Subcommand)]
enum UserCommand {
    /// Makes a superadmin.
    Create {
        /// E-mail address.
        #[arg(long)]
        email: String,
        /// The role.
        #[arg(long, value_parser = ["superadmin"])]
        role: String,
        /// Reads the password from standard input instead of asking for it.
        #[arg(long)]
        password_stdin: bool,
    },
}

#[derive(Subcommand)]
enum TokenCommand {
    /// Makes an API token and prints it, alone. It is shown this once.
    Create {
        /// Whose: a user's e-mail address.
        #[arg(long)]
        email: String,
        /// What it is for.
        #[arg(long)]
        name: String,
        /// It may only read.
        #[arg(long)]
        read_only: bool,
        /// It works for so many days.
        #[arg(long, value_parser = clap::value_parser!(u32).range(1..=36_500))]
        days: Option<u32>,
    },
}

/// Runs the command.
///
/// # Errors
/// A sentence for the operator.
pub async fn run(arguments: Arguments) -> Result<(), Objection> {
    let figment = config::figment();
    let config = Config::read(&figment)?;
    serve::start_log(&config);
    let command = arguments.command.unwrap_or(Command::Serve);
    let app = open(&figment, &config).await?;
    let done = match command {
        Command::Serve => serve::serve(figment, &config, app.clone()).await,
        Command::Demo => match demo::fill(&app).await {
            Ok(()) => serve::serve(figment, &config, app.clone()).await,
            Err(why) => Err(why),
        },
        Command::Migrate => {
            tracing::info!("the schema is up to date");
            Ok(())
        }
        Command::RunJobs => match jobs::run(&app).await {
            Ok(0) => Ok(()),
            Ok(failed) => Err(format!(
                "{failed} of the jobs that were due failed: they are tried again"
            )),
            Err(error) => Err(start::sentence(&error)),
        },
        Command::Recount => app
            .db
            .recount_tallies(app.clock.now(), app.zone)
            .await
            .map_err(|e| start::sentence(&e)),
        Command::User(UserCommand::Create {
            email,
            password_stdin,
            ..
        }) => user::create(&app, &email, password_stdin).await,
        Command::Token(TokenCommand::Create {
            email,
            name,
            read_only,
            days,
        }) => token::create(&app, &email, &name, read_only, days).await,
    };
    let db = app.db.clone();
    let _ = tokio::task::spawn_blocking(move || db.close()).await;
    done
}

async fn open(figment: &Figment, config: &Config) -> Result<App, Objection> {
    let port = figment
        .extract_inner("port")
        .map_err(|e| format!("configuration: {e}"))?;
    start::app(config, port).await
}
