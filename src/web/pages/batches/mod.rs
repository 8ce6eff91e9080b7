//! Generating keys, and the batches that they come in.

mod list;
mod new;
mod order;
mod show;
mod summary;
mod templates;

use rocket::{Route, routes};

/// The routes of this feature.
pub(super) fn routes() -> Vec<Route> {
    routes![
        list::lotti,
        new::nuova,
        new::anteprima,
        new::genera,
        templates::nuovo,
        templates::modelli,
        templates::modifica,
        templates::modificato,
        templates::elimina,
        show::lotto,
        show::scarica,
        show::revoca,
        show::revocato,
    ]
}
