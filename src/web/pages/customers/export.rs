//! The list of customers as a file, as it is filtered.

use super::list;
use crate::{
    domain::access::{Permit, right::ReadCustomers},
    operations::{
        App,
        customers::export::{self, Line},
    },
    web::{
        input::{Check, Query},
        page::Page,
        pages::licenses::export::{file, format, too_long},
        problem::Failure,
        reader::Reader,
        sheets::{Cell, Download, Table},
    },
};
use rocket::{Either, State, get};

/// The columns, by their texts.
const COLUMNS: [&str; 11] = [
    "customer",
    "field-stato",
    "field-email",
    "field-telefono",
    "field-partita_iva",
    "field-codice_fiscale",
    "field-indirizzo",
    "field-azienda",
    "field-agente",
    "nav-licenses",
    "registered-on",
];

fn table(lines: &[Line], reader: &Reader) -> Table {
    let rows = lines.iter().map(|line| {
        let customer = &line.customer;
        vec![
            Cell::Text(customer.name.clone()),
            Cell::Text(reader.text(&format!("customer-state-{}", customer.state))),
            Cell::text(customer.email.clone()),
            Cell::text(customer.phone.clone()),
            Cell::text(customer.vat_number.clone()),
            Cell::text(customer.tax_code.clone()),
            Cell::text(customer.address.clone()),
            Cell::text(line.company.clone()),
            Cell::text(line.agent.clone()),
            Cell::Number(line.licenses),
            Cell::Day(reader.here(customer.created_at).date()),
        ]
    });
    Table {
        headings: COLUMNS.map(|key| reader.text(key)).into(),
        rows: rows.collect(),
    }
}

/// The list as a file.
#[get("/clienti/esporta/<formato>", rank = 1)]
pub(crate) async fn esporta(
    app: &State<App>,
    permit: Permit<ReadCustomers>,
    reader: Reader,
    formato: &str,
    query: Query,
) -> Result<Either<Download, Page>, Failure> {
    let format = format(formato)?;
    let mut check = Check::default();
    let filter = list::wanted(&mut check, &query);
    check.finish()?;
    match export::export(app, permit, filter, format.code()).await? {
        Some(lines) => {
            let file = file("clienti", move |reader| table(&lines, reader), format, reader).await?;
            Ok(Either::Left(file))
        }
        None => {
            let back = list::address("/clienti", &query);
            Ok(Either::Right(too_long(("nav-customers", "/clienti"), back)?))
        }
    }
}
