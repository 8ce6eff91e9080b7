//! What a message says, in the words of who sends it: held to its kind before it is kept.

use super::{
    super::text,
    MailKind,
    template::{self, Flaw, Frame, Values},
};

/// Characters of a subject at most.
pub const SUBJECT_MAX: usize = 200;
/// Characters of a body at most.
pub const BODY_MAX: usize = 16_000;
/// Characters that a value may have, so that no message grows beyond what one may come to.
const VALUE_MAX: usize = 200;
/// The same of a list.
const LIST_MAX: usize = 8_000;
/// Things that are found wrong at most: more help nobody.
const FINDINGS: usize = 10;

/// A subject and a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// One line.
    pub subject: String,
    /// Paragraphs, apart by empty lines.
    pub body: String,
}

/// Where something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// In the subject.
    Subject,
    /// In the body.
    Body,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// There is nothing.
    Empty,
    /// More than fits, as it stands or once it is filled in.
    TooLong,
    /// A subject of several lines.
    Lines,
    /// A placeholder that the kind does not have.
    Unknown(String),
    /// Two braces that begin no placeholder.
    Malformed,
    /// Without this one the message is of no use.
    Missing(&'static str),
    /// What opens something does not stand in a subject, which is shown on locked screens.
    Secret(String),
    /// A button that leads nowhere.
    Button,
}

/// Something wrong, and where: the line and the sign in it, both from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// In which part.
    pub part: Part,
    /// Where, if it stands somewhere.
    pub at: Option<(usize, usize)>,
    /// What.
    pub wrong: Wrong,
}

impl Wording {
    /// What the program says by itself.
    pub fn usual(kind: MailKind, language: &str) -> Self {
        let text = kind.text(language);
        let (subject, body) = text.split_once('\n').unwrap_or((text, ""));
        Self {
            subject: subject.trim().to_owned(),
            body: body.trim().to_owned(),
        }
    }

    /// As somebody typed it, with what browsers do to it undone.
    pub fn typed(subject: &str, body: &str) -> Self {
        let body = body.replace("\r\n", "\n").replace('\r', "\n");
        let body = body.replace(|c: char| c.is_control() && c != '\n', " ");
        let lines: Vec<&str> = body.split('\n').map(str::trim_end).collect();
        Self {
            subject: subject.trim().to_owned(),
            body: lines.join("\n").trim_matches('\n').to_owned(),
        }
    }

    /// One text, as it is filled in.
    pub fn whole(&self) -> String {
        format!("{}\n\n{}", self.subject, self.body)
    }

    /// Holds it to what a kind of message may say.
    ///
    /// # Errors
    /// All that is wrong, the first ones.
    pub fn check(&self, kind: MailKind) -> Result<(), Vec<Finding>> {
        let mut found = Vec::new();
        for (part, text, most) in [
            (Part::Subject, &self.subject, SUBJECT_MAX),
            (Part::Body, &self.body, BODY_MAX),
        ] {
            let mut whole = |wrong: Wrong| {
                found.push(Finding {
                    part,
                    at: None,
                    wrong,
                });
            };
            // Of what is far too long not even the rest is looked for.
            if text.len() > 4 * most || text.chars().count() > most {
                whole(Wrong::TooLong);
                continue;
            }
            if text::clean_multiline(text).is_empty() {
                whole(Wrong::Empty);
                continue;
            }
            if part == Part::Subject && text.chars().any(char::is_control) {
                whole(Wrong::Lines);
            }
            placeholders(part, text, kind, &mut found);
        }
        buttons(&self.body, &mut found);
        let body = |wrong| Finding {
            part: Part::Body,
            at: None,
            wrong,
        };
        for name in kind.obligatory() {
            if !names(&self.body).any(|known| known == name) {
                found.push(body(Wrong::Missing(name)));
            }
        }
        if found.is_empty() && self.longest(kind) == Err(Flaw::TooLong) {
            found.push(body(Wrong::TooLong));
        }
        found.truncate(FINDINGS);
        if found.is_empty() { Ok(()) } else { Err(found) }
    }

    /// Filled in with the longest values that there may be.
    fn longest(&self, kind: MailKind) -> Result<(), Flaw> {
        let values: Values = kind
            .placeholders()
            .map(|name| {
                let most = if name == "chiavi" { LIST_MAX } else { VALUE_MAX };
                (name.to_owned(), "x".repeat(most))
            })
            .collect();
        template::fill(&self.whole(), &values, &Frame::default()).map(|_| ())
    }
}

/// The names between braces, as far as they are names.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split("{{")
        .skip(1)
        .filter_map(|rest| Some(rest.split_once("}}")?.0.trim()))
}

/// The line and the sign of a place in a text.
fn position(text: &str, at: usize) -> Option<(usize, usize)> {
    let before = text.get(..at)?;
    let line = before.rsplit('\n').next().unwrap_or_default();
    Some((before.matches('\n').count() + 1, line.chars().count() + 1))
}

/// Reads a text as it will be filled in, and notes what could not be.
fn placeholders(part: Part, text: &str, kind: MailKind, found: &mut Vec<Finding>) {
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find("{{")) {
        let begin = from + at;
        let inner = begin + 2;
        let end = text.get(inner..).and_then(|rest| rest.find("}}"));
        let name = end.and_then(|end| text.get(inner..inner + end)).map(str::trim);
        let is_name =
            |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        let wrong = match name {
            Some(name) if is_name(name) => {
                if !kind.placeholders().any(|known| known == name) {
                    Some(Wrong::Unknown(name.to_owned()))
                } else if part == Part::Subject && MailKind::is_secret(name) {
                    Some(Wrong::Secret(name.to_owned()))
                } else {
                    None
                }
            }
            _ => Some(Wrong::Malformed),
        };
        if let Some(wrong) = wrong {
            found.push(Finding {
                part,
                at: position(text, begin),
                wrong,
            });
        }
        if found.len() >= FINDINGS {
            return;
        }
        from = match end {
            Some(end) => inner + end + 2,
            None => return,
        };
    }
}

/// Notes buttons that lead nowhere: an address is written out, or is one of those that we fill in.
fn buttons(body: &str, found: &mut Vec<Finding>) {
    let mut at = 0;
    for paragraph in body.split("\n\n") {
        if let Some((_, address)) = template::button(paragraph)
            && !template::leads(address)
            && !address.starts_with("{{url_")
            && !address.starts_with("{{ url_")
        {
            found.push(Finding {
                part: Part::Body,
                at: position(body, at),
                wrong: Wrong::Button,
            });
        }
        at += paragraph.len() + 2;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn wrong(subject: &str, body: &str) -> Vec<Wrong> {
        let found = Wording::typed(subject, body).check(MailKind::Invitation);
        found
            .err()
            .unwrap_or_default()
            .into_iter()
            .map(|found| found.wrong)
            .collect()
    }

    #[test]
    fn what_the_program_says_by_itself_passes() {
        for kind in MailKind::ALL {
            for language in ["it", "en"] {
                let usual = Wording::usual(*kind, language);
                assert_eq!(usual.check(*kind), Ok(()), "{kind} {language}");
                assert_eq!(Wording::typed(&usual.subject, &usual.body), usual);
            }
        }
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let found = Wording::typed("Ciao", "Uno\n{{url_invito}}\ndue {{cognome}} {{ 7*7 }}")
            .check(MailKind::Invitation)
            .unwrap_err();
        let told: Vec<_> = found
            .iter()
            .map(|found| (found.at, found.wrong.clone()))
            .collect();
        assert_eq!(
            told,
            [
                (Some((3, 5)), Wrong::Unknown("cognome".into())),
                (Some((3, 17)), Wrong::Malformed),
            ]
        );
    }

    #[test]
    fn hostile_templates_are_refused_or_are_words() {
        let link = "{{url_invito}}";
        for hostile in [
            "{{ 7*7 }}",
            "{{7*7}}",
            "{{ nome | safe }}",
            "{{nome|safe}}",
            "{{__tera_context}}",
            "{{ __tera_context }}",
            "{{ get_env(name=\"HOME\") }}",
            "{{ config }}",
            "{{config}}",
            "{{ self }}",
            "{{ nome.length }}",
            "{{nome.__class__}}",
            "{{ ''.__class__.__mro__ }}",
            "{{{{nome}}}}",
            "{{{nome}}}",
            "{{nome",
            "{{",
            "{{}}",
            "{{ }}",
            "{{\nnome2\n}}",
            "{{NOME}}",
            "{{ nome }} {{ secret_key }}",
            "{{secret_key}}",
            "{{env}}",
            "{{#each nome}}x{{/each}}",
            "{{> partial}}",
            "{{= <% %> =}}",
            "{{&nome}}",
            "{{nome}} {{ \"a\" ~ \"b\" }}",
            "{{url_password}}",
            "{{chiavi}}",
            "{{\u{0}}}",
        ] {
            assert!(
                !wrong("Ciao", &format!("{link} {hostile}")).is_empty(),
                "{hostile:?}"
            );
            assert!(!wrong(hostile, link).is_empty(), "{hostile:?} in a subject");
        }
        // No engine reads these: they are words, and stay so.
        for words in [
            "{% if nome %}x{% endif %}",
            "{% include \"/etc/passwd\" %}",
            "{# nulla #}",
            "${7*7}",
            "<%= 7*7 %>",
            "#{7*7}",
            "*{7*7}",
            "[[${7*7}]]",
            "@(1+1)",
            "}} {nome}",
        ] {
            assert_eq!(wrong("Ciao", &format!("{link} {words}")), [], "{words:?}");
            let filled = template::fill(
                &Wording::typed(words, link).whole(),
                &[("url_invito".to_owned(), "https://example.it".to_owned())].into(),
                &Frame::default(),
            )
            .unwrap();
            assert_eq!(filled.subject, words);
        }
    }

    #[test]
    fn what_grows_or_is_too_long_or_has_lines_or_lacks_its_link_is_refused() {
        let link = "{{url_invito}}";
        assert_eq!(wrong("", link), [Wrong::Empty]);
        assert_eq!(
            wrong("Ciao", " \n "),
            [Wrong::Empty, Wrong::Missing("url_invito")]
        );
        assert_eq!(wrong("Ciao", "Niente"), [Wrong::Missing("url_invito")]);
        assert_eq!(wrong("Ciao\r\nBcc: tutti@example.com", link), [Wrong::Lines]);
        assert_eq!(wrong("Ciao\u{85}x", link), [Wrong::Lines]);
        assert_eq!(
            wrong("Apri {{url_invito}}", link),
            [Wrong::Secret("url_invito".into())]
        );
        assert_eq!(wrong(&"x".repeat(201), link), [Wrong::TooLong]);
        let mega = "x".repeat(1024 * 1024);
        assert!(wrong("Ciao", &mega).contains(&Wrong::TooLong));
        assert!(wrong(&mega, link).contains(&Wrong::TooLong));
        let grows = format!("{link}{}", "{{nome}}".repeat(1900));
        assert_eq!(wrong("Ciao", &grows), [Wrong::TooLong]);
        assert_eq!(wrong("Ciao", &"{{x}}".repeat(500)).len(), FINDINGS);
    }

    #[test]
    fn a_button_leads_to_an_address() {
        let with = |address: &str| wrong("Ciao", &format!("{{{{url_invito}}}}\n\n[Apri]({address})"));
        for good in [
            "{{url_invito}}",
            "{{ url_portale }}/x",
            "https://example.it",
            "mailto:a@example.it",
        ] {
            assert_eq!(with(good), [], "{good}");
        }
        for bad in [
            "javascript:alert1",
            "data:text/html,x",
            "//example.it",
            "{{nome}}",
            "",
        ] {
            assert_eq!(with(bad), [Wrong::Button], "{bad}");
        }
        // And where a value would be something else, there is no button.
        let values = [("nome".to_owned(), "javascript:alert(1)".to_owned())].into();
        let filled = template::fill("A\n\n[Apri]({{nome}})", &values, &Frame::default()).unwrap();
        assert!(!filled.html.contains("href"), "{}", filled.html);
    }
}
