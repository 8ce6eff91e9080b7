//! The portal's pages: a file for each feature.

mod addresses;
mod companies;
mod customers;
mod frame;
mod history;
mod home;
mod links;
mod profile;
mod reason;
mod sign_in;
#[cfg(debug_assertions)]
mod style;
mod users;

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
        links::primo_accesso,
        links::primo_accesso_fatto,
        links::invito,
        links::invito_accettato,
        links::dimenticata,
        links::dimenticata_inviata,
        links::nuova_password,
        links::nuova_password_scelta,
        profile::profilo,
        profile::modifica,
        profile::lingua,
        profile::cambia_password,
        profile::chiudi_sessione,
        profile::chiudi_altre,
    ];
    routes.extend(companies::routes());
    routes.extend(customers::routes());
    routes.extend(users::routes());
    #[cfg(debug_assertions)]
    routes.extend(routes![style::stile]);
    routes
}
