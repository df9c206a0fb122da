//! Articles and words, from whatever is read into the store.

use std::path::Path;

use article_server::article::StoredArticle;
use article_server::bulk::{BulkError, Reading, Source};
use article_server::cli::Format;
use article_server::fetch::Fetched;
use article_server::import::{self, Input};
use article_server::messages::{LanguageFile, Languages, Terms};
use axum::http::StatusCode;
use url::Url;

/// The contract's JSON: what is taken is taken again as it was kept.
pub fn article_json(data: &[u8]) {
    read(data, Format::Article);
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = StoredArticle::from_json(text);
    }
}

/// Whatever its format is.
pub fn import_any(data: &[u8]) {
    read(data, Format::Auto);
    read(data, Format::Ndjson);
}

/// Pages.
pub fn import_html(data: &[u8]) {
    read(data, Format::Html);
}

/// Markdown, and the YAML or TOML above it.
pub fn import_markdown(data: &[u8]) {
    read(data, Format::Markdown);
}

/// IPTC's ninjs.
pub fn import_ninjs(data: &[u8]) {
    read(data, Format::Ninjs);
}

/// Arc XP's stories.
pub fn import_ans(data: &[u8]) {
    read(data, Format::Ans);
}

/// WordPress's REST API.
pub fn import_wordpress(data: &[u8]) {
    read(data, Format::Wordpress);
}

/// RSS and Atom: XML.
pub fn import_feed(data: &[u8]) {
    read(data, Format::Feed);
}

/// JSON Feed.
pub fn import_json_feed(data: &[u8]) {
    read(data, Format::JsonFeed);
}

/// Plain text, in whatever encoding.
pub fn import_text(data: &[u8]) {
    read(data, Format::Text);
}

/// Runs and arrays of JSON, exports among them, as an import takes them apart: what it gives is an article.
pub fn import_runs(data: &[u8]) {
    let reading = Reading { format: Format::Auto, language: "vi".to_owned() };
    let source = Source::fetched(&Fetched {
        url: Url::parse("https://news.example/all.ndjson").expect("a URL"),
        status: StatusCode::OK,
        content_type: None,
        etag: None,
        last_modified: None,
        policies: Vec::new(),
        body: data.to_vec().into(),
    });
    let _ = reading.each::<BulkError>(&source, &mut |article| {
        assert!(import::check(article.article()).is_ok());
        Ok(())
    });
    assert!(source.bytes_read() <= source.length().expect("it is in memory"));
}

/// A publisher's words: a file that is taken makes a language.
pub fn language_files(data: &[u8]) {
    for name in ["fr.json", "vi.json"] {
        let Ok(file) = LanguageFile::read(Path::new(name), data) else { continue };
        let _ = file.missing();
        let terms = Terms { language: "vi".into(), controller: "Báo Ví Dụ".into(), days: 365 };
        if let Ok(languages) = Languages::new(&[file], &terms) {
            for language in languages.iter() {
                let _ = language.count("views", 1);
            }
        }
    }
}

/// What an import takes, it keeps: the JSON says the same when it is read again, and passes what a program's
/// article has to.
fn read(data: &[u8], format: Format) {
    let base = Url::parse("https://news.example/2024/bai.html").ok();
    for content_type in [None, Some("text/html; charset=windows-1258")] {
        let input = Input { bytes: data, content_type, base: base.as_ref() };
        for article in import::read(&input, format).unwrap_or_default() {
            let again = StoredArticle::from_json(article.json().get()).expect("it is an article");
            assert_eq!(again.tag(), article.tag());
            assert!(import::check(article.article()).is_ok());
        }
    }
}
