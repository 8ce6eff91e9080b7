//! The portal's cookies: their names, and how they are kept.

use super::Settings;
use rocket::{
    Request,
    http::{Cookie, CookieJar, SameSite},
    time::Duration,
};

/// What a browser keeps for the portal.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kept {
    /// The secret of a session.
    Session,
    /// That a user signed in at this browser before.
    Known,
    /// What the next page is to say.
    Flash,
    /// Light or dark.
    Theme,
    /// Whether single keys are shortcuts.
    Keys,
    /// The language of who is not signed in.
    Language,
}

impl Kept {
    /// With TLS the prefix binds it to this host and path (RFC 6265bis § 4.1.3.2); without, no browser would take it.
    pub(super) fn name(self, settings: &Settings) -> &'static str {
        let (bare, bound) = match self {
            Self::Session => ("sigillo", "__Host-sigillo"),
            Self::Known => ("sigillo_noto", "__Host-sigillo_noto"),
            Self::Flash => ("sigillo_avviso", "__Host-sigillo_avviso"),
            Self::Theme => ("sigillo_tema", "__Host-sigillo_tema"),
            Self::Keys => ("sigillo_tasti", "__Host-sigillo_tasti"),
            Self::Language => ("sigillo_lingua", "__Host-sigillo_lingua"),
        };
        if settings.is_https { bound } else { bare }
    }

    /// A cookie with this value: no script reads it, no other site's request carries it but for links that lead here.
    pub(super) fn cookie(self, settings: &Settings, value: String) -> Cookie<'static> {
        Cookie::build((self.name(settings), value))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(settings.is_https)
            .build()
    }

    /// The same, kept for a while.
    pub(super) fn lasting(self, settings: &Settings, value: String, lasts: Duration) -> Cookie<'static> {
        let mut cookie = self.cookie(settings, value);
        cookie.set_max_age(lasts);
        cookie
    }

    /// Takes it away.
    pub(super) fn gone(self, settings: &Settings) -> Cookie<'static> {
        self.lasting(settings, String::new(), Duration::ZERO)
    }

    /// What a browser brought.
    pub(super) fn value<'r>(self, settings: &Settings, cookies: &'r CookieJar<'_>) -> Option<&'r str> {
        cookies.get(self.name(settings)).map(Cookie::value)
    }

    /// What a request brought.
    pub(super) fn of<'r>(self, request: &'r Request<'_>) -> Option<&'r str> {
        self.value(request.rocket().state::<Settings>()?, request.cookies())
    }
}
