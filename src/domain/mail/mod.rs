//! Messages to people: their kinds, the texts that they have before anybody changes them, and how they are filled in.

pub mod phrases;
pub mod template;

use super::codes::codes;
use chrono::Duration;

codes! {
    /// What a message is about. The header `X-Sigillo-Tipo` names it.
    MailKind {
        /// Confirms the address of who registers.
        Registration = "registrazione",
        /// The same, to an address that was known.
        RepeatedRegistration = "registrazione_ripetuta",
        /// Invites a user.
        Invitation = "invito",
        /// Tells a user that somebody wanted to invite them.
        DoubleInvitation = "invito_doppio",
        /// Lets a user choose another password.
        PasswordReset = "reimposta_password",
        /// Tells a user that the password was changed.
        PasswordNotice = "avviso_password",
        /// Tells a user that a token was made.
        TokenNotice = "avviso_token",
        /// The keys of whoever asked for them.
        KeysFound = "ritrova_chiavi",
        /// Tries whether mail is sent at all.
        Test = "prova",
        /// Tells a customer that subscriptions end, or ended.
        ExpiryReminder = "promemoria_scadenza",
        /// Tells a customer that the maintenance of permanent licences ends, or ended.
        MaintenanceReminder = "promemoria_manutenzione",
        /// Tells a customer that trials end.
        EndingTrial = "prova_in_scadenza",
        /// Tells who sells of trials that nothing is heard of.
        IdleTrial = "prova_ferma",
        /// Tells who decides of customers who wait.
        WaitingCustomer = "cliente_da_convalidare",
        /// Tells who sells once a week what there is to do.
        WeeklyDigest = "riepilogo_settimanale",
    }
}

/// Placeholders that every kind has.
const SHARED: &[&str] = &["nome", "nome_installazione", "email_assistenza", "url_portale"];

macro_rules! texts {
    ($kind:expr, $language:expr, $($variant:ident: $folder:literal),+ $(,)?) => {
        match ($kind, $language) {
            $(
                (MailKind::$variant, "en") => include_str!(concat!("../../../templates/mail/", $folder, "/en.txt")),
                (MailKind::$variant, _) => include_str!(concat!("../../../templates/mail/", $folder, "/it.txt")),
            )+
        }
    };
}

impl MailKind {
    /// Placeholders of its own, beside those that every kind has.
    const fn own(self) -> &'static [&'static str] {
        match self {
            Self::Registration | Self::RepeatedRegistration => &["url_conferma"],
            Self::Invitation => &["url_invito"],
            Self::PasswordReset => &["url_password", "minuti"],
            Self::PasswordNotice | Self::TokenNotice => &["quando", "indirizzo"],
            Self::KeysFound => &["chiavi"],
            Self::DoubleInvitation | Self::Test => &[],
            Self::ExpiryReminder | Self::MaintenanceReminder | Self::EndingTrial => &["quando", "licenze"],
            Self::IdleTrial => &["licenze", "giorni"],
            Self::WaitingCustomer => &["clienti", "giorni"],
            Self::WeeklyDigest => &[
                "in_scadenza",
                "prove_in_scadenza",
                "prove_ferme",
                "da_convalidare",
                "attivazioni",
            ],
        }
    }

    /// The placeholders that its texts may name.
    pub fn placeholders(self) -> impl Iterator<Item = &'static str> {
        SHARED.iter().chain(self.own()).copied()
    }

    /// Placeholders whose values open something, and are shown to nobody but who the message is for.
    pub fn is_secret(placeholder: &str) -> bool {
        matches!(
            placeholder,
            "url_conferma" | "url_invito" | "url_password" | "chiavi"
        )
    }

    /// Its text in a language (Italian for one that there is none in): the subject, an empty line, the body.
    pub fn text(self, language: &str) -> &'static str {
        texts!(self, language,
            Registration: "registrazione",
            RepeatedRegistration: "registrazione_ripetuta",
            Invitation: "invito",
            DoubleInvitation: "invito_doppio",
            PasswordReset: "reimposta_password",
            PasswordNotice: "avviso_password",
            TokenNotice: "avviso_token",
            KeysFound: "ritrova_chiavi",
            Test: "prova",
            ExpiryReminder: "promemoria_scadenza",
            MaintenanceReminder: "promemoria_manutenzione",
            EndingTrial: "prova_in_scadenza",
            IdleTrial: "prova_ferma",
            WaitingCustomer: "cliente_da_convalidare",
            WeeklyDigest: "riepilogo_settimanale",
        )
    }

    /// After this time it is of no use any more: what it leads to is over.
    pub fn useful_for(self) -> Option<Duration> {
        match self {
            Self::PasswordReset => Some(Duration::minutes(60)),
            Self::Registration | Self::RepeatedRegistration => Some(Duration::days(3)),
            Self::Invitation => Some(Duration::days(7)),
            Self::Test => Some(Duration::days(1)),
            _ => None,
        }
    }
}

codes! {
    /// Where a message is on its way.
    MailState {
        /// It waits, for the first or for another try.
        Queued = "in_coda",
        /// The mail server took it.
        Sent = "inviata",
        /// The mail server refused it for good.
        Refused = "rifiutata",
        /// It was tried for days.
        Abandoned = "abbandonata",
        /// It was of no use any more before it could be sent.
        Overdue = "scaduta",
    }
}

/// Tries at most, once a mail server answered: after that nobody waits for the message.
pub const TRIES: i32 = 12;

/// How long to wait after so many tries that a mail server put off.
pub fn pause_after(tries: i32) -> Duration {
    match tries {
        ..=1 => Duration::minutes(1),
        2 => Duration::minutes(5),
        3 => Duration::minutes(15),
        4 => Duration::hours(1),
        5..=7 => Duration::hours(4),
        _ => Duration::hours(12),
    }
}
