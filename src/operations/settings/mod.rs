//! What happens to the installation's settings.

pub mod change;
