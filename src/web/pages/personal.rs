//! What is known of a customer as a person, as a file that a browser saves.

use crate::{
    domain::error::{Error, Result},
    web::session,
};
use rocket::{
    Request, Response,
    response::{self, Responder},
};
use serde_json::Value;
use std::io::Cursor;

/// The file.
#[derive(Debug)]
pub(super) struct Document(String);

impl Document {
    /// Written so that nothing of it is markup, whatever opens it.
    pub(super) fn new(data: &Value) -> Result<Self> {
        let text = serde_json::to_string_pretty(data).map_err(Error::internal)?;
        // In JSON these stand in strings alone.
        let text = text
            .replace('<', "\\u003c")
            .replace('>', "\\u003e")
            .replace('&', "\\u0026");
        Ok(Self(text))
    }
}

impl<'r> Responder<'r, 'static> for Document {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        if session::of(request).is_some_and(|session| session.seeing.is_some()) {
            return Err(rocket::http::Status::Forbidden);
        }
        Response::build()
            .raw_header("Content-Type", "application/json; charset=utf-8")
            .raw_header(
                "Content-Disposition",
                "attachment; filename=\"dati-personali.json\"",
            )
            .raw_header("Cache-Control", "no-store")
            .sized_body(self.0.len(), Cursor::new(self.0))
            .ok()
    }
}
