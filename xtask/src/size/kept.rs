//! `xtask/sizes.toml`: the sizes of a commit's assets, kept in it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::build::Manifest;
use crate::project::{self, output, root};

/// Below the workspace's folder.
pub(super) const FILE: &str = "xtask/sizes.toml";
const HEAD: &str = "\
# What the assets of this commit weigh, in bytes. `cargo xtask size --save` writes it, `cargo xtask test` compares.
";

/// Sizes by the assets' names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Sizes(BTreeMap<String, Size>);

/// One asset's, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub(super) struct Size {
    raw: usize,
    gzip: usize,
    brotli: usize,
}

impl Size {
    /// As it is, by gzip, by brotli.
    pub(super) fn all(self) -> [usize; 3] {
        [self.raw, self.gzip, self.brotli]
    }
}

impl Sizes {
    /// Those of a build.
    pub(super) fn of(manifest: &Manifest) -> Self {
        let size = |entry: &crate::build::Entry| {
            let (raw, gzip, brotli) = (entry.raw, entry.gzip, entry.brotli);
            (entry.name.clone(), Size { raw, gzip, brotli })
        };
        Self(manifest.assets.iter().map(size).collect())
    }

    /// Those of a file.
    pub(super) fn parse(text: &str) -> Result<Self> {
        toml::from_str(text).context(FILE)
    }

    /// Those that this commit, or the next one, says of itself.
    pub(super) fn read() -> Result<Self> {
        Self::parse(&project::text(FILE)?)
    }

    /// Writes the file.
    pub(super) fn write(&self) -> Result<()> {
        project::write(&root().join(FILE), self.text().as_bytes())
    }

    /// Whether they are of the same assets, and no size is further from the other than `most` bytes.
    pub(super) fn is_near(&self, other: &Self, most: usize) -> bool {
        let is_near = |one: Size, other: Size| {
            one.all().into_iter().zip(other.all()).all(|(one, other)| one.abs_diff(other) <= most)
        };
        self.0.len() == other.0.len()
            && self.iter().all(|(name, size)| other.get(name).is_some_and(|it| is_near(size, it)))
    }

    /// By name.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, Size)> {
        self.0.iter().map(|(name, size)| (name.as_str(), *size))
    }

    /// One asset's.
    pub(super) fn get(&self, name: &str) -> Option<Size> {
        self.0.get(name).copied()
    }

    fn text(&self) -> String {
        let mut text = HEAD.to_owned();
        for (name, size) in self.iter() {
            let Size { raw, gzip, brotli } = size;
            let _ = write!(text, "\n[{name:?}]\nraw = {raw}\ngzip = {gzip}\nbrotli = {brotli}\n");
        }
        text
    }
}

/// The last commit that may weigh something else, and its sizes: the one that is checked out, or, where this is
/// its own build, the one before it, so that a fresh checkout shows what its commit costs. None without Git.
pub(super) fn last(sizes: &Sizes) -> Option<(String, Sizes)> {
    ["HEAD", "HEAD~1"]
        .into_iter()
        .filter_map(of_commit)
        .find(|(_, kept)| kept != sizes)
        .or_else(|| of_commit("HEAD"))
}

fn of_commit(commit: &str) -> Option<(String, Sizes)> {
    let text = output("git", &["show", &format!("{commit}:{FILE}")])?;
    let name = output("git", &["rev-parse", "--short", commit])?;
    Some((name, Sizes::parse(&text).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let size = Size { raw: 30, gzip: 20, brotli: 10 };
        let sizes = Sizes(BTreeMap::from([("a.js".to_owned(), size), ("b.css".to_owned(), size)]));
        assert_eq!(Sizes::parse(&sizes.text()).unwrap(), sizes);
        let grown = Size { raw: 33, ..size };
        let grown = Sizes(BTreeMap::from([("a.js".to_owned(), grown), ("b.css".to_owned(), size)]));
        assert!(sizes.is_near(&grown, 3) && !sizes.is_near(&grown, 2));
        assert!(Sizes::parse("[\"a.js\"]\nraw = 1\n").is_err());
    }
}
