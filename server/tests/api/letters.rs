//! A thousand letters at the same time, from people whose connections break and whose server is killed
//! twice: each is kept, and once.

use std::collections::{HashMap, HashSet};
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use article_server::forms::Ticket;
use article_server::signing_key::SigningKey;
use reqwest::{Client, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::sync::{Notify, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::letter::{self, filled_in, new_key, solve};
use crate::load::becomes;
use crate::postgres::is_elsewhere;
use crate::process::{Process, database};
use crate::sql;
use crate::support::{article, save, with};

const LETTERS: usize = 1_000;
/// Senders at a time.
const AT_A_TIME: usize = 64;
/// Letters that are known to be kept when the server is killed.
const KILLED_AT: [usize; 2] = [300, 650];
/// One of so many is sent by a script, which has to find proofs: in this build that is slow. The others come
/// by the form, which has to prove nothing.
const SCRIPTED: usize = 16;
/// One of so many senders hangs up before there is an answer.
const HANGS_UP: usize = 3;
/// More than fit where a letter did not.
const VIEWS: usize = 2_000;
/// How long all of it may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// The server of the moment, and how far its senders are.
struct Post {
    url: watch::Sender<String>,
    thanked: AtomicUsize,
    news: Notify,
    room: Semaphore,
}

/// One letter.
struct Letter {
    number: usize,
    key: String,
    /// Of one that comes by the form.
    ticket: Option<Ticket>,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_letters_are_kept_once_each_whatever_breaks() {
    timeout(PATIENCE, send_all()).await.expect("a server that lives answers");
}

async fn send_all() {
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[article("a")]).await;
    let mut server = Process::start(folder.path(), &[]);
    let post = Arc::new(Post {
        url: watch::Sender::new(server.url.clone()),
        thanked: AtomicUsize::new(0),
        news: Notify::new(),
        room: Semaphore::new(AT_A_TIME),
    });
    let (mut sending, key) = (JoinSet::new(), letter::signing_key(folder.path()));
    for number in 0..LETTERS {
        let (post, letter) = (post.clone(), Letter::new(number, &key));
        sending.spawn(async move { (letter.key.clone(), post.send(letter).await) });
    }
    for enough in KILLED_AT {
        post.thank(enough).await;
        server.kill();
        server = Process::start(folder.path(), &[]);
        post.url.send_replace(server.url.clone());
    }
    let references: HashMap<_, _> = sending.join_all().await.into_iter().collect();
    server.stop();
    check(&folder, &references);
}

/// What was promised against what is there.
fn check(folder: &TempDir, references: &HashMap<String, String>) {
    let sql = "select idempotency_key, reference, message from feedback";
    let rows: Vec<[String; 3]> = sql::rows(folder.path(), sql);
    let by_key: HashMap<_, _> = rows.iter().map(|[key, reference, _]| (key, reference)).collect();
    let messages: HashSet<_> = rows.iter().map(|[.., message]| message).collect();
    assert_eq!((rows.len(), by_key.len(), messages.len()), (LETTERS, LETTERS, LETTERS));
    for (key, reference) in references {
        assert_eq!(by_key[&hex::encode(Sha256::digest(key))], reference);
    }
    let held = letter::kept(folder.path()).into_iter().filter(|(state, _)| state == "held").count();
    println!("{LETTERS} letters kept once, {held} of them held for want of a proof");
}

impl Post {
    /// Sends it until it is thanked for: its reference.
    async fn send(&self, letter: Letter) -> String {
        let _room = self.room.acquire().await.unwrap();
        let mut proof = None;
        let mut urls = self.url.subscribe();
        if letter.number.is_multiple_of(HANGS_UP) {
            let url = urls.borrow_and_update().clone();
            letter.send_and_hang_up(&url).await;
        }
        let client = Client::new();
        loop {
            let url = urls.borrow_and_update().clone();
            match letter.send(&client, &url, proof.take()).await {
                Some(Ok(reference)) => {
                    self.thanked.fetch_add(1, Ordering::Relaxed);
                    self.news.notify_one();
                    return reference;
                }
                Some(Err(found)) => proof = Some(found),
                // It has died; another one comes.
                None => urls.changed().await.unwrap(),
            }
        }
    }

    /// Waits until so many are thanked for.
    async fn thank(&self, enough: usize) {
        while self.thanked.load(Ordering::Relaxed) < enough {
            self.news.notified().await;
        }
    }
}

impl Letter {
    fn new(number: usize, key: &SigningKey) -> Self {
        let is_scripted = number.is_multiple_of(SCRIPTED);
        let ticket = (!is_scripted).then(|| letter::ticket_by(key, 60));
        let key = ticket.as_ref().map_or_else(new_key, |ticket| ticket.key.clone());
        Self { number, key, ticket }
    }

    /// Path, headers and body.
    fn parts(&self) -> (&'static str, [(&'static str, String); 3], String) {
        let place = Ipv4Addr::from_bits(0x0b00_0000 + u32::try_from(self.number).unwrap());
        let place = ("x-forwarded-for", place.to_string());
        let message = format!("Lá thư số {} có một nội dung không giống lá nào khác.", self.number);
        match &self.ticket {
            Some(ticket) => {
                let body = letter::form(ticket, &[("message", &message)]);
                let kind = ("content-type", "application/x-www-form-urlencoded".to_owned());
                ("/a/a/feedback", [place, kind, ("accept", "text/html".to_owned())], body)
            }
            None => {
                let body = with(filled_in(), json!({ "message": message })).to_string();
                let kind = ("content-type", "application/json".to_owned());
                ("/v1/feedback", [place, kind, ("idempotency-key", self.key.clone())], body)
            }
        }
    }

    /// Its reference, or the proof that it takes; nothing where the server died meanwhile.
    async fn send(
        &self,
        client: &Client,
        url: &str,
        proof: Option<String>,
    ) -> Option<Result<String, String>> {
        let (path, headers, body) = self.parts();
        let request = client.post(format!("{url}{path}")).body(body);
        let request = headers
            .into_iter()
            .fold(request, |request, (name, value)| RequestBuilder::header(request, name, value));
        let request = match proof {
            Some(proof) => request.header("proof", proof),
            None => request,
        };
        let response = request.send().await.ok()?;
        let status = response.status().as_u16();
        let text = response.text().await.ok()?;
        match status {
            201 if self.ticket.is_some() => Some(Ok(reference(&text))),
            201 => {
                let receipt: Value = serde_json::from_str(&text).unwrap();
                Some(Ok(receipt["reference"].as_str().unwrap().to_owned()))
            }
            429 => {
                let details = serde_json::from_str(&text).unwrap();
                Some(Err(tokio::task::spawn_blocking(move || solve(&details)).await.unwrap()))
            }
            _ => panic!("{status} {text}"),
        }
    }

    /// Sends all of it and waits for no answer: whether it was taken, nobody knows.
    async fn send_and_hang_up(&self, url: &str) {
        let address = url.strip_prefix("http://").unwrap();
        let (path, headers, body) = self.parts();
        let mut request = format!("POST {path} HTTP/1.1\r\nHost: {address}\r\n");
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
        // Where the server is dead, nobody hears it.
        if let Ok(mut stream) = TcpStream::connect(address).await {
            let _ = stream.write_all(request.as_bytes()).await;
        }
    }
}

/// As the page says it.
fn reference(html: &str) -> String {
    let after = html.split("<strong class=\"reference\">").nth(1).unwrap();
    after.split('<').next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_takes_no_letter_and_gives_back_what_was_typed() {
    if is_elsewhere() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[article("a")]).await;
    // What a start writes is there already.
    Process::start(folder.path(), &[]).stop();
    let length = std::fs::metadata(database(folder.path())).unwrap().len();
    let key = letter::signing_key(folder.path());
    let server = Process::start_on_a_small_disk(folder.path(), length / 512 + 200);
    let client = Client::new();
    let mut thanked = 0;
    let page = loop {
        let ticket = letter::ticket_by(&key, 60);
        let message = format!("{thanked} {}", "ệ".repeat(7_000));
        let request = client.post(format!("{}/a/a/feedback", server.url));
        let place = Ipv4Addr::from_bits(0x0b00_0000 + thanked).to_string();
        let request = request.header("x-forwarded-for", place).header("accept", "text/html");
        let sent = request.body(letter::form(&ticket, &[("message", &message)])).send().await;
        let response = sent.unwrap();
        if response.status() == 503 {
            assert!(response.headers().contains_key("retry-after"));
            break response.text().await.unwrap();
        }
        assert_eq!(response.status(), 201);
        thanked += 1;
    };
    assert!(page.contains(letter::said("form.busy")) && page.contains("Về bài viết"));
    assert!(page.contains(&format!("{thanked} {}</textarea>", "ệ".repeat(7_000))));

    // What is smaller finds room for a while. Then nothing does, and the server says so; who reads need not know.
    let view = async || {
        let view = json!({ "article": "a", "view": new_key(), "page": "" });
        let sent = client.post(format!("{}/v1/views", server.url)).body(view.to_string()).send();
        sent.await.unwrap()
    };
    let mut refused = view().await;
    for _ in 0..VIEWS {
        if refused.status() != 202 {
            break;
        }
        refused = view().await;
    }
    assert_eq!(refused.status(), 503);
    assert!(refused.headers().contains_key("retry-after"));
    becomes(&server.url, StatusCode::SERVICE_UNAVAILABLE).await;
    for path in ["/healthz", "/v1/articles/a", "/a/a"] {
        let response = client.get(format!("{}{path}", server.url)).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
    }
    server.kill();
    assert!(thanked > 0);
    assert_eq!(letter::kept(folder.path()).len(), usize::try_from(thanked).unwrap());
}
