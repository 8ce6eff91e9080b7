//! Texts with `{{placeholders}}`, and nothing more: no conditions, no loops, no code. One text gives a message's subject,
//! its plain body and its HTML.
//!
//! The first line is the subject. After an empty line come paragraphs, apart by empty lines; one that is
//! `[words](address)` is a button.

use std::collections::BTreeMap;

/// Values of placeholders by name.
pub type Values = BTreeMap<String, String>;

/// Bytes that a message may come to.
const LONGEST: usize = 256 * 1024;

/// Why a text cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// A placeholder that the kind does not have.
    #[error("unknown placeholder `{0}`")]
    Unknown(String),
    /// `{{` without `}}`, or something else than a name between them.
    #[error("a placeholder that does not end")]
    Open,
    /// Too much of it.
    #[error("longer than a message may be")]
    TooLong,
    /// No subject, or no body.
    #[error("no subject or no body")]
    Empty,
}

/// A message as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// One line.
    pub subject: String,
    /// The plain body.
    pub text: String,
    /// The HTML body, whole.
    pub html: String,
}

/// How a value is written into what stands around it.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Line,
    Text,
    Html,
}

/// What frames a message's HTML.
#[derive(Debug, Clone, Default)]
pub struct Frame<'a> {
    /// The language of the text.
    pub language: &'a str,
    /// Who writes: stands above.
    pub sender: &'a str,
    /// Stands below, small.
    pub foot: &'a str,
    /// The colour of buttons and of the name above, where it is the sender's own: `#24406e`.
    pub color: Option<&'a str>,
    /// Where the picture is that stands above in place of the name, and how wide it is.
    pub logo: Option<(&'a str, i32)>,
}

/// Fills a text in.
///
/// # Errors
/// [`Flaw`].
pub fn fill(text: &str, values: &Values, frame: &Frame<'_>) -> Result<Filled, Flaw> {
    let text = text.replace("\r\n", "\n");
    let (subject, body) = text.split_once('\n').ok_or(Flaw::Empty)?;
    let subject = placed(subject, values, Place::Line)?;
    let subject = subject.trim().to_owned();
    let (mut plain, mut inner) = (Vec::new(), String::new());
    for paragraph in body
        .split("\n\n")
        .map(|part| part.trim_matches('\n'))
        .filter(|part| !part.trim().is_empty())
    {
        let linked = match button(paragraph) {
            Some((words, address)) => Some((words, address, placed(address, values, Place::Line)?)),
            None => None,
        };
        if let Some((words, address, link)) = linked.filter(|(.., link)| leads(link)) {
            let line = placed(words, values, Place::Line)?;
            plain.push(format!("{line}:\n{link}"));
            inner.push_str(&format!(
                "<p style=\"{BUTTON_LINE}\"><a href=\"{}\" style=\"{}\">{}</a></p>\n",
                placed(address, values, Place::Html)?,
                button_style(frame),
                placed(words, values, Place::Html)?,
            ));
        } else {
            let filled = placed(paragraph, values, Place::Html)?;
            // What there was nothing to say of.
            if filled.trim().is_empty() && !paragraph.trim().is_empty() {
                continue;
            }
            plain.push(placed(paragraph, values, Place::Text)?);
            inner.push_str(&format!(
                "<p style=\"{PARAGRAPH}\">{}</p>\n",
                filled.replace('\n', "<br>\n")
            ));
        }
        if inner.len() > LONGEST {
            return Err(Flaw::TooLong);
        }
    }
    if subject.is_empty() || plain.is_empty() {
        return Err(Flaw::Empty);
    }
    let html = framed(&subject, &inner, frame);
    let mut text = plain.join("\n\n");
    if !frame.foot.is_empty() {
        text.push_str(&format!("\n\n-- \n{}", frame.foot));
    }
    text.push('\n');
    Ok(Filled { subject, text, html })
}

/// Whether a text can be filled in with these placeholders.
///
/// # Errors
/// [`Flaw`].
pub fn check(text: &str, placeholders: impl Iterator<Item = &'static str>) -> Result<(), Flaw> {
    let values = placeholders
        .map(|name| (name.to_owned(), String::new()))
        .collect();
    let frame = Frame {
        language: "it",
        ..Frame::default()
    };
    fill(text, &values, &frame).map(|_| ())
}

/// Whether a button may lead there: whatever else an address can begin with does something in a mail program.
pub(super) fn leads(address: &str) -> bool {
    ["https://", "http://", "mailto:"]
        .iter()
        .any(|scheme| address.starts_with(scheme))
}

/// `[words](address)`.
pub(super) fn button(paragraph: &str) -> Option<(&str, &str)> {
    let inner = paragraph.trim().strip_prefix('[')?.strip_suffix(')')?;
    let (words, address) = inner.split_once("](")?;
    (!words.contains('\n') && !address.contains(['\n', '(', ')'])).then_some((words, address))
}

/// A text with its placeholders' values in their places. What is written by hand is escaped as well as they are.
fn placed(text: &str, values: &Values, into: Place) -> Result<String, Flaw> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        push(&mut out, before, into);
        let (name, after) = after.split_once("}}").ok_or(Flaw::Open)?;
        let name = name.trim();
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') {
            return Err(Flaw::Open);
        }
        let value = values.get(name).ok_or_else(|| Flaw::Unknown(name.to_owned()))?;
        push(&mut out, value, into);
        if out.len() > LONGEST {
            return Err(Flaw::TooLong);
        }
        rest = after;
    }
    push(&mut out, rest, into);
    if out.len() > LONGEST {
        return Err(Flaw::TooLong);
    }
    Ok(out)
}

fn push(out: &mut String, text: &str, into: Place) {
    for c in text.chars() {
        match (into, c) {
            // Whatever a name holds, it does not end a header.
            (Place::Line, c) if c.is_control() => out.push(' '),
            (Place::Text | Place::Html, c) if c.is_control() && c != '\n' => out.push(' '),
            (Place::Html, '&') => out.push_str("&amp;"),
            (Place::Html, '<') => out.push_str("&lt;"),
            (Place::Html, '>') => out.push_str("&gt;"),
            (Place::Html, '"') => out.push_str("&quot;"),
            (Place::Html, '\'') => out.push_str("&#39;"),
            (_, c) => out.push(c),
        }
    }
}

// Mail programs know few styles, and those only on the element itself. Where a page shows a message, its policy lets
// through these and no others: `styles`.
const PAGE: &str = "margin:0;padding:0;background:#f6f6f2";
const COLUMN: &str = "max-width:560px;margin:0 auto;padding:24px 16px;color:#191e29;\
     font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif";
const PICTURE: &str = "margin:0 0 16px";
const IMAGE: &str = "display:block;max-width:100%;height:auto;border:0";
const CARD: &str = "padding:8px 24px;background:#ffffff;border:1px solid #e4e4de;border-radius:10px";
const FOOT: &str = "margin:16px 0 0;font-size:13px;color:#656b76";
const PARAGRAPH: &str = "margin:16px 0";
const BUTTON_LINE: &str = "margin:24px 0";

fn button_style(frame: &Frame<'_>) -> String {
    let color = frame.color.unwrap_or("#24406e");
    format!(
        "display:inline-block;padding:10px 18px;border-radius:6px;background:{color};color:#ffffff;\
         text-decoration:none;font-weight:600"
    )
}

fn name_style(frame: &Frame<'_>) -> String {
    let color = frame.color.unwrap_or("#9c2f3d");
    format!("margin:0 0 12px;font-weight:600;color:{color}")
}

/// All that stands in `style` attributes of a message in this frame.
pub fn styles(frame: &Frame<'_>) -> Vec<String> {
    let fixed = [PAGE, COLUMN, PICTURE, IMAGE, CARD, FOOT, PARAGRAPH, BUTTON_LINE];
    let mut all: Vec<String> = fixed.into_iter().map(str::to_owned).collect();
    all.extend([button_style(frame), name_style(frame)]);
    all
}

fn framed(subject: &str, inner: &str, frame: &Frame<'_>) -> String {
    let html = |text: &str| {
        let mut out = String::new();
        push(&mut out, text, Place::Html);
        out
    };
    let head = match frame.logo {
        Some((address, width)) => format!(
            "<p style=\"{PICTURE}\"><img src=\"{}\" alt=\"{}\" width=\"{width}\" style=\"{IMAGE}\"></p>",
            html(address),
            html(frame.sender),
        ),
        None => format!("<p style=\"{}\">{}</p>", name_style(frame), html(frame.sender)),
    };
    format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{}</title></head>\n\
         <body style=\"{PAGE}\">\n<div style=\"{COLUMN}\">\n{head}\n\
         <div style=\"{CARD}\">\n{inner}</div>\n<p style=\"{FOOT}\">{}</p>\n</div>\n</body>\n</html>\n",
        html(frame.language),
        html(subject),
        html(frame.foot),
    )
}

#[cfg(test)]
mod tests {
    use super::super::MailKind;
    use super::*;

    const FRAME: Frame<'static> = Frame {
        language: "it",
        sender: "Sigillo",
        foot: "",
        color: None,
        logo: None,
    };

    fn values(pairs: &[(&str, &str)]) -> Values {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn every_kind_has_texts_that_name_only_its_placeholders() {
        for kind in MailKind::ALL {
            for language in ["it", "en"] {
                let text = kind.text(language);
                check(text, kind.placeholders()).unwrap_or_else(|flaw| panic!("{kind} {language}: {flaw}"));
                for own in kind.own() {
                    assert!(
                        text.contains(&format!("{{{{{own}}}}}")),
                        "{kind} {language}: {own}"
                    );
                }
            }
            assert_ne!(kind.text("it"), kind.text("en"));
            assert_eq!(kind.text("it"), kind.text("de"));
        }
    }

    #[test]
    fn values_are_text_and_never_end_a_header() {
        let hostile = "Rossi\r\nBcc: tutti@example.com <b>&{{nome}}";
        let filled = fill(
            "Ciao {{nome}}\n\nSalve {{nome}}\n\n[Apri {{nome}}]({{url}})",
            &values(&[("nome", hostile), ("url", "https://example.it/\"onclick=\"x")]),
            &FRAME,
        )
        .unwrap();
        assert_eq!(filled.subject, "Ciao Rossi  Bcc: tutti@example.com <b>&{{nome}}");
        assert!(filled.text.starts_with("Salve Rossi"));
        // A value is not read as a text with placeholders, and not as HTML.
        assert!(filled.text.contains("{{nome}}"));
        assert!(filled.html.contains("&lt;b&gt;&amp;{{nome}}"), "{}", filled.html);
        assert!(!filled.html.contains("\"onclick"), "{}", filled.html);
    }

    #[test]
    fn a_paragraph_can_be_a_button() {
        let filled = fill(
            "Prova\n\nPrima riga\nseconda riga\n\n[Conferma]({{url}})\n",
            &values(&[("url", "https://example.it/c?a=1&b=2")]),
            &FRAME,
        )
        .unwrap();
        assert_eq!(
            filled.text,
            "Prima riga\nseconda riga\n\nConferma:\nhttps://example.it/c?a=1&b=2\n"
        );
        assert!(filled.html.contains("Prima riga<br>\nseconda riga"));
        assert!(filled.html.contains("href=\"https://example.it/c?a=1&amp;b=2\""));
    }

    #[test]
    fn what_cannot_be_used_is_told_apart() {
        let known = || ["nome"].into_iter();
        for (text, flaw) in [
            ("A\n\n{{cognome}}", Flaw::Unknown("cognome".into())),
            ("{{x}}\n\nB", Flaw::Unknown("x".into())),
            ("A\n\n{{nome", Flaw::Open),
            ("A\n\n{{ }}", Flaw::Open),
            ("A\n\n{{ 7*7 }}", Flaw::Open),
            ("A\n\n{% if nome %}{{nome}}{{", Flaw::Open),
            ("A\n\n{{nome|safe}}", Flaw::Open),
            ("A", Flaw::Empty),
            ("\n\nB", Flaw::Empty),
            ("A\n\n \n\n", Flaw::Empty),
        ] {
            assert_eq!(check(text, known()), Err(flaw), "{text}");
        }
        let long = format!("A\n\n{}", "x".repeat(LONGEST + 1));
        assert_eq!(check(&long, known()), Err(Flaw::TooLong));
        let grows = format!("A\n\n{}", "{{nome}}".repeat(3000));
        let values = values(&[("nome", &"x".repeat(1000))]);
        assert_eq!(fill(&grows, &values, &FRAME), Err(Flaw::TooLong));
        check("A\n\n{% if %} {{nome}} }} <b>", known()).unwrap();
    }
}
