//! What a database error means: run it again, give up the connection, or an answer.

use crate::domain::error::{Conflict, Error};
use diesel::result::{DatabaseErrorKind, Error as Diesel};

/// What to do about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Another transaction got in between: the same operation, run again, may well succeed.
    Again,
    /// The connection or the node is gone, and whether a COMMIT took effect is not known.
    Lost,
    /// No room, or the disk fails: nothing was done.
    Full,
    /// The database held an invariant: an answer, never to be repeated.
    Refused,
    /// A fault of ours.
    Bug,
}

/// A database error with its class, inside [`Error::Internal`] until the operation's end decides.
#[derive(Debug, thiserror::Error)]
#[error("{class:?}: {source}")]
pub(super) struct Fault {
    pub(super) class: Class,
    source: Diesel,
}

impl From<Diesel> for Error {
    fn from(source: Diesel) -> Self {
        read(source)
    }
}

/// A database error as the rest of the program knows it.
pub(super) fn read(source: Diesel) -> Error {
    match (classify(&source), source) {
        (_, Diesel::NotFound) => Error::NotFound,
        (class, source) => Error::internal(Fault { class, source }),
    }
}

/// The class of a failed operation; none where it is no database error.
pub(super) fn class(error: &Error) -> Option<Class> {
    match error {
        Error::Internal(cause) => cause.downcast_ref::<Fault>().map(|fault| fault.class),
        _ => None,
    }
}

/// What the caller is told at the end: what is left of the classes once nothing can be tried any more.
pub(super) fn settle(error: Error) -> Error {
    match class(&error) {
        Some(Class::Again | Class::Lost | Class::Full) => Error::Unavailable(error.to_string()),
        Some(Class::Refused) => {
            tracing::warn!(%error, "the database held an invariant");
            Error::Conflict(Conflict::Changed)
        }
        Some(Class::Bug) | None => error,
    }
}

/// Whether a migration met another transaction. Its error's type is not public, so the text decides here too.
#[cfg(feature = "mariadb")]
pub(super) fn is_conflict(error: &(dyn std::error::Error + 'static)) -> bool {
    let text = error.to_string();
    AGAIN.iter().any(|known| text.contains(known))
}

/// Whether a write failed because a unique value is taken: a possible answer, for the store function to give.
pub(super) fn is_taken<T>(outcome: &diesel::QueryResult<T>) -> bool {
    matches!(
        outcome,
        Err(Diesel::DatabaseError(DatabaseErrorKind::UniqueViolation, _))
    )
}

/// The operation read something that changed before it wrote: it has to begin again.
pub(super) fn again() -> Error {
    let text: Box<dyn diesel::result::DatabaseErrorInformation + Send + Sync> =
        Box::new("somebody got in between".to_owned());
    Error::internal(Fault {
        class: Class::Again,
        source: Diesel::DatabaseError(DatabaseErrorKind::SerializationFailure, text),
    })
}

const AGAIN: &[&str] = &[
    "Deadlock found",                // [1213], a cluster's conflict at COMMIT too
    "Lock wait timeout exceeded",    // [1205]
    "Record has changed since last", // [1020], with innodb_snapshot_isolation
    "database is locked",            // SQLITE_BUSY: another process writes
    "database table is locked",
];

/// Diesel keeps MariaDB's numbers to itself and calls most of them `Unknown`, so the texts decide; the session's
/// `lc_messages` is English. In brackets the numbers of MariaDB.
fn classify(error: &Diesel) -> Class {
    const LOST: &[&str] = &[
        "WSREP has not yet prepared",      // [1047]
        "Unknown command",                 // [1047]
        "during COMMIT",                   // [1180]
        "erver has gone away",             // [2006]
        "Lost connection to",              // [2013]
        "Can't connect to",                // [2002], [2003]
        "Connection was killed",           // [1927]
        "Server shutdown in progress",     // [1053]
        "Query execution was interrupted", // [1317]
    ];
    const FULL: &[&str] = &[
        "database or disk is full",
        "disk I/O error",
        "unable to open database file",
        "attempt to write a readonly database",
        "No space left on device",
        "The table '", // [1114] … is full
        "Got error 28",
    ];
    let Diesel::DatabaseError(kind, information) = error else {
        return match error {
            Diesel::BrokenTransactionManager | Diesel::AlreadyInTransaction | Diesel::NotInTransaction => {
                Class::Lost
            }
            Diesel::RollbackErrorOnCommit { commit_error, .. } => classify(commit_error),
            _ => Class::Bug,
        };
    };
    let text = information.message();
    let has = |texts: &[&str]| texts.iter().any(|known| text.contains(known));
    match kind {
        DatabaseErrorKind::SerializationFailure => Class::Again,
        DatabaseErrorKind::ClosedConnection => Class::Lost,
        DatabaseErrorKind::UniqueViolation
        | DatabaseErrorKind::ForeignKeyViolation
        | DatabaseErrorKind::CheckViolation => Class::Refused,
        _ if has(AGAIN) => Class::Again,
        _ if has(LOST) => Class::Lost,
        _ if has(FULL) => Class::Full,
        _ if text.starts_with("Data too long for column") => Class::Refused, // [1406]
        _ if text.starts_with("Duplicate entry ") => Class::Refused,         // [1062], of a text statement
        _ if text.starts_with("CONSTRAINT `") && text.contains("failed for") => Class::Refused, // [4025]
        _ => Class::Bug,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kind: DatabaseErrorKind, text: &str) -> Class {
        classify(&Diesel::DatabaseError(kind, Box::new(text.to_owned())))
    }

    #[test]
    fn each_known_error_has_its_class() {
        use DatabaseErrorKind::{SerializationFailure, UniqueViolation, Unknown};
        assert_eq!(of(SerializationFailure, ""), Class::Again);
        assert_eq!(
            of(UniqueViolation, "Duplicate entry 'x' for key 'y'"),
            Class::Refused
        );
        for (text, class) in [
            (
                "Deadlock found when trying to get lock; try restarting transaction",
                Class::Again,
            ),
            (
                "Lock wait timeout exceeded; try restarting transaction",
                Class::Again,
            ),
            (
                "Record has changed since last read in table 'licenses'",
                Class::Again,
            ),
            ("database is locked", Class::Again),
            ("WSREP has not yet prepared node for application use", Class::Lost),
            ("Got error 5 \"Input/output error\" during COMMIT", Class::Lost),
            ("Server has gone away", Class::Lost),
            ("MySQL server has gone away", Class::Lost),
            ("Lost connection to server during query", Class::Lost),
            ("Can't connect to server on '127.0.0.1' (115)", Class::Lost),
            ("database or disk is full", Class::Full),
            ("The table 'licenses' is full", Class::Full),
            (
                "CONSTRAINT `licenses_devices` failed for `sigillo`.`licenses`",
                Class::Refused,
            ),
            ("Data too long for column 'name' at row 1", Class::Refused),
            ("You have an error in your SQL syntax", Class::Bug),
        ] {
            assert_eq!(of(Unknown, text), class, "{text}");
        }
    }
}
