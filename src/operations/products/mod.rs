//! What happens to products.

pub mod announce;
pub mod archive;
pub mod change;
pub mod create;
pub mod price;
pub mod publish;
pub mod revoke_key;
pub mod rotate;
pub mod view;
