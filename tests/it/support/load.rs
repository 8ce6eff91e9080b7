//! Clients that activate and release devices all the time, and remember what they were told.

use super::server::Caller;
use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    time::{Duration, Instant},
};

/// What is known of a device on a licence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// Its activation was acknowledged.
    Active,
    /// Its release was.
    Released,
    /// It was asked for, and no answer came, or one that says that nobody knows.
    Either,
}

/// What one client thread knows, by key and device.
pub type Memory = BTreeMap<(String, String), Known>;

/// What the threads of one load share.
pub struct Load<'k> {
    keys: &'k [String],
    stop: AtomicBool,
    pub acknowledged: AtomicUsize,
    pub validated: AtomicUsize,
    /// Requests that nobody answered at all.
    pub unanswered: AtomicUsize,
}

const THREADS: usize = 6;

/// Ends the clients, whether the test goes on or fails.
struct Stop<'s>(&'s AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl<'k> Load<'k> {
    pub fn new(keys: &'k [String]) -> Self {
        Self {
            keys,
            stop: AtomicBool::new(false),
            acknowledged: AtomicUsize::new(0),
            validated: AtomicUsize::new(0),
            unanswered: AtomicUsize::new(0),
        }
    }

    /// Clients of these programs ask until `meanwhile` is over; then what they know.
    pub fn run(&self, callers: &[Caller], name: &str, meanwhile: impl FnOnce()) -> Memory {
        std::thread::scope(|scope| {
            let clients: Vec<_> = (0..THREADS)
                .map(|thread| {
                    let caller = callers[thread % callers.len()].clone();
                    scope.spawn(move || self.client(&caller, thread, name))
                })
                .collect();
            let end = Stop(&self.stop);
            meanwhile();
            drop(end);
            clients
                .into_iter()
                .flat_map(|client| client.join().unwrap())
                .collect()
        })
    }

    fn client(&self, caller: &Caller, thread: usize, name: &str) -> Memory {
        let mut memory = Memory::new();
        for turn in 0.. {
            if self.stop.load(Ordering::Relaxed) {
                break;
            }
            let key = &self.keys[(turn * THREADS + thread) % self.keys.len()];
            let device = format!("{name}-{thread}-{turn}");
            let place = (key.clone(), device.clone());
            self.ask(caller, "attiva", &place, Known::Active, &mut memory);
            // Every third gives its place back, so that places are freed and taken again.
            if turn % 3 == 0 && memory.get(&place) == Some(&Known::Active) {
                self.ask(caller, "disattiva", &place, Known::Released, &mut memory);
            }
            if turn % 5 == 0
                && caller
                    .device("valida", key, &device)
                    .is_some_and(|said| said.status == 200)
            {
                self.validated.fetch_add(1, Ordering::Relaxed);
            }
        }
        memory
    }

    fn ask(&self, caller: &Caller, verb: &str, place: &(String, String), then: Known, memory: &mut Memory) {
        let said = caller.device(verb, &place.0, &place.1);
        let known = match &said {
            None => {
                self.unanswered.fetch_add(1, Ordering::Relaxed);
                pause()
            }
            Some(said) => match (said.status, said.code()) {
                (200, _) => {
                    self.acknowledged.fetch_add(1, Ordering::Relaxed);
                    then
                }
                (409, "DISPOSITIVI_ESAURITI") => return,
                (503, "NON_DISPONIBILE") => pause(),
                _ => panic!("{verb}: {said:?}"),
            },
        };
        memory.insert(place.clone(), known);
    }

    /// Waits until so many requests were acknowledged.
    pub fn wait_for(&self, acknowledged: usize) {
        let begun = Instant::now();
        while self.acknowledged.load(Ordering::Relaxed) < acknowledged {
            assert!(
                begun.elapsed() < Duration::from_secs(60),
                "nothing is acknowledged any more"
            );
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

fn pause() -> Known {
    std::thread::sleep(Duration::from_millis(20));
    Known::Either
}

/// Holds what clients know against what the server says now; how often that validated.
pub fn assert_remembered(caller: &Caller, memory: &Memory) -> i64 {
    let mut validated = 0;
    for ((key, device), known) in memory.iter().filter(|(_, known)| **known != Known::Either) {
        let said = caller
            .device("valida", key, device)
            .expect("an answer")
            .expect(200);
        match known {
            Known::Active => assert_eq!(said.code(), "VALIDA", "{device} was acknowledged: {}", said.body),
            Known::Released => assert_eq!(said.code(), "DISPOSITIVO_NON_ATTIVO", "{device} was released"),
            Known::Either => {}
        }
        validated += 1;
    }
    validated
}
