//! Deciding customers who wait: one from its row, or many after a look at what each gets.

use super::{
    CUSTOMERS, PREVIEWED,
    customers::{LICENSES_READ, companies, holdings},
    pending,
};
use crate::{
    domain::{
        access::{Permit, right::DecideCustomer},
        calendar,
        customer::CustomerState,
        error::{Error, Fault, Result},
        ids::CustomerId,
        scope::Scope,
    },
    operations::{
        App,
        customers::decide::{self, Decided, Decision, MOST, Refusal},
    },
    store::{company_rules, customers, directory, licenses, page::Page as Slice, products},
    web::{
        form::{Form, Sent},
        input::Query,
        page::{Answer, Goto, Level, Page},
        pages::reason::required,
        reader::Language,
    },
};
use rocket::{State, get, post};
use serde_json::{Value, json};

/// The words of what is decided.
const VALIDATE: &str = "convalida";
const REFUSE: &str = "rifiuta";

/// Identifiers that were chosen; what is none is one that nobody has.
pub(super) fn ids<'a, T: std::str::FromStr>(chosen: impl IntoIterator<Item = &'a str>) -> Result<Vec<T>> {
    let ids: std::result::Result<Vec<T>, _> = chosen.into_iter().map(str::parse).collect();
    ids.map_err(|_| Error::NotFound)
}

/// Which customers are asked about.
enum Which {
    All,
    These(Vec<CustomerId>),
}

/// The page that tells what each gets.
async fn ask(app: &App, scope: Scope, which: Which, refuse: bool, form: Form) -> Answer {
    let (now, zone) = (app.clock.now(), app.zone);
    let today = calendar::today(now, zone);
    let found = app
        .db
        .read(move |tx| {
            let mut found = match &which {
                Which::All => customers::list(tx, scope, &pending(), &Slice::first(MOST))?.rows,
                Which::These(ids) => customers::of_ids(tx, scope, ids)?,
            };
            let asked = found.len();
            found.retain(|row| row.state == CustomerState::Pending);
            let ids: Vec<CustomerId> = found.iter().map(|row| row.id).collect();
            let (shown, _) = found.split_at(found.len().min(PREVIEWED));
            let held = licenses::of_customers(tx, shown, LICENSES_READ)?;
            let lines = company_rules::lines(tx, &companies(&held))?;
            let numbers = directory::licenses_of_customers(tx, scope, &ids)?;
            let products = products::brief(tx, scope)?;
            let rows: Vec<Value> = shown
                .iter()
                .map(|row| {
                    json!({
                        "id": row.id,
                        "name": row.name,
                        "confirmed": row.email_confirmed_at.is_some(),
                        "licenses": holdings(row, &held, (&products, &lines), today, zone),
                        "number": numbers.get(&row.id).copied().unwrap_or(0),
                    })
                })
                .collect();
            let all = match which {
                Which::All => customers::count(tx, scope, &pending())?,
                Which::These(_) => 0,
            };
            Ok(json!({
                "rows": rows,
                "ids": ids,
                "licenses": numbers.values().sum::<i64>(),
                "decided_before": asked - ids.len(),
                "left": all - i64::try_from(ids.len()).unwrap_or(0),
            }))
        })
        .await?;
    let number = found.get("ids").and_then(Value::as_array).map_or(0, Vec::len);
    if number == 0 {
        return nothing();
    }
    let shown = json!({
        "of": found,
        "number": number,
        "more": number.saturating_sub(PREVIEWED),
        "refuse": refuse,
        "action": if refuse { REFUSE } else { VALIDATE },
        "form": form,
    });
    Page::new("pages/waiting/decide", shown)?
        .status(form.status())
        .reply()
}

fn nothing() -> Answer {
    Goto::to(CUSTOMERS)
        .flash(Level::Info, "waiting-nothing-chosen", [])
        .reply()
}

/// Tells what each of those that were chosen gets.
#[get("/in-attesa/clienti/decidi")]
pub(crate) async fn decidere(app: &State<App>, permit: Permit<DecideCustomer>, query: Query) -> Answer {
    let which = if query.get("tutti").is_some() {
        Which::All
    } else {
        Which::These(ids(query.all("id"))?)
    };
    let refuse = query.get("azione") == Some(REFUSE);
    ask(app, permit.scope(), which, refuse, Form::new()?).await
}

/// Decides.
#[post("/in-attesa/clienti/decidi", data = "<sent>")]
pub(crate) async fn deciso(
    app: &State<App>,
    permit: Permit<DecideCustomer>,
    language: Language,
    sent: Sent,
) -> Answer {
    let chosen: Vec<CustomerId> = match sent.get("solo") {
        Some(one) => ids([one])?,
        None => ids(sent.all("id"))?,
    };
    if chosen.is_empty() {
        return nothing();
    }
    let scope = permit.scope();
    let refuse = sent.get("azione") == Some(REFUSE);
    let decision = || match sent.get("azione") {
        Some(VALIDATE) => Ok(Decision::Validate),
        Some(REFUSE) => Ok(Decision::Refuse(Refusal {
            note: required(&sent)?,
            told: sent.ticked("comunica_motivo"),
        })),
        _ => Err(Error::field("azione", Fault::Invalid)),
    };
    let done = async { decide::many(app, permit, chosen.clone(), decision()?).await };
    match done.await {
        Ok(decided) => told(decided, refuse),
        Err(error) => {
            let form = Form::refused(&sent, error, language)?;
            ask(app, scope, Which::These(chosen), refuse, form).await
        }
    }
}

/// What became of them, said on the page that they came from.
fn told(decided: Decided, refuse: bool) -> Answer {
    let key = if refuse {
        "waiting-refused"
    } else {
        "waiting-validated"
    };
    let level = if decided.done > 0 { Level::Ok } else { Level::Info };
    let places = [
        ("n", decided.done.into()),
        ("before", decided.decided_before.into()),
        ("gone", decided.gone.into()),
    ];
    Goto::to(CUSTOMERS).flash(level, key, places).reply()
}
