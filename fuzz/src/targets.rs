//! One function for each parser of what comes from outside. It takes any bytes; that it panics, hangs or breaks
//! its promise is what a fuzzer looks for. The server's tests run the same functions over the corpus, so that
//! they go on saying what is true.

use std::path::Path;
use std::sync::LazyLock;

use article_server::accept_language;
use article_server::article::StoredArticle;
use article_server::cache::EntityTag;
use article_server::cli::Format;
use article_server::client;
use article_server::conditions;
use article_server::config::Config;
use article_server::encoding::Encoded;
use article_server::forms;
use article_server::images;
use article_server::import::{self, Input};
use article_server::malformed;
use article_server::media::media_type;
use article_server::messages::{self, LanguageFile, Languages, Terms};
use article_server::oembed::Place;
use article_server::partners;
use article_server::query;
use article_server::revision::Expected;
use article_server::share_mark::ShareMark;
use article_server::store::ImageName;
use article_widget::contract::{FeedbackReport, RatingReport, Settings, ShareReport, ViewReport};
use axum::http::header::{ACCEPT_ENCODING, ACCEPT_LANGUAGE, IF_MATCH, IF_NONE_MATCH, USER_AGENT};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

type Target = fn(&[u8]);

static BUILTIN: LazyLock<Languages> = LazyLock::new(|| Languages::builtin("Báo Ví Dụ", 365));
static SETTINGS: LazyLock<Settings> = LazyLock::new(|| Config::default().settings);

/// Every target, by the name of its corpus.
pub const ALL: [(&str, Target); 18] = [
    ("article_json", article_json),
    ("reports", reports),
    ("feedback", feedback),
    ("import_any", import_any),
    ("import_html", import_html),
    ("import_markdown", import_markdown),
    ("import_ninjs", import_ninjs),
    ("import_ans", import_ans),
    ("import_wordpress", import_wordpress),
    ("import_feed", import_feed),
    ("import_json_feed", import_json_feed),
    ("import_text", import_text),
    ("embed_parameters", embed_parameters),
    ("share_marks", share_marks),
    ("headers", headers),
    ("image_names", image_names),
    ("pictures", pictures),
    ("language_files", language_files),
];

/// The contract's JSON: what is taken is taken again as it was kept.
pub fn article_json(data: &[u8]) {
    read(data, Format::Article);
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = StoredArticle::from_json(text);
    }
}

/// What browsers report of views, shares and ratings.
pub fn reports(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let pages = [
        malformed::read::<ViewReport>(text).map(|report| report.page),
        malformed::read::<ShareReport>(text).map(|report| report.page),
        malformed::read::<RatingReport>(text).map(|report| report.page),
    ];
    for page in pages.into_iter().flatten() {
        let origin = partners::origin(&page);
        assert_eq!(partners::origin(&origin), origin, "an origin's is itself");
    }
}

/// What readers write, as JSON and as a form: what was tidied is tidy.
pub fn feedback(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let check = |report| forms::check(report, &SETTINGS, &BUILTIN);
    let read = [
        malformed::read::<FeedbackReport>(text).ok(),
        serde_urlencoded::from_str::<FeedbackReport>(text).ok(),
    ];
    for report in read.into_iter().flatten() {
        let Ok(checked) = check(report) else { continue };
        assert!(!checked.name.contains(['\r', '\n']) && !checked.email.contains(['\r', '\n']));
        assert_eq!(check(checked.clone()), Ok(checked));
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

/// What stands in the address of an embed.
pub fn embed_parameters(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    for url in [text.to_owned(), format!("https://news.example/a/{text}")] {
        let place = Place::at(&url, "https://news.example", &BUILTIN);
        assert!(place.is_none_or(|_| Url::parse(&url).is_ok()));
    }
    let _ = query::window(Some(text));
    if let Some(known) = BUILTIN.find(text) {
        assert!(BUILTIN.find(&known.tag).is_some());
    }
}

/// The mark on a shared link: one that is ours is written as it was read.
pub fn share_marks(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Some(mark) = ShareMark::parse(text) {
        assert_eq!(mark.to_string(), text);
    }
}

/// What browsers and proxies say of themselves and of what they have.
pub fn headers(data: &[u8]) {
    let Ok(value) = HeaderValue::from_bytes(data) else { return };
    let forwarded = HeaderName::from_static("x-forwarded-for");
    let names = [ACCEPT_ENCODING, ACCEPT_LANGUAGE, IF_MATCH, IF_NONE_MATCH, USER_AGENT, forwarded];
    let all: HeaderMap = names.into_iter().map(|name| (name, value.clone())).collect();
    let _ = accept_language::preferred(&all, messages::known);
    let _ = EntityTag::of(b"what is there").is_known_to(&all);
    let one = |name: HeaderName| HeaderMap::from_iter([(name, value.clone())]);
    for name in [IF_MATCH, IF_NONE_MATCH] {
        let _ = conditions::expected(&one(name), Expected::NothingElse);
    }
    let encoded = Encoded::new(
        b"identity".as_slice().into(),
        b"gzip".as_slice().into(),
        b"br".as_slice().into(),
    );
    let answer = encoded.negotiate(&one(ACCEPT_ENCODING));
    assert!(answer.status().is_success());
    let peer = [127, 0, 0, 1].into();
    let stranger = client::of(&all, peer, &[]);
    assert_eq!(stranger.address, peer, "who is no proxy is not believed");
    let behind = client::of(&all, peer, &["127.0.0.0/8".parse().expect("a network")]);
    assert!(behind.agent.len() <= 3 * 512);
}

/// Names of pictures: what has a type is one plain name.
pub fn image_names(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if media_type(text).is_some() {
        assert!(!text.contains(['/', '\\', '\0']) && !text.starts_with('.'));
    }
    if let Some(name) = ImageName::parse(text) {
        assert_eq!(name.to_string(), text);
        assert!(media_type(text).is_some());
    }
}

/// Pictures that others send.
pub fn pictures(data: &[u8]) {
    if let Some((width, height)) = images::size(data) {
        assert!(width > 0 && height > 0);
    }
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
