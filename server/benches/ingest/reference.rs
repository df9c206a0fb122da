//! What ours is measured against.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Result, bail};
use article_server::client::{self, Client};
use article_server::clock::{Clock as _, SystemClock};
use article_server::store::{self, Reader, Store, View};
use article_server::time::Calendar;
use article_widget::contract::{ArticleId, ViewReport};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use jiff::tz::TimeZone;
use tokio::sync::Mutex;

/// Which reference.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    /// Parses headers and body, stores nothing.
    Nothing,
    /// Commits each view by itself, in the same store: it is given one at a time.
    CommitEach,
}

impl Kind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::CommitEach => "commit-each",
        }
    }

    pub(crate) fn parse(name: &str) -> Result<Self> {
        match name {
            "nothing" => Ok(Self::Nothing),
            "commit-each" => Ok(Self::CommitEach),
            _ => bail!("no reference is called {name:?}"),
        }
    }
}

/// Serves until it is killed.
pub(crate) fn serve(kind: Kind, address: SocketAddr, database: &str) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let router = match kind {
            Kind::Nothing => Router::new().route("/v1/views", post(take)),
            Kind::CommitEach => {
                let store = store::open(database, &Calendar::new(TimeZone::UTC)).await?;
                let store = Arc::new(Mutex::new(store));
                Router::new().route("/v1/views", post(commit)).with_state(store)
            }
        };
        let listener = tokio::net::TcpListener::bind(address).await?;
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        Ok(axum::serve(listener, service).await?)
    })
}

async fn take(
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    match read(&headers, peer, &body) {
        Some(_) => StatusCode::ACCEPTED,
        None => StatusCode::BAD_REQUEST,
    }
}

async fn commit(
    State(store): State<Arc<Mutex<Arc<dyn Store>>>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let Some(view) = read(&headers, peer, &body).and_then(|read| view(&read)) else {
        return StatusCode::BAD_REQUEST;
    };
    match store.lock().await.record_views(vec![view]).await {
        Ok(_) => StatusCode::ACCEPTED,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

fn read(headers: &HeaderMap, peer: SocketAddr, body: &[u8]) -> Option<(Client, ViewReport)> {
    let proxies = ["127.0.0.0/8".parse().expect("a network")];
    let client = client::of(headers, peer.ip(), &proxies);
    Some((client, serde_json::from_slice(body).ok()?))
}

/// Without the hash of the reader: their view's id stands for them.
fn view((_, report): &(Client, ViewReport)) -> Option<View> {
    let id = uuid::Uuid::try_parse(&report.view).ok()?.into_bytes();
    let at = SystemClock.now();
    Some(View {
        article: ArticleId::parse(&report.article).ok()?,
        view: id,
        at,
        reader: Reader {
            today: id,
            yesterday: id,
            place: [id[15], id[14], id[13], id[12], 0, 0, 0, 0],
            day: at / 86_400,
            private: false,
            allowance: 1,
        },
        partner: "https://partner.example".into(),
        seconds: report.seconds,
        depth: report.depth,
        share: None,
        refused: None,
    })
}
