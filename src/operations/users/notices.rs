//! Of what a user wants to be told, and how. Security and service have no topic: nobody can switch those off.

use super::{about, own};
use crate::{
    domain::{
        actor::{Actor, Role},
        audit::EventKind,
        error::Result,
        notice::{Choice, Topic},
    },
    operations::App,
    store::{Done, notices},
};

/// What somebody can choose for.
pub fn topics(actor: &Actor) -> &'static [Topic] {
    match actor.role() {
        Some(Role::Customer) => Topic::OF_CUSTOMERS,
        Some(_) => Topic::OF_STAFF,
        None => &[],
    }
}

/// What they chose, or what is so for all who did not.
///
/// # Errors
/// [`Forbidden`](crate::domain::error::Error::Forbidden) for whoever is not a user at a browser.
pub async fn of(app: &App, actor: &Actor) -> Result<Vec<(Topic, Choice)>> {
    let actor = actor.clone();
    app.db
        .read(move |tx| {
            let user = own(tx, &actor)?;
            let choices = notices::choices(tx, &user)?;
            Ok(topics(&actor)
                .iter()
                .filter_map(|topic| Some((*topic, *choices.get(topic)?)))
                .collect())
        })
        .await
}

/// Stores what they choose.
///
/// # Errors
/// As [`of`].
pub async fn choose(app: &App, actor: &Actor, wanted: Vec<(Topic, Choice)>) -> Result<()> {
    let actor_ = actor.clone();
    app.db
        .operation(actor, app.clock.now(), move |tx| {
            let user = own(tx, &actor_)?;
            let before = notices::choices(tx, &user)?;
            let mut now = before.clone();
            for (topic, choice) in &wanted {
                if before.get(topic) != Some(choice) {
                    notices::choose(tx, &user, *topic, *choice)?;
                    now.insert(*topic, *choice);
                }
            }
            if now == before {
                return Ok(Done::Unchanged(()));
            }
            let told = |choices: &std::collections::BTreeMap<Topic, Choice>| -> Vec<String> {
                topics(&actor_)
                    .iter()
                    .filter_map(|topic| Some((topic, choices.get(topic)?)))
                    .flat_map(|(topic, choice)| {
                        let mail = choice.by_mail.then(|| format!("{topic}: e-mail"));
                        let portal = choice.in_portal.then(|| format!("{topic}: portale"));
                        mail.into_iter().chain(portal)
                    })
                    .collect()
            };
            let event = about(EventKind::UserChanged, &user).changed("avvisi", &told(&before), &told(&now));
            Ok(Done::changed((), event))
        })
        .await
}
