//! Every format, by inputs made after what systems really send out. Beside each input in `tests/data/import/FORMAT/`
//! stands the JSON of its articles. After a change that is meant, write them again and read the difference:
//! `UPDATE_SNAPSHOTS=1 cargo test -p article-server --test import formats`.

use std::fs;
use std::path::{Path, PathBuf};

use article_server::article::StoredArticle;
use article_server::cli::Format;
use article_server::import::{self, Input};
use serde_json::Value;
use url::Url;

/// What ends the name of a snapshot.
const SNAPSHOT: &str = ".articles.json";
/// No format is shown by fewer inputs.
const FEWEST: usize = 5;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/import").join(name)
}

/// The inputs of a folder, in the order of their names.
pub(super) fn inputs(name: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder(name)).unwrap().map(|entry| entry.unwrap().path());
    let is_input = |path: &PathBuf| !path.to_string_lossy().ends_with(SNAPSHOT);
    let mut inputs: Vec<PathBuf> = entries.filter(is_input).collect();
    inputs.sort();
    inputs
}

fn read(bytes: &[u8], format: Format) -> Vec<StoredArticle> {
    let base = Url::parse("https://origin.example/news/").unwrap();
    let input = Input { bytes, base: Some(&base), ..Input::default() };
    import::read_in(&input, format, "vi").unwrap_or_else(|error| panic!("{error}"))
}

/// The format is told and found, the articles are those that were, and importing them again changes nothing.
fn check(name: &str, format: Format) {
    let inputs = inputs(name);
    assert!(inputs.len() >= FEWEST, "{name} has {} inputs", inputs.len());
    for path in inputs {
        let bytes = fs::read(&path).unwrap();
        let articles = read(&bytes, format);
        assert!(!articles.is_empty(), "{}", path.display());
        let found: Vec<&str> = articles.iter().map(|article| article.json().get()).collect();
        let guessed = read(&bytes, Format::Auto);
        let guessed: Vec<&str> = guessed.iter().map(|article| article.json().get()).collect();
        assert_eq!(found, guessed, "{} is taken for something else", path.display());
        check_snapshot(&path, &articles);
        check_round_trip(&articles);
    }
}

fn check_snapshot(input: &Path, articles: &[StoredArticle]) {
    let values: Vec<Value> = articles
        .iter()
        .map(|article| serde_json::from_str(article.json().get()).unwrap())
        .collect();
    let found = serde_json::to_string_pretty(&values).unwrap() + "\n";
    let path = PathBuf::from(format!("{}{SNAPSHOT}", input.display()));
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(&path, &found).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(expected == found, "{} is not\n{found}", path.display());
}

/// As JSON, as an array of it and as lines of it: byte for byte the same.
pub(super) fn check_round_trip(articles: &[StoredArticle]) {
    let json: Vec<&str> = articles.iter().map(|article| article.json().get()).collect();
    for (text, format) in
        [(json.join("\n"), Format::Ndjson), (format!("[{}]", json.join(",")), Format::Article)]
    {
        for format in [format, Format::Auto] {
            let again = read(text.as_bytes(), format);
            let again: Vec<&str> = again.iter().map(|article| article.json().get()).collect();
            assert_eq!(json, again);
        }
    }
}

#[test]
fn ninjs() {
    check("ninjs", Format::Ninjs);
}

#[test]
fn json_feed() {
    check("json_feed", Format::JsonFeed);
}

#[test]
fn rss_and_atom() {
    check("feed", Format::Feed);
}

#[test]
fn wordpress() {
    check("wordpress", Format::Wordpress);
}

#[test]
fn ans() {
    check("ans", Format::Ans);
}

#[test]
fn markdown() {
    check("markdown", Format::Markdown);
}

#[test]
fn the_samples_are_the_same_after_export_and_import() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../samples/articles");
    let files =
        fs::read_dir(samples).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap());
    // Written on one line, as the store and `export` have them.
    let lines = files.map(|bytes| serde_json::from_slice::<Value>(&bytes).unwrap().to_string());
    let articles = read(lines.collect::<Vec<_>>().join("\n").as_bytes(), Format::Auto);
    assert!(articles.len() >= FEWEST);
    check_round_trip(&articles);
}
