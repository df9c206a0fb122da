//! What readers send, and what of it leaves again.

use std::sync::{Arc, LazyLock};

use article_server::article::StoredArticle;
use article_server::clock::ManualClock;
use article_server::config::{Config, MailSettings};
use article_server::forms::{self, MailAddress, Ticket};
use article_server::mails::{Envelope, MailWriter};
use article_server::malformed;
use article_server::messages::{Languages, LiveLanguages};
use article_server::oembed::Place;
use article_server::partners;
use article_server::proof::{PROOF, Proofs};
use article_server::query;
use article_server::rush::Rush;
use article_server::share_mark::ShareMark;
use article_server::signing_key::SigningKey;
use article_server::store::{AboutFeedback, DeliveryKind, NewDelivery};
use article_widget::contract::{
    ArticleId, FeedbackReport, RatingReport, Settings, ShareReport, ViewReport,
};
use axum::http::{HeaderMap, HeaderValue};
use data_encoding::BASE64URL_NOPAD;
use url::Url;

static BUILTIN: LazyLock<Languages> = LazyLock::new(|| Languages::builtin("Báo Ví Dụ", 365));
static SETTINGS: LazyLock<Settings> = LazyLock::new(|| Config::default().settings);
static MAILS: LazyLock<MailWriter> = LazyLock::new(mail_writer);
static KEY: LazyLock<SigningKey> = LazyLock::new(|| [7; 32].into());
static PROOFS: LazyLock<Proofs> =
    LazyLock::new(|| Proofs::new(&KEY, Arc::new(ManualClock::at(NOW)), Arc::new(Rush::default())));

/// When all of it comes.
const NOW: i64 = 1_700_000_000;

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

/// The form's hidden fields: nobody makes a ticket.
pub fn tickets(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(ticket) = serde_urlencoded::from_str::<Ticket>(text) else { return };
    let article = ArticleId::parse("a").expect("an id");
    assert!(ticket.check(&KEY, &article, NOW).is_err());
    let renewed = ticket.renew(&KEY, &article, NOW);
    assert!(renewed.check(&KEY, &article, NOW + 10).is_ok());
}

/// Proofs of work, as they stand in a header and as the JSON inside it: nobody makes a challenge.
pub fn proofs(data: &[u8]) {
    let inside = format!("{}.1", BASE64URL_NOPAD.encode(data));
    for proof in [data, inside.as_bytes()] {
        let Ok(value) = HeaderValue::from_bytes(proof) else { continue };
        assert!(PROOFS.take(&HeaderMap::from_iter([(PROOF.clone(), value)])).is_err());
    }
}

/// Mail addresses: one that is taken is an address, is taken again as it was kept, and stays on its line.
pub fn mail_addresses(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Some(address) = MailAddress::parse(text) else { return };
    let kept = address.as_str();
    assert!(
        !kept.contains(|letter: char| letter.is_control() || letter.is_whitespace()),
        "{kept:?}"
    );
    assert!(MailAddress::parse(kept).is_some_and(|again| again == address), "{kept:?}");
    mail(kept, "Bài", "").expect("it can be written to");
}

/// Words of readers and of articles in a mail: its head keeps its lines, whatever they are.
pub fn mails(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let usual = head_names(&mail("hoa@example.vn", "Bài", "").expect("a mail"));
    let (title, name) = text.split_once('|').unwrap_or((&text, &text));
    if let Some(mail) = mail("hoa@example.vn", title, name) {
        assert_eq!(head_names(&mail), usual);
    }
}

/// An answer of the editor's under this title, to whoever gave that name; none where no article has such a title.
fn mail(recipient: &str, title: &str, name: &str) -> Option<Vec<u8>> {
    let json = serde_json::json!({ "id": "a", "title": title, "language": "vi" });
    let article = StoredArticle::from_json(&json.to_string()).ok()?;
    let delivery = NewDelivery {
        kind: DeliveryKind::Answer,
        key: "1".to_owned(),
        article: None,
        mark: None,
        recipient: recipient.to_owned(),
        language: "vi".to_owned(),
        at: NOW,
        content: String::new(),
    };
    let about = AboutFeedback {
        no: 1,
        reference: "A-1".to_owned(),
        article: article.article().id.clone(),
        kind: "error".to_owned(),
        name: name.to_owned(),
        answer: name.to_owned(),
    };
    let envelope = Envelope { delivery: &delivery, id: "1", now: NOW };
    let mail = MAILS.answer(&envelope, &about, article.article()).expect("a mail");
    Some(mail.formatted())
}

/// What the lines of a mail's head begin with; those that go on with the line before are none.
fn head_names(mail: &[u8]) -> Vec<String> {
    let mail = String::from_utf8_lossy(mail);
    let (head, _) = mail.split_once("\r\n\r\n").expect("a head");
    assert!(!head.replace("\r\n", "").contains(['\r', '\n']), "a line ends in both");
    let lines = head.split("\r\n").filter(|line| !line.starts_with([' ', '\t']));
    lines.map(|line| line.split(':').next().unwrap_or_default().to_owned()).collect()
}

fn mail_writer() -> MailWriter {
    let settings = MailSettings {
        server: "smtp://127.0.0.1".into(),
        from: "Báo Ví Dụ <bao@news.example>".parse().expect("a mailbox"),
        reply_to: None,
        editors: Vec::new(),
        sends_articles: true,
    };
    let url = "https://news.example";
    let languages = LiveLanguages::load(&Config::default(), url).expect("the languages here");
    MailWriter::new(&settings, languages, "Báo Ví Dụ", url)
}
