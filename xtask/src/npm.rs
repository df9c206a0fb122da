//! `npm`: the package for pages that a bundler builds, with what each of its files was made of. Made without npm,
//! and published by nobody here.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;

use anyhow::{Context, Result};
use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};

use crate::build::{Manifest, brotli, gzip, integrity};
use crate::project;

const NAME: &str = "article-widget";
const VERSION: &str = env!("CARGO_PKG_VERSION");
/// The files as they are called in the package, and where they come from.
const FILES: [(&str, &str); 7] = [
    ("index.js", "www/npm/index.js"),
    ("index.d.ts", "www/article-widget.d.ts"),
    ("react.d.ts", "www/npm/react.d.ts"),
    ("vue.d.ts", "www/npm/vue.d.ts"),
    ("README.md", "www/npm/README.md"),
    ("LICENSE-MIT", "LICENSE-MIT"),
    ("LICENSE-APACHE", "LICENSE-APACHE"),
];
/// The time of every file in an archive: equal contents, equal archives. It is the one that npm itself takes.
const TIME: u64 = 499_162_500;

/// A file of the package.
struct File {
    name: &'static str,
    source: &'static str,
    contents: Vec<u8>,
}

/// Writes `target/npm`: the package as a folder and as an archive; prints what is in it.
///
/// # Errors
/// If a source is missing, or no release is built.
pub(crate) fn npm() -> Result<()> {
    let mut files = FILES
        .into_iter()
        .map(|(name, source)| {
            Ok(File { name, source, contents: project::text(source)?.into_bytes() })
        })
        .collect::<Result<Vec<_>>>()?;
    let own = "xtask/src/npm.rs";
    files.insert(0, File { name: "package.json", source: own, contents: pretty(&manifest())? });
    let provenance = pretty(&provenance(&files)?)?;
    files.push(File { name: "provenance.json", source: own, contents: provenance });

    let folder = project::root().join("target/npm");
    let unpacked = folder.join(NAME);
    if unpacked.exists() {
        fs::remove_dir_all(&unpacked)?;
    }
    fs::create_dir_all(&unpacked).with_context(|| format!("cannot make {}", unpacked.display()))?;
    for file in &files {
        project::write(&unpacked.join(file.name), &file.contents)?;
    }
    let archive = folder.join(format!("{NAME}-{VERSION}.tgz"));
    let packed = archive_of(&files)?;
    project::write(&archive, &packed)?;
    print(&files, packed.len())?;
    println!("\n{}", archive.display());
    Ok(())
}

fn manifest() -> Value {
    json!({
        "name": NAME,
        "version": VERSION,
        "description": "A publisher's article, whole and alive, in your page: the element's loader and its types.",
        "license": "MIT OR Apache-2.0",
        "type": "module",
        "sideEffects": false,
        "types": "./index.d.ts",
        "exports": {
            ".": { "types": "./index.d.ts", "default": "./index.js" },
            "./react": { "types": "./react.d.ts" },
            "./vue": { "types": "./vue.d.ts" },
            "./package.json": "./package.json",
            "./provenance.json": "./provenance.json",
        },
        "peerDependencies": { "react": ">=19", "vue": ">=3" },
        "peerDependenciesMeta": { "react": { "optional": true }, "vue": { "optional": true } },
    })
}

/// What the files are and were made of, and the release of the widget that is built of the same source.
fn provenance(files: &[File]) -> Result<Value> {
    let release = Manifest::read()?;
    let assets: BTreeMap<_, _> =
        release.assets.iter().map(|asset| (&asset.name, &asset.integrity)).collect();
    let files: BTreeMap<_, _> = files.iter().map(|file| (file.name, described(file))).collect();
    let changes = project::output("git", &["status", "--porcelain"]);
    Ok(json!({
        "package": { "name": NAME, "version": VERSION },
        "source": {
            "commit": project::output("git", &["rev-parse", "HEAD"]),
            // Whether there were changes that no commit holds. Null where there is no repository.
            "dirty": changes.map(|changes| !changes.is_empty()),
        },
        "made_by": {
            "command": "cargo xtask npm",
            "rustc": project::output("rustc", &["--version"]),
            "crates": crates(&["yew", "wasm-bindgen"])?,
        },
        "release": { "version": release.version, "assets": assets },
        "files": files,
    }))
}

fn described(file: &File) -> Value {
    json!({
        "source": file.source,
        "bytes": file.contents.len(),
        "sha384": integrity(&file.contents),
    })
}

/// The versions of some crates, as they are locked.
fn crates(names: &[&str]) -> Result<BTreeMap<String, String>> {
    let lock: toml::Table = toml::from_str(&project::text("Cargo.lock")?).context("Cargo.lock")?;
    let packages = lock.get("package").and_then(toml::Value::as_array).into_iter().flatten();
    let text = |package: &toml::Value, key: &str| Some(package.get(key)?.as_str()?.to_owned());
    let all =
        packages.filter_map(|package| Some((text(package, "name")?, text(package, "version")?)));
    Ok(all.filter(|(name, _)| names.contains(&name.as_str())).collect())
}

fn archive_of(files: &[File]) -> Result<Vec<u8>> {
    let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::best()));
    for file in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(file.contents.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(TIME);
        // npm looks for everything below a folder, and takes its name away.
        archive.append_data(&mut header, format!("package/{}", file.name), &file.contents[..])?;
    }
    Ok(archive.into_inner()?.finish()?)
}

fn pretty(value: &Value) -> Result<Vec<u8>> {
    let mut text = serde_json::to_vec_pretty(value)?;
    text.write_all(b"\n")?;
    Ok(text)
}

fn print(files: &[File], packed: usize) -> Result<()> {
    let row = |name: &str, raw: usize, gzip: usize, brotli: usize| {
        println!("{name:<22}{raw:>10}{gzip:>10}{brotli:>10}");
    };
    println!("{:<22}{:>10}{:>10}{:>10}", format!("{NAME} {VERSION}"), "raw", "gzip", "brotli");
    let mut total = [0; 3];
    for file in files {
        let sizes =
            [file.contents.len(), gzip(&file.contents)?.len(), brotli(&file.contents)?.len()];
        row(file.name, sizes[0], sizes[1], sizes[2]);
        for (sum, size) in total.iter_mut().zip(sizes) {
            *sum += size;
        }
    }
    row("total", total[0], total[1], total[2]);
    println!("{:<22}{packed:>10}", "archive");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_that_is_exported_is_there() {
        let manifest = manifest();
        let exports = manifest["exports"].as_object().expect("an object").values();
        let paths = exports.flat_map(|export| match export {
            Value::String(path) => vec![path.clone()],
            Value::Object(kinds) => {
                kinds.values().filter_map(Value::as_str).map(str::to_owned).collect()
            }
            _ => Vec::new(),
        });
        let made = ["package.json", "provenance.json"];
        for path in paths {
            let name = path.strip_prefix("./").expect("exports are relative");
            let is_there = made.contains(&name) || FILES.iter().any(|(file, _)| *file == name);
            assert!(is_there, "{path}");
        }
    }

    #[test]
    fn equal_contents_make_equal_archives() {
        let files = || vec![File { name: "a", source: "b", contents: b"c".to_vec() }];
        assert_eq!(archive_of(&files()).unwrap(), archive_of(&files()).unwrap());
    }

    #[test]
    fn versions_are_those_of_the_lock_file() {
        let versions = crates(&["yew", "wasm-bindgen"]).unwrap();
        assert_eq!(versions.keys().collect::<Vec<_>>(), ["wasm-bindgen", "yew"]);
        assert!(crates(&["no-such-crate"]).unwrap().is_empty());
    }
}
