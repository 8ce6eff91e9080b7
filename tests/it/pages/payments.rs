//! What customers see of what they pay: never what their company does.

use super::reads;
use crate::{
    on_both,
    support::{World, browser::Browser, cast::PASSWORD},
};
use sigillo::domain::ids::{AnyId, TransactionId};

fn hex(id: &str) -> String {
    format!("X'{}'", id.replace('-', ""))
}

/// A row of a licence's ledger; its identifier.
fn row(world: &World, license: &str, (kind, payer): (&str, &str), cents: i64, due: Option<&str>) -> String {
    let id = TransactionId::at(world.app.clock.now()).to_string();
    let due = due.map_or("NULL".to_owned(), |day| format!("'{day}'"));
    let row = format!(
        "INSERT INTO transactions (id, license_id, customer_id, company_id, agent_id, kind, method, payer, amount_cents, \
         vat_bp, currency, due_on, period_from, period_to, note, details, created_at) SELECT {}, id, customer_id, \
         company_id, agent_id, '{kind}', 'bonifico', '{payer}', {cents}, 2200, 'EUR', {due}, '2026-01-01', '2026-12-31', \
         'annotazione interna', '{{}}', created_at FROM licenses WHERE id = {}",
        hex(&id),
        hex(license)
    );
    world.database.execute(&row).unwrap();
    id
}

fn settle(world: &World, payment: &str, of: &str, cents: i64) {
    let settled = format!(
        "INSERT INTO settlements (id, payment_id, transaction_id, amount_cents, created_at) \
         SELECT {}, {}, {}, {cents}, created_at FROM transactions WHERE id = {}",
        hex(&AnyId::new().to_string()),
        hex(payment),
        hex(of),
        hex(of)
    );
    world.database.execute(&settled).unwrap();
}

on_both!(
    a_customer_sees_what_it_pays_and_nothing_of_what_its_company_does,
    |world| async {
        let cast = world.cast().await;
        let license = &cast.rossi.license;
        row(
            &world,
            license,
            ("attivazione", "azienda"),
            77_700,
            Some("2030-01-31"),
        );
        row(&world, license, ("rinnovo", "azienda"), 66_600, None);
        let rossi = Browser::sign_in(&world, "rossi@example.com", PASSWORD).await;
        for language in ["it", "en"] {
            reads(&world, "rossi@example.com", language);
            for path in ["/pagamenti", "/"] {
                let page = rossi.get(path).await.expect(200);
                page.hides("777,00")
                    .hides("666,00")
                    .hides("own-payments")
                    .hides("own-due");
            }
        }
        reads(&world, "rossi@example.com", "it");
        row(&world, license, ("attivazione", "cliente"), 10_000, None);
        let due = row(
            &world,
            license,
            ("rinnovo", "cliente"),
            40_000,
            Some("2020-02-29"),
        );
        let later = row(&world, license, ("modulo", "cliente"), 5_000, Some("2090-06-30"));
        // Others' are others'.
        row(
            &world,
            &cast.verdi.license,
            ("attivazione", "cliente"),
            88_800,
            Some("2090-01-31"),
        );
        let page = rossi.get("/pagamenti").await.expect(200);
        page.says("400,00")
            .says("100,00")
            .says("50,00")
            .says("in ritardo");
        page.says("Da pagare")
            .says("450,00")
            .hides("888,00")
            .hides("777,00")
            .hides("interna");
        rossi
            .get("/")
            .await
            .expect(200)
            .says("Pagamento in ritardo: 400,00");
        let part = row(&world, license, ("incasso", "cliente"), 15_000, None);
        settle(&world, &part, &due, 15_000);
        let page = rossi.get("/pagamenti").await.expect(200);
        page.says("di 400,00")
            .says("250,00")
            .says("300,00")
            .says("ricevuto");
        rossi.get("/").await.expect(200).says("250,00");
        let rest = row(&world, license, ("incasso", "cliente"), 25_000, None);
        settle(&world, &rest, &due, 25_000);
        rossi.get("/").await.expect(200).says("Prossimo pagamento: 50,00");
        // What was undone is not due.
        let undone = format!(
            "INSERT INTO transactions (id, license_id, customer_id, company_id, agent_id, kind, method, payer, amount_cents, \
             vat_bp, currency, undoes_id, details, created_at) SELECT {}, license_id, customer_id, company_id, agent_id, \
             'storno', 'bonifico', payer, -amount_cents, 2200, 'EUR', id, '{{}}', created_at FROM transactions WHERE id = {}",
            hex(&TransactionId::at(world.app.clock.now()).to_string()),
            hex(&later)
        );
        world.database.execute(&undone).unwrap();
        rossi
            .get("/")
            .await
            .expect(200)
            .hides("Prossimo pagamento")
            .hides("in ritardo");
        let before = world.app.db.statements_read();
        rossi
            .get("/pagamenti")
            .await
            .expect(200)
            .hides("Resta da pagare")
            .says("annullata");
        assert!(world.app.db.statements_read() - before <= 12);
        let sliced = rossi.get("/pagamenti?limite=2").await.expect(200);
        sliced.says("cursore=").says("limite=2");
        // It is the customers' page, and theirs alone.
        for email in ["root@example.it", &cast.alfa.email, &cast.anna.email] {
            let staff = Browser::sign_in(&world, email, PASSWORD).await;
            staff.get("/pagamenti").await.expect(403);
        }
    }
);
