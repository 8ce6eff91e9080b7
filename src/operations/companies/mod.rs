//! What happens to the tree of companies and agents.

pub mod brand;
pub mod change;
pub mod create;
pub mod products;
pub mod rules;
pub mod shift;
pub mod suspend;
