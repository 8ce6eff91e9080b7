//! Sigillo, a licence manager in one program.
//!
//! `domain` holds the rules, pure; `store` alone speaks SQL; `operations` are what the business does, each one
//! transaction with its audit record; `web` and `cli` ask for operations, and read; `demo` asks for two years of them;
//! `gateways` is the world outside.
//! Imports run one way: `web`, `cli` → `operations` → `store`, `gateways` → `domain` (`tests/it/architecture.rs`).

pub mod cli;
pub mod config;
pub mod demo;
pub mod domain;
pub mod gateways;
pub mod jobs;
pub mod operations;
pub mod start;
pub mod store;
pub mod web;
