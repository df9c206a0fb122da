//! Readers who send views, shares and letters, each under one id until it is acknowledged, while a test does something to
//! the server; and whether all that was acknowledged is there afterwards, once.

use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

use article_server::store::{self, LetterFilter, LetterState};
use article_widget::contract::ArticleId;
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use crate::letter::filled_in;

/// Clients that send at a time.
const CLIENTS: usize = 12;
/// A client that was told to come again, or got no answer, does so after as long.
const PAUSE: Duration = Duration::from_millis(100);
/// A client waits no longer for an answer.
const ANSWER: Duration = Duration::from_secs(30);
/// Nor does whoever reads.
const READER: Duration = Duration::from_secs(10);
/// What is read: by the loader, as a page, and by a widget that lives.
const READ: [&str; 3] = ["/v1/embed/a", "/a/a", "/v1/most-read?window=24h&limit=5&words=vi"];
/// As many reports, or as many refusals, come sooner.
const SOON: Duration = Duration::from_secs(90);
/// One report in so many is a letter, up to as many letters as come without a proof of work.
const LETTER: usize = 50;
const LETTERS: usize = 50;
pub(crate) const AGENT: &str =
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// What readers send, each from an address of its own.
pub(crate) struct Load {
    urls: RwLock<Vec<String>>,
    readers: AtomicUsize,
    acknowledged: AtomicUsize,
    later: AtomicUsize,
    ends: AtomicBool,
}

/// The load, as it is being sent.
pub(crate) struct Sending {
    pub(crate) load: Arc<Load>,
    clients: JoinSet<Acknowledged>,
    readers: JoinSet<Vec<String>>,
}

/// What was acknowledged.
#[derive(Default)]
pub(crate) struct Acknowledged {
    pub(crate) views: u64,
    pub(crate) shares: u64,
    pub(crate) letters: u64,
    /// When, and by which of the servers.
    pub(crate) at: Vec<(Instant, usize)>,
    /// Answers that told the reader to come again.
    pub(crate) later: u64,
    /// What was no answer to somebody who reads.
    pub(crate) unread: Vec<String>,
}

impl Load {
    /// Has clients send to these servers, one after another, as a balancer would.
    pub(crate) fn start(urls: Vec<String>) -> Sending {
        let load = Arc::new(Self {
            urls: RwLock::new(urls),
            readers: AtomicUsize::new(0),
            acknowledged: AtomicUsize::new(0),
            later: AtomicUsize::new(0),
            ends: AtomicBool::new(false),
        });
        let mut clients = JoinSet::new();
        (0..CLIENTS).for_each(|_| drop(clients.spawn(load.clone().run())));
        Sending { load, clients, readers: JoinSet::new() }
    }

    /// From now on the server is there.
    pub(crate) fn move_to(&self, url: &str) {
        *self.urls.write().unwrap() = vec![url.to_owned()];
    }

    /// Waits until so many more reports are acknowledged.
    pub(crate) async fn acknowledge(&self, more: usize) {
        grow(&self.acknowledged, more).await;
    }

    /// Waits until so many more are told to come again.
    pub(crate) async fn refuse(&self, more: usize) {
        grow(&self.later, more).await;
    }

    async fn run(self: Arc<Self>) -> Acknowledged {
        let client = client();
        let mut acknowledged = Acknowledged::default();
        while !self.ends.load(Ordering::Relaxed) {
            let reader = self.readers.fetch_add(1, Ordering::Relaxed);
            self.send(&client, reader, &mut acknowledged).await;
            match report(reader).0 {
                "/v1/views" => acknowledged.views += 1,
                "/v1/shares" => acknowledged.shares += 1,
                _ => acknowledged.letters += 1,
            }
        }
        acknowledged
    }

    async fn send(&self, client: &Client, reader: usize, acknowledged: &mut Acknowledged) {
        for attempt in reader.. {
            let (server, url) = {
                let urls = self.urls.read().unwrap();
                let server = attempt % urls.len();
                (server, urls[server].clone())
            };
            if let Ok(response) = post(client, &url, reader).await {
                let status = response.status();
                if status == StatusCode::SERVICE_UNAVAILABLE {
                    assert!(response.headers().contains_key("retry-after"));
                    acknowledged.later += 1;
                    self.later.fetch_add(1, Ordering::Relaxed);
                } else if is_taken(response, reader).await {
                    acknowledged.at.push((Instant::now(), server));
                    self.acknowledged.fetch_add(1, Ordering::Relaxed);
                    return;
                }
            }
            sleep(PAUSE).await;
        }
    }
}

impl Sending {
    /// Has somebody read at each of the servers, all the time.
    pub(crate) fn with_readers(mut self) -> Self {
        for url in self.load.urls.read().unwrap().iter() {
            self.readers.spawn(read(self.load.clone(), url.clone()));
        }
        self
    }

    /// Lets every client finish what it has begun.
    pub(crate) async fn end(self) -> Acknowledged {
        self.load.ends.store(true, Ordering::Relaxed);
        let mut sum = Acknowledged::default();
        for one in self.clients.join_all().await {
            sum.views += one.views;
            sum.shares += one.shares;
            sum.letters += one.letters;
            sum.later += one.later;
            sum.at.extend(one.at);
        }
        sum.at.sort_unstable();
        sum.unread = self.readers.join_all().await.concat();
        println!(
            "{} views, {} shares and {} letters acknowledged; {} reports were told to come again",
            sum.views, sum.shares, sum.letters, sum.later
        );
        sum
    }
}

impl Acknowledged {
    /// The longest time in which this server acknowledged nothing.
    pub(crate) fn longest_silence_of(&self, server: usize) -> Duration {
        let at: Vec<Instant> =
            self.at.iter().filter(|(_, by)| *by == server).map(|(when, _)| *when).collect();
        at.windows(2).map(|pair| pair[1] - pair[0]).max().expect("it acknowledges")
    }

    /// Sends all of it once more, to a server that has nothing to stop it: none of it is new there.
    pub(crate) async fn is_known_at(&self, url: &str) {
        let next = Arc::new(AtomicUsize::new(0));
        let all = usize::try_from(self.views + self.shares + self.letters).unwrap();
        let mut clients = JoinSet::new();
        for _ in 0..CLIENTS {
            let (next, url) = (next.clone(), url.to_owned());
            clients.spawn(async move {
                let client = client();
                let take = || Some(next.fetch_add(1, Ordering::Relaxed)).filter(|no| *no < all);
                while let Some(reader) = take() {
                    is_known(post(&client, &url, reader).await.unwrap(), reader).await;
                }
            });
        }
        clients.join_all().await;
    }

    /// Counts what is in the database of this URL.
    pub(crate) async fn is_all_in(&self, url: &str) {
        let store = store::open_without_calendar(url).await.unwrap();
        let kept = store.totals(&ArticleId::parse("a").unwrap()).await.unwrap();
        let letters = store.letter_counts(&LetterFilter::default()).await.unwrap();
        let letters = letters.usual() + letters.of(LetterState::Held);
        store.close().await.unwrap();
        assert_eq!((kept.raw, kept.views, kept.readers), (self.views, self.views, self.views));
        assert_eq!((kept.shares, letters), (self.shares, self.letters));
    }
}

/// Whether the answer came to its end.
async fn is_taken(response: Response, reader: usize) -> bool {
    let (path, _) = report(reader);
    assert!(response.status().is_success(), "{path} {reader}: {}", response.status());
    let Ok(taken) = response.json::<Value>().await else { return false };
    assert_ne!(taken["outcome"], "refused", "{path} {reader}");
    true
}

/// An id that is known is raised, or a repeat; one that was lost counts only now. Letters are counted later.
async fn is_known(response: Response, reader: usize) {
    let (path, _) = report(reader);
    assert!(response.status().is_success(), "{path} {reader}: {}", response.status());
    let known = match path {
        "/v1/views" => "raised",
        "/v1/shares" => "repeat",
        _ => return,
    };
    let taken: Value = response.json().await.unwrap();
    assert_eq!(taken["outcome"], known, "{path} {reader} was lost");
}

async fn post(client: &Client, url: &str, reader: usize) -> reqwest::Result<Response> {
    let (path, body) = report(reader);
    client
        .post(format!("{url}{path}"))
        .header("user-agent", AGENT)
        .header("idempotency-key", id(reader))
        .header("x-forwarded-for", address(reader).to_string())
        .header("content-type", "application/json")
        .body(body.to_string())
        .send()
        .await
}

/// Mostly views, and of every fifty reports a share and a letter.
fn report(reader: usize) -> (&'static str, Value) {
    let id = id(reader);
    match reader % LETTER {
        10 => ("/v1/shares", json!({ "article": "a", "share": id, "channel": "copy" })),
        20 if reader / LETTER < LETTERS => {
            let mut letter = filled_in();
            letter["message"] = format!("Thư số {reader} gửi toà soạn.").into();
            ("/v1/feedback", letter)
        }
        _ => {
            ("/v1/views", json!({ "article": "a", "view": id, "page": "https://partner.example/" }))
        }
    }
}

fn id(reader: usize) -> String {
    Uuid::from_u128(reader as u128 + (0x4a_u128 << 120)).to_string()
}

/// One of 16 million.
fn address(reader: usize) -> Ipv4Addr {
    Ipv4Addr::from_bits(0x0b00_0000 + u32::try_from(reader).unwrap())
}

fn client() -> Client {
    Client::builder().timeout(ANSWER).build().unwrap()
}

/// Reads until told to end: what was no answer.
async fn read(load: Arc<Load>, url: String) -> Vec<String> {
    let client = Client::builder().timeout(READER).build().unwrap();
    let mut failures = Vec::new();
    for path in READ.iter().cycle() {
        if load.ends.load(Ordering::Relaxed) {
            break;
        }
        match client.get(format!("{url}{path}")).send().await {
            Ok(response) if response.status() == StatusCode::OK => {}
            Ok(response) => failures.push(format!("{path}: {}", response.status())),
            Err(error) => failures.push(format!("{path}: {error:?}")),
        }
        sleep(PAUSE).await;
    }
    failures
}

async fn grow(count: &AtomicUsize, more: usize) {
    let enough = count.load(Ordering::Relaxed) + more;
    let growing = async {
        while count.load(Ordering::Relaxed) < enough {
            sleep(Duration::from_millis(1)).await;
        }
    };
    timeout(SOON, growing).await.expect("a server that lives answers");
}

/// Waits until the server says of itself that it is ready, or that it is not.
pub(crate) async fn becomes(url: &str, status: StatusCode) {
    let client = client();
    let asking = async {
        loop {
            let ready = client.get(format!("{url}/readyz")).send().await.unwrap();
            if ready.status() == status {
                return;
            }
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(SOON, asking).await.unwrap_or_else(|_| panic!("/readyz never says {status}"));
}
