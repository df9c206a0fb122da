//! Clients that come again and again, each of which is answered, or has its trouble told.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{interval, timeout};
use uuid::Uuid;

/// Clients of each kind at a time.
const CLIENTS: usize = 4;
/// Longer than any answer takes, and than a restart.
const PATIENCE: Duration = Duration::from_secs(60);
const TICK: Duration = Duration::from_millis(5);
const AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// Three kinds of clients: those that come anew for each request, those that keep their connection until they are told
/// that it ends, and readers who report a view.
pub(super) struct Load {
    state: Arc<State>,
    clients: JoinSet<()>,
}

struct State {
    address: String,
    is_over: AtomicBool,
    readers: AtomicUsize,
    /// Answers so far, of each kind.
    answered: [AtomicUsize; 3],
}

#[derive(Clone, Copy)]
enum Kind {
    New,
    Kept,
    View,
}

impl Load {
    pub(super) fn start(url: &str) -> Self {
        Self::of(url, &[Kind::New, Kind::Kept, Kind::View])
    }

    /// Without those who keep connections: a server that stops closes those that idle, and whoever asks at that moment
    /// has to ask again.
    pub(super) fn start_without_keeping(url: &str) -> Self {
        Self::of(url, &[Kind::New, Kind::View])
    }

    fn of(url: &str, kinds: &[Kind]) -> Self {
        let state = Arc::new(State {
            address: url.strip_prefix("http://").unwrap().to_owned(),
            is_over: AtomicBool::new(false),
            readers: AtomicUsize::new(0),
            answered: Default::default(),
        });
        let mut clients = JoinSet::new();
        for kind in kinds.iter().copied().cycle().take(kinds.len() * CLIENTS) {
            clients.spawn(state.clone().come(kind));
        }
        Self { state, clients }
    }

    /// Waits until each kind that there is was answered so many times more.
    pub(super) async fn more(&self, answers: usize) {
        let now = || self.state.answered.each_ref().map(|it| it.load(Ordering::SeqCst));
        let before = now();
        let are_enough = async {
            let mut ticks = interval(TICK);
            // Who keeps connections may not be there.
            while now().iter().zip(before).filter(|(now, before)| *now - before >= answers).count()
                < self.kinds()
            {
                ticks.tick().await;
            }
        };
        timeout(PATIENCE, are_enough).await.expect("they are answered");
    }

    fn kinds(&self) -> usize {
        self.clients.len() / CLIENTS
    }

    /// Ends it, and gives the number of views that were acknowledged.
    ///
    /// # Panics
    /// Where a client had trouble.
    pub(super) async fn stop(self) -> u64 {
        self.state.is_over.store(true, Ordering::SeqCst);
        self.clients.join_all().await;
        self.state.answered[Kind::View as usize].load(Ordering::SeqCst) as u64
    }
}

impl State {
    async fn come(self: Arc<Self>, kind: Kind) {
        let mut kept = None;
        while !self.is_over.load(Ordering::SeqCst) {
            let mut connection = match kept.take() {
                Some(connection) => connection,
                None => TcpStream::connect(&self.address).await.expect("nobody is refused"),
            };
            let request = match kind {
                Kind::New => {
                    "GET /v1/embed/a HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n".into()
                }
                Kind::Kept => "GET /v1/embed/a HTTP/1.1\r\nhost: a\r\n\r\n".into(),
                Kind::View => self.view(),
            };
            connection.write_all(request.as_bytes()).await.expect("it is taken");
            let answer = timeout(PATIENCE, answer(&mut connection)).await.expect("in time");
            assert!(answer.starts_with("HTTP/1.1 20"), "{answer}");
            if matches!(kind, Kind::View) {
                assert!(answer.ends_with(r#"{"outcome":"counted"}"#), "{answer}");
            }
            self.answered[kind as usize].fetch_add(1, Ordering::SeqCst);
            let is_last = answer.contains("\r\nconnection: close\r\n");
            kept = (matches!(kind, Kind::Kept) && !is_last).then_some(connection);
        }
    }

    /// A view of a reader who was not here before.
    fn view(&self) -> String {
        let reader = self.readers.fetch_add(1, Ordering::SeqCst);
        let view = json!({ "article": "a", "view": Uuid::new_v4().to_string(), "page": "https://partner.example/" });
        let (view, high, low) = (view.to_string(), reader / 250, reader % 250);
        let length = view.len();
        format!(
            "POST /v1/views HTTP/1.1\r\nhost: a\r\nuser-agent: {AGENT}\r\nx-forwarded-for: 100.64.{high}.{low}\r\n\
             content-length: {length}\r\nconnection: close\r\n\r\n{view}"
        )
    }
}

/// The head of an answer, and its body.
async fn answer(connection: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        answer.push(connection.read_u8().await.expect("nobody is cut off"));
    }
    let head = String::from_utf8_lossy(&answer).into_owned();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
    connection.read_exact(&mut body).await.expect("a whole body");
    head + &String::from_utf8_lossy(&body)
}
