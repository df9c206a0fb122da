//! No reader is stored or logged: what a server that has been told addresses and agents leaves on the
//! disk is searched for them.

use std::fs;
use std::net::IpAddr;
use std::path::Path;

use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

use crate::postgres;
use crate::process::{Process, backup};
use crate::support::{article, save, totals, words};

/// The article's id: what the search must find.
const ARTICLE: &str = "bai-de-tim-thay";
const ADDRESSES: [&str; 3] =
    ["203.0.113.77", "198.18.217.93", "2001:db8:7a7b:7c7d:7e7f:8182:8384:8586"];
const NAME: &str = "Lê Thị Hoa";
const EMAIL: &str = "hoa@example.vn";
const MESSAGE: &str = "Xin đính chính giúp.";
const WORD: &str = "dễ hiểu";
/// Its parts stand nowhere else either.
const AGENT: &str = "Mozilla/5.0 (Linux; Android 15; Kimchi-9000) AppleWebKit/537.36 (KHTML, like \
                     Gecko) Chrome/187.0.6543.21 Mobile Safari/537.36";
const OF_THE_AGENT: [&str; 3] = ["Kimchi-9000", "6543.21", "AppleWebKit"];

#[tokio::test(flavor = "multi_thread")]
async fn no_address_and_no_agent_is_in_any_file_or_in_the_log() {
    for format in ["text", "json"] {
        let folder = tempfile::tempdir().unwrap();
        save(folder.path(), &[article(ARTICLE)]).await;
        let server = Process::start(folder.path(), &["--log", "trace", "--log-format", format]);
        let mut secrets = Vec::new();
        for address in ADDRESSES {
            for private in [false, true] {
                secrets.push(visit(&Reader { server: &server, address, private }).await);
            }
        }
        match postgres::database_of(folder.path()) {
            Some(url) => {
                check_tables(&url, &secrets).await;
                check_log(&server.stop(), &secrets);
            }
            None => check_files(&folder, server, &secrets),
        }
        // The article's views of its two kinds of readers; repeats would have left nothing.
        assert_eq!(totals(folder.path(), ARTICLE).await.views, 2 * ADDRESSES.len() as u64);
    }
}

/// The files of a running server, of a copy of its database, and what it leaves when it stops.
fn check_files(folder: &TempDir, server: Process, secrets: &[String]) {
    let copies = tempfile::tempdir().unwrap();
    let made = backup(folder.path(), &copies.path().join("copy.db"));
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));

    // While it runs, with its write-ahead log and what it shares with other processes.
    let mut files = contents(folder);
    assert!(files.iter().any(|(name, _)| name.ends_with("-wal")), "what it just wrote");
    files.extend(contents(&copies));
    files.push(("log".to_owned(), server.stop()));
    files.extend(contents(folder));
    check(&files);
    check_letters(&files, secrets);
}

struct Reader<'a> {
    server: &'a Process,
    address: &'a str,
    private: bool,
}

impl Reader<'_> {
    fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let url = format!("{}{path}", self.server.url);
        let request = Client::new().request(method.parse().unwrap(), url);
        let request = request.header("user-agent", AGENT).header("x-forwarded-for", self.address);
        if self.private { request.header("sec-gpc", "1") } else { request }
    }

    async fn post(&self, path: &str, body: &Value, status: u16) -> Value {
        let request = self.request("POST", path).body(body.to_string());
        let request = request.header("idempotency-key", Uuid::new_v4().to_string());
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), status, "{path}");
        response.json().await.unwrap()
    }

    /// Whatever the answer is.
    async fn ask(&self, method: &str, path: &str, accept: &str, body: &str) -> u16 {
        let request = self.request(method, path).header("accept", accept).body(body.to_owned());
        request.send().await.unwrap().status().as_u16()
    }
}

/// All that a reader does, and what they may do wrong: the secret of their letter.
async fn visit(reader: &Reader<'_>) -> String {
    let page = "https://partner.example/page";
    let view = json!({ "article": ARTICLE, "view": Uuid::new_v4().to_string(), "page": page });
    let share = json!({
        "article": ARTICLE, "share": Uuid::new_v4().to_string(), "page": page, "channel": "copy",
    });
    let words = words("vi");
    let consent = words.get("feedback.consent.version");
    let feedback = json!({
        "article": ARTICLE, "page": page, "kind": "comment", "name": NAME, "email": EMAIL,
        "title": "Về bài viết", "message": MESSAGE, "consent": consent,
    });
    for path in [format!("/v1/embed/{ARTICLE}"), format!("/a/{ARTICLE}")] {
        assert_eq!(reader.request("GET", &path).send().await.unwrap().status(), 200);
    }
    reader.post("/v1/views", &view, 202).await;
    reader.post("/v1/views", &view, 202).await;
    reader.post("/v1/views", &json!({ "article": ARTICLE, "view": "none" }), 422).await;
    reader.post("/v1/views", &json!("no report"), 400).await;
    reader.post("/v1/shares", &share, 202).await;
    reader.post("/v1/none", &json!({}), 404).await;
    let rating = json!({
        "article": ARTICLE, "rating": Uuid::new_v4().to_string(), "useful": true, "word": WORD,
    });
    reader.post("/v1/ratings", &rating, 202).await;
    let receipt = reader.post("/v1/feedback", &feedback, 201).await;
    let form = format!("/a/{ARTICLE}/feedback");
    let typed = serde_urlencoded::to_string(feedback.as_object().unwrap()).unwrap();
    assert_eq!(reader.ask("GET", &format!("{form}?{typed}"), "text/html", "").await, 200);
    assert_eq!(reader.ask("POST", &form, "text/html", &typed).await, 422);
    let link = receipt["url"].as_str().unwrap().strip_prefix(&reader.server.url).unwrap();
    for (method, accept, status) in [
        ("GET", "application/json", 200),
        ("GET", "text/html", 200),
        ("PUT", "application/json", 405),
        ("DELETE", "application/json", 204),
        ("DELETE", "application/json", 404),
        ("POST", "text/html", 200),
    ] {
        assert_eq!(reader.ask(method, link, accept, "").await, status, "{method}");
    }
    link.rsplit_once('/').unwrap().1.to_owned()
}

fn contents(folder: &TempDir) -> Vec<(String, Vec<u8>)> {
    let read = |path: &Path| (path.display().to_string(), fs::read(path).unwrap());
    let files = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.is_file()).map(|path| read(&path)).collect()
}

fn check(files: &[(String, Vec<u8>)]) {
    let places_of = |needle: &[u8]| -> Vec<&str> {
        let holds = |bytes: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
        files.iter().filter(|(_, bytes)| holds(bytes)).map(|(name, _)| &**name).collect()
    };
    assert!(places_of(ARTICLE.as_bytes()).len() >= 3, "database, write-ahead log and copy");
    assert_eq!(places_of(b"listening"), ["log"], "the search finds what is there");
    let octets = ADDRESSES.map(octets);
    let texts = [&ADDRESSES[..], &OF_THE_AGENT[..]].concat();
    for needle in texts.iter().map(|text| text.as_bytes()).chain(octets.iter().map(|of| &of[..])) {
        assert_eq!(places_of(needle), [""; 0], "{:?}", String::from_utf8_lossy(needle));
    }
}

/// The same of what is in tables, and of the log of their server.
async fn check_tables(url: &str, secrets: &[String]) {
    for kept in [ARTICLE, WORD] {
        assert!(postgres::holds(url, kept.as_bytes()).await, "the search finds what is there");
    }
    let octets = ADDRESSES.map(octets);
    let texts = ADDRESSES.into_iter().chain(OF_THE_AGENT).chain([MESSAGE]);
    let texts = texts.chain(secrets.iter().map(|secret| &**secret)).map(str::as_bytes);
    for needle in texts.chain(octets.iter().map(|of| &of[..])) {
        let holds = postgres::holds(url, needle).await;
        assert!(!holds, "{:?}", String::from_utf8_lossy(needle));
    }
}

fn check_log(log: &[u8], secrets: &[String]) {
    let log = String::from_utf8_lossy(log);
    assert!(log.contains("listening"), "the search finds what is there");
    let texts = ADDRESSES.into_iter().chain(OF_THE_AGENT).chain([NAME, EMAIL, MESSAGE, WORD]);
    for text in texts.chain(secrets.iter().map(|secret| &**secret)) {
        assert!(!log.contains(text), "the log holds {text}");
    }
}

/// What opens a letter is in no file; what its sender wrote is in the database alone.
fn check_letters(files: &[(String, Vec<u8>)], secrets: &[String]) {
    let holds = |bytes: &[u8], text: &str| {
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    };
    assert_eq!(secrets.len(), 2 * ADDRESSES.len());
    for (name, bytes) in files {
        for secret in secrets {
            assert!(!holds(bytes, secret), "{name} holds a secret");
        }
        for text in [NAME, EMAIL, MESSAGE, WORD] {
            assert!(name != "log" || !holds(bytes, text), "the log holds {text}");
        }
    }
    let copied =
        |text| files.iter().any(|(name, bytes)| name.ends_with("copy.db") && holds(bytes, text));
    assert!(copied(WORD), "the search finds what is there");
    assert!(!copied(MESSAGE), "what was withdrawn is in no copy");
}

/// In the one length in which addresses are hashed: four bytes in a row may be there by chance.
fn octets(address: &str) -> [u8; 16] {
    match address.parse().unwrap() {
        IpAddr::V4(address) => address.to_ipv6_mapped().octets(),
        IpAddr::V6(address) => address.octets(),
    }
}
