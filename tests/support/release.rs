//! Releases of the widget other than this one.

use article_server::assets::Assets;
use article_server::encoding::Encoded;
use article_server::store::{Asset, Release};

/// This release under another name, as a server of an earlier version would have kept it.
pub(crate) fn named(version: &str) -> Release {
    let assets = Assets::embedded().expect("cargo xtask build comes before the tests");
    let current = assets.version().to_owned();
    let mut release = assets.release();
    release.version = version.to_owned();
    change(&mut release, "embed.js", |loader| {
        let text = String::from_utf8(loader).expect("the loader is text");
        assert!(text.contains(&current), "the loader names its release");
        text.replace(&current, version).into_bytes()
    });
    release
}

/// Changes one file of a release.
pub(crate) fn change(release: &mut Release, name: &str, change: impl FnOnce(Vec<u8>) -> Vec<u8>) {
    let asset = release.assets.iter_mut().find(|asset| asset.name == name).expect("it has one");
    let encoded = Encoded::compress(change(asset.identity.clone()));
    *asset = Asset {
        identity: encoded.identity().to_vec(),
        gzip: encoded.gzip().to_vec(),
        brotli: encoded.brotli().to_vec(),
        ..asset.clone()
    };
}
