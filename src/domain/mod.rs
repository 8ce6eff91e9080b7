//! The rules of the business: values and `now` in, values out. No database, no HTTP, no clock.

pub mod access;
pub mod actor;
pub mod audit;
pub mod calendar;
pub mod codes;
pub mod company;
pub mod company_rules;
pub mod customer;
pub mod error;
pub mod fiscal;
pub mod ids;
pub mod jobs;
pub mod license;
pub mod mail;
pub mod money;
pub mod notice;
pub mod payment;
pub mod period;
pub mod price;
pub mod product;
pub mod scope;
pub mod secrets;
pub mod settings;
pub mod text;
pub mod user;
pub mod view;
