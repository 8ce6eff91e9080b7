//! The store's promises: what conflicts, panics, lost connections and wrong servers come to, and that every value
//! comes back as it was given, on both databases alike.

mod connections;
mod contention;
mod log_rows;
mod operations;
mod queues;
mod searching;
mod starting;
mod values;

use crate::{
    on_both,
    support::{World, database::Database, mariadbd::MariaDbd, rounds, server::Installation},
};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::{Connection, MysqlConnection, connection::SimpleConnection};
use futures::future::join_all;
use serde_json::{Value, json};
use sigillo::{
    domain::{
        access::Permit,
        actor::Actor,
        audit::{Event, EventKind},
        company::{Node, NodeKind},
        error::{Conflict, Error, Result},
        ids::*,
        license::LicenseKind,
        product::{Product, Rules, StartRule, Version},
    },
    operations::users::create_token,
    store::{
        Db, Done, Threads, WriteTx,
        log::{ActivationEntry, KeyKind, LogRow, Operation},
        nodes, products,
    },
};
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    time::Duration,
};

fn instant(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").unwrap()
}

fn node(name: &str) -> Node {
    let now = instant("2026-11-23T10:00:00");
    Node {
        code: Some(name.to_owned()),
        may_validate: true,
        may_create_subs: true,
        ..Node::new(
            NodeId::new(),
            Some(NodeId::VENDOR),
            NodeKind::Reseller,
            name.to_owned(),
            now,
        )
    }
}

/// Runs one operation, as nobody in particular.
async fn operate<T: Send + 'static>(
    world: &World,
    work: impl FnMut(&mut WriteTx<'_>) -> Result<Done<T>> + Send + 'static,
) -> Result<T> {
    let now = world.app.clock.now();
    world.app.db.operation(&Actor::operator(), now, work).await
}

/// Adds a node.
async fn add(world: &World, node: Node) -> Result<()> {
    operate(world, move |tx| {
        assert!(nodes::insert(tx, &node)?);
        Ok(Done::changed((), Event::node(EventKind::NodeCreated, node.id)))
    })
    .await
}

fn count(world: &World, what: &str) -> i64 {
    world.database.count(&format!("SELECT COUNT(*) AS n FROM {what}"))
}

fn named(world: &World, name: &str) -> i64 {
    count(world, &format!("nodes WHERE name = '{name}'"))
}

/// A MariaDB program with a vendor, and a connection beside it.
async fn mariadb() -> (World, MysqlConnection) {
    let world = World::new(Database::mariadb()).await;
    world.root().await;
    let beside = MysqlConnection::establish(&world.database.text()).unwrap();
    (world, beside)
}

fn product(code: &str) -> Product {
    Product {
        rules: Rules {
            id: ProductId::new(),
            code: code.to_owned(),
            name: code.to_owned(),
            version: "1".into(),
            offline_days: 14,
            offline_unlimited: false,
            grace_days: 30,
            pending_days: 14,
            release_max: 2,
            release_days: 30,
            properties: serde_json::Map::new(),
            signing_key_id: SigningKeyId::new(),
        },
        description: String::new(),
        license_kinds: vec![LicenseKind::Subscription],
        base_price_cents: 0,
        currency: "EUR".into(),
        trial_days: 30,
        period_months: 12,
        start_rule: StartRule::Activation,
        created_at: instant("2026-11-23T10:00:00"),
        revision: 1,
    }
}

/// Stores a product and gives it as it is read.
async fn stored(world: &World, product: Product) -> Product {
    let (id, shown) = (product.rules.id, format!("{product:?}"));
    operate(world, move |tx| {
        assert!(products::insert(tx, &product)?);
        Ok(Done::changed(
            (),
            Event::node(EventKind::ProductCreated, NodeId::VENDOR),
        ))
    })
    .await
    .unwrap_or_else(|error| panic!("{error}: {shown}"));
    world.app.db.read(move |tx| products::get(tx, id)).await.unwrap()
}

/// What is asked for, which must not take long.
async fn promptly<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(10), what)
        .await
        .expect("an answer in time")
}
