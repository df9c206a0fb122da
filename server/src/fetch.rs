//! GET of what stands elsewhere on the web, at URLs that somebody else chose: articles, feeds, pictures,
//! partners' pages.
//!
//! Whoever names a URL must not reach through it what only this machine reaches. So only http and https are
//! asked, no address but of the public internet (see `networks`) unless the operator allows its network, and
//! this at every redirection anew. A name is resolved by the connection itself (`resolver`): what was checked
//! is what is connected to. Every port is asked: a public address serves what it serves to anybody.
//! Time and size have bounds, proxies of the environment are not used, nothing is kept between two requests.

use std::time::Duration;

use axum::body::Bytes;
use axum::http::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderName,
    IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LOCATION, USER_AGENT,
};
use axum::http::{self, HeaderMap, HeaderValue, StatusCode, Uri};
use http_body_util::Empty;
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use ipnet::IpNet;
use tokio::time::timeout;
use url::Url;

use crate::config::Config;
use networks::Networks;
use resolver::Resolver;

mod body;
mod error;
mod networks;
mod resolver;
mod route;

pub use body::decoded;
pub use error::FetchError;
pub use route::redirected;

/// Redirections that are followed.
const REDIRECTIONS: usize = 5;
/// How long a server may take to take a connection.
const CONNECT: Duration = Duration::from_secs(5);
/// How long it may take altogether, redirections and body with it.
const WHOLE: Duration = Duration::from_secs(20);

/// Asks other servers. Clones are the same.
#[derive(Clone)]
pub struct Fetcher {
    client: Client<HttpsConnector<HttpConnector<Resolver>>, Empty<Bytes>>,
    networks: Networks,
    agent: HeaderValue,
    whole: Duration,
}

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Media types, as the header `Accept` lists them.
    pub accept: &'static str,
    /// The most that is read of an answer, in bytes, before and after it is decompressed.
    pub most_bytes: usize,
    /// What an answer before was called by its `ETag`.
    pub etag: Option<String>,
    /// And by its `Last-Modified`.
    pub last_modified: Option<String>,
}

/// An answer: 2xx, or 304 where the request named an earlier one.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// Where it came from, after all redirections.
    pub url: Url,
    /// 2xx or 304.
    pub status: StatusCode,
    /// Its `Content-Type`.
    pub content_type: Option<String>,
    /// Its `ETag`.
    pub etag: Option<String>,
    /// Its `Last-Modified`.
    pub last_modified: Option<String>,
    /// Its content security policies, one for each header.
    pub policies: Vec<String>,
    /// Its body, decompressed.
    pub body: Bytes,
}

impl Fetcher {
    /// One that goes where the publisher's own people send it.
    pub fn new(config: &Config) -> Self {
        let about = config.public_url.as_deref();
        Self::with_networks(config.import_networks.clone(), about)
    }

    /// One that goes where anybody may send it.
    pub fn of_pages(config: &Config) -> Self {
        Self::with_networks(config.check_networks.clone(), config.public_url.as_deref())
    }

    /// One that also asks these networks, and tells other servers where to read about it.
    pub fn with_networks(allowed: Vec<IpNet>, about: Option<&str>) -> Self {
        let networks = Networks::new(allowed);
        let mut connector = HttpConnector::new_with_resolver(Resolver::new(networks.clone()));
        connector.set_connect_timeout(Some(CONNECT));
        connector.enforce_http(false);
        let connector = HttpsConnectorBuilder::new()
            .with_webpki_roots()
            .https_or_http()
            .enable_http1()
            .wrap_connector(connector);
        let client =
            Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(connector);
        Self { client, networks, agent: agent(about), whole: WHOLE }
    }

    /// The same, where an answer may take this long.
    pub fn with_limit(self, whole: Duration) -> Self {
        Self { whole, ..self }
    }

    /// Gets what stands at the URL.
    ///
    /// # Errors
    /// See [`FetchError`].
    pub async fn get(&self, url: &Url, request: &Request) -> Result<Fetched, FetchError> {
        timeout(self.whole, self.follow(url, request)).await.map_err(|_| FetchError::Slow)?
    }

    async fn follow(&self, url: &Url, request: &Request) -> Result<Fetched, FetchError> {
        let mut url = url.clone();
        for _ in 0..=REDIRECTIONS {
            let answer = self.ask(&url, request).await?;
            let status = answer.status();
            let names_earlier = request.etag.is_some() || request.last_modified.is_some();
            if status.is_success() || (status == StatusCode::NOT_MODIFIED && names_earlier) {
                return read(url, answer, request.most_bytes).await;
            }
            if !route::is_redirection(status) {
                return Err(FetchError::Status(status.as_u16()));
            }
            url = route::next(&url, text(answer.headers(), LOCATION).as_deref())?;
        }
        Err(FetchError::Redirections)
    }

    async fn ask(
        &self,
        url: &Url,
        request: &Request,
    ) -> Result<http::Response<Incoming>, FetchError> {
        route::check(url, &self.networks)?;
        let uri: Uri = url[..url::Position::AfterQuery].parse().map_err(|_| FetchError::Url)?;
        let mut asked = http::Request::new(Empty::new());
        *asked.uri_mut() = uri;
        let headers = asked.headers_mut();
        headers.insert(USER_AGENT, self.agent.clone());
        headers.insert(ACCEPT, HeaderValue::from_static(request.accept));
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        let earlier = [(IF_NONE_MATCH, &request.etag), (IF_MODIFIED_SINCE, &request.last_modified)];
        for (name, value) in earlier {
            if let Some(value) = value.as_deref().and_then(|value| value.parse().ok()) {
                headers.insert(name, value);
            }
        }
        self.client.request(asked).await.map_err(|error| FetchError::of_connection(&error))
    }
}

async fn read(
    url: Url,
    answer: http::Response<Incoming>,
    most_bytes: usize,
) -> Result<Fetched, FetchError> {
    let (head, body) = answer.into_parts();
    Ok(Fetched {
        url,
        status: head.status,
        content_type: text(&head.headers, CONTENT_TYPE),
        etag: text(&head.headers, ETAG),
        last_modified: text(&head.headers, LAST_MODIFIED),
        policies: policies(&head.headers),
        body: body::read(&head.headers, body, most_bytes).await?,
    })
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

fn policies(headers: &HeaderMap) -> Vec<String> {
    let policies = headers.get_all(CONTENT_SECURITY_POLICY).iter();
    policies.filter_map(|policy| policy.to_str().ok()).map(str::to_owned).collect()
}

/// `article-server/1.2.3 (+https://news.example)`
fn agent(about: Option<&str>) -> HeaderValue {
    const NAME: &str = concat!("article-server/", env!("CARGO_PKG_VERSION"));
    let named = about.and_then(|url| HeaderValue::try_from(format!("{NAME} (+{url})")).ok());
    named.unwrap_or(HeaderValue::from_static(NAME))
}
