//! What users change of themselves.

use super::{about, name, own};
use crate::{
    domain::{
        actor::Actor,
        audit::EventKind,
        error::{Error, Fault, Result},
        user::User,
    },
    operations::App,
    store::{Done, users},
};

/// What is to change: absent stays.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// Name.
    pub name: Option<String>,
    /// Language of the interface and of mail: it or en.
    pub language: Option<String>,
}

/// Changes one's own name and language.
///
/// # Errors
/// [`Error::Invalid`]; [`Error::Forbidden`] for whoever is not a user at a browser.
pub async fn change(app: &App, actor: &Actor, changes: Changes) -> Result<()> {
    let wanted = changes.name.as_deref().map(name).transpose()?;
    let language = changes.language;
    if language
        .as_deref()
        .is_some_and(|code| !["it", "en"].contains(&code))
    {
        return Err(Error::field("lingua", Fault::Invalid));
    }
    let actor_ = actor.clone();
    app.db
        .operation(actor, app.clock.now(), move |tx| {
            let was = own(tx, &actor_)?;
            let now = User {
                name: wanted.clone().unwrap_or_else(|| was.name.clone()),
                language: language.clone().unwrap_or_else(|| was.language.clone()),
                ..(*was).clone()
            };
            if now.name == was.name && now.language == was.language {
                return Ok(Done::Unchanged(()));
            }
            users::update(tx, &was, &now)?;
            let event = about(EventKind::UserChanged, &was)
                .changed("nome", &was.name, &now.name)
                .changed("lingua", &was.language, &now.language);
            Ok(Done::changed((), event))
        })
        .await
}
