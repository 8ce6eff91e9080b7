//! Keeping a view, changing how it is kept, taking it away.

use super::{address, asked};
use crate::{
    domain::{
        access::{Permit, right::SaveViews},
        error::{Error, Fault, Result},
        ids::ViewId,
        view::{List, View, Whose},
    },
    operations::{
        App,
        views::{self, Kept, New},
    },
    store::saved_views,
    web::{
        form::{Form, Sent},
        guards::Id,
        input::{Check, Query},
        once,
        page::{Answer, Goto, Page},
        reader::Reader,
    },
};
use rocket::{State, get, post};
use serde_json::json;

/// Characters of a view's name at most.
const NAME_MAX: usize = 60;

fn read(check: &mut Check, sent: &Sent) -> Kept {
    Kept {
        name: check.required_line("nome_vista", sent.get("nome_vista"), NAME_MAX),
        shared: sent.ticked("condivisa"),
        is_default: sent.ticked("predefinita"),
    }
}

/// What an address's query asks of a list, read as the list reads it.
fn normal(list: List, query: &str) -> Option<String> {
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let get = |name: &str| {
        let found = pairs.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    };
    asked(list, get)
}

fn new_page(list: List, query: &str, form: &Form, read_only: bool) -> Answer {
    let shown = json!({
        "form": form, "list": list, "query": query, "back": address(list, query), "read_only": read_only,
    });
    Page::new("pages/views/new", shown)?.status(form.status()).reply()
}

/// Asks under which name.
#[get("/viste/nuova")]
pub(crate) async fn nuova(permit: Permit<SaveViews>, query: Query) -> Answer {
    let mut check = Check::default();
    let list = check.word("elenco", query.get("elenco"), List::from_code);
    check.finish()?;
    let list = list.unwrap_or(List::Licenses);
    let query = asked(list, |name| query.get(name)).unwrap_or_default();
    new_page(list, &query, &Form::new()?, permit.actor().is_read_only())
}

/// Keeps it.
#[post("/viste/nuova", data = "<sent>")]
pub(crate) async fn salvata(
    app: &State<App>,
    permit: Permit<SaveViews>,
    reader: Reader,
    sent: Sent,
) -> Answer {
    let list = sent
        .get("elenco")
        .and_then(List::from_code)
        .unwrap_or(List::Licenses);
    let read_only = permit.actor().is_read_only();
    let query = normal(list, sent.get("interrogazione").unwrap_or_default());
    let mut check = Check::default();
    let kept = read(&mut check, &sent);
    if query.is_none() {
        check.fault("nome_vista", Fault::TooLong);
    }
    let query = query.unwrap_or_default();
    let to = address(list, &query);
    let remembered = once::leading(permit.actor(), "/viste/nuova", &sent, &to);
    let new = New {
        list,
        query: query.clone(),
        kept,
    };
    let done = match check.finish() {
        Ok(()) => views::save(app, permit, new, remembered).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(made) => Goto::to(once::path(made, |_| to.clone()))
            .saying("view-saved")
            .reply(),
        Err(error) => {
            let many = matches!(&error, Error::Invalid(wrong) if wrong.has("nome_vista", Fault::OutOfRange));
            let mut form = Form::refused(&sent, error, reader.language)?;
            if many {
                form = form.explained("nome_vista", reader.text("view-too-many"));
            }
            new_page(list, &query, &form, read_only)
        }
    }
}

async fn found(app: &App, whose: Whose, id: ViewId) -> Result<(View, bool)> {
    app.db
        .read(move |tx| {
            let view = saved_views::get(tx, whose, id)?;
            let own = views::is_own(tx, whose, &view)?;
            Ok((view.into_inner(), own))
        })
        .await
}

fn edit_page((view, own): &(View, bool), form: &Form, read_only: bool) -> Answer {
    let shared = view.shared_with.is_some();
    let shown = json!({
        "form": form, "id": view.id, "name": view.name, "list": view.list, "href": address(view.list, &view.query),
        "own": *own && !(shared && read_only), "read_only": read_only, "shared": shared,
    });
    Page::new("pages/views/edit", shown)?
        .status(form.status())
        .reply()
}

/// The form.
#[get("/viste/<id>/modifica")]
pub(crate) async fn modifica(app: &State<App>, permit: Permit<SaveViews>, id: Id<ViewId>) -> Answer {
    let view = found(app, views::whose(permit.actor())?, id.get()?).await?;
    let form = Form::new()?
        .with("nome_vista", &view.0.name)
        .with_some("condivisa", view.0.shared_with.map(|_| "si"))
        .with_some("predefinita", view.0.is_default.then_some("si"));
    edit_page(&view, &form, permit.actor().is_read_only())
}

/// Changes how it is kept.
#[post("/viste/<id>/modifica", data = "<sent>")]
pub(crate) async fn modificata(
    app: &State<App>,
    permit: Permit<SaveViews>,
    reader: Reader,
    id: Id<ViewId>,
    sent: Sent,
) -> Answer {
    let (id, whose, read_only) = (
        id.get()?,
        views::whose(permit.actor())?,
        permit.actor().is_read_only(),
    );
    let view = found(app, whose, id).await?;
    let mut check = Check::default();
    let mut kept = read(&mut check, &sent);
    if !view.1 {
        // Whose it is not is not asked for its name.
        check = Check::default();
        kept.name.clone_from(&view.0.name);
        kept.shared = true;
    }
    let done = match check.finish() {
        Ok(()) => views::change(app, permit, id, kept).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => Goto::to("/viste").saying("view-changed").reply(),
        Err(error) => {
            let form = Form::refused(&sent, error, reader.language)?;
            edit_page(&view, &form, read_only)
        }
    }
}

/// Takes it away.
#[post("/viste/<id>/elimina", data = "<_sent>")]
pub(crate) async fn elimina(
    app: &State<App>,
    permit: Permit<SaveViews>,
    id: Id<ViewId>,
    _sent: Sent,
) -> Answer {
    views::delete(app, permit, id.get()?).await?;
    Goto::to("/viste").saying("view-deleted").reply()
}
