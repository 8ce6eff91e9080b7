//! Hashing passwords with bcrypt: off the async threads, and only a few at once, so that sign-ins never delay the API.

use crate::domain::{
    error::{Error, Result},
    secrets::Vault,
};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Hashes in the making at once.
const AT_ONCE: usize = 2;

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

    /// Whether a password is the one that was hashed.
    ///
    /// # Errors
    /// Where the stored hash is none of ours.
    pub async fn verify(&self, password: &str, hash: &str) -> Result<bool> {
        let (peppered, hash) = (self.vault.peppered(password), hash.to_owned());
        self.apart(move || bcrypt::verify(peppered.as_str(), &hash)).await
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
