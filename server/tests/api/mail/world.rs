//! An outbox over a store in a folder of its own, on a clock that the test sets, with receivers that it
//! may have misbehave.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use article_server::announcer::Announcer;
use article_server::article::StoredArticle;
use article_server::clock::{Clock as _, ManualClock};
use article_server::config::{Config, Options};
use article_server::messages::LiveLanguages;
use article_server::outbox::Outbox;
use article_server::revision::Author;
use article_server::share_mark::ShareMark;
use article_server::store::{
    self, Answer, Change, DeliveryKind, LetterFilter, NewDelivery, NewFeedback, Store,
};
use article_server::time::Calendar;
use article_widget::contract::{ArticleId, FeedbackReport};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use super::hook::{Hook, SECRET};
use super::sink::Sink;
use crate::sql;
use crate::support::{CONTROLLER, article, database_url, erasures, key_file};

/// Noon on 2024-11-27, UTC.
pub(crate) const NOON: i64 = 1_732_708_800;
pub(crate) const EDITOR: &str = "lan@news.example";
pub(crate) const SENDER: &str = "hoa@example.vn";
pub(crate) const FRIEND: &str = "minh@example.vn";
const PUBLIC_URL: &str = "https://news.example";
/// How long a try may take, where nobody hangs: a machine that is busy is no receiver that is slow.
const PATIENCE: Duration = Duration::from_secs(10);
const SIGNING_KEY: [u8; 32] = [7; 32];

pub(crate) struct World {
    pub(crate) sink: Sink,
    pub(crate) hook: Hook,
    pub(crate) clock: ManualClock,
    pub(crate) outbox: Arc<Outbox>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) folder: TempDir,
    announcer: Announcer,
}

/// Settings with a mail server and a program that is called.
pub(crate) fn config(folder: &Path, sink: &Sink, hook: Option<&Hook>) -> Config {
    let options = Options {
        database: Some(database_url(folder)),
        key_file: Some(key_file(folder)),
        erasures: erasures(folder),
        controller: Some(CONTROLLER.to_owned()),
        smtp: Some((*sink.url()).into()),
        publisher: Some("Tạp chí Ví Dụ".to_owned()),
        mail_from: Some("Báo Ví Dụ <no-reply@news.example>".to_owned()),
        mail_reply_to: Some("Tòa soạn <banbientap@news.example>".to_owned()),
        mail_editors: Some(vec![format!("Trần Thị Lan <{EDITOR}>")]),
        mail_articles: Some(true),
        webhook: hook.map(|hook| (*hook.url).into()),
        webhook_secret: hook.map(|_| SECRET.into()),
        ..Options::default()
    };
    options.resolve(None).unwrap()
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(&article("a")).await
    }

    /// One that waits for nobody who hangs.
    pub(crate) async fn impatient() -> Self {
        Self::of(&article("a"), "", Duration::from_millis(300)).await
    }

    /// With one article.
    pub(crate) async fn with(article: &Value) -> Self {
        Self::of(article, "", PATIENCE).await
    }

    /// With more at the end of the mail server's URL.
    pub(crate) async fn with_smtp(more: &str) -> Self {
        Self::of(&article("a"), more, PATIENCE).await
    }

    async fn of(article: &Value, smtp: &str, patience: Duration) -> Self {
        let (folder, sink, hook) =
            (TempDir::new().unwrap(), Sink::start().await, Hook::start().await);
        let mut config = config(folder.path(), &sink, Some(&hook));
        let clock = ManualClock::at(NOON);
        if let Some(mail) = &mut config.mail {
            mail.server = (*format!("{}{smtp}", sink.url())).into();
        }
        let calendar = Calendar::new(config.time_zone.clone());
        let store = store::open(&config.database, &calendar).await.unwrap();
        let article = StoredArticle::from_json(&article.to_string()).unwrap();
        store.save_articles(&[article], &Author::import()).await.unwrap();
        let time = Arc::new(clock.clone());
        let (languages, key) = (LiveLanguages::default(), SIGNING_KEY.into());
        let outbox = Outbox::new(store.clone(), &config, languages, PUBLIC_URL, key, time);
        let outbox = Arc::new(outbox.with_limit(patience));
        Self { sink, hook, clock, outbox, store, folder, announcer: Announcer::new(&config) }
    }

    /// Feedback by [`SENDER`], and what is said of it.
    pub(crate) async fn feedback(&self, reference: &str, name: &str) {
        let announce = self.announcer.of_feedback(reference, self.clock.now());
        self.save(reference, name, announce).await;
    }

    /// Feedback that has been answered, and its sender is to hear of that and nobody of anything else.
    pub(crate) async fn answered(&self, reference: &str, name: &str, answer: &str, language: &str) {
        self.save(reference, name, Vec::new()).await;
        self.answer(reference, answer, language).await;
    }

    /// The editor answers, once more perhaps.
    pub(crate) async fn answer(&self, reference: &str, answer: &str, language: &str) {
        let at = self.clock.now();
        let letters = self.store.whole_letters(&LetterFilter::default(), None, 100).await.unwrap();
        let letter = letters.iter().find(|letter| letter.reference == reference).unwrap();
        let announce = self.announcer.of_answer(reference, SENDER, language, at);
        let answer = Answer { text: answer.to_owned(), at, by: "lan".to_owned() };
        let (seen, announce) = (letter.revision(), announce.as_ref());
        let change =
            self.store.answer_letter(letter.no, &seen, &answer, announce, &[]).await.unwrap();
        assert_eq!(change, Change::Made);
    }

    async fn save(&self, reference: &str, name: &str, announce: Vec<NewDelivery>) {
        let hash =
            |purpose: &str| -> [u8; 32] { Sha256::digest(format!("{purpose} {reference}")).into() };
        let feedback = NewFeedback {
            report: FeedbackReport {
                article: "a".to_owned(),
                kind: "question".to_owned(),
                name: name.to_owned(),
                email: SENDER.to_owned(),
                title: "Một câu hỏi".to_owned(),
                message: "Bao giờ có gió?".to_owned(),
                ..FeedbackReport::default()
            },
            idempotency_key: hex::encode(hash("key")),
            secret_hash: hash("secret"),
            reference: reference.to_owned(),
            at: self.clock.now(),
            held: None,
            fingerprint: None,
            proof: None,
            announce,
        };
        self.store.save_feedback(&feedback).await.unwrap();
    }

    /// Erases feedback as its sender may.
    pub(crate) async fn erase(&self, reference: &str) {
        let secret: [u8; 32] = Sha256::digest(format!("secret {reference}")).into();
        assert!(self.store.erase_feedback(&secret).await.unwrap());
    }

    /// An article for this address, as a reader asks for it.
    pub(crate) async fn article_for(&self, recipient: &str, language: &str) {
        let key: [u8; 32] = Sha256::digest(format!("{recipient} {}", self.clock.now())).into();
        let request = store::MailRequest { key, content: key, at: self.clock.now() };
        let mail = NewDelivery {
            kind: DeliveryKind::Article,
            key: hex::encode(key),
            article: ArticleId::parse("a").ok(),
            mark: ShareMark::parse("s-1wh5o"),
            recipient: recipient.to_owned(),
            language: language.to_owned(),
            at: self.clock.now(),
            content: String::new(),
        };
        let proof = store::SpentProof { challenge: key, expires_at: self.clock.now() };
        let requested = self.store.request_mail(&request, &mail, &proof).await.unwrap();
        assert_eq!(requested, store::MailRequested::New);
    }

    /// Tries what is due after so many seconds: how many tries there were.
    pub(crate) async fn after(&self, seconds: i64) -> usize {
        self.clock.advance(seconds);
        self.outbox.deliver_due().await.unwrap()
    }

    /// What waits: kinds, tries and what went wrong, in order.
    pub(crate) fn waiting(&self) -> Vec<(String, u32, String)> {
        waiting(self.folder.path())
    }
}

/// What waits in the database of `folder`.
pub(crate) fn waiting(folder: &Path) -> Vec<(String, u32, String)> {
    let rows = sql::rows(folder, "select kind, tries, problem from outbox order by no");
    rows.into_iter().map(|[kind, tries, problem]| (kind, tries.parse().unwrap(), problem)).collect()
}
