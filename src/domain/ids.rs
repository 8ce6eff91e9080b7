//! Identifiers: UUIDv7 in 16 bytes, a type for each thing, so that one cannot stand for another.

use std::{fmt, str::FromStr};

/// The text was not a UUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier")]
pub struct BadId;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; 16]);

        impl $name {
            /// A new identifier, later than all that this process made before (RFC 9562, version 7).
            #[allow(clippy::new_without_default)]
            pub fn new() -> Self {
                Self(*uuid::Uuid::now_v7().as_bytes())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                uuid::Uuid::from_bytes(self.0).as_hyphenated().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }

        impl FromStr for $name {
            type Err = BadId;
            /// Accepts the hyphenated form alone, so that one identifier has one spelling.
            fn from_str(text: &str) -> Result<Self, BadId> {
                if text.len() != 36 {
                    return Err(BadId);
                }
                uuid::Uuid::try_parse(text).map(|id| Self(*id.as_bytes())).map_err(|_| BadId)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
                out.collect_str(self)
            }
        }
    )+ };
}

ids! {
    /// A node of the tree: the vendor, a company, an agent.
    NodeId,
    /// A product.
    ProductId,
    /// A module of a product.
    ModuleId,
    /// A version of a product.
    VersionId,
    /// A signing key of a product.
    SigningKeyId,
    /// A customer.
    CustomerId,
    /// A person at a customer.
    ContactId,
    /// A customer's place.
    SiteId,
    /// A user.
    UserId,
    /// Somebody signed in at a browser.
    SessionId,
    /// An API token.
    TokenId,
    /// A licence.
    LicenseId,
    /// Licences generated together.
    BatchId,
    /// A suspension of a licence.
    SuspensionId,
    /// A named user of a licence.
    LicenseUserId,
    /// The binding of a licence to a device; the `jti` of its computer keys.
    ActivationId,
    /// A row of a log.
    LogId,
    /// A customer's request for registration.
    RegistrationId,
    /// A link that works once.
    LinkId,
    /// A message in the outbox.
    MessageId,
    /// A transaction.
    TransactionId,
    /// An order.
    OrderId,
    /// Any of them, where what it points at may be of several kinds.
    AnyId,
}

impl NodeId {
    /// The vendor's node, the same in every installation: there can be only one.
    pub const VENDOR: Self = Self([0, 0, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 1]);
}
