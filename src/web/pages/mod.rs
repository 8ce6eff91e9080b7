//! The portal's pages: a file for each feature.

mod addresses;
mod batches;
mod brand;
mod companies;
mod customers;
mod docs;
mod frame;
mod history;
mod home;
pub(super) mod jobs;
mod licenses;
mod links;
mod logs;
mod mail;
mod notices;
mod own;
mod personal;
mod products;
mod profile;
mod reason;
mod registration;
mod search;
mod settings;
mod sign_in;
mod statistics;
#[cfg(debug_assertions)]
mod style;
mod texts;
mod tokens;
mod users;
mod views;
mod waiting;
mod webhooks;

pub(super) use settings::Configured;

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
        frame::tasti,
        frame::lingua,
        docs::documentazione,
        home::home,
        jobs::attivita_pianificate,
        jobs::esegui,
        logs::attivazioni,
        logs::accessi,
        logs::attivita,
        mail::posta,
        mail::messaggio,
        mail::rispedisci,
        mail::prova,
        webhooks::propri,
        webhooks::di_azienda,
        webhooks::nuovo,
        webhooks::crea,
        webhooks::scheda,
        webhooks::modifica,
        webhooks::modificato,
        webhooks::segreto,
        webhooks::disattiva,
        webhooks::riattiva,
        webhooks::prova,
        webhooks::elimina,
        webhooks::eliminato,
        webhooks::consegna,
        webhooks::ripeti,
        notices::avvisi,
        notices::apri,
        notices::letto,
        notices::letti,
        notices::scegli,
        brand::marchio,
        brand::salva,
        brand::logo,
        brand::togli,
        brand::marchio_fornitore,
        brand::salva_fornitore,
        brand::logo_fornitore,
        brand::togli_fornitore,
        brand::loghi,
        search::cerca,
        settings::impostazioni,
        settings::cambia,
        tokens::gettoni,
        tokens::nuovo,
        tokens::crea,
        tokens::revoca,
        tokens::revocato,
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
    routes.extend(statistics::routes());
    routes.extend(own::routes());
    routes.extend(registration::routes());
    routes.extend(companies::routes());
    routes.extend(customers::routes());
    routes.extend(users::routes());
    routes.extend(waiting::routes());
    routes.extend(products::routes());
    routes.extend(batches::routes());
    routes.extend(licenses::routes());
    routes.extend(views::routes());
    routes.extend(texts::routes());
    #[cfg(debug_assertions)]
    routes.extend(routes![style::stile]);
    routes
}
