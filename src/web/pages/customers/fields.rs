//! The form of a customer: its fields, and the rows of its sites and contacts.

use crate::{
    domain::{
        customer::{Contact, Customer, Site},
        error::{Error, Result},
    },
    operations::customers::create::Data,
    web::{
        form::{Form, Sent},
        input::{Check, NAME_MAX, NOTE_MAX},
        messages,
        reader::Language,
    },
};
use serde_json::{Map, Value, json};

/// Rows of sites or contacts at most.
const ROWS_MAX: usize = 200;
/// Empty rows that a form begins with, and that are added at once.
const MORE: usize = 2;
/// Characters of a telephone number at most.
const PHONE_MAX: usize = 40;

/// The fields that are compared when somebody else changed the customer meanwhile.
pub(in crate::web::pages) const NAMES: &[&str] = &[
    "nome",
    "email",
    "partita_iva",
    "codice_fiscale",
    "telefono",
    "indirizzo",
    "multi_sede",
    "multi_utente",
    "sedi",
    "referenti",
];

/// How many rows of a kind a form has.
fn rows(sent: &Sent, counter: &str) -> usize {
    sent.get(counter)
        .and_then(|n| n.parse().ok())
        .unwrap_or(0)
        .min(ROWS_MAX)
}

/// Reads the rows of sites and of contacts. A row with nothing in it is no row.
pub(in crate::web::pages) fn rows_of(check: &mut Check, sent: &Sent) -> (Vec<Site>, Vec<Contact>) {
    let is_empty = |n: usize, kind: &str, fields: &[&str]| {
        fields
            .iter()
            .all(|f| sent.get(&format!("{kind}.{n}.{f}")).is_none())
    };
    let mut sites = Vec::new();
    for n in 0..rows(sent, "sedi_righe") {
        if is_empty(n, "sedi", &["nome", "indirizzo"]) {
            continue;
        }
        let (name, address) = (format!("sedi.{n}.nome"), format!("sedi.{n}.indirizzo"));
        sites.push(Site {
            name: check.required_line(&name, sent.get(&name), NAME_MAX),
            address: check.lines(&address, sent.get(&address), NOTE_MAX),
        });
    }
    let mut contacts = Vec::new();
    for n in 0..rows(sent, "referenti_righe") {
        if is_empty(n, "referenti", &["nome", "email", "telefono"]) {
            continue;
        }
        let at = |field: &str| format!("referenti.{n}.{field}");
        let (name, email, phone) = (at("nome"), at("email"), at("telefono"));
        contacts.push(Contact {
            name: check.required_line(&name, sent.get(&name), NAME_MAX),
            email: check.email(&email, sent.get(&email)),
            phone: check.line(&phone, sent.get(&phone), PHONE_MAX),
        });
    }
    (sites, contacts)
}

/// Reads how somebody is reached: telephone and address.
pub(in crate::web::pages) fn reached(check: &mut Check, sent: &Sent) -> (Option<String>, Option<String>) {
    (
        check.line("telefono", sent.get("telefono"), PHONE_MAX),
        check.lines("indirizzo", sent.get("indirizzo"), NOTE_MAX),
    )
}

/// Reads the fields.
pub(in crate::web::pages) fn read(check: &mut Check, sent: &Sent) -> Data {
    let (sites, contacts) = rows_of(check, sent);
    let (phone, address) = reached(check, sent);
    Data {
        name: check.required_line("nome", sent.get("nome"), NAME_MAX),
        email: check.email("email", sent.get("email")),
        vat_number: check.vat_number("partita_iva", sent.get("partita_iva")),
        tax_code: check.tax_code("codice_fiscale", sent.get("codice_fiscale")),
        phone,
        address,
        multi_site: sent.ticked("multi_sede"),
        multi_user: sent.ticked("multi_utente"),
        contacts,
        sites,
    }
}

/// An empty form.
pub(in crate::web::pages) fn blank() -> Result<Form> {
    Ok(Form::new()?.with("sedi_righe", 1).with("referenti_righe", 1))
}

/// A form with what stands.
pub(in crate::web::pages) fn filled(
    customer: &Customer,
    contacts: &[Contact],
    sites: &[Site],
) -> Result<Form> {
    let mut form = Form::new()?
        .with("nome", &customer.name)
        .with_some("email", customer.email.as_ref())
        .with_some("partita_iva", customer.vat_number.as_ref())
        .with_some("codice_fiscale", customer.tax_code.as_ref())
        .with_some("telefono", customer.phone.as_ref())
        .with_some("indirizzo", customer.address.as_ref())
        .with_some("multi_sede", customer.multi_site.then_some("si"))
        .with_some("multi_utente", customer.multi_user.then_some("si"))
        .with("sedi_righe", (sites.len() + 1).min(ROWS_MAX))
        .with("referenti_righe", (contacts.len() + 1).min(ROWS_MAX))
        .revision(customer.revision);
    for (n, site) in sites.iter().enumerate() {
        form = form
            .with(&format!("sedi.{n}.nome"), &site.name)
            .with_some(&format!("sedi.{n}.indirizzo"), site.address.as_ref());
    }
    for (n, contact) in contacts.iter().enumerate() {
        form = form
            .with(&format!("referenti.{n}.nome"), &contact.name)
            .with_some(&format!("referenti.{n}.email"), contact.email.as_ref())
            .with_some(&format!("referenti.{n}.telefono"), contact.phone.as_ref());
    }
    Ok(form)
}

/// The form with its sites and contacts as texts too, to be compared whole.
pub(in crate::web::pages) fn told(form: Form, contacts: &[Contact], sites: &[Site]) -> Form {
    let line = |parts: &[Option<&String>]| {
        let parts: Vec<&str> = parts.iter().flatten().map(|part| part.as_str()).collect();
        parts.join(", ")
    };
    let sites: Vec<String> = sites
        .iter()
        .map(|site| line(&[Some(&site.name), site.address.as_ref()]))
        .collect();
    let contacts: Vec<String> = contacts
        .iter()
        .map(|contact| {
            line(&[
                Some(&contact.name),
                contact.email.as_ref(),
                contact.phone.as_ref(),
            ])
        })
        .collect();
    form.with("sedi", sites.join("; "))
        .with("referenti", contacts.join("; "))
}

/// The form again, with clear words where the generic ones would not help.
pub(in crate::web::pages) fn refused(sent: &Sent, error: Error, language: Language) -> Result<Form> {
    Ok(Form::refused(sent, error, language)?
        .explained("partita_iva", messages::text(language, "customer-bad-vat"))
        .explained(
            "codice_fiscale",
            messages::text(language, "customer-bad-tax-code"),
        ))
}

/// Whether only further rows are wanted, and not to save.
pub(in crate::web::pages) fn wants_rows(sent: &Sent) -> bool {
    sent.ticked("righe")
}

/// How many rows of each kind the form is to show, and what the fields in them are called.
pub(in crate::web::pages) fn shape(sent: Option<&Sent>, sites: usize, contacts: usize) -> Value {
    let wanted = sent.and_then(|sent| sent.get("righe"));
    let count = |counter: &str, stands: usize, kind: &str| {
        let n = sent.map_or(stands + 1, |sent| rows(sent, counter).max(1));
        let more = if wanted == Some(kind) { MORE } else { 0 };
        (n + more).min(ROWS_MAX)
    };
    let sites = count("sedi_righe", sites, "sedi");
    let contacts = count("referenti_righe", contacts, "referenti");
    let mut labels = Map::new();
    for (kind, n, fields) in [
        ("sedi", sites, &["nome", "indirizzo"] as &[&str]),
        ("referenti", contacts, &["nome", "email", "telefono"]),
    ] {
        for row in 0..n {
            for field in fields {
                labels.insert(
                    format!("{kind}.{row}.{field}"),
                    json!({ "kind": kind, "n": row + 1, "field": field }),
                );
            }
        }
    }
    let names: Vec<&String> = labels.keys().collect();
    json!({ "sites": sites, "contacts": contacts, "names": names, "labels": labels })
}
