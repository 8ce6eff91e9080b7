//! What happens to customers.

pub mod assign;
pub mod change;
pub mod create;
pub mod decide;
pub mod register;
pub mod suspend;
pub mod view;
