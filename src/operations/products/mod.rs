//! What happens to products.

pub mod change;
pub mod create;
pub mod publish;
pub mod rotate;
pub mod view;
