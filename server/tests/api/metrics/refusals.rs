//! What is refused, by reason. Each is brought about, and seen to count once and as nothing else.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use article_server::metrics::Refusal;
use article_server::serve::raise_limit_of_files;
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::{BROWSER, LISTEN, PATIENCE, text};
use crate::letter::{filled_in, form, new_key, solve, ticket_of};
use crate::process::Process;
use crate::support::{article, save, with};

/// How often each refusal was, as a server tells Prometheus.
pub(crate) struct Refusals {
    url: String,
    seen: BTreeMap<String, u64>,
}

/// What is read of it.
pub(crate) fn read(figures: &str) -> BTreeMap<String, u64> {
    let counts = figures.lines().filter_map(|line| {
        let (reason, count) =
            line.strip_prefix(r#"article_refusals_total{reason=""#)?.split_once("\"} ")?;
        Some((reason.to_owned(), count.parse().unwrap()))
    });
    counts.collect()
}

impl Refusals {
    /// Those of a server that has refused nothing yet, but names all that it might.
    pub(crate) async fn of(server: &Process) -> Self {
        let url = format!("{}/metrics", server.operating_url());
        let seen = read(&text(&url).await);
        let all = Refusal::ALL.map(|refusal| (refusal.as_str().to_owned(), 0));
        assert_eq!(seen, BTreeMap::from(all));
        Self { url, seen }
    }

    /// Since the last time these have risen by as much, and no other one has. A connection's end is counted a moment
    /// after its client has seen it.
    pub(crate) async fn rise(&mut self, expected: &[(&str, u64)]) {
        let expected: BTreeMap<_, _> =
            expected.iter().map(|(reason, by)| ((*reason).to_owned(), *by)).collect();
        let begun = Instant::now();
        loop {
            let now = read(&text(&self.url).await);
            let by = |(reason, count): (&String, &u64)| (reason.clone(), count - self.seen[reason]);
            let risen: BTreeMap<_, _> = now.iter().map(by).filter(|(_, by)| *by > 0).collect();
            if risen == expected {
                self.seen = now;
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "{risen:?} has risen, and not {expected:?}");
            sleep(Duration::from_millis(5)).await;
        }
    }
}

async fn start(more: &[&str]) -> (TempDir, Process, Refusals) {
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[article("a")]).await;
    let server = Process::start(folder.path(), &[&LISTEN, more].concat());
    let refusals = Refusals::of(&server).await;
    (folder, server, refusals)
}

fn post(server: &Process, path: &str, place: &str) -> RequestBuilder {
    let request = Client::new().post(format!("{}{path}", server.url));
    request.header("x-forwarded-for", place).header("user-agent", BROWSER)
}

async fn status(request: RequestBuilder) -> u16 {
    request.send().await.unwrap().status().as_u16()
}

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// Sends a letter as a script does.
async fn write(server: &Process, place: &str, changes: Value) -> u16 {
    let request = post(server, "/v1/feedback", place).header("idempotency-key", new_key());
    status(request.json(&with(filled_in(), changes))).await
}

/// Sends a letter where no script runs.
async fn write_plainly(server: &Process, folder: &Path, place: &str) -> u16 {
    let request = post(server, "/a/a/feedback", place).header(FORM.0, FORM.1);
    status(request.body(form(&ticket_of(folder, 60), &[]))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_that_are_refused_and_letters_that_are_held() {
    let (folder, server, mut refusals) = start(&["--partners", "closed"]).await;
    let own = json!({ "page": format!("{}/a/a", server.url) });
    let message = "Số liệu ở đoạn thứ ba không khớp với bảng ở cuối bài viết.";
    let same = |email: &str| with(own.clone(), json!({ "message": message, "email": email }));
    for (place, changes, answer, reason) in [
        ("203.0.113.1", own.clone(), 201, None),
        ("203.0.113.2", json!({}), 403, Some("feedback_partner")),
        ("203.0.113.3", with(own.clone(), json!({ "website": "x" })), 201, Some("feedback_held")),
        ("203.0.113.4", same("hoa@example.vn"), 201, None),
        ("203.0.113.5", same("lan@example.vn"), 201, Some("feedback_held")),
        ("203.0.113.1", own.clone(), 201, None),
        ("203.0.113.1", own.clone(), 201, None),
        ("203.0.113.1", own.clone(), 429, Some("feedback_proof")),
        ("203.0.113.1", with(own.clone(), json!({ "message": "" })), 422, None),
    ] {
        assert_eq!(write(&server, place, changes).await, answer, "{place}, {reason:?}");
        refusals.rise(reason.map(|reason| (reason, 1)).as_slice()).await;
    }
    for number in 1..=8 {
        let answer = write_plainly(&server, folder.path(), "203.0.113.6").await;
        assert_eq!(answer, 201, "{number}");
    }
    refusals.rise(&[("feedback_held", 5)]).await;
    assert_eq!(write_plainly(&server, folder.path(), "203.0.113.6").await, 429);
    refusals.rise(&[("feedback_rate", 1)]).await;
    server.stop();
}

/// Asks for an article to be sent.
async fn send(server: &Process, agent: &str, page: &str, proof: Option<&str>) -> Response {
    let request = post(server, "/v1/mail", "203.0.113.1").header("idempotency-key", new_key());
    // The last one holds.
    let mut request = request.build().unwrap();
    request.headers_mut().insert("user-agent", agent.parse().unwrap());
    if let Some(proof) = proof {
        request.headers_mut().insert("proof", proof.parse().unwrap());
    }
    let body = json!({ "article": "a", "page": page, "to": "minh@example.vn" });
    *request.body_mut() = Some(body.to_string().into());
    Client::new().execute(request).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn articles_that_are_not_sent() {
    // Nobody listens there: what was taken waits.
    let mail = ["--smtp", "smtp://127.0.0.1:9", "--mail-from", "no-reply@news.example"];
    let options = [&mail[..], &["--mail-articles", "--partners", "closed"]].concat();
    let (_folder, server, mut refusals) = start(&options).await;
    let own = format!("{}/a/a", server.url);
    assert_eq!(send(&server, "curl/8.5.0", &own, None).await.status(), 202);
    refusals.rise(&[("mail_bot", 1)]).await;
    let stranger = "https://stranger.example/";
    assert_eq!(send(&server, BROWSER, stranger, None).await.status(), 202);
    refusals.rise(&[("mail_partner", 1)]).await;
    for _ in 0..2 {
        let answer = send(&server, BROWSER, &own, None).await;
        assert_eq!(answer.status(), 429);
        refusals.rise(&[("mail_proof", 1)]).await;
        let proof = solve(&answer.json().await.unwrap());
        assert_eq!(send(&server, BROWSER, &own, Some(&proof)).await.status(), 202);
        refusals.rise(&[]).await;
    }
    assert_eq!(send(&server, BROWSER, &own, None).await.status(), 429);
    refusals.rise(&[("mail_rate", 1)]).await;
    server.stop();
}

/// Tries to log in as somebody who is not there.
fn log_in(server: &Process, place: &str, name: &str) -> RequestBuilder {
    let request = post(server, "/admin/login", place).header("sec-fetch-site", "same-origin");
    request.header(FORM.0, FORM.1).body(format!("name={name}&password=guessed"))
}

#[tokio::test(flavor = "multi_thread")]
async fn logins_that_are_guesses() {
    let (_folder, server, mut refusals) = start(&[]).await;
    for number in 1..=10 {
        assert_eq!(status(log_in(&server, "203.0.113.1", "lan")).await, 422, "{number}");
        refusals.rise(&[("login_wrong", 1)]).await;
    }
    assert_eq!(status(log_in(&server, "203.0.113.1", "lan")).await, 429);
    refusals.rise(&[("login_rate", 1)]).await;
    server.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn logins_that_wait_for_too_many_others() {
    const LOGINS: u64 = 2_000;
    raise_limit_of_files();
    let (_folder, server, mut refusals) = start(&[]).await;
    let mut logins = JoinSet::new();
    for number in 0..LOGINS {
        let place = format!("198.18.{}.{}", number / 200, number % 200);
        logins.spawn(status(log_in(&server, &place, &format!("name{number}"))));
    }
    let answers = logins.join_all().await;
    let count = |status: u16| answers.iter().filter(|answer| **answer == status).count() as u64;
    let (wrong, busy) = (count(422), count(503));
    assert!(wrong > 0 && busy > 0 && wrong + busy == LOGINS, "{wrong} wrong, {busy} busy");
    refusals.rise(&[("login_busy", busy), ("login_wrong", wrong)]).await;
    server.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn partners_pages_that_are_not_looked_at() {
    let (_folder, server, mut refusals) = start(&[]).await;
    let check = async || {
        let request = post(&server, "/a/a/embed/check", "203.0.113.1").header(FORM.0, FORM.1);
        status(request.body("page=http%3A%2F%2F127.0.0.1%3A9%2F")).await
    };
    for number in 1..=20 {
        assert_eq!(check().await, 200, "{number}");
    }
    refusals.rise(&[]).await;
    assert_eq!(check().await, StatusCode::TOO_MANY_REQUESTS);
    refusals.rise(&[("check_rate", 1)]).await;
    server.stop();
}
