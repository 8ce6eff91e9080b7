//! Changing a user.

use super::{create::language_code, path};
use crate::{
    domain::{
        access::{Permit, right::ManageUsers},
        error::{Error, FieldErrors, Result},
        ids::UserId,
        user::User,
    },
    operations::{
        App,
        users::change::{self, Changes},
    },
    store::users,
    web::{
        form::{Difference, Form, Sent},
        guards::Id,
        input::{Check, NAME_MAX},
        page::{Answer, Goto, Page},
        reader::Language,
    },
};
use rocket::{State, get, post};
use serde_json::json;

/// The fields that are compared when somebody else changed the user meanwhile.
const NAMES: &[&str] = &["nome", "lingua", "sola_lettura"];

fn filled(user: &User) -> Result<Form> {
    Ok(Form::new()?
        .with("nome", &user.name)
        .with("lingua", &user.language)
        .with_some("sola_lettura", user.read_only.then_some("si"))
        .revision(user.revision))
}

fn page(user: &User, form: &Form, own: bool, stale: Option<Vec<Difference>>) -> Answer {
    let status = form.status_of(stale.as_deref());
    let shown = json!({
        "form": form,
        "id": user.id,
        "name": user.name,
        "email": user.email,
        "own": own,
        "stale": stale,
    });
    Page::new("pages/users/edit", shown)?.status(status).reply()
}

/// The form.
#[get("/utenti/<id>/modifica")]
pub(crate) async fn modifica(app: &State<App>, permit: Permit<ManageUsers>, id: Id<UserId>) -> Answer {
    let (id, scope) = (id.get()?, permit.scope());
    let user = app.db.read(move |tx| users::get(tx, scope, id)).await?;
    let own = permit.actor().user_id() == Some(id);
    page(&user, &filled(&user)?, own, None)
}

/// Saves it.
#[post("/utenti/<id>/modifica", data = "<sent>")]
pub(crate) async fn salva(
    app: &State<App>,
    permit: Permit<ManageUsers>,
    id: Id<UserId>,
    language: Language,
    sent: Sent,
) -> Answer {
    let (id, scope) = (id.get()?, permit.scope());
    let own = permit.actor().user_id() == Some(id);
    let mut check = Check::default();
    let changes = Changes {
        name: Some(check.required_line("nome", sent.get("nome"), NAME_MAX)),
        language: check.word("lingua", sent.get("lingua"), language_code),
        // Nobody widens their own rights, nor is asked to.
        read_only: (!own).then(|| sent.ticked("sola_lettura")),
    };
    let saved = match check.finish().and_then(|()| sent.revision()) {
        Ok(revision) => change::change(app, permit, id, revision, changes).await,
        Err(wrong) => Err(wrong),
    };
    match saved {
        Ok(()) => Goto::to(path(id)).saying("user-saved").reply(),
        Err(Error::Stale) => {
            let user = app.db.read(move |tx| users::get(tx, scope, id)).await?;
            let wanted = Form::again(&sent, &FieldErrors::default(), language).revision(user.revision);
            let differing = wanted.differing(&filled(&user)?, NAMES);
            page(&user, &wanted, own, Some(differing))
        }
        Err(error) => {
            let again = Form::refused(&sent, error, language)?;
            let user = app.db.read(move |tx| users::get(tx, scope, id)).await?;
            page(&user, &again, own, None)
        }
    }
}
