//! What can go wrong, once for the whole program. The web turns it into a problem document or a page.

use super::codes::codes;
use std::collections::BTreeMap;

/// The outcome of anything that can fail.
pub type Result<T> = std::result::Result<T, Error>;

/// Everything that can go wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not there, or out of the caller's scope: the two answer alike.
    #[error("not found")]
    NotFound,
    /// The role lacks the right.
    #[error("not permitted")]
    Forbidden,
    /// Nobody signs in with this: which of all that has to be right was not, is not told.
    #[error("sign-in refused")]
    SignInRefused,
    /// Fields that are missing or wrong.
    #[error("invalid input: {0:?}")]
    Invalid(FieldErrors),
    /// A rule of the licence says no.
    #[error("refused: {0}")]
    Refused(Refusal),
    /// The state of things says no.
    #[error("conflict: {0}")]
    Conflict(Conflict),
    /// Somebody changed the object since the caller read it.
    #[error("changed by somebody else")]
    Stale,
    /// Too much from one place; welcome again after so many seconds.
    #[error("too many requests")]
    TooMany(u64),
    /// The database cannot serve now; the same request may succeed later.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// A fault of ours. Logged once with its request id, never shown.
    #[error("internal: {0}")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// A fault of ours, from whatever caused it.
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }

    /// One wrong field.
    pub fn field(name: &str, fault: Fault) -> Self {
        let mut fields = FieldErrors::default();
        fields.add(name, fault);
        Self::Invalid(fields)
    }
}

/// Holds what somebody read (`If-Match`) against what stands; who said nothing of it is not asked.
///
/// # Errors
/// [`Error::Stale`].
pub fn expect_revision(stands: i32, read: Option<i32>) -> Result<()> {
    match read {
        Some(read) if read != stands => Err(Error::Stale),
        _ => Ok(()),
    }
}

codes! {
    /// What is wrong with a field.
    Fault {
        /// Required and not there.
        Missing = "MANCANTE",
        /// Another type than the contract's.
        WrongType = "TIPO_ERRATO",
        /// Of the right type, and not a value that it takes.
        Invalid = "NON_VALIDO",
        /// More characters or items than allowed.
        TooLong = "TROPPO_LUNGO",
        /// Fewer characters than needed.
        TooShort = "TROPPO_CORTO",
        /// A number outside its bounds.
        OutOfRange = "FUORI_INTERVALLO",
        /// Points at nothing that the caller can see.
        Unknown = "SCONOSCIUTO",
        /// Somebody else has it already.
        Taken = "GIA_IN_USO",
        /// Does not go with another field.
        Incompatible = "NON_COMPATIBILE",
        /// Too easy to guess.
        Guessable = "TROPPO_COMUNE",
        /// Must be accepted.
        NotAccepted = "NON_ACCETTATO",
        /// Only the superadmin, or a payment, may set it.
        NotAllowed = "NON_PERMESSO",
        /// Not served by this version.
        Unsupported = "NON_DISPONIBILE",
    }
}

/// Fields by name (dotted paths for nested ones), each with what is wrong with it.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct FieldErrors(pub BTreeMap<String, Vec<Fault>>);

impl FieldErrors {
    /// Notes a fault; the same one twice counts once.
    pub fn add(&mut self, field: &str, fault: Fault) {
        let faults = self.0.entry(field.to_owned()).or_default();
        if !faults.contains(&fault) {
            faults.push(fault);
        }
    }

    /// Whether a field has this fault.
    pub fn has(&self, field: &str, fault: Fault) -> bool {
        self.0.get(field).is_some_and(|faults| faults.contains(&fault))
    }

    /// The same faults, of fields that are called otherwise.
    #[must_use]
    pub fn renamed(self, name: impl Fn(&str) -> String) -> Self {
        let mut renamed = Self::default();
        for (field, faults) in self.0 {
            for fault in faults {
                renamed.add(&name(&field), fault);
            }
        }
        renamed
    }

    /// The error, if there is a fault at all.
    pub fn into_result(self) -> Result<()> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Error::Invalid(self))
        }
    }
}

codes! {
    /// How what client software asked for went well, as the activation log says it. A [`Refusal`] is how it did not.
    Success {
        /// A device took a place.
        Activated = "attivata",
        /// It had it already.
        ActiveAlready = "gia_attiva",
        /// The licence holds.
        Valid = "VALIDA",
        /// A device gave its place back.
        Deactivated = "disattivata",
        /// Staff freed its place.
        Released = "rilasciata",
    }
}

codes! {
    /// Why a licence says no to client software; `api.md` fixes the words.
    Refusal {
        /// No licence has this key.
        Unknown = "LICENZA_NON_TROVATA",
        /// The check symbol does not fit.
        Mistyped = "CHIAVE_DIGITATA_MALE",
        /// The computer key's signature or shape is wrong.
        BadComputerKey = "CHIAVE_COMPUTER_NON_VALIDA",
        /// A suspension stands.
        Suspended = "SOSPESA",
        /// Stopped for good.
        Revoked = "REVOCATA",
        /// The last valid day and its grace have passed.
        Expired = "SCADUTA",
        /// The customer is suspended.
        CustomerSuspended = "CLIENTE_SOSPESO",
        /// The customer was not validated within the product's days.
        PendingExhausted = "IN_ATTESA_ESAURITA",
        /// The licence is reserved for other devices.
        DeviceNotAdmitted = "DISPOSITIVO_NON_AMMESSO",
        /// Every device is taken.
        DevicesExhausted = "DISPOSITIVI_ESAURITI",
        /// Every named user is taken.
        UsersExhausted = "UTENTI_ESAURITI",
        /// The key belongs to another product.
        WrongProduct = "PRODOTTO_ERRATO",
        /// Released after the end of maintenance.
        VersionNotCovered = "VERSIONE_NON_COPERTA",
        /// This device had its trial of this product.
        TrialUsed = "PROVA_GIA_USATA",
        /// A floating licence is leased, not activated.
        Floating = "LICENZA_FLOTTANTE",
        /// The device holds no place.
        DeviceNotActive = "DISPOSITIVO_NON_ATTIVO",
        /// The customer's own releases are used up for now.
        ReleasesExhausted = "RILASCI_ESAURITI",
    }
}

codes! {
    /// Why the state of things says no.
    Conflict {
        /// It was changed, or exists already.
        Changed = "CONFLITTO",
        /// A limit below what is in use.
        SeatsInUse = "POSTI_IN_USO",
        /// The quota of licences or trials, here or up the line, is used up.
        QuotaExceeded = "QUOTA_SUPERATA",
        /// A node cannot move below itself.
        Cycle = "CICLO",
        /// The action does not fit the present state.
        WrongState = "STATO_INCOMPATIBILE",
        /// The last superadmin cannot go.
        LastSuperadmin = "ULTIMO_SUPERADMIN",
        /// The same idempotency key came with another body.
        IdempotencyMismatch = "IDEMPOTENZA_IN_CONFLITTO",
        /// The first request with this idempotency key still runs.
        IdempotencyRunning = "IDEMPOTENZA_IN_CORSO",
    }
}
