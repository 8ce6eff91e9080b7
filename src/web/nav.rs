//! The menu: what each role finds where, from the same table that guards the routes.

use super::reader::Reader;
use crate::domain::{
    access::{Action, may},
    actor::Actor,
};
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

/// Sections with their links; the first has no title.
const MENU: &[(&str, &[Link])] = &[
    (
        "",
        &[
            link("/", "home", "nav-dashboard", Action::ReadLicenses),
            link("/", "key", "nav-own-licenses", Action::ReadOwnLicenses),
            link("/licenze", "key", "nav-licenses", Action::ReadLicenses),
            link("/clienti", "users", "nav-customers", Action::ReadCustomers),
        ],
    ),
    (
        "nav-sales",
        &[
            link("/prodotti", "box", "nav-products", Action::ReadProducts),
            link("/lotti", "layers", "nav-batches", Action::ReadLicenses),
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
            link("/impostazioni", "settings", "nav-settings", Action::ReadSettings),
        ],
    ),
];

/// A section as a page shows it.
#[derive(Debug, Serialize)]
pub(super) struct Section {
    title: Option<String>,
    links: Vec<Shown>,
}

#[derive(Debug, Serialize)]
struct Shown {
    href: &'static str,
    icon: &'static str,
    text: String,
    current: bool,
}

/// What this actor finds in the menu at `path`.
pub(super) fn menu(actor: &Actor, path: &str, reader: &Reader) -> Vec<Section> {
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
                    href: link.href,
                    icon: link.icon,
                    text: reader.text(link.text),
                    current: here(link.href),
                })
                .collect(),
        })
        .filter(|section| !section.links.is_empty())
        .collect()
}
