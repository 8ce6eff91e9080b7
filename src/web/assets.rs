//! What browsers fetch beside pages: embedded, compressed once, under names that hold a hash of the content, so that
//! they are kept for ever.

use flate2::{Compression, write::GzEncoder};
use rocket::{
    Request, Response,
    http::{ContentType, Status},
    response::{self, Responder},
};
use rust_embed::Embed;
use sha2::{Digest, Sha256};
use std::{
    borrow::Cow,
    collections::BTreeMap,
    io::{Cursor, Write},
    path::PathBuf,
    sync::LazyLock,
};

#[derive(Embed)]
#[folder = "static"]
struct Files;

/// Stylesheets that are served as one, in the order of their layers.
const STYLE: &[&str] = &["css/tokens.css", "css/base.css", "css/components.css"];
/// The library that makes pages livelier; a build without it serves pages that work without any script.
const HTMX: &str = "vendor/htmx.min.js";

struct Asset {
    kind: ContentType,
    plain: Vec<u8>,
    zipped: Option<Vec<u8>>,
}

struct Assets {
    served: BTreeMap<String, Asset>,
    /// From the name to the one with the hash.
    names: BTreeMap<String, String>,
}

static ASSETS: LazyLock<Assets> = LazyLock::new(|| {
    let mut assets = Assets {
        served: BTreeMap::new(),
        names: BTreeMap::new(),
    };
    let mut style = Vec::new();
    for name in STYLE {
        if let Some(file) = Files::get(name) {
            style.extend_from_slice(&file.data);
            style.push(b'\n');
        }
    }
    assets.add("css/app.css", style);
    for name in Files::iter().filter(|name| !STYLE.contains(&&**name) && !name.ends_with("/.stamp")) {
        if let Some(file) = Files::get(&name) {
            assets.add(&name, file.data.into_owned());
        }
    }
    assets
});

impl Assets {
    fn add(&mut self, name: &str, plain: Vec<u8>) {
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, "bin"));
        let hash: String = Sha256::digest(&plain)
            .iter()
            .take(6)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let hashed = format!("{stem}.{hash}.{extension}");
        let zipped = gzip(&plain, Compression::best(), None).filter(|zipped| zipped.len() < plain.len());
        let asset = Asset {
            kind: ContentType::from_extension(extension).unwrap_or(ContentType::Binary),
            plain,
            zipped,
        };
        self.served.insert(hashed.clone(), asset);
        self.names.insert(name.to_owned(), hashed);
    }
}

/// Compresses; what stands in the header's comment is ignored by whoever unpacks.
pub(super) fn gzip(plain: &[u8], level: Compression, comment: Option<Vec<u8>>) -> Option<Vec<u8>> {
    let zipped = Vec::with_capacity(plain.len() / 3);
    let mut encoder: GzEncoder<Vec<u8>> = match comment {
        Some(comment) => flate2::GzBuilder::new().comment(comment).write(zipped, level),
        None => GzEncoder::new(zipped, level),
    };
    encoder.write_all(plain).ok()?;
    encoder.finish().ok()
}

/// Whether a browser unpacks what is compressed.
pub(super) fn takes_gzip(request: &Request<'_>) -> bool {
    request
        .headers()
        .get_one("Accept-Encoding")
        .is_some_and(|accepted| {
            accepted.split(',').any(|one| {
                let (name, weight) = one.split_once(';').unwrap_or((one, ""));
                name.trim() == "gzip" && weight.trim() != "q=0"
            })
        })
}

/// The address of an asset; none where the build has no such file.
pub(super) fn url(name: &str) -> Option<String> {
    ASSETS.names.get(name).map(|hashed| format!("/static/{hashed}"))
}

/// Whether the build has the library for livelier pages.
pub fn is_lively() -> bool {
    ASSETS.names.contains_key(HTMX)
}

/// An asset on its way out.
pub(super) struct Served(String);

impl<'r> Responder<'r, 'static> for Served {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        let asset = ASSETS.served.get(&self.0).ok_or(Status::NotFound)?;
        let mut response = Response::build();
        response
            .header(asset.kind.clone())
            .raw_header("Cache-Control", "public, max-age=31536000, immutable")
            .raw_header("Vary", "Accept-Encoding");
        let body: &'static [u8] = match &asset.zipped {
            Some(zipped) if takes_gzip(request) => {
                response.raw_header("Content-Encoding", "gzip");
                zipped
            }
            _ => &asset.plain,
        };
        response
            .sized_body(body.len(), Cursor::new(Cow::Borrowed(body)))
            .ok()
    }
}

#[rocket::get("/static/<file..>")]
pub(super) fn serve(file: Option<PathBuf>) -> Served {
    // A path that leads out of the folder is one that nothing has.
    Served(file.unwrap_or_default().to_string_lossy().into_owned())
}
