//! A batch with its keys; its download; stopping it as a whole.

use crate::{
    domain::{
        access::{
            Action, Permit, may,
            right::{ReadLicenses, RevokeLicense},
        },
        calendar,
        error::{Error, Fault},
        ids::{AnyId, BatchId},
        license::LicenseState,
        scope::Scope,
    },
    operations::{
        App,
        licenses::batch::{self, Detail, Export, Row},
    },
    store::page::{Page as Wanted, Slice},
    web::{
        form::{Form, Sent},
        guards::Id,
        input::{Check, NOTE_MAX, Query},
        page::{Answer, Goto, Level, Page},
        problem::Failure,
        reader::{Language, Reader},
        session::Confirmed,
        sheets::{Cell, Download, Format, Table},
    },
};
use rocket::{State, get, http::Status, post};
use serde_json::{Value, json};

fn shown(detail: &Detail) -> Value {
    let batch = &detail.batch;
    let count = |state: LicenseState| detail.states.get(&state).copied().unwrap_or_default();
    let seen: i64 = detail.states.values().sum();
    let states: Vec<Value> = LicenseState::ALL
        .iter()
        .filter(|state| count(**state) > 0)
        .map(|state| json!({ "state": state, "n": count(*state) }))
        .collect();
    json!({
        "id": batch.id,
        "label": batch.label,
        "quantity": batch.quantity,
        "seen": seen,
        "standing": seen - count(LicenseState::Revoked),
        "states": states,
        "created_at": batch.created_at,
        "by": detail.names.by,
        "staff": batch.created_by.is_some(),
        "company": detail.names.company,
        "company_id": batch.company_id,
        "agent": detail.names.agent,
        "customer": detail.names.customer,
        "customer_id": batch.customer_id,
        "product": detail.product.rules.name,
        "product_code": detail.is_offered.then_some(&detail.product.rules.code),
    })
}

fn row(row: &Row) -> Value {
    let sheet = &row.sheet;
    json!({
        "id": sheet.license.id,
        "key": row.key,
        "state": row.state,
        "kind": sheet.kind,
        "expires_on": sheet.expires_on,
        "activated_at": sheet.activated_at,
        "customer": row.customer,
        "used": sheet.devices_used.max(sheet.users_used).max(sheet.seats_used),
        "max": sheet.max_devices.or(sheet.max_users).or(sheet.max_seats),
    })
}

async fn found(app: &App, scope: Scope, id: BatchId, page: Wanted) -> Result<(Detail, Slice<Row>), Error> {
    let today = calendar::today(app.clock.now(), app.zone);
    let app_ = app.clone();
    app.db
        .read(move |tx| batch::detail(&app_, tx, scope, id, &page, today))
        .await
}

/// A batch with its keys.
#[get("/lotti/<id>")]
pub(crate) async fn lotto(
    app: &State<App>,
    permit: Permit<ReadLicenses>,
    id: Id<BatchId>,
    query: Query,
) -> Answer {
    let id = id.get()?;
    let mut check = Check::default();
    let page = query.page(&mut check);
    check.finish()?;
    let later = page.before.is_some();
    let (detail, slice) = found(app, permit.scope(), id, page).await?;
    let shown = json!({
        "batch": shown(&detail),
        "rows": slice.rows.iter().map(row).collect::<Vec<_>>(),
        "may_revoke": may(permit.actor(), Action::RevokeLicense),
        "may_issue": may(permit.actor(), Action::IssueLicenses),
        "first": later.then(|| format!("/lotti/{id}")),
        "next": slice.next.map(|next| format!("/lotti/{id}?cursore={}", AnyId(next))),
    });
    Page::new("pages/batches/show", shown)?.reply()
}

fn table(export: &Export, reader: &Reader) -> Table {
    let heading = |name: &str| reader.text(&format!("batch-column-{name}"));
    let number = |n: Option<i32>| n.map_or(Cell::Nothing, |n| Cell::Number(n.into()));
    let names = [
        "key",
        "product",
        "kind",
        "state",
        "expires",
        "devices",
        "users",
        "seats",
        "customer",
        "activated",
        "tag",
    ];
    let product = format!("{} {}", export.product.rules.name, export.product.rules.version);
    let rows = export
        .rows
        .iter()
        .map(|row| {
            let sheet = &row.sheet;
            vec![
                Cell::Text(row.key.clone()),
                Cell::Text(product.clone()),
                Cell::Text(reader.text(&format!("product-kind-{}", sheet.kind))),
                Cell::Text(reader.text(&format!("license-state-{}", row.state))),
                sheet.expires_on.map_or(Cell::Nothing, Cell::Day),
                number(sheet.max_devices),
                number(sheet.max_users),
                number(sheet.max_seats),
                Cell::text(row.customer.clone()),
                sheet
                    .activated_at
                    .map_or(Cell::Nothing, |at| Cell::Day(reader.here(at).date())),
                Cell::text(sheet.label.clone()),
            ]
        })
        .collect();
    Table {
        headings: names.iter().map(|name| heading(name)).collect(),
        rows,
    }
}

/// The keys of a batch as a file.
#[get("/lotti/<id>/chiavi/<formato>")]
pub(crate) async fn scarica(
    app: &State<App>,
    permit: Permit<ReadLicenses>,
    language: Language,
    id: Id<BatchId>,
    formato: &str,
) -> Result<Download, Failure> {
    let format = Format::from_code(formato).ok_or(Error::NotFound)?;
    let reader = Reader {
        language,
        zone: app.zone,
        now: app.clock.now(),
    };
    let export = batch::export(app, permit, id.get()?, reader.today(), format.code()).await?;
    let name = format!(
        "chiavi-{}-{}",
        export
            .product
            .rules
            .code
            .to_ascii_lowercase()
            .replace(['.', '_'], "-"),
        reader.here(export.batch.created_at).format("%Y-%m-%d")
    );
    let bytes = tokio::task::spawn_blocking(move || table(&export, &reader).write(format, &reader))
        .await
        .map_err(Error::internal)??;
    Ok(Download { name, format, bytes })
}

async fn asked(app: &App, scope: Scope, id: BatchId, form: &Form, status: Status) -> Answer {
    let (detail, _) = found(app, scope, id, Wanted::first(1)).await?;
    let shown = json!({ "form": form, "batch": shown(&detail) });
    Page::new("pages/batches/revoke", shown)?.status(status).reply()
}

/// Asks before all licences of a batch are stopped for good.
#[get("/lotti/<id>/revoca")]
pub(crate) async fn revoca(
    app: &State<App>,
    permit: Permit<RevokeLicense>,
    _confirmed: Confirmed,
    id: Id<BatchId>,
) -> Answer {
    asked(app, permit.scope(), id.get()?, &Form::new()?, Status::Ok).await
}

/// Stops all licences of a batch for good.
#[post("/lotti/<id>/revoca", data = "<sent>")]
pub(crate) async fn revocato(
    app: &State<App>,
    permit: Permit<RevokeLicense>,
    _confirmed: Confirmed,
    language: Language,
    id: Id<BatchId>,
    sent: Sent,
) -> Answer {
    let (id, scope) = (id.get()?, permit.scope());
    let (detail, _) = found(app, scope, id, Wanted::first(1)).await?;
    let mut check = Check::default();
    let note = check.lines("motivo", sent.get("motivo"), NOTE_MAX);
    let note = check.required("motivo", note);
    match sent.get("conferma") {
        None => check.fault("conferma", Fault::Missing),
        Some(typed) if typed.trim().eq_ignore_ascii_case(&detail.product.rules.code) => {}
        Some(_) => check.fault("conferma", Fault::Invalid),
    }
    let revoked = match check.finish() {
        Ok(()) => batch::revoke(app, permit, id, note).await,
        Err(error) => Err(error),
    };
    match revoked {
        Ok(n) => Goto::to(format!("/lotti/{id}"))
            .flash(
                Level::Ok,
                "batch-revoked-done",
                [("n", i64::try_from(n).unwrap_or(i64::MAX).into())],
            )
            .reply(),
        Err(Error::Invalid(wrong)) => {
            let form = Form::again(&sent, &wrong, language);
            asked(app, scope, id, &form, Status::UnprocessableEntity).await
        }
        Err(error) => Err(error.into()),
    }
}
