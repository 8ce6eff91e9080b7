//! `sigillo demo`.

use crate::{
    config::Objection,
    demo::{self, Demonstration, Size},
    operations::App,
    start::sentence,
};
use serde_json::json;

/// Fills an empty database, and prints who can sign in and how a device activates itself.
pub(super) async fn fill(app: &App) -> Result<(), Objection> {
    if !demo::may_fill(app).await.map_err(|e| sentence(&e))? {
        return Err("this database holds data: a demonstration wants an empty one".into());
    }
    tracing::info!("making a demonstration: two years of it take some seconds");
    let made = demo::fill(app, Size::FULL).await.map_err(|e| sentence(&e))?;
    print(&made, &app.base_url);
    Ok(())
}

/// Sign-ins first, a line each, for people and for programs; then the call.
#[allow(clippy::print_stdout)]
fn print(made: &Demonstration, base_url: &str) {
    for sign_in in &made.sign_ins {
        println!("{}\t{}\t{}", sign_in.role, sign_in.email, sign_in.password);
    }
    let body = json!({
        "chiave_licenza": made.key,
        "dispositivo": {"id": "dimostrazione-1", "nome": "PC-PROVA", "piattaforma": "linux-x86_64"},
        "prodotto": made.product,
    });
    println!("curl -s {base_url}/api/licenze/attiva -H 'Content-Type: application/json' -d '{body}'");
}
