//! VAT numbers and tax codes as customers type them: the check character tells a slip of the finger before
//! it reaches an invoice, and one normalised form makes repeats findable.

/// The odd places' values in a personal tax code, for 0–9 and for A–Z alike (0 and A are the first);
/// DM 23 December 1976, no. 13813, table 2.
const ODD_PLACES: [u32; 26] = [
    1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
];
/// Letters that stand for 0–9 where two persons would share a code (*omocodia*), same decree.
const DIGIT_LETTERS: &[u8; 10] = b"LMNPQRSTUV";
/// The letters of January to December, same decree.
const MONTHS: &[u8; 12] = b"ABCDEHLMPRST";
/// A personal tax code place by place: letter, digit, month, check letter.
const PERSONAL: &[u8; 16] = b"aaaaaa00m00a000c";

/// The text is not a VAT number: its shape, or for an Italian one the check digit, is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid VAT number")]
pub struct BadVatNumber;

/// The text is not an Italian tax code: its shape or its check character is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid tax code")]
pub struct BadTaxCode;

/// The normalised form of a VAT number (*partita IVA*): white space, dots and hyphens are dropped, letters
/// are upper-case, and an Italian number stands without its `IT`.
///
/// Italian ones are 11 digits, the last a Luhn check (DM 23 December 1976, no. 13813); whether the issuing
/// office exists is not looked at. Of other countries' (two letters, then 2–13 letters and digits, a
/// digit among them) only the shape is checked.
///
/// # Errors
///
/// [`BadVatNumber`] for anything else.
pub fn vat_number(typed: &str) -> Result<String, BadVatNumber> {
    let number = compact(typed);
    let national = number.strip_prefix("IT").unwrap_or(&number);
    if is_company_number(national) {
        return Ok(national.to_owned());
    }
    match number.split_at_checked(2) {
        Some((country, rest)) if country != "IT" && is_foreign(country, rest) => Ok(number),
        _ => Err(BadVatNumber),
    }
}

/// The normalised form of an Italian tax code (*codice fiscale*), upper-case, without white space, dots and
/// hyphens: a person's 16 characters with their check letter, letters for digits (*omocodia*) included,
/// or a company's 11 digits (DM 23 December 1976, no. 13813).
///
/// # Errors
///
/// [`BadTaxCode`] for anything else, a day or a month of birth that do not exist included.
pub fn tax_code(typed: &str) -> Result<String, BadTaxCode> {
    let code = compact(typed);
    if is_company_number(&code) || is_personal_code(code.as_bytes()) {
        Ok(code)
    } else {
        Err(BadTaxCode)
    }
}

/// Upper-cased without separators, cut after what no valid number reaches.
fn compact(typed: &str) -> String {
    typed
        .chars()
        .filter(|&c| !c.is_whitespace() && c != '.' && c != '-')
        .take(20)
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

fn is_company_number(number: &str) -> bool {
    let bytes = number.as_bytes();
    if bytes.len() != 11 || !bytes.iter().all(u8::is_ascii_digit) || number.starts_with("0000000") {
        return false;
    }
    let sum: u32 = bytes
        .iter()
        .zip(1_u32..)
        .map(|(byte, place)| match u32::from(byte - b'0') {
            digit if place % 2 == 1 => digit,
            digit if digit > 4 => 2 * digit - 9,
            digit => 2 * digit,
        })
        .sum();
    sum.is_multiple_of(10)
}

fn is_foreign(country: &str, rest: &str) -> bool {
    country.bytes().all(|c| c.is_ascii_uppercase())
        && (2..=13).contains(&rest.len())
        && rest.bytes().all(|c| c.is_ascii_alphanumeric())
        && rest.bytes().any(|c| c.is_ascii_digit())
}

fn is_personal_code(code: &[u8]) -> bool {
    let shaped = code.len() == PERSONAL.len()
        && code.iter().zip(PERSONAL).all(|(byte, place)| match place {
            b'0' => digit(*byte).is_some(),
            b'm' => MONTHS.contains(byte),
            _ => byte.is_ascii_uppercase(),
        });
    shaped && born_on_a_day(code) && checks(code)
}

/// Days of birth are 1–31, women's with 40 added.
fn born_on_a_day(code: &[u8]) -> bool {
    let day = code
        .iter()
        .skip(9)
        .take(2)
        .try_fold(0, |day, &byte| Some(10 * day + digit(byte)?));
    matches!(day, Some(1..=31 | 41..=71))
}

fn checks(code: &[u8]) -> bool {
    let Some((check, body)) = code.split_last() else {
        return false;
    };
    let sum: u32 = body
        .iter()
        .zip(1_u32..)
        .map(|(&byte, place)| match rank(byte) {
            rank if place % 2 == 0 => rank,
            rank => ODD_PLACES.get(rank as usize).copied().unwrap_or_default(),
        })
        .sum();
    rank(*check) == sum % 26
}

/// 0–9 for digits, 0–25 for letters.
fn rank(byte: u8) -> u32 {
    let base = if byte.is_ascii_digit() { b'0' } else { b'A' };
    u32::from(byte.saturating_sub(base))
}

fn digit(byte: u8) -> Option<usize> {
    if byte.is_ascii_digit() {
        return Some(usize::from(byte - b'0'));
    }
    DIGIT_LETTERS.iter().position(|&letter| letter == byte)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::*;
    use proptest::prelude::*;

    // Offices 000 and 500 and the place Z999 were never issued, so none of these can be anybody's. The
    // check characters come from python-stdnum; every letter stands in an odd place once.
    const COMPANY: &str = "12345670009";
    const COMPANIES: [&str; 4] = ["12345670009", "00000015008", "98765435007", "80000000002"];
    const PERSONS: [&str; 10] = [
        "ANBOCP01B09Z999R",
        "DQERFS14C11Z999K",
        "GTHUIV27D22Z999F",
        "JWKXLYPLEQPZVVVW",
        "MZNAOB43H54Z999M",
        "PCQDRE56L65Z999O",
        "SFTGUH69M06Z999L",
        "VIWJXK72P17Z99VH",
        "YLZMAN85R28ZV99U",
        "BOCPDQ98S49Z999R",
    ];

    #[test]
    fn italian_vat_numbers_are_accepted_with_and_without_country_and_spaces() {
        for number in COMPANIES {
            assert_eq!(vat_number(number).as_deref(), Ok(number));
        }
        for typed in [
            format!("IT{COMPANY}"),
            format!(" it {} {}\u{a0}", &COMPANY[..5], &COMPANY[5..]),
            format!("IT-{}.{}", &COMPANY[..7], &COMPANY[7..]),
        ] {
            assert_eq!(vat_number(&typed).as_deref(), Ok(COMPANY), "{typed}");
        }
    }

    #[test]
    fn wrong_lengths_zeros_and_foreign_characters_are_no_vat_number() {
        let italian = "IT 00000000000 1234567000 123456700090 IT123456700 IT1234567890A 1234567890O \
                       IT\u{ff11}2345670009 12345/70009";
        let foreign = "D1 D12345678 DE1 DE12345678901234 DE1234+ DE12€4 NESSUNA ÀÈ123 \u{10000} 1D234";
        for typed in italian.split(' ').chain(foreign.split(' ')).chain(["", " - "]) {
            assert_eq!(vat_number(typed), Err(BadVatNumber), "{typed}");
        }
        assert_eq!(vat_number(&"1 ".repeat(100_000)), Err(BadVatNumber));
    }

    #[test]
    fn other_countries_numbers_are_accepted_by_their_shape() {
        for (typed, expected) in [
            ("de 000 000 000", "DE000000000"),
            ("ESX0000000X", "ESX0000000X"),
            ("BE 0000.000.000", "BE0000000000"),
            ("CHE-000.000.000", "CHE000000000"),
            ("ro12", "RO12"),
            ("XX0123456789ABC", "XX0123456789ABC"),
        ] {
            assert_eq!(vat_number(typed).as_deref(), Ok(expected), "{typed}");
        }
    }

    #[test]
    fn personal_tax_codes_are_accepted_in_any_case_and_grouping() {
        for code in PERSONS {
            assert_eq!(tax_code(code).as_deref(), Ok(code));
            let typed = format!("{} {}", &code[..6], &code[6..]).to_lowercase();
            assert_eq!(tax_code(&typed).as_deref(), Ok(code));
        }
    }

    #[test]
    fn a_company_s_tax_code_is_its_eleven_digits() {
        assert_eq!(tax_code(COMPANY).as_deref(), Ok(COMPANY));
        assert_eq!(tax_code("00000000000"), Err(BadTaxCode));
        assert_eq!(tax_code(&format!("IT{COMPANY}")), Err(BadTaxCode));
    }

    #[test]
    fn any_other_check_letter_is_refused() {
        for code in PERSONS {
            let accepted = (b'A'..=b'Z')
                .filter(|&letter| tax_code(&format!("{}{}", &code[..15], letter as char)).is_ok())
                .count();
            assert_eq!(accepted, 1, "{code}");
        }
    }

    #[test]
    fn impossible_shapes_days_and_months_are_no_tax_code() {
        // The check letters are right, so that only the day, or the month, can be what is refused.
        for code in [
            "XXXXXX00A00Z999P",
            "XXXXXX00A32Z999W",
            "XXXXXX00A40Z999T",
            "XXXXXX00A72Z999A",
            "XXXXXX00F01Z999A",
        ] {
            assert_eq!(tax_code(code), Err(BadTaxCode), "{code}");
        }
        for code in " XXXXXX00A01Z999 XXXXXX00A01Z999OO XXXX0X00A01Z999O ÀXXXX00A01Z999O".split(' ') {
            assert_eq!(tax_code(code), Err(BadTaxCode), "{code}");
        }
    }

    proptest! {
        #[test]
        fn exactly_one_check_digit_fits_and_any_single_wrong_digit_is_caught(
            body in 1..9_999_999_u32, place in 0..11_usize, shift in 1..10_u8,
        ) {
            let body = format!("{body:07}500");
            let fitting: Vec<_> = (0..10)
                .filter_map(|check| vat_number(&format!("{body}{check}")).ok())
                .collect();
            prop_assert_eq!(fitting.len(), 1);
            let mut wrong = fitting[0].clone().into_bytes();
            wrong[place] = b'0' + (wrong[place] - b'0' + shift) % 10;
            let wrong = String::from_utf8(wrong).unwrap();
            prop_assert_eq!(vat_number(&wrong), Err(BadVatNumber));
        }

        #[test]
        fn what_is_accepted_is_its_own_normal_form(text in "\\PC*|[IiTtDdEe]{0,2}[ 0-9A-Z.-]{0,20}") {
            if let Ok(number) = vat_number(&text) {
                prop_assert_eq!(vat_number(&number), Ok(number));
            }
            if let Ok(code) = tax_code(&text) {
                prop_assert_eq!(tax_code(&code), Ok(code));
            }
        }
    }
}
