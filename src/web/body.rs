//! Bodies of requests: read up to their limit, parsed as JSON, with errors that name the field.

use crate::domain::error::{Error, Fault, Result};
use rocket::{
    Data, Request,
    data::{self, FromData, ToByteUnit},
};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, IgnoredAny, MapAccess, Visitor, value::MapAccessDeserializer},
};
use serde_path_to_error::{Path, Segment};
use std::{convert::Infallible, fmt, marker::PhantomData};

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

    /// The body as JSON, where all of it is optional: an empty one says nothing.
    pub(super) fn parse_or_default<T: DeserializeOwned + Default>(&self) -> Result<T> {
        if self.bytes()?.is_empty() {
            Ok(T::default())
        } else {
            self.parse()
        }
    }

    /// The body as JSON. A field of another type, or missing, or there twice, is named.
    pub(super) fn parse<T: DeserializeOwned>(&self) -> Result<T> {
        let text = std::str::from_utf8(self.bytes()?).map_err(|_| Error::internal(BadBody::NotJson))?;
        let mut json = serde_json::Deserializer::from_str(text);
        let Whole(parsed) = serde_path_to_error::deserialize(&mut json).map_err(|error| {
            let path = dotted(error.path());
            let inner = error.inner();
            let said = inner.to_string();
            // Sound JSON, although no number of ours is as large.
            if said.starts_with("number out of range") {
                return Error::field(&path, Fault::OutOfRange);
            }
            if !inner.is_data() || serde_json::from_str::<IgnoredAny>(text).is_err() {
                return Error::internal(BadBody::NotJson);
            }
            let named = said.split('`').nth(1).unwrap_or_default();
            let join = |name: &str| {
                if path.is_empty() {
                    name.to_owned()
                } else {
                    format!("{path}.{name}")
                }
            };
            if said.starts_with("missing field") {
                Error::field(&join(named), Fault::Missing)
            } else if said.starts_with("duplicate field") {
                Error::field(&join(named), Fault::Invalid)
            } else if path.is_empty() {
                Error::field("corpo", Fault::WrongType)
            } else {
                Error::field(&path, Fault::WrongType)
            }
        })?;
        json.end().map_err(|_| Error::internal(BadBody::NotJson))?;
        Ok(parsed)
    }
}

/// A field's name as the contract writes it, `moduli.0.codice`; empty for the whole body.
fn dotted(path: &Path) -> String {
    let names: Vec<String> = path
        .iter()
        .map(|segment| match segment {
            Segment::Seq { index } => index.to_string(),
            Segment::Map { key } => key.clone(),
            other => other.to_string(),
        })
        .collect();
    names.join(".")
}

/// A request's fields by their names. Serde would read them from an array too, by their places.
pub(super) trait Fields: Sized {
    /// Reads them from a map.
    fn read<'de, D: Deserializer<'de>>(map: D) -> std::result::Result<Self, D::Error>;
}

/// Makes objects, and nothing else, the form of types that derive `Deserialize` with `#[serde(remote = "Self")]`.
macro_rules! objects {
    ($($name:ty),+ $(,)?) => { $(
        impl crate::web::body::Fields for $name {
            fn read<'de, D: serde::Deserializer<'de>>(map: D) -> std::result::Result<Self, D::Error> {
                <$name>::deserialize(map)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(json: D) -> std::result::Result<Self, D::Error> {
                crate::web::body::object(json)
            }
        }
    )+ };
}
pub(super) use objects;

/// Reads an object.
pub(super) fn object<'de, T: Fields, D: Deserializer<'de>>(json: D) -> std::result::Result<T, D::Error> {
    struct Object<T>(PhantomData<T>);
    impl<'de, T: Fields> Visitor<'de> for Object<T> {
        type Value = T;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }
        fn visit_map<A: MapAccess<'de>>(self, map: A) -> std::result::Result<T, A::Error> {
            T::read(MapAccessDeserializer::new(map))
        }
    }
    json.deserialize_map(Object(PhantomData))
}

/// A whole body.
struct Whole<T>(T);

impl<T: DeserializeOwned> Fields for Whole<T> {
    fn read<'de, D: Deserializer<'de>>(map: D) -> std::result::Result<Self, D::Error> {
        T::deserialize(map).map(Self)
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Whole<T> {
    fn deserialize<D: Deserializer<'de>>(json: D) -> std::result::Result<Self, D::Error> {
        object(json)
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
