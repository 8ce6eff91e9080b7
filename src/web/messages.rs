//! Texts for people, by language and key.

use super::guards::Language;
use fluent_templates::{LanguageIdentifier, Loader, static_loader};
use std::sync::LazyLock;

static_loader! {
    static LOCALES = {
        locales: "./src/i18n",
        fallback_language: "it",
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

static ITALIAN: LazyLock<LanguageIdentifier> = LazyLock::new(|| "it".parse().unwrap_or_default());
static ENGLISH: LazyLock<LanguageIdentifier> = LazyLock::new(|| "en".parse().unwrap_or_default());

/// A text; its key where there is none, which a test forbids.
pub(super) fn text(language: Language, key: &str) -> String {
    let language = match language {
        Language::Italian => &*ITALIAN,
        Language::English => &*ENGLISH,
    };
    LOCALES
        .try_lookup(language, key)
        .unwrap_or_else(|| key.to_owned())
}
