//! A user: who signs in.

use super::{
    access::{Action, may},
    actor::Actor,
    codes::codes,
    error::Fault,
    ids::{CustomerId, NodeId, UserId},
};
use chrono::NaiveDateTime;

codes! {
    /// Whether a user may sign in.
    UserState {
        /// Yes.
        Active = "attivo",
        /// Has not chosen a password yet.
        Invited = "invitato",
        /// No.
        Disabled = "disabilitato",
    }
}

/// A user as stored, without the password.
#[derive(Debug, Clone)]
pub struct User {
    /// Identifier.
    pub id: UserId,
    /// The node that the user belongs to.
    pub node_id: Option<NodeId>,
    /// Or the customer.
    pub customer_id: Option<CustomerId>,
    /// E-mail address, unique in the installation.
    pub email: String,
    /// Name.
    pub name: String,
    /// Of the interface and of mail: it or en.
    pub language: String,
    /// Whether the user may sign in.
    pub state: UserState,
    /// Whether the user may only read.
    pub read_only: bool,
    /// When it was made, UTC.
    pub created_at: NaiveDateTime,
    /// Grows with every change.
    pub revision: i32,
}

/// Whether somebody may look with this user's eyes, who was found through their scope: never the vendor's, nor those of a
/// colleague or their own.
pub fn may_see_as(actor: &Actor, user: &User) -> bool {
    may(actor, Action::SeeAsOthers)
        && user.state == UserState::Active
        && user.node_id != Some(NodeId::VENDOR)
        && (actor.is_superadmin() || user.node_id.is_none_or(|node| actor.node() != Some(node)))
        && actor.user_id() != Some(user.id)
}

/// Fewest characters of a password (OWASP ASVS 5.0, 6.2.1 asks for 8; 12 here).
pub const PASSWORD_MIN: usize = 12;
/// Most bytes of a password.
pub const PASSWORD_MAX_BYTES: usize = 1024;

/// How many leading characters are judged: what makes a password guessable stands in them, and judging more is slow.
const JUDGED: usize = 64;

/// Whether a password may be chosen: long enough, and not one that is guessed early (by the frequency lists and
/// patterns of zxcvbn, with the user's own e-mail address and the product's name among the words).
///
/// # Errors
/// What is wrong with it.
pub fn check_password(password: &str, email: &str) -> Result<(), Fault> {
    if password.len() > PASSWORD_MAX_BYTES {
        return Err(Fault::TooLong);
    }
    if password.chars().count() < PASSWORD_MIN {
        return Err(Fault::TooShort);
    }
    let local = email.split('@').next().unwrap_or_default();
    let judged: String = password.chars().take(JUDGED).collect();
    if zxcvbn::zxcvbn(&judged, &[email, local, "sigillo", "licenza", "licenze"]).score()
        < zxcvbn::Score::Three
    {
        return Err(Fault::Guessable);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guessable_passwords_are_refused_and_long_unusual_ones_are_not() {
        for password in [
            "password1234",
            "123456789012",
            "aaaaaaaaaaaaaaaa",
            "sigillosigillo",
            "qwertyuiopas",
            "mario.rossi12",
        ] {
            assert_eq!(
                check_password(password, "mario.rossi@example.it"),
                Err(Fault::Guessable),
                "{password}"
            );
        }
        assert_eq!(check_password("corta", "a@example.it"), Err(Fault::TooShort));
        assert_eq!(
            check_password(&"x".repeat(1025), "a@example.it"),
            Err(Fault::TooLong)
        );
        assert_eq!(
            check_password("quattro-cavalli-viola-in-fila", "a@example.it"),
            Ok(())
        );
        assert_eq!(
            check_password(&"è una lunga frase, ".repeat(40), "a@example.it"),
            Ok(())
        );
    }
}
