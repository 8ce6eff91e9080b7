//! Outgoing webhooks: what can be chosen, to which addresses they may go, when they are tried again, how they are signed.
//! The form is that of Standard Webhooks (<https://www.standardwebhooks.com>).

use super::{audit::EventKind, codes::codes, secrets};
use base64::{Engine, engine::general_purpose::STANDARD as B64};
use chrono::{Duration, NaiveDateTime};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

codes! {
    /// What an address can be told of.
    HookEvent {
        /// Licences were generated.
        Issued = "licenza.emessa",
        /// A device took a place.
        Activated = "licenza.attivata",
        /// A licence's terms were changed.
        Changed = "licenza.modificata",
        /// A licence went to somebody.
        Assigned = "licenza.assegnata",
        /// A trial became a licence that is sold.
        Converted = "licenza.convertita",
        /// A licence was extended.
        Renewed = "licenza.rinnovata",
        /// A suspension began.
        Suspended = "licenza.sospesa",
        /// Suspensions were lifted.
        Resumed = "licenza.riattivata",
        /// A licence was stopped for good.
        Revoked = "licenza.revocata",
        /// A device gave its place back.
        Released = "dispositivo.rilasciato",
        /// A customer wanted one device more than its licence has.
        Exhausted = "dispositivo.esauriti",
        /// A customer registered.
        CustomerRegistered = "cliente.registrato",
        /// Staff made a customer.
        CustomerCreated = "cliente.creato",
        /// A waiting customer was validated.
        CustomerValidated = "cliente.convalidato",
        /// A waiting customer was refused.
        CustomerRefused = "cliente.rifiutato",
        /// A customer was stopped.
        CustomerSuspended = "cliente.sospeso",
        /// A customer goes on.
        CustomerResumed = "cliente.riattivato",
        /// Money, or a promise of it, was written down.
        Transaction = "transazione.registrata",
        /// A version was published: the vendor's.
        Version = "prodotto.versione",
    }
}

impl HookEvent {
    /// The record of the audit log that it is made from.
    pub const fn action(self) -> EventKind {
        match self {
            Self::Issued => EventKind::LicensesIssued,
            Self::Activated => EventKind::DeviceActivated,
            Self::Changed => EventKind::LicenseChanged,
            Self::Assigned => EventKind::LicenseAssigned,
            Self::Converted => EventKind::LicenseConverted,
            Self::Renewed => EventKind::LicenseRenewed,
            Self::Suspended => EventKind::LicenseSuspended,
            Self::Resumed => EventKind::LicenseResumed,
            Self::Revoked => EventKind::LicenseRevoked,
            Self::Released => EventKind::DeviceReleased,
            Self::Exhausted => EventKind::DevicesExhausted,
            Self::CustomerRegistered => EventKind::CustomerRegistered,
            Self::CustomerCreated => EventKind::CustomerCreated,
            Self::CustomerValidated => EventKind::CustomerValidated,
            Self::CustomerRefused => EventKind::CustomerRefused,
            Self::CustomerSuspended => EventKind::CustomerSuspended,
            Self::CustomerResumed => EventKind::CustomerResumed,
            Self::Transaction => EventKind::TransactionRecorded,
            Self::Version => EventKind::VersionPublished,
        }
    }

    /// The event of a record; none where nobody can choose it.
    pub fn of_action(action: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|event| event.action().code() == action)
    }
}

/// The event that only tries whether an address answers.
pub const TEST: &str = "prova";

codes! {
    /// Where a delivery is on its way.
    DeliveryState {
        /// It waits, for the first or for another try.
        Queued = "in_coda",
        /// It was taken.
        Delivered = "consegnata",
        /// It was tried for days.
        Abandoned = "abbandonata",
    }
}

/// What of a record is told beside identifiers: words and numbers, never a name, an address or a key.
pub const TOLD: &[&str] = &[
    "prodotto",
    "versione",
    "tipo_licenza",
    "quantita",
    "licenze",
    "causale",
    "attivazione",
];

/// How long to wait after so many tries, as Standard Webhooks has it; none after the last.
pub fn pause_after(tries: i32) -> Option<Duration> {
    Some(match tries {
        ..=1 => Duration::seconds(5),
        2 => Duration::minutes(5),
        3 => Duration::minutes(30),
        4 => Duration::hours(2),
        5 => Duration::hours(5),
        6 => Duration::hours(10),
        7 => Duration::hours(14),
        8 => Duration::hours(20),
        9 => Duration::hours(24),
        _ => return None,
    })
}

/// An address that nothing comes through to for so long is not asked any more.
pub const LOST_AFTER: Duration = Duration::days(5);

/// While one secret replaces another, both sign for so long.
pub const ROLLING: Duration = Duration::hours(24);

/// How every secret begins.
pub const SECRET_PREFIX: &str = "whsec_";
/// Bytes of a secret.
pub const SECRET_BYTES: usize = 32;

/// A secret as it is handed out.
pub fn spelt(secret: &[u8]) -> String {
    format!("{SECRET_PREFIX}{}", B64.encode(secret))
}

/// The signatures of a message, one for each secret that counts now.
pub fn signatures(id: &str, at: NaiveDateTime, body: &str, with: &[&[u8]]) -> String {
    let at = at.and_utc().timestamp().to_string();
    let parts: [&[u8]; 5] = [id.as_bytes(), b".", at.as_bytes(), b".", body.as_bytes()];
    let each: Vec<String> = with
        .iter()
        .map(|secret| format!("v1,{}", B64.encode(secrets::mac_with(secret, &parts))))
        .collect();
    each.join(" ")
}

/// Ports that an address may have.
pub const PORTS: &[u16] = &[443, 8443];

/// Whether an address is one of the public Internet: nothing of this machine, of a network beside it or of a provider's
/// inside can be reached by it.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    /// What is not public: RFC 6890 and its registry, multicast, what is reserved.
    const NOT: &[([u8; 4], u8)] = &[
        ([0, 0, 0, 0], 8),
        ([10, 0, 0, 0], 8),
        ([100, 64, 0, 0], 10),
        ([127, 0, 0, 0], 8),
        // A cloud's inside, although in a public range.
        ([168, 63, 129, 16], 32),
        ([169, 254, 0, 0], 16),
        ([172, 16, 0, 0], 12),
        ([192, 0, 0, 0], 24),
        ([192, 0, 2, 0], 24),
        ([192, 31, 196, 0], 24),
        ([192, 52, 193, 0], 24),
        ([192, 88, 99, 0], 24),
        ([192, 168, 0, 0], 16),
        ([192, 175, 48, 0], 24),
        ([198, 18, 0, 0], 15),
        ([198, 51, 100, 0], 24),
        ([203, 0, 113, 0], 24),
        ([224, 0, 0, 0], 4),
        ([240, 0, 0, 0], 4),
    ];
    let bits = address.to_bits();
    !NOT.iter().any(|(net, length)| {
        let shift = 32 - u32::from(*length);
        bits.checked_shr(shift) == Ipv4Addr::from(*net).to_bits().checked_shr(shift)
    })
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    /// What of the global addresses is not: protocols' own, documentation, tunnels that carry an IPv4 address.
    const NOT: &[([u16; 2], u8)] = &[
        ([0x2001, 0], 23),
        ([0x2001, 0x0db8], 32),
        ([0x2002, 0], 16),
        ([0x3fff, 0], 20),
    ];
    let bits = address.to_bits();
    // Global unicast alone (2000::/3): neither loopback, mapped, translated, unique-local, link-local nor multicast.
    bits >> 125 == 1
        && !NOT.iter().any(|(net, length)| {
            let [first, second] = *net;
            let net = u128::from(first) << 112 | u128::from(second) << 96;
            let shift = 128 - u32::from(*length);
            bits.checked_shr(shift) == net.checked_shr(shift)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_event_is_made_from_one_record_and_found_by_it() {
        for event in HookEvent::ALL {
            assert_eq!(HookEvent::of_action(event.action().code()), Some(*event));
        }
        assert_eq!(HookEvent::of_action("utente.creato"), None);
    }

    #[test]
    fn what_is_inside_is_not_public() {
        for inside in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "10.255.255.255",
            "100.64.0.1",
            "100.100.100.200",
            "127.0.0.1",
            "127.8.8.8",
            "168.63.129.16",
            "169.254.169.254",
            "169.254.170.2",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.192",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "239.255.255.250",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "::8.8.8.8",
            "64:ff9b::a00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "4000::1",
        ] {
            assert!(!is_public(inside.parse().unwrap()), "{inside}");
        }
        for outside in [
            "1.1.1.1",
            "8.8.8.8",
            "9.9.9.9",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.167.0.1",
            "192.169.0.1",
            "223.255.255.254",
            "2606:4700:4700::1111",
            "2a00:1450:4002::1",
            "2001:4860:4860::8888",
        ] {
            assert!(is_public(outside.parse().unwrap()), "{outside}");
        }
    }

    #[test]
    fn the_signature_is_that_of_the_standards_own_example() {
        let secret = B64.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let at = chrono::DateTime::from_timestamp(1_614_265_330, 0)
            .unwrap()
            .naive_utc();
        assert_eq!(
            signatures(
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                at,
                "{\"test\": 2432232314}",
                &[&secret]
            ),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        );
    }

    #[test]
    fn it_is_tried_for_more_than_three_days() {
        let mut all = Duration::zero();
        let mut tries = 1;
        while let Some(pause) = pause_after(tries) {
            all += pause;
            tries += 1;
        }
        assert_eq!(tries, 10);
        assert!(all > Duration::days(3) && all < LOST_AFTER, "{all}");
    }
}
