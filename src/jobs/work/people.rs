//! Writing to who sells or decides: each active user of a node, in their language.

use crate::{
    domain::{error::Result, ids::NodeId, mail::MailKind},
    operations::{
        App,
        messages::{Addressee, queue},
    },
    store::{WriteTx, sellers::Person},
};
use serde_json::Value;

/// Queues a message to each of a node's people: how many. `fill` gives its values in a language, by name of who reads it.
pub(super) fn tell(
    app: &App,
    tx: &mut WriteTx<'_>,
    mail: MailKind,
    company: Option<NodeId>,
    people: &[Person],
    fill: impl Fn(&str) -> Value,
) -> Result<usize> {
    for person in people {
        let language = person.language.as_deref().unwrap_or(&app.language);
        let mut payload = fill(language);
        if let Some(values) = payload.as_object_mut() {
            values.insert("nome".into(), person.name.as_str().into());
        }
        let to = Addressee {
            email: &person.email,
            language,
            company,
            customer: None,
            user: person.user,
        };
        queue(app, tx, mail, &to, &payload)?;
    }
    Ok(people.len())
}
