//! Addresses of pages with what they are to show, and the ways to pages above.

use crate::{domain::ids::AnyId, web::input::Query};
use serde_json::{Value, json};

/// The nodes that a page offers to choose from at most.
pub(super) const CHOICES: i64 = 500;

/// A path with those parameters that have a value.
pub(super) fn to(path: &str, parameters: &[(&str, Option<&str>)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let mut any = false;
    for (name, value) in parameters {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            query.append_pair(name, value);
            any = true;
        }
    }
    if any {
        format!("{path}?{}", query.finish())
    } else {
        path.to_owned()
    }
}

/// The addresses of the first slice of a list, where this is not it, and of the next, where there is one.
pub(super) fn slices(
    path: &str,
    parameters: &[(&str, Option<&str>)],
    cursor: Option<&str>,
    next: Option<[u8; 16]>,
) -> (String, String) {
    let first = cursor.map(|_| to(path, parameters)).unwrap_or_default();
    let next = next.map(|id| {
        let cursor = AnyId(id).to_string();
        let with: Vec<(&str, Option<&str>)> = parameters
            .iter()
            .copied()
            .chain([("cursore", Some(cursor.as_str()))])
            .collect();
        to(path, &with)
    });
    (first, next.unwrap_or_default())
}

/// The same for `ui::pager`, of a list whose state all stands in its address.
pub(super) fn pager(query: &Query, path: &str, next: Option<[u8; 16]>) -> Value {
    let next = next.map(|id| query.but(path, "cursore", Some(&AnyId(id).to_string())));
    let first = query.get("cursore").map(|_| query.but(path, "cursore", None));
    json!({ "first": first.unwrap_or_default(), "next": next.unwrap_or_default() })
}

/// The address that calls a telephone number, as people write them (RFC 3966: digits, with a plus before them); none
/// where it is no number.
pub(super) fn call(phone: Option<&str>) -> Option<String> {
    let phone = phone?.trim();
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let plus = if phone.starts_with('+') { "+" } else { "" };
    (digits.len() >= 3).then(|| format!("tel:{plus}{digits}"))
}

/// A step on the way to a page.
pub(super) fn step(text: impl Into<String>, href: impl Into<String>) -> Value {
    json!({ "text": text.into(), "href": href.into() })
}

#[cfg(test)]
mod tests {
    use super::{call, to};

    #[test]
    fn numbers_are_called_however_they_are_written() {
        for (phone, address) in [
            (Some("+39 049 123-456"), Some("tel:+39049123456")),
            (Some("049/123456"), Some("tel:049123456")),
            (Some("49"), None),
            (Some("javascript:alert(1)"), None),
            (None, None),
        ] {
            assert_eq!(call(phone).as_deref(), address, "{phone:?}");
        }
    }

    #[test]
    fn an_address_carries_what_has_a_value() {
        assert_eq!(to("/clienti", &[("q", None), ("stato", Some(""))]), "/clienti");
        assert_eq!(
            to("/clienti", &[("q", Some("a&b=ò")), ("stato", Some("sospeso"))]),
            "/clienti?q=a%26b%3D%C3%B2&stato=sospeso"
        );
    }
}
