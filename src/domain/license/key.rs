//! The activation key as its owner types it: one place knows its symbols, its check and its grouping,
//! so that a slip of the finger is told apart from an unknown key without asking the database.

use std::fmt;
use std::str::from_utf8;

use subtle::ConstantTimeEq;

/// Crockford base32: the place of a symbol is its value; I, L, O and U are left out.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Symbols in a key, the check symbol included.
const LENGTH: usize = 25;
/// Symbols between two hyphens, and in the tail.
const GROUP: usize = 5;
/// Longest text worth reading, in bytes: a hyphen of three bytes after each symbol still fits.
const LONGEST: usize = 128;
/// What stands between groups beside white space: hyphens, dashes, the minus sign, the underscore.
const DASHES: &str =
    "-_\u{ad}\u{2010}\u{2011}\u{2012}\u{2013}\u{2014}\u{2015}\u{2043}\u{2212}\u{fe58}\u{fe63}\u{ff0d}";

/// A well-formed activation key: 24 random symbols and one check symbol, upper-case Crockford base32.
///
/// It is a credential: `Debug` masks it, comparison takes constant time, `Display` shows it whole.
#[derive(Clone)]
pub struct ActivationKey([u8; LENGTH]);

/// The text is not an activation key: a foreign character, a wrong length or a wrong check symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the activation key is mistyped")]
pub struct Mistyped;

impl ActivationKey {
    /// The key that carries these 120 bits, most significant first, which must come from a CSPRNG.
    pub fn from_entropy(entropy: [u8; 15]) -> Self {
        let bits = entropy
            .iter()
            .fold(0_u128, |bits, &byte| (bits << 8) | u128::from(byte));
        let mut values = [0_u8; LENGTH];
        for (place, value) in values.iter_mut().take(LENGTH - 1).enumerate() {
            *value = (bits >> (115 - 5 * place)) as u8 & 31;
        }
        // s₂₄·α²⁴ must equal the sum of the others, and α has order 31: dividing by α²⁴ is multiplying by α⁷.
        let check = (0..7).fold(checksum(&values), |value, _| times_alpha(value));
        if let Some(last) = values.last_mut() {
            *last = check;
        }
        Self(values.map(symbol))
    }

    /// Reads a key as typed or pasted: any case, `O` as 0, `I` and `L` as 1; white space, underscores,
    /// hyphens and the dashes that word processors put in their place are ignored wherever they stand.
    ///
    /// # Errors
    ///
    /// [`Mistyped`] for anything else, and at once for more than 128 bytes.
    pub fn parse(typed: &str) -> Result<Self, Mistyped> {
        if typed.len() > LONGEST {
            return Err(Mistyped);
        }
        let mut values = [0_u8; LENGTH];
        let mut places = values.iter_mut();
        for character in typed.chars().filter(|&c| !is_separator(c)) {
            *places.next().ok_or(Mistyped)? = value(character).ok_or(Mistyped)?;
        }
        if places.next().is_some() || checksum(&values) != 0 {
            return Err(Mistyped);
        }
        Ok(Self(values.map(symbol)))
    }

    /// The 25 symbols, upper-case, ungrouped: the form that is hashed and encrypted.
    pub fn canonical(&self) -> &str {
        from_utf8(&self.0).unwrap_or_default()
    }

    /// The last five symbols, which may be shown and searched in clear.
    pub fn tail(&self) -> &str {
        self.canonical().get(LENGTH - GROUP..).unwrap_or_default()
    }
}

/// `XXXXX-XXXXX-XXXXX-XXXXX-XXXXX`, the whole key.
impl fmt::Display for ActivationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, group) in self.0.chunks(GROUP).enumerate() {
            if number > 0 {
                f.write_str("-")?;
            }
            f.write_str(from_utf8(group).unwrap_or_default())?;
        }
        Ok(())
    }
}

/// The tail only, so that a key cannot reach a log by accident.
impl fmt::Debug for ActivationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ActivationKey(…{})", self.tail())
    }
}

impl PartialEq for ActivationKey {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for ActivationKey {}

/// Σ sᵢ·αⁱ over GF(32); zero for a sound key.
fn checksum(values: &[u8; LENGTH]) -> u8 {
    values.iter().rev().fold(0, |sum, value| times_alpha(sum) ^ value)
}

/// Multiplication by α = x in GF(2)[x] / (x⁵ + x² + 1).
fn times_alpha(value: u8) -> u8 {
    let doubled = value << 1;
    if doubled & 0b10_0000 == 0 {
        doubled
    } else {
        doubled ^ 0b10_0101
    }
}

fn symbol(value: u8) -> u8 {
    ALPHABET.get(usize::from(value)).copied().unwrap_or(b'0')
}

fn value(character: char) -> Option<u8> {
    let meant = match character.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let meant = u8::try_from(meant).ok()?;
    let place = ALPHABET.iter().position(|&symbol| symbol == meant)?;
    u8::try_from(place).ok()
}

fn is_separator(character: char) -> bool {
    character.is_whitespace() || DASHES.contains(character)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::*;
    use proptest::prelude::*;
    use std::collections::HashSet;

    /// Entropy number `n` of a fixed sequence (SplitMix64), so that failures repeat.
    fn entropy(n: u64) -> [u8; 15] {
        let mut bytes = [0; 15];
        for (half, chunk) in bytes.chunks_mut(8).enumerate() {
            let mut z = (2 * n + half as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            z ^= z >> 31;
            chunk.copy_from_slice(&z.to_be_bytes()[..chunk.len()]);
        }
        bytes
    }

    fn samples() -> Vec<ActivationKey> {
        let entropies = [[0; 15], [0xff; 15]].into_iter().chain((0..6).map(entropy));
        entropies.map(ActivationKey::from_entropy).collect()
    }

    fn parse_bytes(symbols: &[u8]) -> Result<ActivationKey, Mistyped> {
        ActivationKey::parse(from_utf8(symbols).unwrap())
    }

    #[test]
    fn known_entropy_gives_the_key_that_an_independent_implementation_computes() {
        let counting = std::array::from_fn(|i| i as u8);
        let powers = std::array::from_fn(|i| (7 * i * i + 129) as u8);
        for (entropy, expected) in [
            ([0; 15], "00000-00000-00000-00000-00000"),
            ([0xff; 15], "ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ-ZZZZ6"),
            (counting, "000G4-0R40M-30E20-9185G-R38EN"),
            (powers, "G649V-G7H61-YXGGD-R7Q87-286XA"),
        ] {
            assert_eq!(ActivationKey::from_entropy(entropy).to_string(), expected);
        }
    }

    #[test]
    fn every_single_wrong_symbol_is_caught() {
        for key in samples() {
            for place in 0..LENGTH {
                for &wrong in ALPHABET.iter().filter(|&&s| s != key.0[place]) {
                    let mut typed = key.0;
                    typed[place] = wrong;
                    assert_eq!(parse_bytes(&typed), Err(Mistyped), "{key} at {place}");
                }
            }
        }
    }

    #[test]
    fn every_swap_of_two_different_symbols_is_caught() {
        for key in samples() {
            for first in 0..LENGTH {
                for second in first + 1..LENGTH {
                    let mut typed = key.0;
                    typed.swap(first, second);
                    let same = typed == key.0;
                    assert_eq!(parse_bytes(&typed).is_ok(), same, "{key} {first} {second}");
                }
            }
        }
    }

    #[test]
    fn a_missing_or_an_additional_symbol_is_caught() {
        for key in samples() {
            assert_eq!(parse_bytes(&key.0[..24]), Err(Mistyped));
            assert_eq!(parse_bytes(&key.0[1..]), Err(Mistyped));
            assert_eq!(parse_bytes(&[&key.0[..], b"0"].concat()), Err(Mistyped));
            assert_eq!(parse_bytes(&[b"0", &key.0[..]].concat()), Err(Mistyped));
        }
        assert_eq!(ActivationKey::parse(""), Err(Mistyped));
        assert_eq!(ActivationKey::parse(" - - "), Err(Mistyped));
    }

    #[test]
    fn lookalikes_and_lower_case_are_read_as_what_was_meant() {
        let zeros_and_ones = (0..)
            .map(|n| ActivationKey::from_entropy(entropy(n)))
            .find(|key| key.canonical().contains('0') && key.canonical().contains('1'))
            .unwrap();
        let typed = zeros_and_ones.to_string();
        for (one, zero) in [("I", "O"), ("l", "o"), ("L", "O"), ("i", "0")] {
            let lookalike = typed.replace('1', one).replace('0', zero);
            assert_eq!(ActivationKey::parse(&lookalike).as_ref(), Ok(&zeros_and_ones));
        }
        assert_eq!(ActivationKey::parse(&typed.to_lowercase()), Ok(zeros_and_ones));
    }

    #[test]
    fn any_grouping_is_accepted_and_other_characters_are_not() {
        let key = ActivationKey::from_entropy(entropy(7));
        let grouped = key.to_string();
        for separator in "- _\u{ad}\u{2011}\u{2013}\u{2014}\u{2212}\u{a0}\u{3000}\t\r\n".chars() {
            let typed = grouped.replace('-', &format!("{separator}{separator}"));
            assert_eq!(ActivationKey::parse(&typed).as_ref(), Ok(&key));
            assert!(ActivationKey::parse(&format!("-{typed}{separator}")).is_ok());
        }
        for foreign in "./Uu*\0é\u{ff10}\u{131}\u{17f}\u{200b}".chars() {
            let typed = grouped.replacen('-', &foreign.to_string(), 1);
            assert_eq!(ActivationKey::parse(&typed), Err(Mistyped), "{foreign:?}");
        }
    }

    #[test]
    fn more_than_128_bytes_are_refused_even_around_a_sound_key() {
        let key = ActivationKey::from_entropy(entropy(1)).canonical().to_owned();
        let padded = |bytes: usize| format!("{key}{}", " ".repeat(bytes - key.len()));
        assert!(ActivationKey::parse(&padded(128)).is_ok());
        assert_eq!(ActivationKey::parse(&padded(129)), Err(Mistyped));
    }

    #[test]
    fn a_hundred_thousand_keys_all_parse_and_differ() {
        let mut seen = HashSet::new();
        for n in 0..100_000 {
            let key = ActivationKey::from_entropy(entropy(n));
            assert_eq!(ActivationKey::parse(key.canonical()).as_ref(), Ok(&key));
            assert!(seen.insert(key.0));
        }
    }

    #[test]
    fn debug_shows_the_tail_only() {
        let key = ActivationKey::from_entropy(entropy(3));
        let masked = format!("ActivationKey(…{})", &key.canonical()[20..]);
        assert_eq!(format!("{key:?}"), masked);
    }

    proptest! {
        #[test]
        fn any_entropy_survives_display_and_parse(entropy: [u8; 15]) {
            let key = ActivationKey::from_entropy(entropy);
            let shown = key.to_string();
            prop_assert!(shown.split('-').map(str::len).eq([GROUP; 5]));
            prop_assert_eq!(shown.replace('-', ""), key.canonical());
            prop_assert_eq!(ActivationKey::parse(&shown), Ok(key));
        }

        #[test]
        fn any_text_is_answered_without_panic(text: String) {
            if let Ok(key) = ActivationKey::parse(&text) {
                prop_assert_eq!(ActivationKey::parse(key.canonical()), Ok(key));
            }
        }
    }
}
