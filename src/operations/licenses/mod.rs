//! What happens to licences.

pub mod activate;
mod alarm;
pub mod archive;
pub mod assign;
pub mod batch;
pub mod bulk;
pub mod change;
pub mod convert;
pub mod deactivate;
mod deed;
pub mod diagnose;
pub(in crate::operations) mod fresh;
mod grant;
pub mod head;
pub mod issue;
pub mod list;
pub mod modules;
pub mod own;
pub mod quota;
pub mod release;
pub mod resume;
pub mod revoke;
pub mod send;
pub mod standing;
pub mod suspend;
pub mod switching;
pub mod templates;
pub mod validate;
pub mod view;

pub use grant::{ClientView, ComputerKey, Device, Granted, mistyped};
