//! What the installation's secret protects: sealed values, lookup hashes of keys, the pepper of passwords.
//!
//! Each use has its own key, derived with HKDF-SHA-256 (RFC 5869) from the one secret, so that none tells of another.

use super::{
    error::{Error, Result},
    ids::UserId,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use chacha20poly1305::{
    Key, KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use chrono::NaiveDateTime;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256, Sha384};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

const NONCE: usize = 24;

/// Random bytes from the operating system.
///
/// # Errors
/// When it has none, which ends the request: nothing is made from less.
pub fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|e| Error::internal(e.to_string()))?;
    Ok(bytes)
}

/// A secret that is handed out once and stored hashed: 256 random bits.
pub struct Token(Zeroizing<String>);

impl Token {
    /// A new secret.
    ///
    /// # Errors
    /// As [`random`].
    pub fn new() -> Result<Self> {
        Ok(Self(Zeroizing::new(B64.encode(random::<32>()?))))
    }

    /// The secret itself, to hand out.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is stored.
    pub fn hash(&self) -> [u8; 32] {
        hash(&self.0)
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

/// SHA-256 of a secret of full entropy: enough to store it by.
pub fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// The installation's secret, in its parts.
pub struct Vault {
    seal: Zeroizing<[u8; 32]>,
    lookup: Zeroizing<[u8; 32]>,
    pepper: Zeroizing<[u8; 32]>,
    removal: Zeroizing<[u8; 32]>,
    throttle: Zeroizing<[u8; 32]>,
    browser: Zeroizing<[u8; 32]>,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault(…)")
    }
}

/// The parts of an HMAC-SHA-256.
type Hmac256 = Hmac<Sha256>;

impl Vault {
    /// The vault of a master secret of at least 32 bytes.
    ///
    /// # Errors
    /// Where the secret is shorter.
    pub fn new(master: &[u8]) -> Result<Self> {
        if master.len() < 32 {
            return Err(Error::internal("the secret key is shorter than 32 bytes"));
        }
        let hkdf = hkdf::Hkdf::<Sha256>::new(Some(b"sigillo"), master);
        let part = |name: &[u8]| -> Result<Zeroizing<[u8; 32]>> {
            let mut key = Zeroizing::new([0; 32]);
            hkdf.expand(name, &mut *key)
                .map_err(|e| Error::internal(e.to_string()))?;
            Ok(key)
        };
        Ok(Self {
            seal: part(b"seal")?,
            lookup: part(b"lookup")?,
            pepper: part(b"pepper")?,
            removal: part(b"removal")?,
            throttle: part(b"throttle")?,
            browser: part(b"browser")?,
        })
    }

    /// Encrypts with XChaCha20-Poly1305. `place` says where the value belongs; it opens nowhere else.
    ///
    /// # Errors
    /// As [`random`].
    pub fn seal(&self, place: &[u8], plain: &[u8]) -> Result<Vec<u8>> {
        let nonce = random::<NONCE>()?;
        let sealed = self
            .cipher()
            .encrypt(
                &XNonce::from(nonce),
                Payload {
                    msg: plain,
                    aad: place,
                },
            )
            .map_err(|e| Error::internal(e.to_string()))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what [`seal`](Self::seal) made, at the same place.
    ///
    /// # Errors
    /// For another secret, another place or a changed byte.
    pub fn open(&self, place: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        let (nonce, sealed) = sealed
            .split_first_chunk::<NONCE>()
            .ok_or_else(|| Error::internal("a sealed value is too short"))?;
        let plain = self.cipher().decrypt(
            &XNonce::from(*nonce),
            Payload {
                msg: sealed,
                aad: place,
            },
        );
        plain
            .map(Zeroizing::new)
            .map_err(|_| Error::internal("a sealed value does not open with this secret key"))
    }

    /// What a key is found by: HMAC-SHA-256 of its canonical form.
    pub fn lookup(&self, canonical: &str) -> [u8; 32] {
        self.mac(&self.lookup, &[canonical.as_bytes()])
    }

    /// The secret with which a device proves offline that it removed its licence; it follows from the activation.
    pub fn removal_secret(&self, activation: &[u8; 16]) -> [u8; 32] {
        self.mac(&self.removal, &[activation])
    }

    /// The name under which tries are counted: it tells neither the address nor the account.
    pub fn throttle(&self, kind: &str, what: &[u8]) -> [u8; 32] {
        self.mac(&self.throttle, &[kind.as_bytes(), &[0], what])
    }

    /// What a browser keeps at which a user signed in: good for this user until the password changes.
    pub fn known_browser(&self, user: UserId, credentials_changed_at: NaiveDateTime) -> String {
        let since = credentials_changed_at.and_utc().timestamp_micros().to_be_bytes();
        B64.encode(self.mac(&self.browser, &[&user.0, &since]))
    }

    /// Whether a browser shows what this user's browsers keep.
    pub fn is_known_browser(&self, shown: &str, user: UserId, credentials_changed_at: NaiveDateTime) -> bool {
        let kept = self.known_browser(user, credentials_changed_at);
        kept.as_bytes().ct_eq(shown.as_bytes()).into()
    }

    /// What bcrypt gets to see of a password: base64 of HMAC-SHA-384, 64 characters, so that none of the password
    /// is cut off at bcrypt's 72 bytes.
    pub fn peppered(&self, password: &str) -> Zeroizing<String> {
        let mut mac =
            <Hmac<Sha384> as KeyInit>::new_from_slice(&*self.pepper).unwrap_or_else(|_| unreachable_key());
        mac.update(password.as_bytes());
        Zeroizing::new(base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes()))
    }

    fn mac(&self, key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = <Hmac256 as KeyInit>::new_from_slice(key).unwrap_or_else(|_| unreachable_key());
        for part in parts {
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&Key::from(*self.seal))
    }
}

/// HMAC-SHA-256 with a secret that two share.
pub fn mac_with(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = <Hmac256 as KeyInit>::new_from_slice(key).unwrap_or_else(|_| unreachable_key());
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// HMAC takes keys of any length; the type alone says it could fail.
#[allow(clippy::unreachable)]
fn unreachable_key<T>() -> T {
    unreachable!("HMAC takes keys of any length")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault(byte: u8) -> Vault {
        Vault::new(&[byte; 32]).unwrap()
    }

    #[test]
    fn a_sealed_value_opens_only_with_its_secret_and_at_its_place() {
        let sealed = vault(1).seal(b"here", b"plain").unwrap();
        assert_eq!(&**vault(1).open(b"here", &sealed).unwrap(), b"plain");
        assert!(vault(1).open(b"there", &sealed).is_err());
        assert!(vault(2).open(b"here", &sealed).is_err());
        for i in 0..sealed.len() {
            let mut bent = sealed.clone();
            bent[i] ^= 1;
            assert!(vault(1).open(b"here", &bent).is_err());
        }
        assert!(vault(1).open(b"here", &sealed[..10]).is_err());
    }

    #[test]
    fn passwords_that_differ_after_byte_72_stay_different() {
        let long = "a".repeat(100);
        assert_ne!(
            *vault(1).peppered(&format!("{long}b")),
            *vault(1).peppered(&format!("{long}c"))
        );
        assert_eq!(vault(1).peppered(&long).len(), 64);
        assert_ne!(*vault(1).peppered(&long), *vault(2).peppered(&long));
    }

    #[test]
    fn a_known_browser_is_known_to_its_user_until_the_password_changes() {
        let (user, at) = (UserId::new(), NaiveDateTime::default());
        let kept = vault(1).known_browser(user, at);
        assert!(vault(1).is_known_browser(&kept, user, at));
        assert!(!vault(1).is_known_browser(&kept, UserId::new(), at));
        assert!(!vault(1).is_known_browser(&kept, user, at + chrono::Duration::microseconds(1)));
        assert!(!vault(2).is_known_browser(&kept, user, at));
        assert!(!vault(1).is_known_browser("", user, at));
    }

    #[test]
    fn a_short_master_secret_is_refused() {
        assert!(Vault::new(&[0; 31]).is_err());
    }
}
