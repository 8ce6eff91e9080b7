//! What happens to customers.

pub mod assign;
pub mod change;
pub mod confirm;
pub mod create;
pub mod decide;
pub mod export;
pub mod find_keys;
pub mod follow;
pub mod merge;
pub mod payments;
pub mod personal;
pub mod propose;
pub mod register;
pub mod suspend;
pub mod view;
