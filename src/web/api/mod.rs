//! The JSON API.

mod archive;
mod assigning;
mod client;
mod customers;
mod document;
mod keys;
pub(super) mod licenses;
mod logs;
mod nodes;
mod products;
mod registration;
mod reply;
mod send;
mod statistics;
mod system;
mod terms;
mod users;
mod views;

pub use document::document;

use rocket::{Route, routes};
use rocket_prometheus::PrometheusMetrics;

/// Every route of the API.
pub fn routes(metrics: &PrometheusMetrics) -> Vec<Route> {
    let mut routes = routes![
        client::attiva,
        client::valida,
        client::disattiva,
        registration::registra,
        registration::pratica,
        keys::jwks,
        keys::pem,
        licenses::elenco,
        licenses::genera,
        licenses::scheda,
        licenses::modifica,
        licenses::sospendi,
        licenses::riattiva,
        licenses::revoca,
        archive::archivia,
        archive::ripristina,
        assigning::assegna,
        send::invia,
        licenses::rilascia,
        terms::moduli,
        terms::converti,
        customers::elenco,
        customers::crea,
        customers::scheda,
        customers::modifica,
        customers::convalida,
        customers::rifiuta,
        customers::sospendi,
        customers::riattiva,
        customers::assegna,
        nodes::elenco,
        nodes::crea,
        nodes::scheda,
        nodes::modifica,
        nodes::sospendi,
        nodes::riattiva,
        nodes::sposta,
        users::elenco,
        users::crea,
        users::scheda,
        users::modifica,
        users::disabilita,
        users::abilita,
        products::elenco,
        products::crea,
        products::scheda,
        products::modifica,
        products::pubblica,
        products::ruota,
        statistics::statistiche,
        logs::registro,
        logs::attivazioni,
        logs::accessi,
        system::salute,
        system::pronto,
        document::openapi,
    ];
    routes.push(system::metrics(metrics));
    routes
}
