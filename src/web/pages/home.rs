//! The first page.

use crate::web::{
    page::{Answer, Page},
    session::SignedIn,
};
use rocket::get;
use serde_json::json;

/// The dashboard.
#[get("/")]
pub(crate) async fn home(session: SignedIn<'_>) -> Answer {
    let _ = session.0;
    Page::new("pages/home", json!({}))?.reply()
}
