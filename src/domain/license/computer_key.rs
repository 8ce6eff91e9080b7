//! The computer key: signed proof that binds licence, device, modules and dates, checked offline.
//!
//! A JWS in compact form (RFC 7515) with EdDSA over Ed25519 (RFC 8037), the algorithm fixed: a header that names
//! another is refused before anything else is looked at.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use ed25519_compact::{KeyPair, PublicKey, Seed, Signature};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What a computer key says. Names and meaning are `api.md`'s.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Claims {
    /// The installation.
    pub iss: String,
    /// The licence.
    pub sub: String,
    /// The activation.
    pub jti: String,
    /// When it was made, seconds since 1970.
    pub iat: i64,
    /// The end of the offline lease, seconds since 1970; absent where offline use is unlimited.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub exp: Option<i64>,
    /// The product's code.
    pub prodotto: String,
    /// The product's version.
    pub versione: String,
    /// How long the licence runs.
    pub tipo: String,
    /// The licence's state when it was made.
    pub stato: String,
    /// The last valid day.
    pub scadenza: Option<String>,
    /// The last day whose new versions are covered.
    pub manutenzione_al: Option<String>,
    /// Codes of the active modules.
    pub moduli: Vec<String>,
    /// The first 32 modules as bits.
    pub maschera: u32,
    /// Modules that end before the licence.
    pub moduli_al: BTreeMap<String, String>,
    /// The device's id, as it was sent.
    pub dispositivo: String,
    /// The named user.
    pub utente: Option<String>,
    /// The product's properties, with the licence's own before them.
    pub proprieta: Map<String, Value>,
    /// What the request sent, to tie the answer to it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub nonce: Option<String>,
}

/// The signature or the shape of a computer key is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a computer key of ours")]
pub struct BadComputerKey;

#[derive(Deserialize)]
struct Header {
    alg: String,
    typ: String,
    kid: String,
}

/// A product's key pair. Made from its seed alone, so that the public half always belongs to it.
pub struct Signer {
    pair: KeyPair,
    /// The header, encoded: it is the same for every key.
    header: String,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signer(…)")
    }
}

impl Signer {
    /// The pair of a seed, named `kid`.
    pub fn new(seed: [u8; 32], kid: &str) -> Self {
        let header = serde_json::json!({"alg": "EdDSA", "typ": "JWT", "kid": kid}).to_string();
        Self {
            pair: KeyPair::from_seed(Seed::new(seed)),
            header: B64.encode(header),
        }
    }

    /// The public half, 32 bytes.
    pub fn public_key(&self) -> [u8; 32] {
        *self.pair.pk
    }

    /// Signs claims.
    ///
    /// # Errors
    /// Only if the claims do not serialise.
    pub fn sign(&self, claims: &Claims) -> serde_json::Result<String> {
        let payload = serde_json::to_vec(claims)?;
        let mut token = String::with_capacity(self.header.len() + payload.len() * 4 / 3 + 96);
        token.push_str(&self.header);
        token.push('.');
        B64.encode_string(&payload, &mut token);
        let signature = self.pair.sk.sign(token.as_bytes(), None);
        token.push('.');
        B64.encode_string(signature.as_ref(), &mut token);
        Ok(token)
    }
}

/// The name of a public key: its thumbprint as RFC 7638 and RFC 8037 compute it.
pub fn kid(public_key: &[u8; 32]) -> String {
    use sha2::Digest;
    let jwk = format!(
        r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#,
        B64.encode(public_key)
    );
    B64.encode(sha2::Sha256::digest(jwk))
}

/// A public key as a JSON Web Key (RFC 8037).
pub fn jwk(public_key: &[u8; 32], kid: &str) -> Value {
    serde_json::json!({"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": kid, "x": B64.encode(public_key)})
}

/// A public key in PEM (SubjectPublicKeyInfo, RFC 8410).
pub fn pem(public_key: &[u8; 32]) -> String {
    PublicKey::new(*public_key).to_pem()
}

/// The key id that a token names, for looking up its public key. Nothing is verified yet.
///
/// # Errors
/// [`BadComputerKey`] for another algorithm or another shape.
pub fn claimed_kid(token: &str) -> Result<String, BadComputerKey> {
    let header = token.split('.').next().ok_or(BadComputerKey)?;
    let header: Header = serde_json::from_slice(&B64.decode(header).map_err(|_| BadComputerKey)?)
        .map_err(|_| BadComputerKey)?;
    if header.alg != "EdDSA" || header.typ != "JWT" {
        Err(BadComputerKey)
    } else {
        Ok(header.kid)
    }
}

/// Checks a token's signature and reads its claims. `exp` is the caller's to judge.
///
/// # Errors
/// [`BadComputerKey`] for a wrong signature, another algorithm or another shape.
pub fn verify(token: &str, public_key: &[u8; 32]) -> Result<Claims, BadComputerKey> {
    claimed_kid(token)?;
    let (signed, signature) = token.rsplit_once('.').ok_or(BadComputerKey)?;
    let (_, payload) = signed.split_once('.').ok_or(BadComputerKey)?;
    let signature = B64.decode(signature).map_err(|_| BadComputerKey)?;
    let signature = Signature::from_slice(&signature).map_err(|_| BadComputerKey)?;
    PublicKey::new(*public_key)
        .verify(signed.as_bytes(), &signature)
        .map_err(|_| BadComputerKey)?;
    serde_json::from_slice(&B64.decode(payload).map_err(|_| BadComputerKey)?).map_err(|_| BadComputerKey)
}
