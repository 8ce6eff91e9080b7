//! Invented people, firms and machines. Their VAT numbers and tax codes have good check characters, and an issuing
//! office and a place of birth that do not exist, so that they are nobody's.

use super::chance::Chance;
use crate::domain::fiscal;

const FIRST: &[&str] = &[
    "Ada", "Berenice", "Corrado", "Delia", "Ettore", "Fiamma", "Gaspare", "Ilaria", "Leandro", "Mirella",
    "Nazario", "Ornella", "Pacifico", "Quirino", "Rosalba", "Saverio", "Tullia", "Ubaldo", "Virna", "Zeno",
];
const LAST: &[&str] = &[
    "Acquadolce",
    "Belvento",
    "Cantalupi",
    "Dormeglio",
    "Erbaverde",
    "Fiordalba",
    "Grandimare",
    "Lungofiume",
    "Mezzanotti",
    "Nevechiara",
    "Ombralta",
    "Pietramora",
    "Quattrovie",
    "Ripadoro",
    "Selvascura",
    "Tramonti",
    "Ventimiglio",
    "Zefirelli",
];
const TRADES: &[&str] = &[
    "Officine",
    "Panificio",
    "Edilizia",
    "Impianti",
    "Cantine",
    "Tipografia",
    "Falegnameria",
    "Trasporti",
    "Farmacia",
    "Studio",
    "Ferramenta",
    "Vivai",
    "Caseificio",
    "Serramenti",
    "Autofficina",
    "Ceramiche",
];
const FANTASY: &[&str] = &[
    "Valdoro",
    "Trelune",
    "Montesereno",
    "Acquarossa",
    "Campolieto",
    "Pianofiorito",
    "Rivalunga",
    "Solealto",
    "Boscovecchio",
    "Fontequeta",
    "Granvento",
    "Isolabella del Sasso",
    "Lagonero",
    "Orsomanso",
    "Pontevivo",
    "Roccachiara",
    "Torrequieta",
];
const FORMS: &[(&str, &str)] = &[
    ("S.r.l.", "srl"),
    ("S.p.A.", "spa"),
    ("S.n.c.", "snc"),
    ("S.a.s.", "sas"),
    ("Soc. Coop.", "coop"),
];
const PLACES: &[(&str, &str)] = &[
    ("37121", "Verona"),
    ("24122", "Bergamo"),
    ("40121", "Bologna"),
    ("35137", "Padova"),
    ("60121", "Ancona"),
    ("06121", "Perugia"),
    ("80133", "Napoli"),
    ("70121", "Bari"),
    ("95124", "Catania"),
    ("09124", "Cagliari"),
    ("38122", "Trento"),
    ("33100", "Udine"),
    ("16121", "Genova"),
    ("43121", "Parma"),
    ("73100", "Lecce"),
];
const STREETS: &[&str] = &[
    "Via dei Tigli",
    "Via del Mulino Vecchio",
    "Piazza della Fontana",
    "Viale dell'Industria",
    "Via delle Rondini",
    "Strada del Pozzo",
    "Via Lunga",
    "Largo dei Tintori",
];
const OFFICES: &[&str] = &[
    "CONTABILITA",
    "MAGAZZINO",
    "UFFICIO",
    "CASSA",
    "CANTIERE",
    "DIREZIONE",
    "SERVER",
];
const PLATFORMS: &[&str] = &[
    "windows-x86_64",
    "windows-x86_64",
    "windows-x86_64",
    "windows-aarch64",
    "linux-x86_64",
    "macos-aarch64",
];
const MONTHS: &[&str] = &["A", "B", "C", "D", "E", "H", "L", "M", "P", "R", "S", "T"];

/// A firm or a person, before it is anybody's customer.
#[derive(Debug, Clone)]
pub(super) struct Party {
    pub(super) name: String,
    pub(super) email: String,
    /// Behind the `@` of all its addresses.
    pub(super) domain: String,
    pub(super) vat_number: Option<String>,
    pub(super) tax_code: Option<String>,
    pub(super) phone: String,
    pub(super) address: String,
    /// Somebody there, by name and address.
    pub(super) contact: (String, String),
    pub(super) is_company: bool,
    /// Further places, by name and address.
    pub(super) sites: Vec<(String, String)>,
}

/// The party of a number: no two numbers give the same one.
pub(super) fn party(number: usize, chance: &mut Chance) -> Party {
    let (first, last) = (chance.pick(FIRST), chance.pick(LAST));
    let (zip, city) = chance.pick(PLACES);
    let address = format!(
        "{} {}, {zip} {city}",
        chance.pick(STREETS),
        chance.of_range(1..=140)
    );
    let phone = format!("0000 {}", chance.of_range(100_000..=999_999));
    if number % 7 == 3 {
        let (first, last) = (of(FIRST, number / 7), of(LAST, number / 7 + number / 140));
        let domain = format!("{}{number}.example.it", last.to_lowercase());
        let email = format!("{}@{domain}", first.to_lowercase());
        return Party {
            name: format!("{first} {last}"),
            contact: (format!("{first} {last}"), email.clone()),
            tax_code: tax_code(first, last, chance),
            vat_number: chance.percent(30).then(|| vat_number(number)).flatten(),
            domain,
            email,
            phone,
            address,
            is_company: false,
            sites: Vec::new(),
        };
    }
    let mut sites = Vec::new();
    if number % 9 == 1 {
        for _ in 0..chance.of_range(1..=3) {
            let (zip, city) = chance.pick(PLACES);
            let street = chance.pick(STREETS);
            sites.push((
                format!("Sede di {city}"),
                format!("{street} {}, {zip} {city}", chance.of_range(1..=90)),
            ));
        }
    }
    let (form, short) = of(FORMS, number / 3);
    let (trade, fantasy) = (of(TRADES, number), of(FANTASY, number));
    let host: String = fantasy.to_lowercase().replace(' ', "-");
    let domain = format!(
        "{}-{host}{}-{short}.example.it",
        trade.to_lowercase(),
        numeral(round(number)).trim()
    );
    let vat = vat_number(number);
    Party {
        name: format!("{trade} {fantasy}{} {form}", numeral(round(number))),
        email: format!("amministrazione@{domain}"),
        contact: (
            format!("{first} {last}"),
            format!("{}.{}@{domain}", first.to_lowercase(), last.to_lowercase()),
        ),
        tax_code: vat.clone(),
        vat_number: vat,
        domain,
        phone,
        address,
        is_company: true,
        sites,
    }
}

/// A named user of a firm.
pub(super) fn user(party: &Party, number: usize) -> String {
    let (first, last) = (of(FIRST, number), of(LAST, number * 5 + 1));
    format!(
        "{}.{}@{}",
        first.to_lowercase(),
        last.to_lowercase(),
        party.domain
    )
}

/// A machine: fingerprint, name, platform.
pub(super) fn device(chance: &mut Chance) -> (String, String, &'static str) {
    (
        format!("{:016x}{:016x}", chance.next(), chance.next()),
        format!("PC-{}-{:02}", chance.pick(OFFICES), chance.of_range(1..=24)),
        chance.pick(PLATFORMS),
    )
}

/// Trades and fantasy names have no common divisor: after so many numbers they come again.
fn round(number: usize) -> usize {
    number / (TRADES.len() * FANTASY.len())
}

fn numeral(round: usize) -> String {
    if round == 0 {
        String::new()
    } else {
        format!(" {}", round + 1)
    }
}

fn of<T: Copy + Default>(list: &[T], number: usize) -> T {
    list.get(number % list.len().max(1)).copied().unwrap_or_default()
}

/// Of the office 000, which issues none.
fn vat_number(number: usize) -> Option<String> {
    let begin = format!("{:07}000", 1_000_003 + number * 4127);
    (0..10).find_map(|check| fiscal::vat_number(&format!("{begin}{check}")).ok())
}

/// Of somebody born at Z000, which is nowhere.
fn tax_code(first: &str, last: &str, chance: &mut Chance) -> Option<String> {
    let day = chance.of_range(1..=28) + if first.ends_with('a') { 40 } else { 0 };
    let begin = format!(
        "{}{}{:02}{}{day:02}Z000",
        letters(last),
        letters(first),
        chance.of_range(50..=99),
        chance.pick(MONTHS)
    );
    ('A'..='Z').find_map(|check| fiscal::tax_code(&format!("{begin}{check}")).ok())
}

/// Three letters of a name: its consonants, then its vowels, then X.
fn letters(name: &str) -> String {
    let upper = name.to_uppercase();
    let vowel = |letter: &char| "AEIOU".contains(*letter);
    upper
        .chars()
        .filter(|letter| !vowel(letter))
        .chain(upper.chars().filter(vowel))
        .chain("XXX".chars())
        .take(3)
        .collect()
}
