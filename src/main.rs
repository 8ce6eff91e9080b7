//! Reads the command line and runs the command.

use clap::Parser;
use sigillo::cli;
use std::process::ExitCode;

fn main() -> ExitCode {
    match rocket::execute(cli::run(cli::Arguments::parse())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("sigillo: {why}");
            ExitCode::FAILURE
        }
    }
}
