//! Values to show a text with, where there is no message yet whose own could be taken.

use super::MailKind;
use chrono::{Duration, NaiveDateTime};
use serde_json::{Map, Value, json};

/// The values of a kind's own placeholders, as they stand in a message. What is not known here is shown by its name.
pub fn of(kind: MailKind, base_url: &str, now: NaiveDateTime) -> Map<String, Value> {
    let later = now.date() + Duration::days(365);
    let at = |path: &str| json!(format!("{base_url}/{path}/esempio"));
    kind.placeholders()
        .map(|name| {
            let value = match name {
                "quando" if kind.reminds() => json!({"it": "fra 30 giorni", "en": "in 30 days"}),
                "nome" => json!("Maria Rossi"),
                "url_conferma" => at("conferma"),
                "url_invito" => at("invito"),
                "url_password" => at("password"),
                "minuti" => json!("60"),
                "quando" => json!(now.and_utc().to_rfc3339()),
                "indirizzo" => json!("192.0.2.10"),
                "chiavi" => json!([
                    {"prodotto": "Gestionale", "chiave": "ABCDE-FGHJK-LMNPQ-RSTUV-WXYZ2", "data_scadenza": later},
                    {"prodotto": "Magazzino", "chiave": "23456-789AB-CDEFG-HJKLM-NPQRS"},
                ]),
                "licenze" => json!([
                    format!("Gestionale …WXYZ2: {}", later.format("%d/%m/%Y")),
                    format!("Magazzino …NPQRS: {}", later.format("%d/%m/%Y")),
                ]),
                "clienti" => json!(["Alfa S.r.l.", "Beta S.n.c."]),
                "cliente" => json!("Alfa S.r.l."),
                "prodotto" => json!("Gestionale"),
                "licenza" => json!("WXYZ2"),
                "versione" => json!("3.2"),
                "novita" => json!({"it": "Che cosa cambia:\nRicerca più veloce.", "en": "What is new:\nFaster search."}),
                "scaricala" => json!({
                    "it": format!("Per scaricarla: {base_url}"), "en": format!("To download it: {base_url}"),
                }),
                "esito" => json!({"it": "è stato convalidato", "en": "was accepted"}),
                "motivo" => json!("La partita IVA non corrisponde alla ragione sociale."),
                "quante" | "in_scadenza" | "prove_in_scadenza" | "prove_ferme" | "da_convalidare" | "attivazioni" => {
                    json!("3")
                }
                "indirizzo_webhook" => json!("https://example.it/sigillo"),
                _ if name.starts_with("url_") => at("pagina"),
                _ if name.starts_with("data_") => json!(later),
                _ if name.starts_with("giorni") => json!("30"),
                _ => json!(format!("‹{name}›")),
            };
            (name.to_owned(), value)
        })
        .collect()
}
