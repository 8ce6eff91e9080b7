//! The portal's pages: a file for each feature.

mod frame;
mod home;
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
    ];
    #[cfg(debug_assertions)]
    routes.extend(routes![style::stile]);
    routes
}
