//! Hashing passwords with bcrypt: off the async threads, and only a few at once, so that sign-ins never delay the API.

use crate::domain::{
    error::{Error, Result},
    secrets::Vault,
};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Hashes in the making at once.
const AT_ONCE: usize = 2;

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
    places: Arc<Semaphore>,
}

impl Passwords {
    /// With bcrypt's cost, 4 to 31.
    pub fn new(vault: Arc<Vault>, cost: u32) -> Self {
        Self {
            vault,
            cost,
            places: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// The hash to store.
    ///
    /// # Errors
    /// Of the operating system's randomness.
    pub async fn hash(&self, password: &str) -> Result<String> {
        let (peppered, cost) = (self.vault.peppered(password), self.cost);
        self.apart(move || bcrypt::hash(peppered.as_str(), cost)).await
    }

    /// Whether a password is the one that was hashed; none was, where there is no hash. Takes as long either way, and
    /// for a hash of a lower cost too: the time tells nothing of the account.
    ///
    /// # Errors
    /// Where the stored hash is none of ours.
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
        let _place = self.places.acquire().await.map_err(Error::internal)?;
        tokio::task::spawn_blocking(work)
            .await
            .map_err(Error::internal)?
            .map_err(Error::internal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobodys_hash_is_one_that_bcrypt_works_through() {
        for cost in [4, 5] {
            assert!(!bcrypt::verify("x", &nobodys(cost)).unwrap());
            assert_eq!(cost_of(&nobodys(cost)), Some(cost));
        }
        assert_eq!(cost_of(&bcrypt::hash("x", 5).unwrap()), Some(5));
    }
}
