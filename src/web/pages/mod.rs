//! The portal's pages: a file for each feature.

mod frame;
mod home;
mod sign_in;
#[cfg(debug_assertions)]
mod style;

use super::{assets, fairings};
use rocket::{Route, routes};

/// Where the API is documented: the one page below `/api`.
pub(super) const DOCUMENTATION: &str = "/api/docs";

/// Every route of the portal.
pub fn routes() -> Vec<Route> {
    let mut routes = routes![
        assets::serve,
        fairings::misdirected,
        frame::csp,
        frame::aspetto,
        frame::lingua,
        home::home,
        sign_in::accedi,
        sign_in::entra,
        sign_in::esci,
        sign_in::conferma,
        sign_in::confermata,
    ];
    #[cfg(debug_assertions)]
    routes.extend(routes![style::stile]);
    routes
}
