//! All views that somebody sees.

use super::address;
use crate::{
    domain::{
        access::{Permit, right::SaveViews},
        view::List,
    },
    operations::{App, views},
    store::saved_views,
    web::page::{Answer, Page},
};
use rocket::{State, get};
use serde_json::{Value, json};

/// The views, list by list.
#[get("/viste")]
pub(crate) async fn viste(app: &State<App>, permit: Permit<SaveViews>) -> Answer {
    let whose = views::whose(permit.actor())?;
    let lists = app
        .db
        .read(move |tx| {
            List::ALL
                .iter()
                .map(|list| Ok((*list, saved_views::of_list(tx, whose, *list)?)))
                .collect::<crate::domain::error::Result<Vec<_>>>()
        })
        .await?;
    let shown: Vec<Value> = lists
        .iter()
        .map(|(list, views)| {
            let rows: Vec<Value> = views
                .iter()
                .map(|view| {
                    json!({
                        "id": view.id, "name": view.name, "href": address(*list, &view.query),
                        "shared": view.shared_with.is_some(), "default": view.is_default,
                        "mine": view.maker == whose.user,
                    })
                })
                .collect();
            json!({ "list": list, "path": super::path(*list), "rows": rows })
        })
        .collect();
    Page::new("pages/views/list", json!({ "lists": shown }))?.reply()
}
