//! Identifiers: UUIDv7 in 16 bytes, a type for each thing, so that one cannot stand for another.

use chrono::NaiveDateTime;
use std::{
    fmt,
    str::FromStr,
    sync::{
        LazyLock,
        atomic::{AtomicU32, Ordering},
    },
};
use uuid::{NoContext, Timestamp, Uuid};

/// The text was not a UUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier")]
pub struct BadId;

/// Counts the identifiers that this process made, from somewhere: it orders those of one microsecond.
static MADE: LazyLock<AtomicU32> = LazyLock::new(|| {
    let [.., a, b, c, d] = *Uuid::now_v7().as_bytes();
    AtomicU32::new(u32::from_be_bytes([a, b, c, d]))
});

/// An identifier of an instant: its milliseconds, and where RFC 9562 leaves it to us its microseconds (6.2, method 3),
/// a counter of 30 bits (method 1) and 32 random ones.
fn at(now: NaiveDateTime) -> [u8; 16] {
    let now = now.and_utc();
    let micros = u32::try_from(now.timestamp_micros().rem_euclid(1_000_000)).unwrap_or_default();
    let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
    let drawn = Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, micros * 1000));
    let fraction = u128::from((micros % 1000) * 4096 / 1000);
    let count = u128::from(MADE.fetch_add(1, Ordering::Relaxed) & COUNT);
    let kept = !(0xFFF_u128 << 64) & !(u128::from(COUNT) << 32);
    (drawn.as_u128() & kept | fraction << 64 | count << 32).to_be_bytes()
}

/// What stands before all identifiers of an instant (UTC, to its millisecond) and of later ones: where a range of them
/// begins, or ends.
pub fn before(instant: NaiveDateTime) -> [u8; 16] {
    let millis = u64::try_from(instant.and_utc().timestamp_millis()).unwrap_or_default();
    (u128::from(millis) << 80).to_be_bytes()
}

/// The instant (UTC, to its millisecond) of an identifier.
pub fn instant_of(id: [u8; 16]) -> NaiveDateTime {
    let millis = i64::try_from(u128::from_be_bytes(id) >> 80).unwrap_or_default();
    chrono::DateTime::from_timestamp_millis(millis)
        .unwrap_or_default()
        .naive_utc()
}

/// The counter's bits.
const COUNT: u32 = (1 << 30) - 1;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; 16]);

        impl $name {
            /// A new identifier, later than all that this process made before (RFC 9562, version 7). What is
            /// listed beside the time at which it was made has one of that time: [`at`](Self::at).
            #[allow(clippy::new_without_default)]
            pub fn new() -> Self {
                Self(*Uuid::now_v7().as_bytes())
            }

            /// A new identifier of an instant (UTC): later than those of earlier ones, and than those that this
            /// process made of the same.
            pub fn at(now: NaiveDateTime) -> Self {
                Self(at(now))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                Uuid::from_bytes(self.0).as_hyphenated().fmt(f)
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
                Uuid::try_parse(text).map(|id| Self(*id.as_bytes())).map_err(|_| BadId)
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
    /// A price of a list.
    PriceId,
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
    /// Something that a user is told in the portal.
    NoticeId,
    /// An address that events are sent to.
    WebhookId,
    /// An event on its way to such an address.
    DeliveryId,
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
    /// A view of a list.
    ViewId,
    /// A run of a job.
    JobRunId,
    /// What a creation form holds, under a name.
    TemplateId,
    /// A logo; who has it may see it, so it is made of chance alone.
    LogoId,
    /// Any of them, where what it points at may be of several kinds.
    AnyId,
}

impl NodeId {
    /// The vendor's node, the same in every installation: there can be only one.
    pub const VENDOR: Self = Self([0, 0, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 1]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use std::collections::BTreeSet;

    fn instant() -> NaiveDateTime {
        "2024-11-23T10:00:00.123456".parse().unwrap()
    }

    #[test]
    fn an_identifier_tells_its_instant_and_is_a_version_7() {
        let id = Uuid::from_bytes(LicenseId::at(instant()).0);
        assert_eq!(
            (id.get_version_num(), id.get_variant()),
            (7, uuid::Variant::RFC4122)
        );
        let (seconds, nanos) = id.get_timestamp().unwrap().to_unix();
        assert_eq!(i64::try_from(seconds).unwrap(), instant().and_utc().timestamp());
        assert_eq!(nanos / 1_000_000, 123);
        let now = LicenseId::new().to_string();
        assert!(now.parse::<LicenseId>().is_ok_and(|id| id.to_string() == now));
    }

    #[test]
    fn identifiers_have_the_order_of_their_instants_whenever_they_were_made() {
        let later: Vec<_> = (0..3000)
            .rev()
            .map(|n| LicenseId::at(instant() + TimeDelta::microseconds(n)))
            .collect();
        assert!(later.is_sorted_by(|a, b| a > b));
        assert!(LicenseId::at(NaiveDateTime::MIN) < LicenseId::at(instant()));
        assert!(LicenseId::at(instant()) < LicenseId::new());
    }

    #[test]
    fn a_range_of_instants_is_a_range_of_identifiers() {
        let whole: NaiveDateTime = "2024-11-23T10:00:00.123".parse().unwrap();
        assert!(before(whole) < LicenseId::at(whole).0);
        assert!(before(instant()) < LicenseId::at(instant()).0);
        assert!(before(whole) > LicenseId::at(whole - TimeDelta::microseconds(1)).0);
        assert_eq!(before(NaiveDateTime::MIN), [0; 16]);
    }

    #[test]
    fn those_of_one_instant_have_the_order_in_which_they_were_made_and_no_two_are_alike() {
        let made: Vec<_> = (0..10_000).map(|_| LicenseId::at(instant())).collect();
        let turns = made.windows(2).filter(|pair| pair[0] > pair[1]).count();
        assert!(turns <= 1, "but where the counter begins anew");
        let by_threads: Vec<Vec<LicenseId>> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4)
                .map(|_| scope.spawn(|| (0..10_000).map(|_| LicenseId::at(instant())).collect()))
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let all: BTreeSet<_> = by_threads.into_iter().flatten().chain(made).collect();
        assert_eq!(all.len(), 50_000);
    }
}
