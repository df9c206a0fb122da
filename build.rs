//! Gives the crate its own fingerprint, `ARTICLE_RENDER`: a hash of everything that decides what the
//! component renders, Yew's version among it. Server and browser builds of the same source get the same one.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

fn main() {
    let mut files = ["src/app.rs", "src/mailto.rs", "src/model.rs", "www/article.css"]
        .map(PathBuf::from)
        .to_vec();
    collect(Path::new("src/components"), &mut files);
    collect(Path::new("src/contract"), &mut files);
    files.sort();

    let mut hash = Sha256::new();
    for file in &files {
        println!("cargo::rerun-if-changed={}", file.display());
        let text = fs::read(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        hash.update(file.to_string_lossy().as_bytes());
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text);
    }
    // The marks in the HTML that hydration goes by are Yew's own.
    println!("cargo::rerun-if-changed=Cargo.toml");
    let manifest = fs::read_to_string("Cargo.toml").expect("it is being built");
    for line in manifest.lines().filter(|line| line.starts_with("yew = ")) {
        hash.update(line);
    }
    println!("cargo::rerun-if-changed=src/components");
    println!("cargo::rustc-env=ARTICLE_RENDER={}", hex::encode(&hash.finalize()[..8]));
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder is part of the source") {
        files.push(entry.expect("readable").path());
    }
}
