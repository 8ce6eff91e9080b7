//! Activation keys in numbers: as the program makes them, and as it hands them out.

use crate::support::{World, database::Database, rounds};
use serde_json::json;
use sigillo::domain::{license::key::ActivationKey, secrets};
use std::collections::HashSet;

#[test]
fn of_a_million_random_keys_no_two_are_equal_and_every_symbol_is_as_frequent_as_the_others() {
    const KEYS: usize = 1_000_000;
    let mut seen = HashSet::with_capacity(KEYS);
    // The check symbol, the last one, follows from the others.
    let mut counts = [[0_u32; 128]; 24];
    for _ in 0..KEYS {
        let key = ActivationKey::from_entropy(secrets::random().unwrap());
        for (count, symbol) in counts.iter_mut().zip(key.canonical().bytes()) {
            count[usize::from(symbol)] += 1;
        }
        assert!(seen.insert(key.canonical().to_owned()), "{key} came twice");
    }
    // Binomial, of one in 32: seven standard deviations are met by chance once in 10^9 runs.
    let mean = KEYS as f64 / 32.0;
    let far = 7.0 * (mean * 31.0 / 32.0).sqrt();
    for (place, counts) in counts.iter().enumerate() {
        let used: Vec<u32> = counts.iter().copied().filter(|&count| count > 0).collect();
        assert_eq!(used.len(), 32, "symbols at place {place}");
        for count in used {
            assert!(
                (f64::from(count) - mean).abs() < far,
                "{count} times at place {place}"
            );
        }
    }
}

#[rocket::async_test]
async fn no_two_keys_that_were_handed_out_are_equal() {
    let world = World::new(Database::sqlite()).await;
    let root = world.root().await;
    world.product(&root).await;
    let orders = rounds(1, 100);
    let mut seen = HashSet::new();
    for _ in 0..orders {
        for (_, key) in world.issue(&root, json!({"quantita": 10_000})).await {
            assert_eq!(ActivationKey::parse(&key).unwrap().to_string(), key);
            assert!(seen.insert(key));
        }
    }
    assert_eq!(seen.len(), orders * 10_000);
    let stored = "SELECT COUNT(DISTINCT key_hash) AS n FROM licenses";
    assert_eq!(world.database.count(stored), i64::try_from(seen.len()).unwrap());
}
