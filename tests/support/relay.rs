//! A relay before a server: the network between a reader and it. It can be cut, and it puts into pages what
//! some drivers cannot (see [`super::early`]), whose mark it takes out. All else passes unchanged. What passed, it
//! can tell.

use std::io::{Error, ErrorKind};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use std::time::{Duration, Instant};

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, HeaderValue, Request, Response, StatusCode, Uri, header};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::driver::{Engine, PLAIN_HOST};
use super::{cookies, early};

/// No request of a reader's is longer, in bytes.
const LONGEST: usize = 1 << 20;

/// How long a request may take to be made.
const PATIENCE: Duration = Duration::from_secs(30);
const BETWEEN_LOOKS: Duration = Duration::from_millis(25);

/// A request, as the network saw it.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// `GET`
    pub(crate) method: String,
    /// With its query.
    pub(crate) path: String,
    /// As the browser wrote them.
    pub(crate) headers: HeaderMap,
    /// Empty, where there is none.
    pub(crate) body: String,
}

impl Asked {
    /// The text of a header; empty, where it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// A running relay. It stops when dropped.
pub(crate) struct Relay {
    address: SocketAddr,
    cut: Arc<AtomicBool>,
    asked: Arc<Mutex<Vec<Asked>>>,
    task: JoinHandle<()>,
}

impl Relay {
    /// A relay to `server`, an origin, on a port of its own.
    pub(crate) async fn start(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("it is bound");
        let cut = Arc::new(AtomicBool::new(false));
        let client = Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build_http();
        let asked = Arc::default();
        let way = Way { client, server, cut: cut.clone(), asked: Arc::clone(&asked) };
        Self { address, cut, asked, task: tokio::spawn(accept(listener, way)) }
    }

    /// Where it is.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Cuts the network: from now on a request ends without an answer. Or mends it.
    pub(crate) fn set_cut(&self, cut: bool) {
        self.cut.store(cut, Ordering::SeqCst);
    }

    /// Waits until something that begins with `path` has been asked for.
    pub(crate) async fn passed(&self, path: &str) {
        self.passed_what(path, |asked| asked.path.starts_with(path)).await;
    }

    /// Waits until a request has passed that is looked for.
    pub(crate) async fn passed_what(&self, what: &str, is_it: impl Fn(&Asked) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !self.asked().iter().any(&is_it) {
            assert!(Instant::now() < deadline, "not asked for: {what}");
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
    }

    /// What has passed until now, in its order.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("nobody panics with it").clone()
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Instead of an answer: the connection ends.
fn broken() -> Error {
    Error::from(ErrorKind::ConnectionReset)
}

#[derive(Clone)]
struct Way {
    client: Client<HttpConnector, Body>,
    server: String,
    cut: Arc<AtomicBool>,
    asked: Arc<Mutex<Vec<Asked>>>,
}

async fn accept(listener: TcpListener, way: Way) {
    while let Ok((stream, _)) = listener.accept().await {
        let way = way.clone();
        let service = service_fn(move |request: Request<hyper::body::Incoming>| {
            let way = way.clone();
            async move { way.pass(request.map(Body::new)).await }
        });
        let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
        // A reader that goes away, or a cut: nobody is there to be told.
        tokio::spawn(async move { drop(connection.await) });
    }
}

impl Way {
    async fn pass(&self, request: Request<Body>) -> Result<Response<Body>, Error> {
        // A browser that takes this for its proxy asks for every other host here.
        let elsewhere = request.uri().host().is_some_and(|host| host != PLAIN_HOST);
        if elsewhere || self.cut.load(Ordering::SeqCst) {
            return Err(broken());
        }
        let mut request = self.note(request).await?;
        let script = script(request.headers());
        if script.is_some() {
            // What is to be changed must be readable.
            request.headers_mut().remove(header::ACCEPT_ENCODING);
        }
        let is_webkit = Engine::chosen() == Engine::WebKit;
        if is_webkit {
            cookies::to_server(request.headers_mut());
        }
        request.headers_mut().remove(header::CONNECTION);
        unmark(request.headers_mut());
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        let uri = format!("{}{path}", self.server);
        *request.uri_mut() = uri.parse::<Uri>().map_err(|_| broken())?;
        let answer = self.client.request(request).await;
        let mut answer = answer.map_err(|_| broken())?.map(Body::new);
        answer.headers_mut().remove(header::CONNECTION);
        if is_webkit {
            cookies::to_browser(answer.headers_mut());
        }
        match script {
            Some(script) if is_page(answer.headers()) => put_into(answer, script).await,
            _ => Ok(answer),
        }
    }

    /// Keeps what a request says.
    async fn note(&self, request: Request<Body>) -> Result<Request<Body>, Error> {
        let (head, body) = request.into_parts();
        let body = to_bytes(body, LONGEST).await.map_err(|_| broken())?;
        let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
        let asked = Asked {
            method: head.method.to_string(),
            path: path.to_owned(),
            headers: head.headers.clone(),
            body: String::from_utf8_lossy(&body).into_owned(),
        };
        self.asked.lock().expect("nobody panics with it").push(asked);
        Ok(Request::from_parts(head, Body::from(body)))
    }
}

/// What a page gets that is asked for so.
fn script(headers: &HeaderMap) -> Option<&'static str> {
    let text = |name| headers.get(name).and_then(|value| HeaderValue::to_str(value).ok());
    let asks_for_page = text(header::ACCEPT).is_some_and(|accept| accept.contains("text/html"));
    early::script(text(header::USER_AGENT)?).filter(|_| asks_for_page)
}

/// Servers see one agent of one reader, whatever script its pages get.
fn unmark(headers: &mut HeaderMap) {
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    if let Some(agent) = agent.map(early::unmarked).and_then(|agent| agent.parse().ok()) {
        headers.insert(header::USER_AGENT, agent);
    }
}

fn is_page(headers: &HeaderMap) -> bool {
    let media_type = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    media_type.is_some_and(|media_type| media_type.starts_with(b"text/html"))
}

async fn put_into(answer: Response<Body>, script: &str) -> Result<Response<Body>, Error> {
    let (mut parts, body) = answer.into_parts();
    let body = to_bytes(body, usize::MAX).await.map_err(|_| broken())?;
    let html = String::from_utf8_lossy(&body);
    if parts.status != StatusCode::NOT_MODIFIED {
        parts.headers.remove(header::CONTENT_LENGTH);
    }
    for name in [header::CONTENT_SECURITY_POLICY, header::CONTENT_SECURITY_POLICY_REPORT_ONLY] {
        let policies: Vec<HeaderValue> = parts.headers.get_all(&name).iter().cloned().collect();
        parts.headers.remove(&name);
        for policy in policies {
            let changed = early::let_in(policy.to_str().map_err(|_| broken())?);
            let changed = HeaderValue::from_str(&changed).map_err(|_| broken())?;
            parts.headers.append(&name, changed);
        }
    }
    let html = if html.is_empty() { String::new() } else { early::put_into(&html, script) };
    Ok(Response::from_parts(parts, Body::from(html)))
}
