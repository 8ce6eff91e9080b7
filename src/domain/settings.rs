//! What the vendor sets for the whole installation, at the portal: each with its bounds, and with what holds before
//! anybody set it.

use super::{
    codes::codes,
    error::{Fault, FieldErrors, Result},
    text,
};
use std::collections::BTreeMap;

codes! {
    /// A setting's name.
    Setting {
        /// What the installation is called, on its pages.
        Name = "nome_installazione",
        /// A few words in the top bar: that this is a test, say. Empty: none.
        Badge = "avviso_ambiente",
        /// Where who needs help writes to.
        SupportEmail = "email_assistenza",
        /// Where the privacy notice stands.
        PrivacyUrl = "url_privacy",
        /// Days of a trial, of products defined from now on.
        TrialDays = "prova_giorni",
        /// Days that a computer key lasts without contact, of products defined from now on.
        OfflineDays = "offline_giorni",
        /// Days that sessions and links are kept after their end.
        KeepSessions = "conserva_sessioni",
        /// Days that what messages said is kept once they are through.
        KeepMail = "conserva_posta",
        /// Days that a registration waits for its address to be proved.
        KeepRegistrations = "conserva_registrazioni",
        /// Days that the activation log is kept.
        KeepActivations = "conserva_attivazioni",
        /// Days that the access log is kept.
        KeepAccesses = "conserva_accessi",
    }
}

/// Characters of the installation's name.
const NAME_MAX: usize = 60;
/// Characters of the words in the top bar.
const BADGE_MAX: usize = 24;
/// Characters of a web address.
const URL_MAX: usize = 500;
/// Days of a trial.
const TRIAL_DAYS: std::ops::RangeInclusive<i32> = 1..=365;
/// Days that something is kept; 0 is for ever.
const KEPT_DAYS: std::ops::RangeInclusive<i32> = 0..=3650;
/// Days that a log is kept at least: figures and lists look back on them.
const LOG_DAYS: i32 = 30;
/// Days without contact.
const OFFLINE_DAYS: std::ops::RangeInclusive<i32> = 1..=3650;

/// All settings, each as it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// What the installation is called.
    pub name: String,
    /// The words in the top bar.
    pub badge: Option<String>,
    /// Where who needs help writes to.
    pub support_email: Option<String>,
    /// Where the privacy notice stands.
    pub privacy_url: Option<String>,
    /// Days of a trial.
    pub trial_days: i32,
    /// Days without contact.
    pub offline_days: i32,
    /// Days that sessions and links are kept after their end; 0 is for ever, as of all that follow.
    pub keep_sessions: i32,
    /// Days that what messages said is kept.
    pub keep_mail: i32,
    /// Days that a registration waits for its address to be proved.
    pub keep_registrations: i32,
    /// Days that the activation log is kept.
    pub keep_activations: i32,
    /// Days that the access log is kept.
    pub keep_accesses: i32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            name: "Sigillo".into(),
            badge: None,
            support_email: None,
            privacy_url: None,
            trial_days: 30,
            offline_days: 14,
            keep_sessions: 90,
            keep_mail: 365,
            keep_registrations: 90,
            keep_activations: 0,
            keep_accesses: 0,
        }
    }
}

impl Settings {
    /// The settings from their texts: what is not there, or cannot be read, is as it is before anybody set it.
    pub fn read(texts: &BTreeMap<String, String>) -> Self {
        let (settings, _) = Self::parse(|setting| texts.get(setting.code()).map(String::as_str));
        settings
    }

    /// The settings that somebody wants.
    ///
    /// # Errors
    /// [`Error::Invalid`](super::error::Error::Invalid), with what is wrong with each.
    pub fn wanted<'a>(of: impl Fn(Setting) -> Option<&'a str>) -> Result<Self> {
        let (settings, wrong) = Self::parse(|setting| Some(of(setting).unwrap_or_default()));
        wrong.into_result()?;
        Ok(settings)
    }

    fn parse<'a>(of: impl Fn(Setting) -> Option<&'a str>) -> (Self, FieldErrors) {
        let mut wrong = FieldErrors::default();
        let usual = Self::default();
        let mut line = |setting: Setting, max: usize| -> Option<String> {
            let clean = text::clean(of(setting)?);
            if clean.chars().count() > max {
                wrong.add(setting.code(), Fault::TooLong);
                return None;
            }
            Some(clean).filter(|clean| !clean.is_empty())
        };
        let name = line(Setting::Name, NAME_MAX);
        let badge = line(Setting::Badge, BADGE_MAX);
        let email = line(Setting::SupportEmail, 254);
        let url = line(Setting::PrivacyUrl, URL_MAX);
        if name.is_none() && of(Setting::Name).is_some_and(|typed| text::clean(typed).is_empty()) {
            wrong.add(Setting::Name.code(), Fault::Missing);
        }
        let support_email = email.and_then(|typed| {
            let email = text::email(&typed).ok();
            if email.is_none() {
                wrong.add(Setting::SupportEmail.code(), Fault::Invalid);
            }
            email
        });
        let privacy_url = url.filter(|url| {
            let good = url.starts_with("https://") && url.len() > 8 && !url.contains(char::is_whitespace);
            if !good {
                wrong.add(Setting::PrivacyUrl.code(), Fault::Invalid);
            }
            good
        });
        let mut days = |setting: Setting, bounds: std::ops::RangeInclusive<i32>| {
            let typed = of(setting)?.trim();
            if typed.is_empty() {
                wrong.add(setting.code(), Fault::Missing);
                return None;
            }
            match typed.parse::<i32>() {
                Ok(days) if bounds.contains(&days) => return Some(days),
                Ok(_) => wrong.add(setting.code(), Fault::OutOfRange),
                Err(_) => wrong.add(setting.code(), Fault::WrongType),
            }
            None
        };
        let trial_days = days(Setting::TrialDays, TRIAL_DAYS);
        let offline_days = days(Setting::OfflineDays, OFFLINE_DAYS);
        let keep_sessions = days(Setting::KeepSessions, KEPT_DAYS);
        let keep_mail = days(Setting::KeepMail, KEPT_DAYS);
        let keep_registrations = days(Setting::KeepRegistrations, KEPT_DAYS);
        let mut log_days = |setting: Setting| {
            let days = days(setting, KEPT_DAYS)?;
            Some(days).filter(|days| *days == 0 || *days >= LOG_DAYS)
        };
        let keep_activations = log_days(Setting::KeepActivations);
        let keep_accesses = log_days(Setting::KeepAccesses);
        for (setting, kept) in [
            (Setting::KeepActivations, keep_activations),
            (Setting::KeepAccesses, keep_accesses),
        ] {
            if kept.is_none() && of(setting).is_some() && !wrong.0.contains_key(setting.code()) {
                wrong.add(setting.code(), Fault::OutOfRange);
            }
        }
        let settings = Self {
            name: name.unwrap_or(usual.name),
            badge,
            support_email,
            privacy_url,
            trial_days: trial_days.unwrap_or(usual.trial_days),
            offline_days: offline_days.unwrap_or(usual.offline_days),
            keep_sessions: keep_sessions.unwrap_or(usual.keep_sessions),
            keep_mail: keep_mail.unwrap_or(usual.keep_mail),
            keep_registrations: keep_registrations.unwrap_or(usual.keep_registrations),
            keep_activations: keep_activations.unwrap_or(usual.keep_activations),
            keep_accesses: keep_accesses.unwrap_or(usual.keep_accesses),
        };
        (settings, wrong)
    }

    /// A setting as a text; empty where there is none.
    pub fn text(&self, setting: Setting) -> String {
        let given = |value: &Option<String>| value.clone().unwrap_or_default();
        match setting {
            Setting::Name => self.name.clone(),
            Setting::Badge => given(&self.badge),
            Setting::SupportEmail => given(&self.support_email),
            Setting::PrivacyUrl => given(&self.privacy_url),
            Setting::TrialDays => self.trial_days.to_string(),
            Setting::OfflineDays => self.offline_days.to_string(),
            Setting::KeepSessions => self.keep_sessions.to_string(),
            Setting::KeepMail => self.keep_mail.to_string(),
            Setting::KeepRegistrations => self.keep_registrations.to_string(),
            Setting::KeepActivations => self.keep_activations.to_string(),
            Setting::KeepAccesses => self.keep_accesses.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::domain::error::Error;

    fn wanted(changed: &[(Setting, &'static str)]) -> Result<Settings> {
        let usual: BTreeMap<Setting, String> = Setting::ALL
            .iter()
            .map(|setting| (*setting, Settings::default().text(*setting)))
            .collect();
        Settings::wanted(|setting| {
            let changed = changed.iter().find(|(name, _)| *name == setting);
            changed
                .map(|(_, text)| *text)
                .or_else(|| usual.get(&setting).map(String::as_str))
        })
    }

    #[test]
    fn what_nobody_set_is_as_it_was_before_and_reads_back_as_it_is_written() {
        assert_eq!(Settings::read(&BTreeMap::new()), Settings::default());
        assert_eq!(wanted(&[]).unwrap(), Settings::default());
        let set = wanted(&[
            (Setting::Name, "  Licenze   Prova "),
            (Setting::Badge, "Ambiente di prova"),
            (Setting::SupportEmail, "Aiuto@Example.it"),
            (Setting::PrivacyUrl, "https://example.it/privacy"),
            (Setting::TrialDays, "15"),
        ])
        .unwrap();
        assert_eq!(set.name, "Licenze Prova");
        let texts = Setting::ALL
            .iter()
            .map(|setting| (setting.code().to_owned(), set.text(*setting)))
            .collect();
        assert_eq!(Settings::read(&texts), set);
    }

    #[test]
    fn what_lies_beyond_its_bounds_is_refused_by_name() {
        for (setting, text, fault) in [
            (Setting::Name, " ", Fault::Missing),
            (
                Setting::Badge,
                "una frase troppo lunga per la barra",
                Fault::TooLong,
            ),
            (Setting::SupportEmail, "nessuno", Fault::Invalid),
            (Setting::PrivacyUrl, "javascript:alert(1)", Fault::Invalid),
            (Setting::TrialDays, "0", Fault::OutOfRange),
            (Setting::TrialDays, "", Fault::Missing),
            (Setting::OfflineDays, "sette", Fault::WrongType),
            (Setting::KeepMail, "-1", Fault::OutOfRange),
            (Setting::KeepAccesses, "7", Fault::OutOfRange),
        ] {
            let Err(Error::Invalid(wrong)) = wanted(&[(setting, text)]) else {
                unreachable!("{setting} takes {text:?}");
            };
            assert_eq!(wrong.0.get(setting.code()), Some(&vec![fault]), "{setting}");
        }
    }
}
