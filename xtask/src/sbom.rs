//! `sbom`: what the server and the Wasm are made of, as CycloneDX 1.5. The same sources give the same bytes.
//!
//! cargo says what is built in, with which licence (`cargo tree`), Cargo.lock each crate's hash. Crates that
//! only run while something is built are left out.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::project::{WASM_TARGET, cargo, root, text, write};

/// Builds both lists into `target/sbom`.
///
/// # Errors
/// If cargo does not say what is built in, or a crate comes without licence or hash.
pub(crate) fn sbom() -> Result<()> {
    let folder = root().join("target/sbom");
    fs::create_dir_all(&folder)?;
    let hashes = hashes(&text("Cargo.lock")?)?;
    for (name, kind, more) in [
        ("article-server", "application", &[][..]),
        ("article-widget", "library", &["--target", WASM_TARGET]),
    ] {
        let tree = tree(name, more)?;
        let list = bill(&tree, kind, &hashes)?;
        let path = folder.join(format!("{name}.cdx.json"));
        write(&path, format!("{list:#}\n").as_bytes())?;
        println!("{}: {} components", path.display(), tree.crates.len() - 1);
    }
    Ok(())
}

/// A crate: name and version.
type Named = (String, String);

/// What is built in, the first the program itself.
#[derive(Default)]
struct Tree {
    root: Named,
    crates: BTreeMap<Named, Crate>,
}

/// What is told of a crate.
#[derive(Default)]
struct Crate {
    licence: String,
    repository: String,
    needs: BTreeSet<Named>,
}

fn tree(package: &str, more: &[&str]) -> Result<Tree> {
    let mut command = cargo();
    command.args(["tree", "--locked", "--package", package, "--edges", "normal"]).args(more);
    let output = command.args(["--prefix", "depth", "--format", "|{p}|{l}|{r}"]).output()?;
    ensure!(output.status.success(), "cargo tree: {}", String::from_utf8_lossy(&output.stderr));
    read(&String::from_utf8(output.stdout)?)
}

/// Reads lines of `{depth}|{name} v{version} …|{licence}|{repository}`.
fn read(lines: &str) -> Result<Tree> {
    let mut tree = Tree::default();
    let mut above: Vec<Named> = Vec::new();
    for line in lines.lines() {
        let strange = || format!("cargo tree says {line:?}");
        let line = line.strip_suffix(" (*)").unwrap_or(line);
        let [depth, package, licence, repository] =
            line.splitn(4, '|').collect::<Vec<_>>().try_into().ok().with_context(strange)?;
        let depth: usize = depth.parse().with_context(strange)?;
        let mut words = package.split(' ');
        let (name, version) = words.next().zip(words.next()).with_context(strange)?;
        let version = version.strip_prefix('v').with_context(strange)?;
        let named = (name.to_owned(), version.to_owned());
        above.truncate(depth);
        match above.last() {
            Some(parent) => {
                tree.crates.entry(parent.clone()).or_default().needs.insert(named.clone());
            }
            None => tree.root = named.clone(),
        }
        let found = tree.crates.entry(named.clone()).or_default();
        (found.licence, found.repository) = (licence.to_owned(), repository.to_owned());
        above.push(named);
    }
    Ok(tree)
}

/// The SHA-256 of each crate's archive.
fn hashes(lock: &str) -> Result<BTreeMap<Named, String>> {
    let lock: toml::Table = lock.parse()?;
    let packages = lock.get("package").and_then(toml::Value::as_array).context("no packages")?;
    let field = |package: &toml::Value, name| {
        package.get(name).and_then(toml::Value::as_str).map(str::to_owned)
    };
    let hash = |package| {
        let named = (field(package, "name")?, field(package, "version")?);
        Some((named, field(package, "checksum")?))
    };
    Ok(packages.iter().filter_map(hash).collect())
}

fn bill(tree: &Tree, kind: &str, hashes: &BTreeMap<Named, String>) -> Result<Value> {
    let mut components = Vec::new();
    let mut dependencies = Vec::new();
    let mut program = Value::Null;
    for (named, found) in &tree.crates {
        let mut component = component(named, found)?;
        let needs: Vec<_> = found.needs.iter().map(reference).collect();
        dependencies.push(json!({ "ref": reference(named), "dependsOn": needs }));
        match hashes.get(named) {
            Some(hash) => {
                component["hashes"] = json!([{ "alg": "SHA-256", "content": hash }]);
                component["type"] = "library".into();
                components.push(component);
            }
            // Of this workspace: the commit says what they are.
            None => {
                ensure!(named.1 == tree.root.1, "{} comes without a hash", named.0);
                let is_program = *named == tree.root;
                component["type"] = if is_program { kind } else { "library" }.into();
                if is_program { program = component } else { components.push(component) }
            }
        }
    }
    Ok(json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": { "component": program },
        "components": components,
        "dependencies": dependencies,
    }))
}

fn component(named: &Named, found: &Crate) -> Result<Value> {
    let (name, version) = named;
    ensure!(!found.licence.is_empty(), "{name} comes without a licence");
    let reference = reference(named);
    let mut component = json!({
        "bom-ref": reference,
        "name": name,
        "version": version,
        "purl": reference,
        // As it was written before SPDX had a word for it.
        "licenses": [{ "expression": found.licence.replace('/', " OR ") }],
    });
    if !found.repository.is_empty() {
        component["externalReferences"] = json!([{ "type": "vcs", "url": found.repository }]);
    }
    Ok(component)
}

fn reference((name, version): &Named) -> String {
    format!("pkg:cargo/{name}@{}", version.replace('+', "%2B"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TREE: &str = "\
0|program v0.1.0 (/here)|MIT OR Apache-2.0|
1|one v1.0.0|MIT/Apache-2.0|https://one.example
2|two v2.0.0+a (proc-macro)|ISC|
1|own v0.1.0 (/here/own)|MIT|
2|one v1.0.0|MIT/Apache-2.0|https://one.example (*)
";
    const LOCK: &str = "\
[[package]]\nname = \"one\"\nversion = \"1.0.0\"\nchecksum = \"aa\"
[[package]]\nname = \"two\"\nversion = \"2.0.0+a\"\nchecksum = \"bb\"
[[package]]\nname = \"own\"\nversion = \"0.1.0\"\n";

    #[test]
    fn a_bill_says_of_each_crate_whence_it_is_and_who_needs_it() -> Result<()> {
        let list = bill(&read(TREE)?, "application", &hashes(LOCK)?)?;
        assert_eq!(list["metadata"]["component"]["purl"], "pkg:cargo/program@0.1.0");
        let [one, own, two] = list["components"].as_array().context("components")?.as_slice()
        else {
            panic!("{list:#}")
        };
        assert_eq!(one["licenses"][0]["expression"], "MIT OR Apache-2.0");
        assert_eq!(one["hashes"][0], json!({ "alg": "SHA-256", "content": "aa" }));
        assert_eq!(one["externalReferences"][0]["url"], "https://one.example");
        assert_eq!((&own["name"], &own["hashes"]), (&json!("own"), &Value::Null));
        assert_eq!(two["purl"], "pkg:cargo/two@2.0.0%2Ba");
        let needs = |place: usize| list["dependencies"][place]["dependsOn"].clone();
        assert_eq!(needs(0), json!(["pkg:cargo/two@2.0.0%2Ba"]));
        assert_eq!(needs(1), json!(["pkg:cargo/one@1.0.0"]));
        assert_eq!(needs(2), json!(["pkg:cargo/one@1.0.0", "pkg:cargo/own@0.1.0"]));
        Ok(())
    }

    #[test]
    fn what_comes_without_a_hash_or_a_licence_is_not_listed() -> Result<()> {
        assert!(
            bill(&read("0|a v1.0.0|MIT|\n1|b v2.0.0|MIT|")?, "library", &BTreeMap::new()).is_err()
        );
        assert!(bill(&read("0|a v1.0.0||")?, "library", &BTreeMap::new()).is_err());
        Ok(())
    }

    #[test]
    fn the_bills_of_this_checkout_can_be_made() -> Result<()> {
        let hashes = hashes(&text("Cargo.lock")?)?;
        let widget = tree("article-widget", &["--target", WASM_TARGET])?;
        assert!(widget.crates.keys().any(|(name, _)| name == "yew"));
        bill(&widget, "library", &hashes)?;
        let server = tree("article-server", &[])?;
        assert!(server.crates.keys().any(|(name, _)| name == "libsqlite3-sys"));
        bill(&server, "application", &hashes)?;
        Ok(())
    }
}
