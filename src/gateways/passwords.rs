//! Hashing passwords with bcrypt: off the async threads, and only a few at once, so that sign-ins never delay the API.

use crate::domain::{
    error::{Error, Result},
    secrets::Vault,
};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Hashes in the making at once.
const AT_ONCE: usize = 2;
/// Those who wait for their turn at most: about eight seconds' work. Whoever comes then is told to try again, so that
/// neither memory nor the last one's patience grows with a flood.
const WAITING: usize = 64;

/// A hash, well-formed, of no password that anybody knows.
fn nobodys(cost: u32) -> String {
    format!("$2b${cost:02}${}", ".".repeat(53))
}

/// `$2b$12$…` was made at cost 12.
fn cost_of(hash: &str) -> Option<u32> {
    hash.split('$').nth(2)?.parse().ok()
}

/// Makes and checks password hashes.
#[derive(Debug, Clone)]
pub struct Passwords {
    vault: Arc<Vault>,
    cost: u32,
    /// Where hashes are made.
    places: Arc<Semaphore>,
    /// Those who are at work or wait for it.
    queue: Arc<Semaphore>,
}

impl Passwords {
    /// With bcrypt's cost, 4 to 31.
    pub fn new(vault: Arc<Vault>, cost: u32) -> Self {
        Self::bounded(vault, cost, AT_ONCE, WAITING)
    }

    /// The same with so many at work, and so many who wait at most.
    pub fn bounded(vault: Arc<Vault>, cost: u32, at_once: usize, waiting: usize) -> Self {
        Self {
            vault,
            cost,
            places: Arc::new(Semaphore::new(at_once)),
            queue: Arc::new(Semaphore::new(at_once + waiting)),
        }
    }

    /// The hash to store.
    ///
    /// # Errors
    /// [`Error::Unavailable`] where too many wait already; of the operating system's randomness.
    pub async fn hash(&self, password: &str) -> Result<String> {
        let (peppered, cost) = (self.vault.peppered(password), self.cost);
        self.apart(move || bcrypt::hash(peppered.as_str(), cost)).await
    }

    /// Whether a password is the one that was hashed; none was, where there is no hash. Takes as long either way, and
    /// for a hash of a lower cost too: the time tells nothing of the account.
    ///
    /// # Errors
    /// [`Error::Unavailable`] where too many wait already; where the stored hash is none of ours.
    pub async fn verify(&self, password: &str, hash: Option<&str>) -> Result<bool> {
        let (peppered, hash, wanted) = (self.vault.peppered(password), hash.map(str::to_owned), self.cost);
        self.apart(move || {
            let Some(hash) = hash else {
                bcrypt::verify(peppered.as_str(), &nobodys(wanted))?;
                return Ok(false);
            };
            let right = bcrypt::verify(peppered.as_str(), &hash)?;
            // Each cost is twice the one below: all from this one on make up for what is missing to the wanted one.
            for cost in cost_of(&hash).unwrap_or(wanted)..wanted {
                bcrypt::verify(peppered.as_str(), &nobodys(cost))?;
            }
            Ok(right)
        })
        .await
    }

    /// Whether a hash was made at a lower cost than hashes are made at now.
    pub fn is_dated(&self, hash: &str) -> bool {
        cost_of(hash).is_some_and(|cost| cost < self.cost)
    }

    async fn apart<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> bcrypt::BcryptResult<T> + Send + 'static,
    ) -> Result<T> {
        let queued = Arc::clone(&self.queue).try_acquire_owned();
        let queued = queued.map_err(|_| Error::Unavailable("too many passwords wait to be hashed".into()))?;
        let place = Arc::clone(&self.places).acquire_owned().await;
        let held = (queued, place.map_err(Error::internal)?);
        // The places go with the work: it is not undone where the caller goes away.
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(held);
            done
        });
        done.await.map_err(Error::internal)?.map_err(Error::internal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_waits_for_a_place_is_bounded_and_places_come_back() {
        let vault = Arc::new(Vault::new(&[7; 32]).unwrap());
        let passwords = Passwords::bounded(vault, 4, 2, 3);
        let (begun, mut begins) = tokio::sync::mpsc::unbounded_channel();
        let (release, held) = std::sync::mpsc::channel::<()>();
        let held = Arc::new(std::sync::Mutex::new(held));
        let work = || {
            let (begun, held) = (begun.clone(), Arc::clone(&held));
            move || {
                begun.send(()).unwrap();
                held.lock().unwrap().recv().unwrap();
                Ok(())
            }
        };
        let tasks: Vec<_> = (0..5)
            .map(|_| {
                let (passwords, work) = (passwords.clone(), work());
                tokio::spawn(async move { passwords.apart(work).await })
            })
            .collect();
        for _ in 0..2 {
            begins.recv().await.unwrap();
        }
        while passwords.queue.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert!(begins.try_recv().is_err(), "no more than two work at once");
        for _ in 0..10 {
            let refused = passwords.verify("una-password-lunga", None).await;
            assert!(matches!(refused, Err(Error::Unavailable(_))), "{refused:?}");
        }
        // Whoever goes away while they wait, or while their hash is made, gives the place back when it is free.
        tasks[4].abort();
        tasks[0].abort();
        for _ in 0..5 {
            let _ = release.send(());
        }
        for (n, task) in tasks.into_iter().enumerate() {
            let done = task.await;
            assert!(matches!(done, Ok(Ok(()))) || n == 0 || n == 4, "{n}: {done:?}");
        }
        while passwords.queue.available_permits() < 5 {
            tokio::task::yield_now().await;
        }
        assert_eq!(passwords.places.available_permits(), 2);
        assert!(passwords.hash("una-password-lunga").await.is_ok());
    }

    #[test]
    fn nobodys_hash_is_one_that_bcrypt_works_through() {
        for cost in [4, 5] {
            assert!(!bcrypt::verify("x", &nobodys(cost)).unwrap());
            assert_eq!(cost_of(&nobodys(cost)), Some(cost));
        }
        assert_eq!(cost_of(&bcrypt::hash("x", 5).unwrap()), Some(5));
    }
}
