//! The menu: what each role finds where, from the same table that guards the routes.

use super::reader::Reader;
use crate::domain::{
    access::{Action, may},
    actor::Actor,
    text::searchable,
};
use crate::store::waiting::COUNTED;
use serde::Serialize;

struct Link {
    href: &'static str,
    icon: &'static str,
    text: &'static str,
    action: Option<Action>,
}

const fn link(href: &'static str, icon: &'static str, text: &'static str, action: Action) -> Link {
    Link {
        href,
        icon,
        text,
        action: Some(action),
    }
}

/// Where what waits is, with how much of it there is beside it.
const WAITING: &str = "/in-attesa";

/// Sections with their links; the first has no title.
const MENU: &[(&str, &[Link])] = &[
    (
        "",
        &[
            link("/", "home", "nav-dashboard", Action::ReadLicenses),
            link("/", "key", "nav-own-licenses", Action::ReadOwnLicenses),
            link("/pagamenti", "coins", "nav-own-payments", Action::ReadOwnPayments),
            link("/miei-dati", "user", "nav-own-data", Action::ReadOwnData),
            link("/licenze", "key", "nav-licenses", Action::ReadLicenses),
            link("/clienti", "users", "nav-customers", Action::ReadCustomers),
            link(WAITING, "hourglass", "nav-waiting", Action::ReadCustomers),
        ],
    ),
    (
        "nav-sales",
        &[
            link("/prodotti", "box", "nav-products", Action::ReadProducts),
            link("/lotti", "layers", "nav-batches", Action::ReadLicenses),
            link("/statistiche", "chart", "nav-statistics", Action::ReadStatistics),
        ],
    ),
    (
        "nav-organisation",
        &[
            link("/aziende", "tree", "nav-nodes", Action::ReadNodes),
            link("/utenti", "user", "nav-users", Action::ReadUsers),
        ],
    ),
    (
        "nav-logs",
        &[
            link(
                "/registri/attivazioni",
                "activity",
                "nav-activations",
                Action::ReadActivations,
            ),
            link(
                "/registri/accessi",
                "fingerprint",
                "nav-accesses",
                Action::ReadAccesses,
            ),
            link("/registri/attivita", "history", "nav-audit", Action::ReadAudit),
        ],
    ),
    (
        "nav-system",
        &[
            link("/gettoni", "terminal", "nav-tokens", Action::OwnTokens),
            link("/posta", "mail", "nav-mail", Action::ReadMail),
            link("/attivita-pianificate", "clock", "nav-jobs", Action::ReadJobs),
            link("/webhook", "webhook", "nav-webhooks", Action::ReadWebhooks),
            link("/modelli", "note", "nav-texts", Action::ReadTexts),
            link("/impostazioni", "settings", "nav-settings", Action::ReadSettings),
        ],
    ),
];

/// Where `g` and a letter lead, as far as the menu does.
const GOES: &[(&str, char)] = &[
    ("/", 'h'),
    ("/licenze", 'l'),
    ("/clienti", 'c'),
    ("/prodotti", 'p'),
];

/// What can be begun from anywhere.
const NEW: &[Link] = &[
    link("/licenze/nuova", "key", "licenses-new", Action::IssueLicenses),
    link("/clienti/nuovo", "users", "customer-new", Action::CreateCustomer),
    link("/prodotti/nuovo", "box", "product-new", Action::DefineProducts),
    link("/aziende/nuova", "tree", "node-new", Action::CreateNode),
    link("/utenti/nuovo", "user-plus", "user-new", Action::ManageUsers),
    link("/gettoni/nuovo", "terminal", "token-new", Action::ReadLicenses),
];

/// What everybody has beside the menu.
const BESIDE: &[Link] = &[
    Link {
        href: "/profilo",
        icon: "user",
        text: "profile",
        action: None,
    },
    Link {
        href: "/avvisi",
        icon: "bell",
        text: "nav-notices",
        action: Some(Action::ReadNotices),
    },
    Link {
        href: "/api/docs",
        icon: "code",
        text: "nav-api",
        action: None,
    },
];

/// A section as a page shows it.
#[derive(Debug, Serialize)]
pub(super) struct Section {
    title: Option<String>,
    links: Vec<Shown>,
}

/// A link as a page shows it.
#[derive(Debug, Serialize)]
pub(super) struct Shown {
    href: &'static str,
    icon: &'static str,
    text: String,
    current: bool,
    /// The letter that leads there after `g`.
    go: Option<char>,
    /// How much is there to do.
    count: Option<String>,
}

impl Shown {
    fn new(link: &Link, current: bool, reader: &Reader) -> Self {
        Self {
            href: link.href,
            icon: link.icon,
            text: reader.text(link.text),
            current,
            go: GOES
                .iter()
                .find(|(href, _)| *href == link.href)
                .map(|(_, letter)| *letter),
            count: None,
        }
    }
}

/// A number that is told exactly up to a bound.
pub(super) fn at_most(n: i64, reader: &Reader) -> String {
    let most = COUNTED - 1;
    if n > most {
        format!("{}+", reader.number(most))
    } else {
        reader.number(n)
    }
}

/// What this actor finds in the menu at `path`, with how much waits there.
pub(super) fn menu(actor: &Actor, waiting: i64, path: &str, reader: &Reader) -> Vec<Section> {
    let count = |href: &str| (href == WAITING && waiting > 0).then(|| at_most(waiting, reader));
    let here = |href: &str| {
        path == href
            || (href != "/" && path.starts_with(href) && path.as_bytes().get(href.len()) == Some(&b'/'))
    };
    MENU.iter()
        .map(|(title, links)| Section {
            title: (!title.is_empty()).then(|| reader.text(title)),
            links: links
                .iter()
                .filter(|link| link.action.is_none_or(|action| may(actor, action)))
                .map(|link| Shown {
                    count: count(link.href),
                    ..Shown::new(link, here(link.href), reader)
                })
                .collect(),
        })
        .filter(|section| !section.links.is_empty())
        .collect()
}

/// Whether a text has, for every word that was typed, one that begins like it.
fn is_meant(text: &str, typed: &str) -> bool {
    let text = searchable(text);
    let of = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric());
        words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
    };
    let words = of(&text);
    of(typed)
        .iter()
        .all(|typed| words.iter().any(|word| word.starts_with(typed.as_str())))
}

/// What this actor can begin, and which pages there are, by their names: all where nothing is typed. What is typed is
/// folded as names are.
pub(super) fn meant(actor: &Actor, typed: &str, reader: &Reader) -> [(&'static str, Vec<Shown>); 2] {
    let of = |links: &mut dyn Iterator<Item = &'static Link>| -> Vec<Shown> {
        links
            .filter(|link| link.action.is_none_or(|action| may(actor, action)))
            .map(|link| Shown::new(link, false, reader))
            .filter(|shown| is_meant(&shown.text, typed))
            .collect()
    };
    let pages = MENU.iter().flat_map(|(_, links)| links.iter());
    [
        ("actions", of(&mut NEW.iter())),
        ("pages", of(&mut pages.chain(BESIDE))),
    ]
}

#[cfg(test)]
mod tests {
    use super::is_meant;

    #[test]
    fn what_is_typed_begins_words_of_what_is_meant() {
        for (typed, text) in [
            ("", "Clienti"),
            ("cli", "Clienti"),
            ("nu li", "Nuova licenza"),
            ("lic nuo", "Nuova licenza"),
            ("attivita", "Attività"),
            ("api", "Documentazione API"),
            ("agenti", "Aziende e agenti"),
        ] {
            assert!(is_meant(text, typed), "{typed}");
        }
        for (typed, text) in [("lienti", "Clienti"), ("nuova prod", "Nuova licenza"), ("x", "")] {
            assert!(!is_meant(text, typed), "{typed}");
        }
    }
}
