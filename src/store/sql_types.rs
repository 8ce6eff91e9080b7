//! Identifiers as 16 bytes, hashes as 32, words of the contract as text: once for every backend.

#[cfg(feature = "mariadb")]
use diesel::mysql::Mysql;
use diesel::{
    Queryable,
    backend::Backend,
    deserialize::{self, FromSql},
    expression::AsExpression,
    internal::derives::as_expression::Bound,
    serialize::{self, IsNull, Output, ToSql},
    sql_types::{Binary, Nullable, SingleValue, Text, Timestamp},
    sqlite::Sqlite,
};

use super::connection::MultiBackend;
use crate::domain::{
    actor::ActorKind,
    company::NodeKind,
    customer::CustomerState,
    ids::*,
    license::{Binding, LicenseKind, SuspensionReason},
    product::StartRule,
    user::UserState,
    view::List,
};
use chrono::NaiveDateTime;

/// Everything but `ToSql` and `FromSql`: what Diesel's derives would write.
macro_rules! expressions {
    ($ty:ty, $sql:ty) => {
        impl AsExpression<$sql> for $ty {
            type Expression = Bound<$sql, Self>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }
        impl AsExpression<Nullable<$sql>> for $ty {
            type Expression = Bound<Nullable<$sql>, Self>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }
        impl<'a> AsExpression<$sql> for &'a $ty {
            type Expression = Bound<$sql, Self>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }
        impl<'a> AsExpression<Nullable<$sql>> for &'a $ty {
            type Expression = Bound<Nullable<$sql>, Self>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }
        impl<DB: Backend> ToSql<Nullable<$sql>, DB> for $ty
        where
            $ty: ToSql<$sql, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                ToSql::<$sql, DB>::to_sql(self, out)
            }
        }
        impl<DB, ST> Queryable<ST, DB> for $ty
        where
            DB: Backend,
            ST: SingleValue,
            Self: FromSql<ST, DB>,
        {
            type Row = Self;
            fn build(row: Self) -> deserialize::Result<Self> {
                Ok(row)
            }
        }
    };
}

macro_rules! bytes {
    ($($ty:ident),+) => { $(
        expressions!($ty, Binary);
        impl ToSql<Binary, Sqlite> for $ty {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                out.set_value(self.0.as_slice());
                Ok(IsNull::No)
            }
        }
        #[cfg(feature = "mariadb")]
        impl ToSql<Binary, Mysql> for $ty {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Mysql>) -> serialize::Result {
                std::io::Write::write_all(out, &self.0)?;
                Ok(IsNull::No)
            }
        }
        impl ToSql<Binary, MultiBackend> for $ty {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
                out.set_value((Binary, self));
                Ok(IsNull::No)
            }
        }
        impl FromSql<Binary, Sqlite> for $ty {
            fn from_sql(mut raw: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                Ok(Self(raw.read_blob().try_into()?))
            }
        }
        #[cfg(feature = "mariadb")]
        impl FromSql<Binary, Mysql> for $ty {
            fn from_sql(raw: <Mysql as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                Ok(Self(raw.as_bytes().try_into()?))
            }
        }
        impl FromSql<Binary, MultiBackend> for $ty {
            fn from_sql(raw: <MultiBackend as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                raw.from_sql::<Self, Binary>()
            }
        }
    )+ };
}

/// A SHA-256 or HMAC-SHA-256 value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Hash32(pub(crate) [u8; 32]);

bytes!(
    NodeId,
    ProductId,
    ModuleId,
    VersionId,
    PriceId,
    SigningKeyId,
    CustomerId,
    ContactId,
    SiteId,
    UserId,
    TokenId,
    SessionId,
    LicenseId,
    BatchId,
    SuspensionId,
    LicenseUserId,
    ActivationId,
    LogId,
    RegistrationId,
    LinkId,
    MessageId,
    TransactionId,
    OrderId,
    ViewId,
    JobRunId,
    TemplateId,
    NoticeId,
    WebhookId,
    DeliveryId,
    LogoId,
    Hash32,
    AnyId
);

macro_rules! words {
    ($($ty:ident),+) => { $(
        expressions!($ty, Text);
        impl ToSql<Text, Sqlite> for $ty {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                out.set_value(self.code());
                Ok(IsNull::No)
            }
        }
        #[cfg(feature = "mariadb")]
        impl ToSql<Text, Mysql> for $ty {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Mysql>) -> serialize::Result {
                std::io::Write::write_all(out, self.code().as_bytes())?;
                Ok(IsNull::No)
            }
        }
        impl ToSql<Text, MultiBackend> for $ty {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
                out.set_value((Text, self));
                Ok(IsNull::No)
            }
        }
        impl FromSql<Text, Sqlite> for $ty {
            fn from_sql(mut raw: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                word(Self::from_code, raw.read_text())
            }
        }
        #[cfg(feature = "mariadb")]
        impl FromSql<Text, Mysql> for $ty {
            fn from_sql(raw: <Mysql as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                word(Self::from_code, std::str::from_utf8(raw.as_bytes())?)
            }
        }
        impl FromSql<Text, MultiBackend> for $ty {
            fn from_sql(raw: <MultiBackend as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                raw.from_sql::<Self, Text>()
            }
        }
    )+ };
}

fn word<T>(from_code: fn(&str) -> Option<T>, text: &str) -> deserialize::Result<T> {
    from_code(text).ok_or_else(|| format!("`{text}` is not a word that this column holds").into())
}

words!(
    LicenseKind,
    Binding,
    SuspensionReason,
    CustomerState,
    NodeKind,
    StartRule,
    UserState,
    ActorKind,
    List
);

/// An instant, UTC, as a column type: `DATETIME` on MariaDB. Diesel's own `Timestamp` is bound as MariaDB's
/// `TIMESTAMP`, which ends on 19 January 2038; later ones are refused then, or stored as null.
#[derive(Debug, Clone, Copy, Default, diesel::query_builder::QueryId, diesel::sql_types::SqlType)]
#[diesel(sqlite_type(name = "Text"))]
#[cfg_attr(feature = "mariadb", diesel(mysql_type(name = "DateTime")))]
pub struct Instant;

impl diesel::sql_types::SqlOrd for Instant {}

impl diesel::sql_types::HasSqlType<Instant> for MultiBackend {
    fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
        Self::lookup_sql_type::<Instant>(lookup)
    }
}

/// A value for such a column. Reading gives a `NaiveDateTime` as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct At(pub NaiveDateTime);

expressions!(At, Instant);

macro_rules! instants {
    ($db:ty) => {
        impl ToSql<Instant, $db> for At {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, $db>) -> serialize::Result {
                ToSql::<Timestamp, $db>::to_sql(&self.0, out)
            }
        }
        impl FromSql<Instant, $db> for At {
            fn from_sql(raw: <$db as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                FromSql::<Instant, $db>::from_sql(raw).map(Self)
            }
        }
        impl FromSql<Instant, $db> for NaiveDateTime {
            fn from_sql(raw: <$db as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                FromSql::<Timestamp, $db>::from_sql(raw)
            }
        }
    };
}

instants!(Sqlite);
#[cfg(feature = "mariadb")]
instants!(Mysql);

impl ToSql<Instant, MultiBackend> for At {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
        out.set_value((Instant, self));
        Ok(IsNull::No)
    }
}

impl FromSql<Instant, MultiBackend> for At {
    fn from_sql(raw: <MultiBackend as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        raw.from_sql::<Self, Instant>()
    }
}

impl FromSql<Instant, MultiBackend> for NaiveDateTime {
    fn from_sql(raw: <MultiBackend as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        raw.from_sql::<Self, Instant>()
    }
}
