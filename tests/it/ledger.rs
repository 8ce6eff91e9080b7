//! The ledger's rows: never more settled than is open, undone once, and on the account of who sold.

use crate::{
    on_both,
    support::{World, browser::Browser, cast::PASSWORD},
};
use sigillo::{
    domain::{
        actor::Actor,
        audit::{Event, EventKind},
        error::{Error, Result},
        ids::{LicenseId, TransactionId},
        payment::{Payment, TransactionKind},
    },
    store::{
        Done, WriteTx, licenses,
        transactions::{self, NewTransaction},
    },
};

fn row(kind: TransactionKind, amount_cents: i64) -> NewTransaction {
    let deferred = kind == TransactionKind::Sale;
    NewTransaction {
        kind,
        method: if deferred {
            Payment::Deferred
        } else {
            Payment::Transfer
        },
        amount_cents,
        vat_bp: 2200,
        currency: "EUR".into(),
        due_on: deferred.then(|| "2027-01-31".parse().unwrap()),
        period: None,
        note: None,
    }
}

async fn write<T: Send + 'static>(
    world: &World,
    license: LicenseId,
    mut work: impl FnMut(&mut WriteTx<'_>) -> Result<T> + Send + 'static,
) -> Result<T> {
    let actor = Actor::operator();
    let scope = actor.scope();
    world
        .app
        .db
        .operation(&actor, world.app.clock.now(), move |tx| {
            let license = licenses::get(tx, scope, license)?.license();
            let event = Event::license(EventKind::TransactionRecorded, &license);
            Ok(Done::changed(work(tx)?, event))
        })
        .await
}

async fn collect(world: &World, license: LicenseId, of: TransactionId, cents: i64) -> Result<i64> {
    write(world, license, move |tx| {
        let scope = Actor::operator().scope();
        let parts = [(transactions::get(tx, scope, of)?, cents)];
        transactions::collect(tx, &parts, &row(TransactionKind::Payment, cents), None)?;
        transactions::open(tx, &parts[0].0)
    })
    .await
}

on_both!(
    no_more_is_settled_than_is_open_and_a_row_is_undone_once,
    |world| async {
        let cast = world.cast().await;
        let license: LicenseId = cast.verdi.license.parse().unwrap();
        let [first, second] = write(&world, license, move |tx| {
            let license = licenses::get(tx, Actor::operator().scope(), license)?.license();
            let mut sell =
                |cents| transactions::insert(tx, &license, &row(TransactionKind::Sale, cents), None);
            Ok([sell(10_000)?, sell(5_000)?])
        })
        .await
        .unwrap();
        assert_eq!(collect(&world, license, first, 6_000).await.unwrap(), 4_000);
        for too_much in [4_001, 10_000, 0, -1] {
            let refused = collect(&world, license, first, too_much).await;
            assert!(
                matches!(refused, Err(Error::Invalid(_))),
                "{too_much}: {refused:?}"
            );
        }
        assert_eq!(collect(&world, license, first, 4_000).await.unwrap(), 0);

        let undo = || {
            write(&world, license, move |tx| {
                let was = transactions::get(tx, Actor::operator().scope(), second)?;
                transactions::undo(tx, &was, &row(TransactionKind::Reversal, -5_000), None)?;
                transactions::open(tx, &was)
            })
        };
        assert_eq!(undo().await.unwrap(), 0);
        assert!(undo().await.is_err());
        assert!(collect(&world, license, second, 1).await.is_err());
        let rows = |what: &str| world.database.count(&format!("SELECT COUNT(*) AS n FROM {what}"));
        assert_eq!((rows("transactions"), rows("settlements")), (5, 2));
        // Bought by the same, sold by the same, whatever the row.
        assert_eq!(
            rows("(SELECT DISTINCT customer_id, company_id, agent_id FROM transactions) AS accounts"),
            1
        );
    }
);

on_both!(
    what_is_open_uses_the_credit_of_the_agent_the_company_and_all_above,
    |world| async {
        let cast = world.cast().await;
        let license: LicenseId = cast.verdi.license.parse().unwrap();
        let [first, second] = write(&world, license, move |tx| {
            let license = licenses::get(tx, Actor::operator().scope(), license)?.license();
            let mut sell =
                |cents| transactions::insert(tx, &license, &row(TransactionKind::Sale, cents), None);
            Ok([sell(1_000_000)?, sell(500_000)?])
        })
        .await
        .unwrap();
        let below: LicenseId = cast.neri.license.parse().unwrap();
        write(&world, below, move |tx| {
            let license = licenses::get(tx, Actor::operator().scope(), below)?.license();
            transactions::insert(tx, &license, &row(TransactionKind::Sale, 70_000), None)
        })
        .await
        .unwrap();
        collect(&world, license, first, 400_000).await.unwrap();
        write(&world, license, move |tx| {
            let was = transactions::get(tx, Actor::operator().scope(), second)?;
            transactions::undo(tx, &was, &row(TransactionKind::Reversal, -500_000), None)
        })
        .await
        .unwrap();
        let root = Browser::sign_in(&world, "root@example.it", PASSWORD).await;
        for (node, open) in [
            (&cast.anna, "6.000,00"),
            (&cast.nord, "700,00"),
            (&cast.alfa, "6.700,00"),
        ] {
            let open = format!("{open}\u{a0}€");
            root.get(&format!("/aziende/{}", node.id))
                .await
                .expect(200)
                .says(&open);
            root.get("/aziende").await.expect(200).says(&open);
        }
        let beta = Browser::sign_in(&world, &cast.beta.email, PASSWORD).await;
        for path in ["/aziende".to_owned(), format!("/aziende/{}", cast.beta.id)] {
            let page = beta.get(&path).await.expect(200);
            page.hides("6.000,00").hides("6.700,00").hides(">700,00");
        }
    }
);
