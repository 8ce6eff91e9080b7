//! The only room that speaks SQL. `schema` is private, so no other room can write a query, and each read of tenants'
//! data begins in `tenancy`, from a scope.

pub mod activations;
pub mod audit;
pub mod batches;
pub mod company_rules;
mod connection;
mod counts;
pub mod customers;
mod cuts;
pub mod day;
mod db;
pub mod directory;
pub mod empty;
mod fault;
pub mod idempotency;
#[cfg(feature = "mariadb")]
mod lease;
pub mod license_bulk;
pub mod license_lists;
pub mod licenses;
pub mod links;
pub mod log;
pub mod logs;
pub mod merging;
mod migrate;
pub mod names;
pub mod nodes;
pub mod outbox;
pub mod page;
pub mod personal;
pub mod posting;
pub mod prices;
pub mod products;
pub mod registrations;
pub mod reports;
mod schema;
pub mod search;
pub mod sessions;
pub mod settings;
pub mod signing_keys;
mod sql_types;
pub mod statistics;
mod tallies;
mod tallying;
mod tenancy;
pub mod throttles;
pub mod tokens;
pub mod transactions;
mod tx;
pub mod users;
pub mod waiting;
mod writer;

pub use connection::Url;
pub use db::{Db, Done, ReadTx, Threads, WriteTx};
pub use sql_types::At;
pub use tenancy::Visible;
