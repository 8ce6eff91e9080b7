//! How a company shows itself to its customers: a name, who answers go to, a colour, a logo. What it does not say is as
//! above it.

use super::ids::LogoId;

/// Characters of a name at most.
pub const NAME_MAX: usize = 60;
/// Bytes of a logo's file at most.
pub const LOGO_BYTES: usize = 256 * 1024;
/// Pixels of a logo at most, each way.
pub const LOGO_SIDE: u32 = 1000;

/// A colour on which white is read, and that is read on the paper of mails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Color([u8; 3]);

/// Why a colour is none that can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadColor {
    /// It is not written `#24406e`.
    Unreadable,
    /// White would be hard to read on it.
    TooPale,
}

/// The paper of mails, on which the name stands. What is read on it is read on white too.
const PAPER: [u8; 3] = [0xf6, 0xf6, 0xf2];

/// What WCAG 2.2 wants between a text and what is behind it (1.4.3).
const CONTRAST: f64 = 4.5;

impl Color {
    /// Reads `#24406e`.
    ///
    /// # Errors
    /// [`BadColor`].
    pub fn parse(text: &str) -> Result<Self, BadColor> {
        let digits = text.trim().strip_prefix('#').ok_or(BadColor::Unreadable)?;
        if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(BadColor::Unreadable);
        }
        let [_, r, g, b] = u32::from_str_radix(digits, 16)
            .map_err(|_| BadColor::Unreadable)?
            .to_be_bytes();
        let color = Self([r, g, b]);
        if contrast(color.0, PAPER) < CONTRAST {
            return Err(BadColor::TooPale);
        }
        Ok(color)
    }
}

impl std::fmt::Display for Color {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [r, g, b] = self.0;
        write!(f, "#{r:02x}{g:02x}{b:02x}")
    }
}

/// WCAG's relative luminance.
fn luminance(color: [u8; 3]) -> f64 {
    let [r, g, b] = color.map(|channel| {
        let part = f64::from(channel) / 255.0;
        if part <= 0.04045 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// A logo, as a PNG of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logo {
    /// Its bytes.
    pub png: Vec<u8>,
    /// Pixels across.
    pub width: i32,
    /// Pixels down.
    pub height: i32,
}

/// Why a file is no logo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadLogo {
    /// More bytes than [`LOGO_BYTES`].
    TooLarge,
    /// More pixels than [`LOGO_SIDE`] either way.
    TooManyPixels,
    /// No PNG and no JPEG.
    Unreadable,
}

/// What a node says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Brand {
    /// What it is called above messages and on its pages.
    pub name: Option<String>,
    /// Who writes, beside the installation's address.
    pub sender: Option<String>,
    /// Whom answers go to.
    pub reply_to: Option<String>,
    /// Its colour.
    pub color: Option<Color>,
    /// Its logo.
    pub logo: Option<LogoId>,
}

impl Brand {
    /// What holds: of each thing what the nearest of a line says, the nearest first.
    pub fn of_line(line: impl IntoIterator<Item = Self>) -> Self {
        line.into_iter().fold(Self::default(), |near, above| Self {
            name: near.name.or(above.name),
            sender: near.sender.or(above.sender),
            reply_to: near.reply_to.or(above.reply_to),
            color: near.color.or(above.color),
            logo: near.logo.or(above.logo),
        })
    }

    /// Whether it says anything.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_colour_is_one_on_which_white_is_read() {
        for good in ["#24406e", "#9C2F3D", " #000000 "] {
            assert_eq!(
                Color::parse(good).unwrap().to_string(),
                good.trim().to_lowercase(),
                "{good}"
            );
        }
        for pale in ["#ffffff", "#ffcc00", "#808080"] {
            assert_eq!(Color::parse(pale), Err(BadColor::TooPale), "{pale}");
        }
        for bad in [
            "",
            "red",
            "#abc",
            "#24406e;x",
            "#+4406e",
            "24406e",
            "url(x)",
            "#24406é",
        ] {
            assert_eq!(Color::parse(bad), Err(BadColor::Unreadable), "{bad}");
        }
        assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 0.001);
    }

    #[test]
    fn of_each_thing_the_nearest_holds() {
        let brand = |name: &str, reply_to: Option<&str>| Brand {
            name: Some(name.to_owned()),
            reply_to: reply_to.map(str::to_owned),
            ..Brand::default()
        };
        let holds = Brand::of_line([
            Brand::default(),
            brand("Nord", None),
            brand("Alfa", Some("aiuto@example.it")),
        ]);
        assert_eq!(holds, brand("Nord", Some("aiuto@example.it")));
        assert!(Brand::of_line([]).is_empty());
    }
}
