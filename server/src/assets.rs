//! The widget's files that are part of this binary.

use std::sync::Arc;

use axum::body::Bytes;
use data_encoding::BASE64;
use sha2::{Digest, Sha384};

use crate::encoding::Encoded;
use crate::store::{Asset, Release};

/// One release of the widget.
#[derive(Clone, Debug)]
pub struct Assets {
    version: Arc<str>,
    files: Arc<[AssetFile]>,
}

/// One of its files.
#[derive(Clone, Debug)]
pub struct AssetFile {
    /// Its name in `/v/{version}/{name}`.
    pub name: Box<str>,
    /// Its media type.
    pub media_type: Box<str>,
    /// Its content, as it is and compressed.
    pub content: Encoded,
}

struct Embedded {
    version: &'static str,
    files: &'static [EmbeddedFile],
}

struct EmbeddedFile {
    name: &'static str,
    media_type: &'static str,
    identity: &'static [u8],
    gzip: &'static [u8],
    brotli: &'static [u8],
}

/// Written by build.rs.
const EMBEDDED: Embedded = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

impl Assets {
    /// What this binary was built with; none where it was built without the widget.
    pub fn embedded() -> Option<Self> {
        let file = |file: &EmbeddedFile| AssetFile {
            name: file.name.into(),
            media_type: file.media_type.into(),
            content: Encoded::new(
                Bytes::from_static(file.identity),
                Bytes::from_static(file.gzip),
                Bytes::from_static(file.brotli),
            ),
        };
        let files = EMBEDDED.files.iter().map(file).collect();
        (!EMBEDDED.files.is_empty()).then(|| Self { version: EMBEDDED.version.into(), files })
    }

    /// Its name in `/v/{version}/`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// One file.
    pub fn get(&self, name: &str) -> Option<&AssetFile> {
        self.files.iter().find(|file| &*file.name == name)
    }

    /// What a page can have its browser hold one file against.
    pub fn integrity(&self, name: &str) -> Option<String> {
        self.get(name).map(|file| integrity(file.content.identity()))
    }

    /// The component's style, as text.
    pub fn style(&self) -> &str {
        let style = self.get("article.css").map_or(&[][..], |file| file.content.identity());
        std::str::from_utf8(style).unwrap_or_default()
    }

    /// The same for the store, which keeps every release for the loaders pinned to it.
    pub fn release(&self) -> Release {
        let asset = |file: &AssetFile| Asset {
            name: file.name.to_string(),
            media_type: file.media_type.to_string(),
            identity: file.content.identity().to_vec(),
            gzip: file.content.gzip().to_vec(),
            brotli: file.content.brotli().to_vec(),
        };
        Release {
            version: self.version.to_string(),
            assets: self.files.iter().map(asset).collect(),
        }
    }
}

/// The value of an `integrity` attribute for this content (W3C, Subresource Integrity).
pub fn integrity(content: &[u8]) -> String {
    format!("sha384-{}", BASE64.encode(&Sha384::digest(content)))
}

impl From<Release> for Assets {
    fn from(release: Release) -> Self {
        Self {
            version: release.version.into(),
            files: release.assets.into_iter().map(AssetFile::from).collect(),
        }
    }
}

impl From<Asset> for AssetFile {
    fn from(asset: Asset) -> Self {
        Self {
            name: asset.name.into(),
            media_type: asset.media_type.into(),
            content: Encoded::new(asset.identity.into(), asset.gzip.into(), asset.brotli.into()),
        }
    }
}
