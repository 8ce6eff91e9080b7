//! Tests of the program as a whole. Each runs on SQLite and on MariaDB.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs,
    unreachable_pub
)]

mod activation;
mod architecture;
mod browser;
mod computer_key;
mod concurrency;
mod contract;
mod crash;
mod demo;
mod faults;
mod foreign;
mod invariants;
mod keys;
mod ledger;
mod mail;
mod migrations;
mod pages;
mod policy;
mod schema;
mod secrets;
mod sign_in;
mod soak;
mod standing;
mod store;
mod support;
mod tallies;
mod tenancy;
mod texts;
mod timetable;
mod webhooks;
mod wording;
