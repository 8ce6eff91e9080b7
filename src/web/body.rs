//! Bodies of requests: read up to their limit, parsed as JSON, with errors that name the field.

use crate::domain::error::{Error, Fault, Result};
use rocket::{
    Data, Request,
    data::{self, FromData, ToByteUnit},
};
use serde::de::DeserializeOwned;
use std::convert::Infallible;

/// KiB of a JSON body at most.
const LIMIT_KIB: u64 = 256;

/// What was wrong with a body before anything of it was understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum BadBody {
    #[error("the body is too large")]
    TooLarge,
    #[error("the body is not JSON")]
    NotJson,
}

/// A body as it came.
pub(super) struct RawBody(std::result::Result<Vec<u8>, BadBody>);

impl RawBody {
    pub(super) fn bytes(&self) -> Result<&[u8]> {
        self.0.as_deref().map_err(|bad| Error::internal(*bad))
    }

    /// The body as JSON. A field of another type, or missing, or there twice, is named.
    pub(super) fn parse<T: DeserializeOwned>(&self) -> Result<T> {
        let bytes = self.bytes()?;
        let mut json = serde_json::Deserializer::from_slice(bytes);
        let parsed: T = serde_path_to_error::deserialize(&mut json).map_err(|error| {
            let path = error.path().to_string();
            let inner = error.inner();
            if !inner.is_data() {
                return Error::internal(BadBody::NotJson);
            }
            let text = inner.to_string();
            let named = text.split('`').nth(1).unwrap_or_default();
            let join = |name: &str| {
                if path == "." {
                    name.to_owned()
                } else {
                    format!("{path}.{name}")
                }
            };
            if text.starts_with("missing field") {
                Error::field(&join(named), Fault::Missing)
            } else if text.starts_with("duplicate field") {
                Error::field(&join(named), Fault::Invalid)
            } else if path == "." {
                Error::field("corpo", Fault::WrongType)
            } else {
                Error::field(&path, Fault::WrongType)
            }
        })?;
        json.end().map_err(|_| Error::internal(BadBody::NotJson))?;
        Ok(parsed)
    }
}

#[rocket::async_trait]
impl<'r> FromData<'r> for RawBody {
    type Error = Infallible;
    async fn from_data(_: &'r Request<'_>, data: Data<'r>) -> data::Outcome<'r, Self> {
        data::Outcome::Success(Self(match data.open(LIMIT_KIB.kibibytes()).into_bytes().await {
            Ok(bytes) if bytes.is_complete() => Ok(bytes.into_inner()),
            Ok(_) => Err(BadBody::TooLarge),
            Err(_) => Err(BadBody::NotJson),
        }))
    }
}
