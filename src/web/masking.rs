//! Licence keys are covered where somebody looks with another's eyes.

use serde_json::Value;

/// Groups of a licence key, and symbols in each.
const KEY_GROUPS: usize = 5;
const KEY_GROUP: usize = 5;
const KEY_LENGTH: usize = KEY_GROUPS * (KEY_GROUP + 1) - 1;

fn is_key(text: &[u8]) -> bool {
    text.len() == KEY_LENGTH
        && text.iter().enumerate().all(|(at, byte)| {
            if at % (KEY_GROUP + 1) == KEY_GROUP {
                *byte == b'-'
            } else {
                byte.is_ascii_digit() || byte.is_ascii_uppercase()
            }
        })
}

/// Masks what a page shows, before a template takes it to pieces.
pub(super) fn mask(value: &mut Value) {
    match value {
        Value::String(text) => *text = masked(text),
        Value::Array(all) => all.iter_mut().for_each(mask),
        Value::Object(all) => all.values_mut().for_each(mask),
        _ => {}
    }
}

/// A page without the licence keys in it, but for their ends: wherever they stand.
pub(super) fn masked(body: &str) -> String {
    let mut shown = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = rest.find('-') {
        let start = at.checked_sub(KEY_GROUP);
        let key = start.and_then(|start| rest.get(start..start + KEY_LENGTH));
        match (start, key) {
            (Some(start), Some(key)) if is_key(key.as_bytes()) => {
                let (hidden, end) = key.split_at(KEY_LENGTH - KEY_GROUP);
                shown.push_str(rest.get(..start).unwrap_or_default());
                shown.extend(hidden.chars().map(|c| if c == '-' { c } else { '•' }));
                shown.push_str(end);
                rest = rest.get(start + KEY_LENGTH..).unwrap_or_default();
            }
            _ => {
                let (before, after) = rest.split_at(at + 1);
                shown.push_str(before);
                rest = after;
            }
        }
    }
    shown.push_str(rest);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_masked_wherever_they_stand() {
        let key = "ABCDE-F2345-GHJKM-NPQRS-TVWXZ";
        let hidden = "•••••-•••••-•••••-•••••-TVWXZ";
        for text in [
            format!("<b>{key}</b>"),
            format!("è-{key}"),
            key.to_owned(),
            format!("x\"{key}\" data-copy=\"{key}\" a-b"),
            format!("{key}\n{key}-"),
        ] {
            assert_eq!(masked(&text), text.replace(key, hidden));
        }
        for text in [
            "",
            "-",
            "a-b-c",
            "01980000-0000-7000-8000-000000000000",
            "è-é-ò-à-ù",
            "ABCDE-F2345-GHJKM-NPQRS",
        ] {
            assert_eq!(masked(text), text);
        }
    }
}
