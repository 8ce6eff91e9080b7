//! Mail: one message at a time to the configured server, and what became of it.

use crate::domain::mail::template::Filled;
use chrono::NaiveDateTime;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Attachment, Mailbox, MultiPart, SinglePart,
        header::{self, ContentType, HeaderName, HeaderValue},
    },
    transport::smtp::{
        Error as SmtpError,
        authentication::Credentials,
        client::{Tls, TlsParameters},
        extension::ClientId,
    },
};
use std::time::Duration;
use url::{Host, Url};

/// How long the server may be silent.
const SILENCE: Duration = Duration::from_secs(30);
/// How long one message may take in all.
pub const PATIENCE: Duration = Duration::from_secs(90);

/// A message on its way out.
#[derive(Debug)]
pub struct Letter<'a> {
    /// Names it for ever: the same for each try, so that who gets it twice can tell.
    pub message_id: &'a str,
    /// What it is about.
    pub kind: &'a str,
    /// In which language.
    pub language: &'a str,
    /// To whom.
    pub to: &'a str,
    /// Whom answers go to, where it is not the sender.
    pub reply_to: Option<&'a str>,
    /// Who writes, beside the sender's address, where who it is goes by a name of its own.
    pub own_name: Option<&'a str>,
    /// The same of everybody else, unless the configured address has a name.
    pub sender_name: &'a str,
    /// When, UTC.
    pub at: NaiveDateTime,
    /// What it says.
    pub filled: &'a Filled,
    /// The picture that it shows from [`LOGO_ADDRESS`], as a PNG.
    pub logo: Option<&'a [u8]>,
}

/// Where a message's HTML finds the picture that comes with it.
pub const LOGO_ADDRESS: &str = "cid:logo";
/// The name of that part (RFC 2392).
const LOGO_ID: &str = "logo";

/// Why a message was not taken. The sentence is for staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undelivered {
    /// The server will never take it (RFC 5321: 5yz), or it is none.
    Refused(String),
    /// The server puts it off (4yz), or went away in the middle: it may have come through.
    Later(String),
    /// There is no server to talk to, or it does not let us in: no message's fault.
    Unreachable(String),
}

/// The way to the mail server.
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    host: String,
}

impl std::fmt::Debug for Mailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Mailer({})", self.from)
    }
}

impl Mailer {
    /// Of a configured server: `smtp://[user:password@]host[:port]` (STARTTLS where it is offered; with `?tls=required`
    /// nothing without it, with `?tls=none` none), `smtps://` with TLS from the start. Certificates are checked against
    /// the system's, or those of `SSL_CERT_FILE`.
    ///
    /// # Errors
    /// A sentence that names the key.
    pub fn new(smtp_url: &str, mail_from: Option<&str>, base_url: &str) -> Result<Self, String> {
        // The address is not repeated: there may be a password in it.
        let url = Url::parse(smtp_url).map_err(|e| format!("smtp_url: {e}"))?;
        let host = url.host().ok_or("smtp_url: it names no host")?;
        let name = match &host {
            // An IPv6 address stands in brackets in an address only.
            Host::Ipv6(address) => address.to_string(),
            other => other.to_string(),
        };
        let asked = url
            .query_pairs()
            .find(|(key, _)| key == "tls")
            .map(|(_, value)| value.into_owned());
        let parameters = || TlsParameters::new(name.clone()).map_err(|e| format!("smtp_url: TLS: {e}"));
        let (tls, port) = match (url.scheme(), asked.as_deref()) {
            ("smtps", None) => (Tls::Wrapper(parameters()?), 465),
            ("smtp", None | Some("opportunistic")) => (Tls::Opportunistic(parameters()?), 25),
            ("smtp", Some("required")) => (Tls::Required(parameters()?), 587),
            ("smtp", Some("none")) => (Tls::None, 25),
            _ => {
                return Err(
                    "smtp_url must begin with `smtp://` (then also `?tls=required`) or `smtps://`".into(),
                );
            }
        };
        let site = Url::parse(base_url)
            .ok()
            .and_then(|url| url.host_str().map(str::to_owned))
            .unwrap_or_else(|| "localhost".into());
        let is_address = site.starts_with('[') || site.parse::<std::net::IpAddr>().is_ok();
        let domain = if is_address { "localhost".to_owned() } else { site };
        let from = match mail_from {
            Some(typed) => typed.to_owned(),
            None => format!("sigillo@{domain}"),
        };
        let from: Mailbox = from
            .parse()
            .map_err(|_| "mail_from must be an address: `Name <name@example.com>`".to_owned())?;
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(name)
            .port(url.port().unwrap_or(port))
            .tls(tls)
            .timeout(Some(SILENCE))
            .hello_name(ClientId::Domain(domain.clone()));
        if !url.username().is_empty() {
            let plain = |text: &str| {
                form_urlencoded::parse(format!("x={}", text.replace('+', "%2B")).as_bytes())
                    .next()
                    .map(|(_, value)| value.into_owned())
                    .unwrap_or_default()
            };
            builder = builder.credentials(Credentials::new(
                plain(url.username()),
                plain(url.password().unwrap_or_default()),
            ));
        }
        Ok(Self {
            transport: builder.build(),
            from,
            host: domain,
        })
    }

    /// Hands a message to the server.
    ///
    /// # Errors
    /// [`Undelivered`].
    pub async fn send(&self, letter: &Letter<'_>) -> Result<(), Undelivered> {
        let message = self.message(letter).map_err(Undelivered::Refused)?;
        match tokio::time::timeout(PATIENCE, self.transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(self.told(&error).await),
            Err(_) => Err(self.silent("the mail server takes too long".into()).await),
        }
    }

    /// What a failure means for the message.
    async fn told(&self, error: &SmtpError) -> Undelivered {
        let sentence = error.to_string();
        match error.status().map(u16::from) {
            // RFC 4954 § 6: we are not let in, whatever the message. 421: the server closes.
            Some(421 | 454 | 530 | 534 | 535 | 538) => Undelivered::Unreachable(sentence),
            Some(code) if code >= 500 => Undelivered::Refused(sentence),
            Some(_) => Undelivered::Later(sentence),
            None => self.silent(sentence).await,
        }
    }

    /// Where the server said nothing: whether it talks to us at all tells whether it is this message's fault.
    async fn silent(&self, sentence: String) -> Undelivered {
        match tokio::time::timeout(PATIENCE, self.transport.test_connection()).await {
            Ok(Ok(true)) => Undelivered::Later(sentence),
            _ => Undelivered::Unreachable(sentence),
        }
    }

    fn message(&self, letter: &Letter<'_>) -> Result<Message, String> {
        let wrong = |e: &dyn std::fmt::Display| e.to_string();
        let to = letter.to.parse().map_err(|_| "not an address".to_owned())?;
        let plain = |name: &str| name.replace(char::is_control, " ");
        let usual = || Some(plain(letter.sender_name));
        let sender = Mailbox::new(
            letter
                .own_name
                .map(plain)
                .or_else(|| self.from.name.clone())
                .or_else(usual),
            self.from.email.clone(),
        );
        let mut builder = Message::builder()
            .message_id(Some(format!("<{}@{}>", letter.message_id, self.host)))
            .date(letter.at.and_utc().into())
            .from(sender)
            .to(Mailbox::new(None, to))
            .subject(letter.filled.subject.clone())
            .raw_header(raw("X-Sigillo-Tipo", letter.kind))
            .raw_header(raw("Content-Language", letter.language))
            // RFC 3834: nobody's automatic answer is wanted.
            .raw_header(raw("Auto-Submitted", "auto-generated"));
        if let Some(address) = letter.reply_to.and_then(|address| address.parse().ok()) {
            builder = builder.reply_to(Mailbox::new(None, address));
        }
        let (text, html) = (letter.filled.text.clone(), letter.filled.html.clone());
        let body = match letter.logo {
            None => MultiPart::alternative_plain_html(text, html),
            Some(png) => {
                let kind = ContentType::parse("image/png").map_err(|e| wrong(&e))?;
                let picture = Attachment::new_inline(LOGO_ID.to_owned()).body(png.to_vec(), kind);
                let related = MultiPart::related()
                    .singlepart(SinglePart::html(html))
                    .singlepart(picture);
                MultiPart::alternative()
                    .singlepart(SinglePart::plain(text))
                    .multipart(related)
            }
        };
        builder
            .header(header::MIME_VERSION_1_0)
            .multipart(body)
            .map_err(|e| wrong(&e))
    }
}

fn raw(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn addresses_of_servers_are_read_and_wrong_ones_told_without_their_password() {
        let base = "https://licenze.example.it";
        for good in [
            "smtp://mail.example.it",
            "smtp://u:p%40ss@mail.example.it:2525?tls=required",
            "smtp://127.0.0.1:2525?tls=none",
            "smtp://[::1]:25",
            "smtps://mail.example.it",
        ] {
            Mailer::new(good, None, base).unwrap_or_else(|e| panic!("{good}: {e}"));
        }
        for bad in [
            "mail.example.it",
            "http://mail.example.it",
            "smtp://",
            "smtp://utente:segretissima@mail.example.it?tls=forse",
            "smtps://mail.example.it?tls=none",
        ] {
            let why = Mailer::new(bad, None, base).unwrap_err();
            assert!(
                why.starts_with("smtp_url") && !why.contains("segretissima"),
                "{bad}: {why}"
            );
        }
        assert!(Mailer::new("smtp://mail.example.it", Some("nessuno"), base).is_err());
        let mailer = Mailer::new("smtp://mail.example.it", Some("Ditta <posta@example.it>"), base).unwrap();
        assert_eq!(mailer.from.email.to_string(), "posta@example.it");
        let mailer = Mailer::new("smtp://mail.example.it", None, "http://127.0.0.1:8000").unwrap();
        assert_eq!(mailer.from.email.to_string(), "sigillo@localhost");
    }

    #[tokio::test]
    async fn no_value_makes_a_header() {
        let mailer = Mailer::new("smtp://mail.example.it", None, "https://licenze.example.it").unwrap();
        let filled = Filled {
            subject: "Ciao\r\nBcc: tutti@example.com".into(),
            text: "Uno\r\n.\r\nDue".into(),
            html: "<p>Uno</p>".into(),
        };
        let letter = |to, sender_name| Letter {
            message_id: "0193",
            kind: "prova",
            language: "it",
            to,
            reply_to: Some("x@example.it\r\nBcc: tutti@example.com"),
            own_name: None,
            sender_name,
            at: NaiveDateTime::default(),
            filled: &filled,
            logo: None,
        };
        let message = mailer
            .message(&letter("anna@example.com", "Ditta\r\nBcc: tutti@example.com"))
            .unwrap();
        let text = String::from_utf8(message.formatted()).unwrap();
        let (head, _) = text.split_once("\r\n\r\n").unwrap();
        assert!(!head.lines().any(|line| line.starts_with("Bcc")), "{head}");
        assert!(!head.contains("Reply-To"), "{head}");
        for wanted in [
            "Message-ID: <0193@licenze.example.it>",
            "X-Sigillo-Tipo: prova",
            "Auto-Submitted: auto-generated",
            "To: anna@example.com",
        ] {
            assert!(head.contains(wanted), "{head}");
        }
        for bad in [
            "anna@example.com, b@example.com",
            "anna@example.com\r\nBcc: b@example.com",
            "",
            "a@b@c",
        ] {
            assert!(mailer.message(&letter(bad, "Ditta")).is_err(), "{bad:?}");
        }
    }
}
