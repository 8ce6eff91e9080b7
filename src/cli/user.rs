//! `sigillo user create`.

use crate::{
    config::Objection,
    domain::{
        access::Permit,
        actor::Actor,
        error::{Error, Fault},
        text,
        user::{PASSWORD_MIN, check_password},
    },
    operations::{
        App,
        users::{NewPassword, found},
    },
    start::sentence,
};
use std::io::Read;

/// Makes a superadmin.
pub(super) async fn create(app: &App, email: &str, password_stdin: bool) -> Result<(), Objection> {
    let email = text::email(email).map_err(|_| format!("`{email}` is not an e-mail address"))?;
    let password = if password_stdin { from_stdin()? } else { asked()? };
    check_password(&password, &email).map_err(|fault| match fault {
        Fault::TooShort => format!("the password is too short: {PASSWORD_MIN} characters at least"),
        Fault::TooLong => "the password is too long".to_owned(),
        _ => "the password is too easy to guess".to_owned(),
    })?;
    let permit = Permit::ask(&Actor::operator()).map_err(|e| sentence(&e))?;
    match found::superadmin(app, permit, email.clone(), NewPassword(password)).await {
        Ok(_) => {
            tracing::info!(email, "superadmin made");
            Ok(())
        }
        Err(Error::Invalid(_)) => Err(format!("there is a user `{email}` already")),
        Err(error) => Err(sentence(&error)),
    }
}

fn from_stdin() -> Result<String, Objection> {
    let mut password = String::new();
    std::io::stdin()
        .read_to_string(&mut password)
        .map_err(|e| format!("standard input: {e}"))?;
    let line = password.strip_suffix('\n').unwrap_or(&password);
    Ok(line.strip_suffix('\r').unwrap_or(line).to_owned())
}

fn asked() -> Result<String, Objection> {
    let ask = |prompt: &str| {
        rpassword::prompt_password(prompt).map_err(|e| format!("the password could not be read: {e}"))
    };
    let password = ask("Password: ")?;
    if ask("Again: ")? == password {
        Ok(password)
    } else {
        Err("the two passwords differ".into())
    }
}
