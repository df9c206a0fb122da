//! The finished files, compressed once at build time, and the manifest that lists them.

use std::collections::HashSet;
use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use brotli::enc::BrotliEncoderParams;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256, Sha384};

use crate::project;

/// `manifest.json`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Manifest {
    /// Package version, a dash, and 8 hex digits that stand for the contents.
    pub(crate) version: String,
    /// The loader first.
    pub(crate) assets: Vec<Entry>,
}

/// One asset of the manifest. Sizes are in bytes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// Its file's name.
    pub(crate) name: String,
    /// Its `Content-Type`.
    pub(crate) media_type: String,
    /// For subresource integrity: `sha384-…`.
    pub(crate) integrity: String,
    /// As it is.
    pub(crate) raw: usize,
    /// By gzip 9.
    pub(crate) gzip: usize,
    /// By brotli 11.
    pub(crate) brotli: usize,
}

impl Manifest {
    /// Reads `target/assets/manifest.json`.
    pub(crate) fn read() -> Result<Self> {
        let path = project::assets().join("manifest.json");
        let text = fs::read(&path)
            .with_context(|| format!("no {}; run `cargo xtask build`", path.display()))?;
        serde_json::from_slice(&text).with_context(|| format!("{} is broken", path.display()))
    }
}

/// A finished file.
pub(super) struct Asset {
    name: &'static str,
    media_type: &'static str,
    contents: Vec<u8>,
}

impl Asset {
    /// `name` is the file's and, below `/v/{version}/`, the URL's.
    pub(super) fn new(name: &'static str, media_type: &'static str, contents: Vec<u8>) -> Self {
        Self { name, media_type, contents }
    }
}

/// A release's version: equal contents, equal version.
pub(super) fn version(contents: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for content in contents {
        hash.update((content.len() as u64).to_le_bytes());
        hash.update(content);
    }
    format!("{}-{}", env!("CARGO_PKG_VERSION"), hex::encode(&hash.finalize()[..4]))
}

/// The value of an `integrity` attribute.
pub(crate) fn integrity(contents: &[u8]) -> String {
    format!("sha384-{}", BASE64.encode(Sha384::digest(contents)))
}

/// The same by the shorter digest, for what the loader pins: of a digest, no byte can be compressed away.
pub(super) fn short_integrity(contents: &[u8]) -> String {
    format!("sha256-{}", BASE64.encode(Sha256::digest(contents)))
}

/// Writes every asset three times (as it is, `.br`, `.gz`) and the manifest, and deletes what else
/// is in the folder.
pub(super) fn write(folder: &Path, version: String, assets: &[Asset]) -> Result<Manifest> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let entries = assets.iter().map(|asset| write_asset(folder, asset)).collect::<Result<_>>()?;
    let manifest = Manifest { version, assets: entries };
    project::write(&folder.join("manifest.json"), &serde_json::to_vec_pretty(&manifest)?)?;

    let mut kept = HashSet::from(["manifest.json".to_owned()]);
    kept.extend(
        assets
            .iter()
            .flat_map(|asset| ["", ".br", ".gz"].map(|end| format!("{}{end}", asset.name))),
    );
    for file in fs::read_dir(folder)? {
        let file = file?;
        if !kept.contains(file.file_name().to_string_lossy().as_ref()) {
            fs::remove_file(file.path())?;
        }
    }
    Ok(manifest)
}

/// Compressing is the slow part: what lies beside an unchanged file is kept.
fn write_asset(folder: &Path, asset: &Asset) -> Result<Entry> {
    let path = |end: &str| folder.join(format!("{}{end}", asset.name));
    let unchanged = fs::read(path("")).is_ok_and(|old| old == asset.contents);
    let kept = |end| fs::read(path(end)).ok().filter(|_| unchanged);

    let brotli = match kept(".br") {
        Some(brotli) => brotli,
        None => brotli(&asset.contents)?,
    };
    let gzip = match kept(".gz") {
        Some(gzip) => gzip,
        None => gzip(&asset.contents)?,
    };
    project::write(&path(".br"), &brotli)?;
    project::write(&path(".gz"), &gzip)?;
    // Last: a build that was cut short must not leave it beside the old compressed ones.
    project::write(&path(""), &asset.contents)?;

    Ok(Entry {
        name: asset.name.to_owned(),
        media_type: asset.media_type.to_owned(),
        integrity: integrity(&asset.contents),
        raw: asset.contents.len(),
        gzip: gzip.len(),
        brotli: brotli.len(),
    })
}

/// Brotli 11.
pub(crate) fn brotli(contents: &[u8]) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    // Blocks of 2^16 bytes: the parts of a Wasm module are of different kinds.
    let parameters =
        BrotliEncoderParams { quality: 11, lgwin: 22, lgblock: 16, ..Default::default() };
    brotli::BrotliCompress(&mut &contents[..], &mut out, &parameters)?;
    Ok(out)
}

/// Gzip 9.
pub(crate) fn gzip(contents: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(contents)?;
    Ok(encoder.finish()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn equal_contents_have_equal_versions() {
        assert_eq!(version(&[b"a", b"b"]), version(&[b"a", b"b"]));
        assert_ne!(version(&[b"a", b"b"]), version(&[b"ab", b""]));
    }

    #[test]
    fn compressed_files_unpack_to_the_same() {
        let text = "Xem nhiều nhất ".repeat(999);
        let mut unpacked = String::new();
        brotli::Decompressor::new(brotli(text.as_bytes()).unwrap().as_slice(), 4096)
            .read_to_string(&mut unpacked)
            .unwrap();
        assert_eq!(unpacked, text);
        unpacked.clear();
        flate2::read::GzDecoder::new(gzip(text.as_bytes()).unwrap().as_slice())
            .read_to_string(&mut unpacked)
            .unwrap();
        assert_eq!(unpacked, text);
    }
}
