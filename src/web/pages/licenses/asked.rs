//! What an address asks of the list of licences: of the page, of what is exported, of what is done to all of them.

use crate::{
    domain::{
        calendar,
        error::{Fault, Result},
        license::{LicenseKind, LicenseState, days_after, key::ActivationKey},
        text,
    },
    operations::{App, licenses::list::Wanted},
    store::{
        license_lists::{Order, SortBy},
        licenses::{Filter, Search, Waiting},
        page::{Cursor, Window},
    },
    web::input::{Check, DAYS_MAX, Query},
};

/// Rows in a slice, as people may choose.
pub(super) const LIMITS: [usize; 3] = [LIMIT, 50, 100];
/// Rows in a slice at first.
const LIMIT: usize = 25;

/// The parameters of an address that say which licences are listed.
pub(in crate::web::pages) const FILTERS: [&str; 11] = [
    "q",
    "stato",
    "tipo",
    "prodotto",
    "azienda",
    "agente",
    "cliente",
    "scade_entro",
    "in_attesa",
    "ferma_da",
    "archivio",
];

/// The address of a list with some parameters changed; a changed list begins at its beginning.
pub(super) fn address(path: &str, query: &Query, changes: &[(&str, Option<&str>)]) -> String {
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    for name in FILTERS.into_iter().chain(["ordine", "limite", "cursore"]) {
        let change = changes.iter().find(|(changed, _)| *changed == name);
        let value = match change {
            Some((_, value)) => *value,
            None if name == "cursore" => None,
            None => query.get(name),
        };
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            pairs.append_pair(name, value);
        }
    }
    let pairs = pairs.finish();
    if pairs.is_empty() {
        path.into()
    } else {
        format!("{path}?{pairs}")
    }
}

/// `scadenza` the smallest first, `-scadenza` the greatest.
fn order(word: &str) -> Option<Order> {
    let (descending, word) = match word.strip_prefix('-') {
        Some(word) => (true, word),
        None => (false, word),
    };
    SortBy::from_code(word).map(|by| Order { by, descending })
}

/// What is asked.
pub(super) struct Asked {
    /// For the operation.
    pub(super) wanted: Wanted,
    /// In this state.
    pub(super) state: Option<LicenseState>,
    /// In this order.
    pub(super) order: Order,
}

impl Asked {
    /// Reads an address.
    ///
    /// # Errors
    /// [`Invalid`](crate::domain::error::Error::Invalid), or `NotFound` for an identifier that is none.
    pub(super) fn read(app: &App, query: &Query) -> Result<Self> {
        let mut check = Check::default();
        let today = calendar::today(app.clock.now(), app.zone);
        let within: Option<i32> = query
            .number(&mut check, "scade_entro", 0..=DAYS_MAX)
            .and_then(|days| i32::try_from(days).ok());
        let idle = query.number(&mut check, "ferma_da", 1..=DAYS_MAX);
        let typed = query.get("q").map(text::clean).filter(|typed| !typed.is_empty());
        let state = check.word("stato", query.get("stato"), LicenseState::from_code);
        let filter = Filter {
            state,
            kind: check.word("tipo", query.get("tipo"), LicenseKind::from_code),
            product: None,
            customer: check.id(query.get("cliente")),
            company: check.id(query.get("azienda")),
            agent: check.id(query.get("agente")),
            expires_by: within.map(|days| days_after(today, days)),
            waiting: check.word("in_attesa", query.get("in_attesa"), Waiting::from_code),
            idle_since: idle
                .and_then(|days| app.clock.now().checked_sub_signed(chrono::Duration::days(days))),
            archived: check
                .word("archivio", query.get("archivio"), |word| {
                    (word == "si").then_some(())
                })
                .is_some(),
            search: typed.map(|typed| Search {
                key_hash: ActivationKey::parse(&typed)
                    .ok()
                    .map(|key| app.vault.lookup(key.canonical())),
                name: text::searchable(&typed),
                text: typed,
            }),
        };
        let order = check
            .word("ordine", query.get("ordine"), order)
            // Those that end soon are looked through from the next on, those that are over from the last on; it is also
            // the order of their index.
            .unwrap_or(match (within, state) {
                (Some(_), _) => Order {
                    by: SortBy::Expiry,
                    descending: false,
                },
                (None, Some(LicenseState::Expired)) => Order {
                    by: SortBy::Expiry,
                    descending: true,
                },
                (None, _) => Order::NEWEST,
            });
        let limit = query.get("limite").and_then(|limit| limit.parse().ok());
        let limit = limit.filter(|limit| LIMITS.contains(limit)).unwrap_or(LIMIT);
        let after = query.get("cursore").map(str::parse::<Cursor>);
        if matches!(after, Some(Err(_))) {
            check.fault("cursore", Fault::Invalid);
        }
        check.finish()?;
        let wanted = Wanted {
            filter,
            product: query.get("prodotto").map(str::to_owned),
            order,
            window: Window {
                limit,
                after: after.and_then(std::result::Result::ok),
            },
            today,
            only: None,
        };
        Ok(Self { wanted, state, order })
    }
}
