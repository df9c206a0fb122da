//! The articles of the page's benchmark: the samples are short, so that longer ones are made of several.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::project::root;

/// The one whose head and picture both have, and that their text begins with.
const FIRST: &str = "ca-phe-vao-vu-hai.json";

/// Writes an article named `id` of at least `words` words into `folder`: the first sample's head, and the texts of
/// as many samples as it takes, each once.
///
/// # Errors
/// If the samples are not as long together, or cannot be read.
pub(super) fn write(folder: &Path, id: &str, words: usize) -> Result<()> {
    let mut paths: Vec<PathBuf> = fs::read_dir(root().join("samples/articles"))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    paths.sort_by_key(|path| (!path.ends_with(FIRST), path.clone()));
    let mut article = read(&paths[0])?;
    let mut body = Vec::new();
    for path in &paths {
        if count(&body) >= words {
            break;
        }
        body.extend(blocks(&read(path)?).cloned());
    }
    ensure!(count(&body) >= words, "the samples have {} words", count(&body));
    article["id"] = id.into();
    article["body"] = body.into();
    // What names the sample itself.
    for field in ["canonical_url", "alternates"] {
        article.as_object_mut().context("a sample is an object")?.remove(field);
    }
    let path = folder.join(format!("{id}.json"));
    fs::write(&path, serde_json::to_vec(&article)?)
        .with_context(|| format!("cannot write {}", path.display()))
}

fn read(path: &Path) -> Result<Value> {
    let text = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_slice(&text).with_context(|| format!("{} is broken", path.display()))
}

fn blocks(article: &Value) -> impl Iterator<Item = &Value> {
    article["body"].as_array().into_iter().flatten()
}

/// Words of the blocks' content, whatever its form.
fn count(blocks: &[Value]) -> usize {
    blocks.iter().map(|block| words(&block["content"])).sum()
}

fn words(content: &Value) -> usize {
    match content {
        Value::String(text) => text.split_whitespace().count(),
        Value::Array(parts) => parts.iter().map(words).sum(),
        Value::Object(parts) => parts.get("content").map_or(0, words),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_article_is_as_long_as_asked() {
        let folder = std::env::temp_dir().join(format!("articles-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        write(&folder, "long", 1_500).unwrap();
        let article = read(&folder.join("long.json")).unwrap();
        assert!(write(&folder, "endless", 1_000_000).is_err());
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(article["id"], "long");
        let body: Vec<Value> = blocks(&article).cloned().collect();
        assert!((1_500..2_200).contains(&count(&body)), "{}", count(&body));
    }
}
