//! What happens to users and their tokens.

pub mod change;
pub mod create_token;
pub mod found;
pub mod invite;

/// A password that was checked, on its way to its hash.
#[derive(Clone)]
pub struct NewPassword(pub String);

impl std::fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewPassword(…)")
    }
}
