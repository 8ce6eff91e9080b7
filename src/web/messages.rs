//! Texts for people, by language and key.

use super::reader::Language;
use fluent_templates::{LanguageIdentifier, Loader, fluent_bundle::FluentValue, static_loader};
use std::{borrow::Cow, collections::HashMap, sync::LazyLock};

static_loader! {
    static LOCALES = {
        locales: "./src/i18n",
        fallback_language: "it",
        customise: |bundle| {
            bundle.set_use_isolating(false);
            let _ = bundle.add_builtins();
        },
    };
}

static ITALIAN: LazyLock<LanguageIdentifier> = LazyLock::new(|| "it".parse().unwrap_or_default());
static ENGLISH: LazyLock<LanguageIdentifier> = LazyLock::new(|| "en".parse().unwrap_or_default());

fn identifier(language: Language) -> &'static LanguageIdentifier {
    match language {
        Language::Italian => &ITALIAN,
        Language::English => &ENGLISH,
    }
}

/// A text; its key where there is none, which a test forbids.
pub(super) fn text(language: Language, key: &str) -> String {
    LOCALES
        .try_lookup(identifier(language), key)
        .unwrap_or_else(|| key.to_owned())
}

/// What fills a text's places.
pub(super) type Filling = HashMap<Cow<'static, str>, FluentValue<'static>>;

/// A text with its places filled.
pub(super) fn filled<const N: usize>(
    language: Language,
    key: &str,
    places: [(&'static str, FluentValue<'static>); N],
) -> String {
    let filling = places
        .into_iter()
        .map(|(name, value)| (Cow::Borrowed(name), value))
        .collect();
    filled_with(language, key, &filling)
}

/// The same, filled from a map.
pub(super) fn filled_with(language: Language, key: &str, filling: &Filling) -> String {
    LOCALES
        .try_lookup_with_args(identifier(language), key, filling)
        .unwrap_or_else(|| key.to_owned())
}
