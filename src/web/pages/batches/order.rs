//! What a form asks to be generated.

use crate::{
    domain::{
        error::{Fault, FieldErrors, Result},
        license::{Binding, LicenseKind},
        product::StartRule,
    },
    operations::licenses::issue,
    web::{
        form::Sent,
        input::{CENTS_MAX, COUNT_MAX, Check, DAYS_MAX, DEVICE_MAX, NAME_MAX},
    },
};

/// Licences at once at most.
const QUANTITY_MAX: i64 = 10_000;
/// Devices that a licence can be reserved for at most.
const RESERVED_MAX: usize = 1000;

/// The order that a form makes, as far as it can be read, and what is wrong with it.
pub(super) fn read(sent: &Sent) -> (issue::Order, Result<()>) {
    let mut check = Check::default();
    let mut wrong = FieldErrors::default();
    let mut number = |name: &str| sent.number(&mut wrong, name);
    let (quantity, days) = (number("quantita"), number("durata_giorni"));
    let (devices, users, seats) = (
        number("numero_dispositivi"),
        number("numero_utenti"),
        number("posti_flottanti"),
    );
    let (price, discount) = (
        sent.hundredths(&mut wrong, "prezzo_centesimi"),
        sent.hundredths(&mut wrong, "sconto_punti_base"),
    );
    for name in ["prodotto", "tipo_licenza"] {
        if sent.get(name).is_none() {
            check.fault(name, Fault::Missing);
        }
    }
    let binding = check.word("vincolo", sent.get("vincolo"), Binding::from_code);
    // Fields of another binding are hidden where there is a script, and left alone where there is none.
    let devices = devices.filter(|_| !matches!(binding, Some(Binding::Floating | Binding::None)));
    let users = users.filter(|_| binding == Some(Binding::User));
    let seats = seats.filter(|_| binding == Some(Binding::Floating));
    let kind = check.word("tipo_licenza", sent.get("tipo_licenza"), LicenseKind::from_code);
    let order = issue::Order {
        product: check
            .verbatim("prodotto", sent.get("prodotto"), 40)
            .unwrap_or_default(),
        kind: kind.unwrap_or(LicenseKind::Trial),
        quantity: check
            .number::<i64>("quantita", quantity, 1..=QUANTITY_MAX)
            .and_then(|n| usize::try_from(n).ok())
            .unwrap_or(1),
        modules: sent.all("moduli").map(str::to_owned).collect(),
        duration_days: check.number("durata_giorni", days, 1..=DAYS_MAX),
        expires_on: check.day("data_scadenza", sent.get("data_scadenza")),
        maintenance_until: check.day("manutenzione_al", sent.get("manutenzione_al")),
        max_devices: check.number("numero_dispositivi", devices, 1..=COUNT_MAX),
        max_users: check.number("numero_utenti", users, 1..=COUNT_MAX),
        max_seats: check.number("posti_flottanti", seats, 1..=COUNT_MAX),
        binding,
        reserved_devices: reserved(&mut check, sent),
        customer: check.id(sent.get("cliente")),
        company: check.id(sent.get("azienda")),
        agent: check.id(sent.get("agente")),
        price_cents: check.number("prezzo_centesimi", price, 0..=CENTS_MAX),
        discount_bp: check.number("sconto_punti_base", discount, 0..=10_000),
        label: check.line("etichetta", sent.get("etichetta"), NAME_MAX),
        start: check.word("decorrenza", sent.get("decorrenza"), StartRule::from_code),
        // Ticked at first, so that it counts only for one key, where there is somebody to write to.
        mails_keys: sent.ticked("invia_chiave")
            && sent.get("cliente").is_some()
            && quantity.is_none_or(|n| n == 1),
    };
    check.faults(wrong);
    (order, check.finish())
}

/// The devices, a line each.
fn reserved(check: &mut Check, sent: &Sent) -> Vec<String> {
    let text = sent.get("dispositivi_ammessi").unwrap_or_default();
    let mut devices: Vec<String> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| {
            check
                .verbatim("dispositivi_ammessi", Some(line), DEVICE_MAX)
                .unwrap_or_default()
        })
        .collect();
    devices.sort();
    devices.dedup();
    if devices.len() > RESERVED_MAX {
        check.fault("dispositivi_ammessi", Fault::TooLong);
    }
    devices
}
