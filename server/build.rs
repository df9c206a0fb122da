//! Puts the widget, as `cargo xtask build` left it in `target/assets` (or in the folder that
//! `ARTICLE_ASSETS` names), into the binary: writes `assets.rs`, the constant that `src/assets.rs`
//! includes. Without a widget the set is empty, and `serve` refuses to start.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use serde_json::Value;

fn main() {
    println!("cargo::rerun-if-env-changed=ARTICLE_ASSETS");
    let folder = env::var_os("ARTICLE_ASSETS").map_or_else(
        || {
            Path::new(&env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo"))
                .join("../target/assets")
        },
        PathBuf::from,
    );
    let manifest = folder.join("manifest.json");
    println!("cargo::rerun-if-changed={}", manifest.display());

    let embedded = match fs::read_to_string(&manifest) {
        Ok(text) => embed(&folder, &text),
        Err(_) => {
            println!("cargo::warning=no widget in {}: run cargo xtask build", folder.display());
            "Embedded { version: \"\", files: &[] }".to_owned()
        }
    };
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("set by cargo")).join("assets.rs");
    fs::write(out, embedded).expect("cargo made the folder");
}

/// The expression of an `Embedded`.
fn embed(folder: &Path, manifest: &str) -> String {
    let manifest: Value = serde_json::from_str(manifest).expect("the manifest is JSON");
    let version = manifest["version"].as_str().expect("the manifest names a version");
    let mut code = format!("Embedded {{ version: {version:?}, files: &[\n");
    for asset in manifest["assets"].as_array().expect("the manifest lists assets") {
        let name = asset["name"].as_str().expect("an asset has a name");
        let media_type = asset["media_type"].as_str().expect("an asset has a media type");
        let bytes = |suffix: &str| {
            let path = folder.join(format!("{name}{suffix}"));
            println!("cargo::rerun-if-changed={}", path.display());
            let path =
                path.canonicalize().unwrap_or_else(|error| panic!("{name}{suffix}: {error}"));
            format!("include_bytes!({:?})", path.to_str().expect("a path in UTF-8"))
        };
        let (identity, gzip, brotli) = (bytes(""), bytes(".gz"), bytes(".br"));
        writeln!(
            code,
            "EmbeddedFile {{ name: {name:?}, media_type: {media_type:?}, identity: {identity}, \
             gzip: {gzip}, brotli: {brotli} }},"
        )
        .expect("a string takes everything");
    }
    code + "] }"
}
