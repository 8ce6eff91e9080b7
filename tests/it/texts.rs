//! The texts that people read: each in every language, one for every code.

use sigillo::domain::error::{Conflict, Fault, Refusal};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

/// Codes of answers that are no refusal and no conflict.
const GENERAL: &[&str] = &[
    "JSON_NON_VALIDO",
    "NON_AUTENTICATO",
    "NON_PERMESSO",
    "ACCESSO_RIFIUTATO",
    "NON_TROVATO",
    "METODO_NON_PERMESSO",
    "VERSIONE_SUPERATA",
    "CORPO_TROPPO_GRANDE",
    "INTESTAZIONI_TROPPO_GRANDI",
    "RICHIESTA_NON_VALIDA",
    "IF_MATCH_RICHIESTO",
    "TROPPE_RICHIESTE",
    "ERRORE_INTERNO",
    "NON_DISPONIBILE",
    "VALIDA",
];

const LANGUAGES: [&str; 2] = ["it", "en"];

/// All messages of a language: file and key, with the text.
fn messages(language: &str) -> BTreeMap<(String, String), String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("src/i18n")
        .join(language);
    let mut messages = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let file = path.file_name().unwrap().to_str().unwrap().to_owned();
        let mut last: Option<(String, String)> = None;
        for line in std::fs::read_to_string(&path).unwrap().lines() {
            if line.starts_with(' ') {
                let text: &mut String = messages.get_mut(last.as_ref().unwrap()).unwrap();
                text.push_str(line);
            } else if let Some((key, text)) = line.split_once('=').filter(|_| !line.starts_with('#')) {
                let key = (file.clone(), key.trim().to_owned());
                assert!(
                    messages.insert(key.clone(), text.trim().to_owned()).is_none(),
                    "{language}: {key:?} stands twice"
                );
                last = Some(key);
            }
        }
    }
    messages
}

/// What a message is filled with: its variables.
fn placeables(text: &str) -> BTreeSet<&str> {
    text.split('$')
        .skip(1)
        .map(|rest| {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '-');
            &rest[..end.unwrap_or(rest.len())]
        })
        .collect()
}

#[test]
fn both_languages_have_the_same_files_and_keys_filled_with_the_same() {
    let (italian, english) = (messages("it"), messages("en"));
    assert!(italian.len() > 80, "{} messages", italian.len());
    let keys =
        |messages: &BTreeMap<(String, String), String>| messages.keys().cloned().collect::<BTreeSet<_>>();
    let (it, en) = (keys(&italian), keys(&english));
    assert_eq!(
        it.difference(&en).collect::<Vec<_>>(),
        Vec::<&(String, String)>::new(),
        "only in Italian"
    );
    assert_eq!(
        en.difference(&it).collect::<Vec<_>>(),
        Vec::<&(String, String)>::new(),
        "only in English"
    );
    for (key, text) in &italian {
        assert_eq!(placeables(text), placeables(&english[key]), "{key:?}");
    }
}

#[test]
fn no_key_stands_in_two_files_and_no_text_is_empty() {
    for language in LANGUAGES {
        let messages = messages(language);
        let keys: BTreeSet<&String> = messages.keys().map(|(_, key)| key).collect();
        assert_eq!(keys.len(), messages.len(), "{language}");
        for (key, text) in &messages {
            assert!(!text.is_empty(), "{language}: {key:?} is empty");
        }
    }
}

#[test]
fn every_code_has_a_title_and_a_detail_and_every_fault_a_text() {
    let wanted: BTreeSet<String> = GENERAL
        .iter()
        .chain(Refusal::CODES)
        .chain(Conflict::CODES)
        .flat_map(|code| [(*code).to_owned(), format!("{code}-detail")])
        .chain(Fault::CODES.iter().map(|code| format!("campo-{code}")))
        .collect();
    for language in LANGUAGES {
        let known: BTreeSet<String> = messages(language).into_keys().map(|(_, key)| key).collect();
        let missing: Vec<_> = wanted.difference(&known).collect();
        assert!(missing.is_empty(), "{language}: {missing:?}");
    }
}

#[test]
fn every_field_that_a_change_is_written_down_with_has_words() {
    let mut wanted = BTreeSet::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/operations")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap();
            let calls = source.split(".with(").chain(source.split(".changed(")).skip(1);
            let names = calls.filter_map(|call| call.trim_start().strip_prefix('"')?.split('"').next());
            wanted.extend(names.map(|name| format!("change-{}", name.replace('.', "-"))));
        }
    }
    assert!(wanted.len() > 40, "{wanted:?}");
    for language in LANGUAGES {
        let known: BTreeSet<String> = messages(language).into_keys().map(|(_, key)| key).collect();
        let missing: Vec<_> = wanted.difference(&known).collect();
        assert!(missing.is_empty(), "{language}: {missing:?}");
    }
}

#[test]
fn every_code_that_the_web_answers_with_is_among_them() {
    // Codes are capitals with underscores, in quotes, in the one mapping from errors to answers.
    let source =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web/problem.rs")).unwrap();
    let known: BTreeSet<&str> = GENERAL
        .iter()
        .chain(Refusal::CODES)
        .chain(Conflict::CODES)
        .copied()
        .collect();
    let mut seen = 0;
    for text in source.split('"').skip(1).step_by(2) {
        if text.len() > 5 && text.chars().all(|c| c.is_ascii_uppercase() || c == '_') {
            seen += 1;
            assert!(known.contains(text), "{text} has no text");
        }
    }
    assert!(seen > 15, "{seen} codes");
}
