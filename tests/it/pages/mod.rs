//! The portal's pages, asked as browsers do.

mod archive;
mod batches;
mod brand;
mod bulk;
mod bulk_modules;
mod companies;
mod company_products;
mod company_rules;
mod customers;
pub(crate) mod dashboard;
mod docs;
mod exports;
mod hostile;
mod license_modules;
mod licenses;
mod licenses_list;
mod logs;
mod mail;
mod merging;
mod notices;
mod own;
mod own_data;
mod payments;
mod privacy;
mod products;
mod proposing;
mod queries;
mod registration;
mod search;
mod see_as;
mod settings;
mod statistics;
mod templates;
mod texts;
mod tokens;
mod users;
mod views;
mod waiting;

use crate::support::{World, browser::Browser};

/// Texts that would do something where they are not escaped.
const HOSTILE: [&str; 3] = [
    "\"><script>alert(1)</script>",
    "{{ 7*7 }}",
    "\"><b hx-get=/x hx-trigger=load>",
];

/// Lets somebody read a language from now on.
pub(crate) fn reads(world: &World, email: &str, language: &str) {
    let change = format!("UPDATE users SET language = '{language}' WHERE email = '{email}'");
    world.database.execute(&change).unwrap();
}

/// Holds that hostile texts came out as texts.
#[track_caller]
fn harmless(page: &str) {
    for markup in ["<script>alert", "<b hx-get", ">49<"] {
        assert!(!page.contains(markup), "{markup} in {page}");
    }
}

/// How often an action stands in the audit log of a thing.
fn audited(world: &World, subject: &str, action: &str) -> i64 {
    let id = subject.replace('-', "").to_uppercase();
    let count =
        format!("SELECT COUNT(*) AS n FROM audit_log WHERE action = '{action}' AND HEX(subject_id) = '{id}'");
    world.database.count(&count)
}

/// How often an action stands in the audit log.
fn recorded(world: &World, action: &str) -> i64 {
    world.database.count(&format!(
        "SELECT COUNT(*) AS n FROM audit_log WHERE action = '{action}'"
    ))
}

/// The last part of where a reply leads.
fn made(path: &str) -> String {
    path.rsplit('/').next().unwrap().to_owned()
}

/// Holds that nobody reaches these paths who may not.
async fn shut_to(browser: &Browser<'_>, status: u16, paths: &[String]) {
    for path in paths {
        let reply = browser.get(path).await;
        assert_eq!(reply.status.code, status, "{path}");
    }
}

/// A user's identifier.
fn user_id(world: &World, email: &str) -> String {
    let hex = world
        .database
        .texts(&format!(
            "SELECT LOWER(HEX(id)) AS t FROM users WHERE email = '{email}'"
        ))
        .remove(0)
        .unwrap();
    format!(
        "{}-{}-{}-{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..]
    )
}
