//! The world outside the program.

pub mod clock;
pub mod limits;
pub mod mail;
pub mod passwords;
pub mod pictures;
pub mod webhook;
