//! The list of licences as a file, as it is filtered.

use super::{
    asked::{self, Asked},
    selection::Selection,
};
use crate::{
    domain::{
        access::{Permit, right::ReadLicenses},
        error::Error,
        license::Binding,
    },
    operations::{
        App,
        licenses::list::{self, EXPORTED, Line},
    },
    web::{
        page::Page,
        pages::addresses,
        problem::Failure,
        reader::Reader,
        sheets::{Cell, Download, Format, Table},
    },
};
use rocket::{Either, State, get, http::Status};
use serde_json::json;

/// The columns, by the ends of their texts' keys.
const COLUMNS: [&str; 14] = [
    "customer", "state", "key", "product", "kind", "used", "most", "begins", "expiry", "company", "agent",
    "label", "contact", "created",
];

pub(super) fn table(lines: &[Line], reader: &Reader) -> Table {
    let number = |n: Option<i32>| n.map_or(Cell::Nothing, |n| Cell::Number(n.into()));
    let day = |at: chrono::NaiveDateTime| Cell::Day(reader.here(at).date());
    let rows = lines.iter().map(|line| {
        let sheet = &line.sheet;
        let (used, most) = match sheet.binding {
            Binding::User => (sheet.users_used, sheet.max_users),
            Binding::Floating => (sheet.seats_used, sheet.max_seats),
            Binding::Device | Binding::None => (sheet.devices_used, sheet.max_devices),
        };
        vec![
            Cell::text(line.customer.clone()),
            Cell::Text(reader.text(&format!("license-state-{}", line.state))),
            Cell::Text(line.key.clone()),
            Cell::Text(line.product.clone()),
            Cell::Text(reader.text(&format!("license-kind-{}", sheet.kind))),
            Cell::Number(used.into()),
            number(most),
            sheet.starts_on.map_or(Cell::Nothing, Cell::Day),
            sheet.expires_on.map_or(Cell::Nothing, Cell::Day),
            Cell::text(line.company.clone()),
            Cell::text(line.agent.clone()),
            Cell::text(sheet.label.clone()),
            line.last_contact.map_or(Cell::Nothing, day),
            day(sheet.created_at),
        ]
    });
    Table {
        headings: COLUMNS
            .map(|name| reader.text(&format!("licenses-export-{name}")))
            .into(),
        rows: rows.collect(),
    }
}

/// The page that says that a list is too long to be one file, and how to make it shorter.
pub(in crate::web::pages) fn too_long(section: (&str, &str), back: String) -> Result<Page, Error> {
    let shown = json!({ "section": addresses::step(section.0, section.1), "back": back, "most": EXPORTED });
    Ok(Page::new("pages/too_long", shown)?.status(Status::UnprocessableEntity))
}

/// A table as a file; written where it holds up nobody.
pub(in crate::web::pages) async fn file(
    name: &str,
    table: impl FnOnce(&Reader) -> Table + Send + 'static,
    format: Format,
    reader: Reader,
) -> Result<Download, Error> {
    let bytes = tokio::task::spawn_blocking(move || table(&reader).write(format, &reader))
        .await
        .map_err(Error::internal)??;
    let name = format!("{name}-{}", reader.today());
    Ok(Download { name, format, bytes })
}

/// A list is a table: for spreadsheets in either of their formats.
pub(in crate::web::pages) fn format(code: &str) -> Result<Format, Error> {
    Format::from_code(code)
        .filter(|format| *format != Format::Text)
        .ok_or(Error::NotFound)
}

/// The list as a file; those that were ticked alone, where some were.
#[get("/licenze/esporta/<formato>", rank = 1)]
pub(crate) async fn esporta(
    app: &State<App>,
    permit: Permit<ReadLicenses>,
    reader: Reader,
    formato: &str,
    chosen: Selection,
) -> Result<Either<Download, Page>, Failure> {
    let (format, query) = (format(formato)?, &chosen.query);
    let mut wanted = Asked::read(app, query)?.wanted;
    wanted.only = chosen.ticked()?;
    match list::export(app, permit, wanted, format.code()).await? {
        Some(lines) => {
            let file = file("licenze", move |reader| table(&lines, reader), format, reader).await?;
            Ok(Either::Left(file))
        }
        None => {
            let back = asked::address("/licenze", query, &[]);
            Ok(Either::Right(too_long(("nav-licenses", "/licenze"), back)?))
        }
    }
}
