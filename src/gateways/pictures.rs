//! Pictures that people upload: read, made small, and written anew, so that nothing of the file is passed on.

use crate::domain::brand::{BadLogo, LOGO_BYTES, LOGO_SIDE, Logo};
use image::{DynamicImage, ImageError, ImageFormat, ImageReader, Limits, imageops::FilterType};
use std::io::Cursor;

/// Bytes that reading one may take: a thousand by a thousand pixels of the deepest colour, and as much again.
const MEMORY: u64 = 32 * 1024 * 1024;
/// What a logo is made to fit into: twice as large as mails show it, for dense screens.
const FITS: (u32, u32) = (480, 144);

/// Reads a PNG or JPEG, whatever it calls itself, and writes it as a PNG without all that is not picture.
///
/// # Errors
/// [`BadLogo`].
pub fn logo(file: &[u8]) -> Result<Logo, BadLogo> {
    if file.len() > LOGO_BYTES {
        return Err(BadLogo::TooLarge);
    }
    let reader = || {
        let reader = ImageReader::new(Cursor::new(file))
            .with_guessed_format()
            .map_err(|_| BadLogo::Unreadable)?;
        match reader.format() {
            Some(ImageFormat::Png | ImageFormat::Jpeg) => Ok(reader),
            _ => Err(BadLogo::Unreadable),
        }
    };
    // The head says how large it is, before anything is unpacked.
    let (width, height) = reader()?.into_dimensions().map_err(told)?;
    if width > LOGO_SIDE || height > LOGO_SIDE {
        return Err(BadLogo::TooManyPixels);
    }
    let mut reader = reader()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(LOGO_SIDE);
    limits.max_image_height = Some(LOGO_SIDE);
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    let read = reader.decode().map_err(told)?;
    let small = if width > FITS.0 || height > FITS.1 {
        read.resize(FITS.0, FITS.1, FilterType::Lanczos3)
    } else {
        read
    };
    let small = DynamicImage::ImageRgba8(small.into_rgba8());
    let mut png = Cursor::new(Vec::new());
    small
        .write_to(&mut png, ImageFormat::Png)
        .map_err(|_| BadLogo::Unreadable)?;
    let side = |pixels: u32| i32::try_from(pixels).map_err(|_| BadLogo::TooManyPixels);
    Ok(Logo {
        png: png.into_inner(),
        width: side(small.width())?,
        height: side(small.height())?,
    })
}

fn told(error: ImageError) -> BadLogo {
    match error {
        ImageError::Limits(_) => BadLogo::TooManyPixels,
        _ => BadLogo::Unreadable,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use std::io::Write;

    fn file(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let mut file = Cursor::new(Vec::new());
        DynamicImage::new_rgb8(width, height)
            .write_to(&mut file, format)
            .unwrap();
        file.into_inner()
    }

    /// A chunk of a PNG (RFC 2083).
    fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
        let mut out = u32::try_from(data.len()).unwrap().to_be_bytes().to_vec();
        let mut hash = flate2::Crc::new();
        hash.update(kind);
        hash.update(data);
        out.extend(kind);
        out.extend(data);
        out.extend(hash.sum().to_be_bytes());
        out
    }

    fn zipped(bytes: usize) -> Vec<u8> {
        let mut zip = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        for _ in 0..bytes / 65_536 {
            zip.write_all(&[0; 65_536]).unwrap();
        }
        zip.finish().unwrap()
    }

    /// A PNG that says it is so large, with these chunks between its head and its end.
    fn png(width: u32, height: u32, chunks: &[Vec<u8>]) -> Vec<u8> {
        let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
        let mut head = width.to_be_bytes().to_vec();
        head.extend(height.to_be_bytes());
        head.extend([8, 2, 0, 0, 0]);
        out.extend(chunk(b"IHDR", &head));
        out.extend(chunks.concat());
        out.extend(chunk(b"IEND", &[]));
        out
    }

    #[test]
    fn a_picture_is_written_anew_and_made_to_fit() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg] {
            let logo = logo(&file(200, 50, format)).unwrap();
            assert_eq!((logo.width, logo.height), (200, 50));
            assert!(logo.png.starts_with(b"\x89PNG"));
        }
        let large = logo(&file(1000, 1000, ImageFormat::Jpeg)).unwrap();
        assert_eq!((large.width, large.height), (144, 144));
        // What is hidden beside the picture stays behind.
        let mut noted = file(10, 10, ImageFormat::Png);
        let end = noted.split_off(noted.len() - 12);
        noted.extend(chunk(b"tEXt", b"Comment\0<script>alert(1)</script>"));
        noted.extend(end);
        noted.extend(b"<?php x ?>");
        let clean = logo(&noted).unwrap();
        assert!(
            !clean
                .png
                .windows(7)
                .any(|part| part == b"<script" || part == b"<?php x")
        );
    }

    #[test]
    fn what_is_no_picture_or_a_bomb_is_refused() {
        let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
        let gif = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;";
        for bad in [
            &b""[..],
            b"x",
            svg,
            gif,
            b"\x89PNG\r\n\x1a\n",
            b"\xff\xd8\xff\xe0",
            b"BM",
            b"RIFF\0\0\0\0WEBP",
        ] {
            assert_eq!(logo(bad), Err(BadLogo::Unreadable), "{bad:?}");
        }
        assert_eq!(logo(&vec![0; LOGO_BYTES + 1]), Err(BadLogo::TooLarge));
        assert_eq!(
            logo(&file(1001, 10, ImageFormat::Png)),
            Err(BadLogo::TooManyPixels)
        );
        assert_eq!(
            logo(&file(10, 1001, ImageFormat::Jpeg)),
            Err(BadLogo::TooManyPixels)
        );
        // Says that it is small, or huge, and unpacks to hundreds of megabytes.
        let data = zipped(200 * 1024 * 1024);
        assert!(data.len() < LOGO_BYTES);
        assert_eq!(
            logo(&png(60_000, 60_000, &[chunk(b"IDAT", &data)])),
            Err(BadLogo::TooManyPixels)
        );
        let small = logo(&png(10, 10, &[chunk(b"IDAT", &data)]));
        assert!(small.is_err() || small.is_ok_and(|logo| logo.png.len() < 10_000));
        // A profile and a text that unpack to as much.
        let mut profile = b"x\0\0".to_vec();
        profile.extend(&data);
        for kind in [b"iCCP", b"zTXt"] {
            let pixels = zipped(65_536);
            let file = png(10, 10, &[chunk(kind, &profile), chunk(b"IDAT", &pixels)]);
            assert!(file.len() < LOGO_BYTES);
            let _ = logo(&file);
        }
        // Cut off in the middle.
        let whole = file(300, 300, ImageFormat::Jpeg);
        let half = whole.get(..whole.len() / 2).unwrap();
        let _ = logo(half);
        let cut = file(300, 300, ImageFormat::Png);
        assert!(logo(cut.get(..cut.len() / 2).unwrap()).is_err());
    }
}
