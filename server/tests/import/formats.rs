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

#[test]
fn what_would_mean_something_else_is_refused_with_its_field() {
    for (text, format, expected) in [
        (r#"{"uri": "a", "embargoed": "2026-01-01T08:00:00"}"#, Format::Ninjs, "embargo: a date"),
        (r#"{"uri": "a", "expires": "soon"}"#, Format::Ninjs, "expires: a date"),
        (r#"{"uri": "a", "pubStatus": "maybe"}"#, Format::Ninjs, "pubStatus: usable"),
        (r#"{"uri": "a", "type": "event"}"#, Format::Ninjs, "type: event is no article"),
        (r#"{"_id": "A", "type": "video"}"#, Format::Ans, "type: only a story"),
        (
            r#"{"_id": "A", "content_restrictions": {"embargo": {"active": true, "end_time": "x"}}}"#,
            Format::Ans,
            "content_restrictions.embargo.end_time: a date",
        ),
        (
            r#"{"id": 1, "status": "future", "title": {"rendered": "A"}}"#,
            Format::Wordpress,
            "date: a date",
        ),
        ("---\ntitle: A\npublishDate: tomorrow\n---\n", Format::Markdown, "publishDate: a date"),
        ("---\ntitle: A\nstatus: maybe\n---\n", Format::Markdown, "status: usable"),
        ("---\n- a\n---\n", Format::Markdown, "front matter: names and values"),
        ("+++\na = \n+++\n", Format::Markdown, "front matter: TOML parse error"),
        (r#"{"items": {}}"#, Format::JsonFeed, "expected an array of articles"),
        ("<html></html>", Format::Feed, "XML: <html> is no feed"),
        ("<rss><channel><item></channel></rss>", Format::Feed, "XML: byte "),
        ("<rss><channel><item/></channel></rss>", Format::Feed, "article 1: title: is missing"),
    ] {
        let input = Input { bytes: text.as_bytes(), ..Input::default() };
        let reason = import::read(&input, format).unwrap_err().to_string();
        assert!(reason.contains(expected), "{text}: {reason}");
    }
    let second =
        r#"[{"uri": "a", "headlines": [{"value": "A"}]}, {"uri": "b", "pubStatus": "maybe"}]"#;
    let input = Input { bytes: second.as_bytes(), ..Input::default() };
    let reason = import::read(&input, Format::Auto).unwrap_err().to_string();
    assert_eq!(reason, "taken for ninjs: article 2: pubStatus: usable, withheld or canceled");
}

#[test]
fn an_article_that_does_not_say_its_language_has_the_publishers() {
    for text in [
        r#"{"uri": "a", "pubStatus": "usable", "headlines": [{"value": "A"}]}"#,
        r#"{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "a", "title": "A"}]}"#,
        "<rss version=\"2.0\"><channel><item><title>A</title></item></channel></rss>",
        r#"{"id": 1, "slug": "a", "title": {"rendered": "A"}, "content": {"rendered": ""}}"#,
        r#"{"_id": "A", "headlines": {"basic": "A"}, "content_elements": []}"#,
        "# A\n\nText.",
        "A\n\nText below.",
    ] {
        let input = Input { bytes: text.as_bytes(), ..Input::default() };
        let articles = import::read_in(&input, Format::Auto, "pt-BR").unwrap();
        assert_eq!(articles[0].article().language, "pt-BR", "{text}");
    }
}

#[test]
fn a_feed_in_an_old_encoding_is_read_in_it() {
    let head = "<?xml version=\"1.0\" encoding=\"windows-1258\"?>";
    let feed = format!("{head}<rss version=\"2.0\"><channel><item><title>");
    let mut bytes = feed.into_bytes();
    // "Đà" with its grave accent as a letter of its own.
    bytes.extend([0xd0, b'a', 0xcc]);
    bytes.extend(b"</title></item></channel></rss>");
    let title = |bytes: &[u8]| {
        let input = Input { bytes, ..Input::default() };
        import::read(&input, Format::Auto).unwrap()[0].article().title.clone()
    };
    assert_eq!(title(&bytes), "Đà");
    let wide =
        "\u{feff}<rss version=\"2.0\"><channel><item><title>Đà</title></item></channel></rss>";
    let wide: Vec<u8> = wide.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(title(&wide), "Đà");
}
