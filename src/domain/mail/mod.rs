//! Messages to people: their kinds, the texts that they have before anybody changes them, and how they are filled in.

pub mod phrases;
pub mod sample;
pub mod template;
pub mod wording;

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
        /// Tells a customer that they are known from now on.
        CustomerValidated = "cliente_convalidato",
        /// Tells a customer that they were refused.
        CustomerRefused = "cliente_rifiutato",
        /// The keys of licences, to who uses them.
        KeysDelivered = "consegna_chiavi",
        /// Tells a customer of a version that its licences cover.
        NewVersion = "nuova_versione",
        /// Tells the address that a customer had that there is another now.
        AddressNotice = "avviso_indirizzo",
        /// Tells a user that they may not sign in any more.
        DisabledNotice = "avviso_disabilitato",
        /// Tells a user that they may sign in again.
        EnabledNotice = "avviso_riabilitato",
        /// Tells a user that somebody else ended their sessions.
        SessionsNotice = "avviso_sessioni",
        /// Tells staff of a customer who waits for validation.
        CustomerWaiting = "cliente_in_attesa",
        /// Tells staff what was decided above of a customer of theirs.
        CustomerDecided = "cliente_deciso",
        /// Tells staff of a licence that runs, and is nobody's.
        LicenseToAssign = "licenza_da_assegnare",
        /// Tells staff of licences that are theirs from now on.
        LicenseReceived = "licenza_ricevuta",
        /// Tells staff that a customer wanted one device more than its licence has.
        DeviceLimit = "limite_dispositivi",
        /// Tells staff that a released device still runs the software.
        DeviceReturned = "dispositivo_tornato",
        /// Tells staff that a message to a customer was refused.
        MessageRefused = "messaggio_rifiutato",
        /// Tells who made it that an address for events was given up.
        WebhookLost = "webhook_disattivato",
    }
}

/// Placeholders that every kind has.
const SHARED: &[&str] = &[
    "nome",
    "nome_mittente",
    "nome_installazione",
    "email_assistenza",
    "url_portale",
];

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
            Self::KeysFound | Self::KeysDelivered => &["chiavi"],
            Self::CustomerRefused => &["motivo"],
            Self::NewVersion => &["prodotto", "versione", "novita", "scaricala"],
            Self::AddressNotice => &["cliente", "quando"],
            Self::DisabledNotice | Self::EnabledNotice | Self::SessionsNotice => &["quando"],
            Self::CustomerWaiting => &["cliente", "url_avviso"],
            Self::CustomerDecided => &["cliente", "esito", "url_avviso"],
            Self::LicenseReceived => &["quante", "url_avviso"],
            Self::LicenseToAssign => &["prodotto", "licenza", "url_avviso"],
            Self::DeviceLimit | Self::DeviceReturned => &["cliente", "prodotto", "licenza", "url_avviso"],
            Self::MessageRefused => &["cliente", "url_avviso"],
            Self::WebhookLost => &["indirizzo_webhook", "url_webhook"],
            Self::CustomerValidated => &[],
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

    /// Whether it says who may sign in, and by what: only the vendor words it, and nobody switches it off.
    pub const fn is_guarded(self) -> bool {
        matches!(
            self,
            Self::Registration
                | Self::RepeatedRegistration
                | Self::Invitation
                | Self::DoubleInvitation
                | Self::PasswordReset
                | Self::PasswordNotice
                | Self::TokenNotice
                | Self::AddressNotice
                | Self::DisabledNotice
                | Self::EnabledNotice
                | Self::SessionsNotice
        )
    }

    /// Whether a company can switch it off: what reminds of something that can be seen in the portal too.
    pub const fn is_optional(self) -> bool {
        matches!(
            self,
            Self::ExpiryReminder
                | Self::MaintenanceReminder
                | Self::EndingTrial
                | Self::IdleTrial
                | Self::WaitingCustomer
                | Self::WeeklyDigest
                | Self::NewVersion
        )
    }

    /// Whether it tells of a day that comes, or has come.
    pub const fn reminds(self) -> bool {
        matches!(
            self,
            Self::ExpiryReminder | Self::MaintenanceReminder | Self::EndingTrial
        )
    }

    /// Placeholders without which it would be of no use.
    pub fn obligatory(self) -> impl Iterator<Item = &'static str> {
        self.own().iter().copied().filter(|name| Self::is_secret(name))
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
            CustomerValidated: "cliente_convalidato",
            CustomerRefused: "cliente_rifiutato",
            KeysDelivered: "consegna_chiavi",
            NewVersion: "nuova_versione",
            AddressNotice: "avviso_indirizzo",
            DisabledNotice: "avviso_disabilitato",
            EnabledNotice: "avviso_riabilitato",
            SessionsNotice: "avviso_sessioni",
            CustomerWaiting: "cliente_in_attesa",
            CustomerDecided: "cliente_deciso",
            LicenseToAssign: "licenza_da_assegnare",
            LicenseReceived: "licenza_ricevuta",
            DeviceLimit: "limite_dispositivi",
            DeviceReturned: "dispositivo_tornato",
            MessageRefused: "messaggio_rifiutato",
            WebhookLost: "webhook_disattivato",
        )
    }

    /// Whether it is about a customer's licences: sent once more it goes to the address that the customer has then.
    pub fn follows_customer(self) -> bool {
        matches!(
            self,
            Self::KeysFound
                | Self::KeysDelivered
                | Self::CustomerValidated
                | Self::CustomerRefused
                | Self::NewVersion
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
