//! What users are told of, and how each wants to be.

use super::{codes::codes, mail::MailKind};

codes! {
    /// Something that staff are told of.
    NoticeKind {
        /// A customer registered, and waits for validation.
        CustomerWaiting = "cliente_in_attesa",
        /// Somebody above validated or refused a customer of theirs.
        CustomerDecided = "cliente_deciso",
        /// A licence runs, and is nobody's.
        LicenseToAssign = "licenza_da_assegnare",
        /// Licences are theirs from now on.
        LicenseReceived = "licenza_ricevuta",
        /// A customer wanted one device more than its licence has.
        DeviceLimit = "limite_dispositivi",
        /// A released device still runs the software.
        DeviceReturned = "dispositivo_tornato",
        /// A message to a customer was refused.
        MessageRefused = "messaggio_rifiutato",
    }
}

codes! {
    /// What notices are about: what somebody chooses for.
    Topic {
        /// Customers who come.
        Customers = "clienti",
        /// Licences that are given to somebody.
        Licenses = "licenze",
        /// Devices beyond what was sold.
        Devices = "dispositivi",
        /// Mail that does not arrive.
        Mail = "posta",
        /// New versions: for customers, by mail alone.
        Versions = "versioni",
    }
}

/// How somebody is told of a topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// By e-mail.
    pub by_mail: bool,
    /// In the portal.
    pub in_portal: bool,
}

impl Topic {
    /// What staff choose for.
    pub const OF_STAFF: &'static [Self] = &[Self::Customers, Self::Licenses, Self::Devices, Self::Mail];
    /// What customers' users choose for.
    pub const OF_CUSTOMERS: &'static [Self] = &[Self::Versions];

    /// How somebody is told who never chose.
    pub const fn default_choice(self) -> Choice {
        match self {
            Self::Customers | Self::Licenses | Self::Mail => Choice {
                by_mail: false,
                in_portal: true,
            },
            Self::Devices => Choice {
                by_mail: true,
                in_portal: true,
            },
            Self::Versions => Choice {
                by_mail: true,
                in_portal: false,
            },
        }
    }
}

impl NoticeKind {
    /// What it is about.
    pub const fn topic(self) -> Topic {
        match self {
            Self::CustomerWaiting | Self::CustomerDecided => Topic::Customers,
            Self::LicenseToAssign | Self::LicenseReceived => Topic::Licenses,
            Self::DeviceLimit | Self::DeviceReturned => Topic::Devices,
            Self::MessageRefused => Topic::Mail,
        }
    }

    /// The message that says the same.
    pub const fn mail(self) -> MailKind {
        match self {
            Self::CustomerWaiting => MailKind::CustomerWaiting,
            Self::CustomerDecided => MailKind::CustomerDecided,
            Self::LicenseToAssign => MailKind::LicenseToAssign,
            Self::LicenseReceived => MailKind::LicenseReceived,
            Self::DeviceLimit => MailKind::DeviceLimit,
            Self::DeviceReturned => MailKind::DeviceReturned,
            Self::MessageRefused => MailKind::MessageRefused,
        }
    }
}

codes! {
    /// What a notice is about; whether somebody sees it still depends on whether they see this.
    About {
        /// A customer.
        Customer = "cliente",
        /// A licence.
        License = "licenza",
        /// A company or an agent.
        Node = "nodo",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_and_its_message_have_one_name() {
        for kind in NoticeKind::CODES {
            let kind = NoticeKind::from_code(kind).unwrap();
            assert_eq!(kind.mail().code(), kind.code());
        }
    }

    #[test]
    fn nobody_who_never_chose_misses_a_topic() {
        for topic in Topic::OF_STAFF {
            assert!(topic.default_choice().in_portal, "{topic}");
        }
    }
}
