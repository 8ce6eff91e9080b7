//! The forms that answers take.

use crate::{
    domain::error::{Error, Result},
    operations::{IdempotencyKey, Once, Replayable},
    web::problem::Failure,
};
use rocket::{
    Request, Response,
    http::{ContentType, Status},
    response::{self, Responder},
    serde::json::Json,
};
use serde::Serialize;
use std::io::Cursor;

/// What most handlers give.
pub(super) type Answer<T> = std::result::Result<Json<T>, Failure>;

/// 201 with a new object, or the answer that the same request got the first time.
pub(super) struct Created {
    status: u16,
    body: String,
    replayed: bool,
}

impl<'r> Responder<'r, 'static> for Created {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        let mut response = Response::build();
        response
            .status(Status::new(self.status))
            .header(ContentType::JSON)
            .sized_body(self.body.len(), Cursor::new(self.body));
        if self.replayed {
            response.raw_header("Idempotency-Replayed", "true");
        }
        response.ok()
    }
}

/// A value as the contract writes it.
type View<T, V> = fn(&T) -> V;

fn render<T: 'static, V: Serialize + 'static>(
    view: View<T, V>,
) -> impl Fn(&T) -> Result<(u16, String)> + Send + Sync + 'static {
    move |value| Ok((201, serde_json::to_string(&view(value)).map_err(Error::internal)?))
}

/// How a creation is remembered under its key.
pub(super) fn once<T: 'static, V: Serialize + 'static>(
    key: Option<IdempotencyKey>,
    view: View<T, V>,
) -> Once<T> {
    Once::under(key, render(view))
}

/// The answer to a creation.
pub(super) fn created<T: 'static, V: Serialize + 'static>(
    outcome: Replayable<T>,
    view: View<T, V>,
) -> std::result::Result<Created, Failure> {
    match outcome {
        Replayable::Replayed(status, body) => Ok(Created {
            status,
            body,
            replayed: true,
        }),
        Replayable::Done(value) => {
            let (status, body) = render(view)(&value)?;
            Ok(Created {
                status,
                body,
                replayed: false,
            })
        }
    }
}

/// An object with its `ETag`.
pub(super) struct Tagged<T>(pub T, pub i32);

impl<'r, T: Serialize> Responder<'r, 'static> for Tagged<T> {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        let mut response = Json(self.0).respond_to(request)?;
        response.set_raw_header("ETag", format!("\"{}\"", self.1));
        Ok(response)
    }
}
