//! What came of something that was done to many licences, for a day: how many, which not, and why.

use crate::{
    domain::{
        access::{Permit, right::ReadLicenses},
        actor::Actor,
        error::{Error, Result},
    },
    operations::{
        App, IdempotencyKey,
        licenses::bulk::{self, Left, MOST},
    },
    web::{
        form::Sent,
        once,
        page::{Answer, Page},
        pages::licenses::export::file,
        problem::Failure,
        reader::Reader,
        sheets::{Cell, Download, Format, Table},
    },
};
use rocket::{State, get};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Licences that the page names; the file has all.
const NAMED: usize = 100;
/// Under which the forms are remembered: their results are found by the user and the token alone.
const ROUTE: &str = "/licenze/insieme";

/// How a form is remembered that was sent about what an address says.
pub(super) fn key(actor: &Actor, sent: &Sent, address: &str) -> Option<IdempotencyKey> {
    let mut key = once::key(actor, ROUTE, sent)?;
    let body = Sha256::new()
        .chain_update(sent.digest_unproved())
        .chain_update(address);
    key.body = body.finalize().into();
    Some(key)
}

fn of_token(actor: &Actor, token: &str) -> Result<IdempotencyKey> {
    let sent: Sent = [("gettone".to_owned(), token.to_owned())].into_iter().collect();
    once::key(actor, ROUTE, &sent).ok_or(Error::NotFound)
}

/// What came of it.
#[get("/licenze/fatte/<token>", rank = 1)]
pub(crate) async fn fatte(app: &State<App>, permit: Permit<ReadLicenses>, token: &str) -> Answer {
    let key = of_token(permit.actor(), token)?;
    let (outcome, left) = bulk::outcome(app, permit, key, NAMED).await?;
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, why) in &outcome.skipped {
        *reasons.entry(why).or_default() += 1;
    }
    let rows: Vec<Value> = left
        .iter()
        .map(|left| json!({ "id": left.id, "key": left.key, "customer": left.customer, "why": left.why }))
        .collect();
    let reasons: Vec<Value> = reasons
        .iter()
        .map(|(why, n)| json!({ "why": why, "n": n }))
        .collect();
    let token: String = form_urlencoded::byte_serialize(token.as_bytes()).collect();
    let shown = json!({
        "done": outcome.done,
        "skipped": outcome.skipped.len(),
        "reasons": reasons,
        "rows": rows,
        "file": format!("/licenze/fatte/{token}/saltate"),
    });
    Page::new("pages/licenses/bulk_result", shown)?.reply()
}

fn table(left: &[Left], reader: &Reader) -> Table {
    let rows = left.iter().map(|left| {
        vec![
            Cell::Text(left.key.clone()),
            Cell::text(left.customer.clone()),
            Cell::Text(reader.text(&format!("bulk-skip-{}", left.why))),
        ]
    });
    Table {
        headings: ["licenses-key", "licenses-customer", "bulk-why"]
            .map(|key| reader.text(key))
            .into(),
        rows: rows.collect(),
    }
}

/// Those that were left as they were, as a file.
#[get("/licenze/fatte/<token>/saltate")]
pub(crate) async fn saltate(
    app: &State<App>,
    permit: Permit<ReadLicenses>,
    reader: Reader,
    token: &str,
) -> std::result::Result<Download, Failure> {
    let key = of_token(permit.actor(), token)?;
    let (_, left) = bulk::outcome(app, permit, key, MOST).await?;
    let table = move |reader: &Reader| table(&left, reader);
    Ok(file("licenze-saltate", table, Format::Csv, reader).await?)
}
