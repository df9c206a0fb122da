//! Embargoes, corrections and withdrawals reach every address, every server on the database, and every
//! cache between it and the reader.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use article_server::token::Scope;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use reqwest::Client;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::time::sleep;

use crate::process::Process;
use crate::support::{Server, article, header, problem, save, token, with};

/// Every address that shows an article.
const SHOWING: [&str; 9] = [
    "/v1/embed/a",
    "/embed/a",
    "/a/a",
    "/v1/articles/a",
    "/a/a/share",
    "/a/a/qr.svg",
    "/a/a/feedback",
    "/a/a/embed",
    "/a/a/embed/preview",
];
const BETWEEN_TRIES: Duration = Duration::from_millis(20);
const UUID: &str = "6f2c1d52-7d7c-4f43-9b5e-0d8f3f0f2a11";

/// So many seconds from now, at a whole second.
fn in_seconds(seconds: i64) -> Timestamp {
    Timestamp::from_second(Timestamp::now().as_second() + seconds).unwrap()
}

#[tokio::test]
async fn under_embargo_an_article_is_nowhere_and_then_everywhere_at_its_second() {
    let until = in_seconds(4);
    let server =
        Server::with(&[with(article("a"), json!({ "embargo": until.to_string() })), article("b")])
            .await;
    let oembed = format!("/oembed?url={}/a/a", server.url);
    for path in SHOWING.into_iter().chain([&*oembed]) {
        let refused = server.get(path).await;
        assert_eq!(refused.status(), 404, "{path}");
        assert_eq!(header(&refused, "cache-control"), "no-store", "{path}");
        let said = refused.text().await.unwrap();
        assert!(!said.contains("Tựa đề của a") && !said.contains("Đoạn văn"), "{path}: {said}");
    }
    for (path, body) in [
        ("/v1/views", json!({ "article": "a", "view": UUID })),
        ("/v1/shares", json!({ "article": "a", "share": UUID, "channel": "copy" })),
        ("/v1/ratings", json!({ "article": "a", "rating": UUID, "useful": true })),
    ] {
        problem(server.post(path, &body).await, 404).await;
    }
    let form = server.request("POST", "/a/a/feedback").body("message=x");
    assert_eq!(form.send().await.unwrap().status(), 404);
    let listed = server.get_json("/v1/articles").await;
    assert!(!listed.to_string().contains("Tựa đề của a"), "{listed}");
    assert!(Timestamp::now() < until, "all of it was asked before");

    while Timestamp::now() < until {
        let status = server.get("/v1/embed/a").await.status();
        assert!(status == 404 || Timestamp::now() >= until, "not a moment too early");
        sleep(BETWEEN_TRIES).await;
    }
    for path in SHOWING.into_iter().chain([&*oembed]) {
        assert_eq!(server.get(path).await.status(), 200, "{path}");
    }
}

#[tokio::test]
async fn an_article_that_expires_is_kept_by_nobody_beyond_its_second() {
    let end = in_seconds(4);
    let server = Server::with(&[with(article("a"), json!({ "expires": end.to_string() }))]).await;
    while Timestamp::now() < end {
        for path in SHOWING.into_iter().filter(|path| *path != "/a/a/feedback") {
            let asked = Timestamp::now();
            let response = server.get(path).await;
            if response.status() == 200 && Timestamp::now() < end {
                let kept = header(&response, "cache-control");
                let seconds: i64 = kept.rsplit('=').next().unwrap().parse().unwrap();
                assert!(asked.as_second() + seconds <= end.as_second(), "{path}: {kept}");
            }
        }
        sleep(BETWEEN_TRIES).await;
    }
    let embed = server.get_json("/v1/embed/a").await;
    assert_eq!(embed["article"]["status"], "canceled");
    for path in SHOWING.into_iter().filter(|path| !path.contains("embed/a")) {
        assert_eq!(server.get(path).await.status(), 410, "{path}");
    }
    assert!(!server.get("/embed/a").await.text().await.unwrap().contains("Đoạn văn"));
}

/// Waits until the JSON at `url` is as wanted: how long that took.
async fn until(url: &str, is_wanted: impl Fn(&Value) -> bool) -> Duration {
    let begun = Instant::now();
    let client = Client::new();
    loop {
        let answer: Value = client.get(url).send().await.unwrap().json().await.unwrap();
        if is_wanted(&answer) {
            return begun.elapsed();
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{url}: {answer}");
        sleep(BETWEEN_TRIES).await;
    }
}

fn is_withdrawn(embed: &Value) -> bool {
    embed["article"]["status"] == "canceled"
}

/// Two servers over one database, and a token for both.
async fn two_servers() -> (tempfile::TempDir, [Process; 2], String) {
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &["a", "b", "c", "d"].map(article)).await;
    let servers = [Process::start(folder.path(), &[]), Process::start(folder.path(), &[])];
    let token = token(folder.path(), &[Scope::ArticlesWrite]).await;
    (folder, servers, token)
}

async fn withdraw(server: &Process, id: &str, token: &str) {
    let request = Client::new().delete(format!("{}/v1/articles/{id}", server.url));
    assert_eq!(request.bearer_auth(token).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn another_server_learns_within_five_seconds_of_a_correction_and_a_withdrawal() {
    let (_folder, [here, there], token) = two_servers().await;
    let client = Client::new();
    for (number, id) in ["a", "b", "c", "d"].into_iter().enumerate() {
        let view = json!({ "article": id, "view": UUID.replace("6f", &format!("1{number}")) });
        let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        let report = client.post(format!("{}/v1/views", there.url)).header("user-agent", agent);
        assert_eq!(report.body(view.to_string()).send().await.unwrap().status(), 202);
    }
    let embed = format!("{}/v1/embed/a", there.url);
    let list = format!("{}/v1/most-read", there.url);
    until(&list, |list| list["items"].as_array().unwrap().len() == 4).await;
    until(&embed, |embed| embed["html"].as_str().unwrap().contains("Đoạn văn")).await;

    let corrected =
        json!([{ "at": "2024-11-28T08:00:00+07:00", "text": "Sửa tên người trong ảnh." }]);
    let corrected = with(article("a"), json!({ "corrections": corrected }));
    let put = client.put(format!("{}/v1/articles/a", here.url)).bearer_auth(&token);
    let put = put.header("if-match", "*").body(corrected.to_string()).send().await.unwrap();
    assert_eq!(put.status(), 200);
    let took = until(&embed, |embed| {
        let html = embed["html"].as_str().unwrap();
        html.contains("Sửa tên người trong ảnh.") && html.contains("28/11/2024")
    });
    let took = took.await;
    assert!(took < Duration::from_secs(5), "the correction: {took:?}");

    withdraw(&here, "a", &token).await;
    let took = until(&embed, is_withdrawn).await;
    assert!(took < Duration::from_secs(5), "the withdrawal: {took:?}");
    let took = until(&list, |list| !list.to_string().contains("Tựa đề của a")).await;
    assert!(took < Duration::from_secs(15), "the list: {took:?}");
}

/// A cache as content networks are: it keeps what it may for as long as it may, and says how old it is.
#[derive(Clone)]
struct Cache {
    origin: String,
    kept: Arc<Mutex<HashMap<String, Kept>>>,
}

#[derive(Clone)]
struct Kept {
    at: Instant,
    seconds: u64,
    json: String,
}

impl Cache {
    async fn before(origin: &str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let cache = Self { origin: origin.to_owned(), kept: Arc::default() };
        let router = Router::new().fallback(answer).with_state(cache);
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        url
    }

    fn fresh(&self, uri: &str) -> Option<Kept> {
        let kept = self.kept.lock().unwrap().get(uri)?.clone();
        (kept.at.elapsed().as_secs() < kept.seconds).then_some(kept)
    }
}

async fn answer(State(cache): State<Cache>, uri: Uri) -> Response {
    let uri = uri.to_string();
    let kept = match cache.fresh(&uri) {
        Some(kept) => kept,
        None => {
            let response = reqwest::get(format!("{}{uri}", cache.origin)).await.unwrap();
            let policy = header(&response, "cache-control").to_owned();
            assert!(!policy.contains("stale"), "nothing is served stale: {policy}");
            let age: u64 = header(&response, "age").parse().unwrap_or_default();
            let most = policy.split("s-maxage=").nth(1).and_then(|it| it.parse::<u64>().ok());
            let seconds = most.unwrap_or_default().saturating_sub(age);
            let kept = Kept { at: Instant::now(), seconds, json: response.text().await.unwrap() };
            cache.kept.lock().unwrap().insert(uri, kept.clone());
            kept
        }
    };
    let age = 20 - kept.seconds + kept.at.elapsed().as_secs();
    let policy = "public, max-age=20, s-maxage=20".to_owned();
    let headers: HeaderMap = HeaderMap::from_iter([
        ("age".parse().unwrap(), age.into()),
        ("cache-control".parse().unwrap(), policy.parse().unwrap()),
    ]);
    (StatusCode::OK, headers, kept.json).into_response()
}

#[tokio::test]
#[ignore = "long: two caches keep for as long as they may"]
async fn behind_two_caches_a_withdrawal_arrives_within_half_a_minute() {
    let (_folder, [here, there], token) = two_servers().await;
    let network = Cache::before(&there.url).await;
    let browser = Cache::before(&network).await;
    let embed = format!("{browser}/v1/embed/a");
    until(&embed, |embed| !is_withdrawn(embed)).await;
    withdraw(&here, "a", &token).await;
    // 20 s in the caches, which count the age together, and 5 s in the server; each rounds to a second.
    let took = until(&embed, is_withdrawn).await;
    assert!(took < Duration::from_secs(5 + 20 + 2), "{took:?}");
}
