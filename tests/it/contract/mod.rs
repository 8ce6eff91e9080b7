//! The contract as a caller who means no good, or knows no better, meets it.

mod addresses;
mod bodies;
mod customers;
mod http;
mod limits;
mod lists;
mod orders;
mod statistics;
mod stops;
mod trail;
mod tree;
mod wire;
