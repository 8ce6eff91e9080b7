//! Every component in every state, for who builds pages. Debug builds alone have it.

use crate::web::page::{Answer, Page};
use rocket::get;
use serde_json::json;

/// The components.
#[get("/stile")]
pub(crate) async fn stile() -> Answer {
    Page::new("pages/style", json!({}))?.reply()
}
