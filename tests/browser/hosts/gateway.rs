//! Stands between the browser and a publisher, notes what is asked, and answers some of it badly. The harness's
//! relay is the network alone, whole or cut.

use std::future::pending;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{
    ACCEPT_ENCODING, ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER,
};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, Uri};
use http_body::Frame;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// No answer of a publisher's is longer.
const LONGEST: usize = 16 << 20;

/// What becomes of an answer.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fate {
    /// This status, and a page of HTML that says so.
    Status(u16),
    /// 503, and for how many seconds the server wants to be left alone.
    Busy(u32),
    /// Nothing, with 200.
    Empty,
    /// Its first half, with 200.
    Half,
    /// Its first half, and then the connection is lost.
    Cut,
    /// Something else, with 200, of this type.
    Other(&'static str, &'static str),
    /// It is of this type.
    Type(&'static str),
    /// It does not say that other origins may read it.
    NoCors,
    /// It never comes.
    Never,
}

/// A publisher as a bad network, or a broken server in front of it, shows it. It stops when dropped.
pub(super) struct Gateway {
    origin: String,
    shared: Arc<Shared>,
    server: JoinHandle<()>,
}

struct Shared {
    publisher: String,
    client: Client<HttpConnector, Body>,
    asked: Mutex<Vec<String>>,
    /// What was asked and answered as the publisher answers.
    passed: Mutex<Vec<String>>,
    fate: Mutex<Option<(&'static str, Fate)>>,
}

impl Gateway {
    pub(super) async fn start(publisher: String) -> Self {
        let client = Client::builder(TokioExecutor::new()).build_http();
        let (asked, passed, fate) = Default::default();
        let shared = Arc::new(Shared { publisher, client, asked, passed, fate });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let origin = format!("http://{}", listener.local_addr().expect("it is bound"));
        let router = Router::new().fallback(pass).with_state(Arc::clone(&shared));
        let server = tokio::spawn(async move {
            // `axum::serve` has no error to give: it waits and tries again.
            let _ = axum::serve(listener, router).await;
        });
        Self { origin, shared, server }
    }

    /// What is in place of `https://news.example`.
    pub(super) fn origin(&self) -> &str {
        &self.origin
    }

    /// From now on, answers to paths that contain `path` meet this fate, and others none.
    pub(super) fn set(&self, path: &'static str, fate: Fate) {
        *self.shared.fate.lock().expect("no test has panicked") = Some((path, fate));
    }

    /// From now on all is well.
    pub(super) fn mend(&self) {
        *self.shared.fate.lock().expect("no test has panicked") = None;
    }

    /// How often a path that contains `path` was asked for.
    pub(super) fn asked(&self, path: &str) -> usize {
        let asked = self.shared.asked.lock().expect("no test has panicked");
        asked.iter().filter(|asked| asked.contains(path)).count()
    }

    /// How often it was answered as the publisher answers.
    pub(super) fn passed(&self, path: &str) -> usize {
        let passed = self.shared.passed.lock().expect("no test has panicked");
        passed.iter().filter(|passed| passed.contains(path)).count()
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn pass(State(shared): State<Arc<Shared>>, request: Request) -> Response<Body> {
    let path = request.uri().to_string();
    shared.asked.lock().expect("no test has panicked").push(path.clone());
    let fate = *shared.fate.lock().expect("no test has panicked");
    let fate = fate.filter(|(part, _)| path.contains(part)).map(|(_, fate)| fate);
    if let Some(Fate::Never) = fate {
        pending::<()>().await;
    }
    let answer = ask(&shared, request, &path).await;
    match fate {
        Some(fate) => spoil(answer, fate).await,
        None => {
            shared.passed.lock().expect("no test has panicked").push(path);
            answer
        }
    }
}

async fn ask(shared: &Shared, mut request: Request, path: &str) -> Response<Body> {
    let uri = [&shared.publisher, path].concat();
    *request.uri_mut() = uri.parse::<Uri>().expect("it was one");
    // What is cut in half is text that was.
    request.headers_mut().remove(ACCEPT_ENCODING);
    let answer = shared.client.request(request).await.expect("the publisher answers");
    answer.map(Body::new)
}

async fn spoil(answer: Response<Body>, fate: Fate) -> Response<Body> {
    let (mut head, body) = answer.into_parts();
    let body = to_bytes(body, LONGEST).await.expect("the publisher has sent it all");
    let half = body.slice(..body.len() / 2);
    head.headers.remove(CONTENT_LENGTH);
    let body = match fate {
        Fate::Status(status) => {
            head.status = StatusCode::from_u16(status).expect("it is one");
            set_type(&mut head.headers, "text/html");
            "<!doctype html><title>Sorry</title>".into()
        }
        Fate::Busy(seconds) => {
            head.status = StatusCode::SERVICE_UNAVAILABLE;
            head.headers.insert(RETRY_AFTER, seconds.into());
            Body::empty()
        }
        Fate::Empty => Body::empty(),
        Fate::Half => half.into(),
        Fate::Cut => {
            head.headers.insert(CONTENT_LENGTH, body.len().into());
            Body::new(Broken(Some(half)))
        }
        Fate::Other(kind, text) => {
            set_type(&mut head.headers, kind);
            text.into()
        }
        Fate::Type(kind) => {
            set_type(&mut head.headers, kind);
            body.into()
        }
        Fate::NoCors => {
            head.headers.remove(ACCESS_CONTROL_ALLOW_ORIGIN);
            body.into()
        }
        Fate::Never => Body::empty(),
    };
    Response::from_parts(head, body)
}

fn set_type(headers: &mut HeaderMap, kind: &'static str) {
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
}

/// Some bytes, and then an error: the connection is closed in the middle.
struct Broken(Option<Bytes>);

impl HttpBody for Broken {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let lost = || std::io::Error::from(std::io::ErrorKind::ConnectionReset);
        Poll::Ready(Some(self.0.take().map(Frame::data).ok_or_else(lost)))
    }
}
