//! A file that somebody sends, from one of the portal's own pages.

use super::session;
use rocket::{
    Data, Request,
    data::{self, FromData, ToByteUnit},
    futures::stream,
    http::{ContentType, Status},
};
use std::convert::Infallible;

/// KiB of a file at most.
const LIMIT_KIB: u64 = 256;
/// KiB of what stands around it.
const AROUND_KIB: u64 = 8;

/// A file, if one was chosen. Nothing else of such a form is read.
#[derive(Debug)]
pub(super) struct Upload(pub(super) Option<Vec<u8>>);

#[rocket::async_trait]
impl<'r> FromData<'r> for Upload {
    type Error = ();
    async fn from_data(request: &'r Request<'_>, data: Data<'r>) -> data::Outcome<'r, Self> {
        if !session::is_ours(request) {
            return data::Outcome::Error((Status::Forbidden, ()));
        }
        let body = match data.open((LIMIT_KIB + AROUND_KIB).kibibytes()).into_bytes().await {
            Ok(body) if body.is_complete() => body.into_inner(),
            Ok(_) => return data::Outcome::Error((Status::PayloadTooLarge, ())),
            Err(_) => return data::Outcome::Error((Status::BadRequest, ())),
        };
        let boundary = request
            .content_type()
            .filter(|kind| kind.is_form_data())
            .and_then(|kind: &ContentType| kind.param("boundary"));
        // Whoever sends no file's form has sent no file.
        let Some(boundary) = boundary else {
            return data::Outcome::Success(Self(None));
        };
        match first_file(body, boundary).await {
            Ok(file)
                if file
                    .as_ref()
                    .is_some_and(|file| file.len() as u64 > LIMIT_KIB * 1024) =>
            {
                data::Outcome::Error((Status::PayloadTooLarge, ()))
            }
            Ok(file) => data::Outcome::Success(Self(file)),
            Err(_) => data::Outcome::Error((Status::BadRequest, ())),
        }
    }
}

/// The first field of a form that is a file, and not an empty one.
async fn first_file(body: Vec<u8>, boundary: &str) -> multer::Result<Option<Vec<u8>>> {
    let whole = stream::once(async move { Ok::<_, Infallible>(body) });
    let mut form = multer::Multipart::new(whole, boundary);
    while let Some(field) = form.next_field().await? {
        if field.file_name().is_none() {
            continue;
        }
        let file = field.bytes().await?;
        return Ok(Some(file.to_vec()).filter(|file| !file.is_empty()));
    }
    Ok(None)
}
