//! `sigillo token create`.

use crate::{
    config::Objection,
    domain::{access::Permit, actor::Actor, error::Error, text},
    operations::{
        App,
        users::create_token::{self, New},
    },
    start::sentence,
};

/// Makes a token and prints it, alone, on standard output.
#[allow(clippy::print_stdout)]
pub(super) async fn create(
    app: &App,
    email: &str,
    name: &str,
    read_only: bool,
    days: Option<u32>,
) -> Result<(), Objection> {
    let email = text::email(email).map_err(|_| format!("`{email}` is not an e-mail address"))?;
    let name = text::clean(name);
    if name.is_empty() || name.chars().count() > 100 {
        return Err("a token's name has 1 to 100 characters".into());
    }
    let permit = Permit::ask(&Actor::operator()).map_err(|e| sentence(&e))?;
    let new = New {
        email: email.clone(),
        name,
        read_only,
        days,
    };
    match create_token::create_token(app, permit, new).await {
        Ok(token) => {
            println!("{token}");
            Ok(())
        }
        Err(Error::NotFound) => Err(format!("no user `{email}` can sign in")),
        Err(error) => Err(sentence(&error)),
    }
}
