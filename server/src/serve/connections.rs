//! Connections: how many, and for how long they may do nothing.

use std::collections::HashMap;
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use axum::response::IntoResponse as _;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use ipnet::IpNet;
use prometheus_client::metrics::gauge::Gauge;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt;

use crate::client;
use crate::middleware::refuse_ambiguous;

/// Connections at once; the next one waits in the listener's queue.
const CONNECTIONS: usize = 4_096;
/// Connections at once from one place that is no trusted proxy; the next one is closed.
const FROM_ONE_PLACE: usize = 128;
/// The end of a request's head is waited for up to this length, in bytes.
const HEAD: usize = 32 << 10;
/// The head of a request has arrived this long after the connection was ready for it. It bounds a
/// connection that idles between two requests too.
const HEAD_WITHIN: Duration = Duration::from_secs(10);
/// A client takes at least something of its answer in this time.
const STALLS_AT_MOST: Duration = Duration::from_secs(30);
/// What is under way may take this long when the server stops.
const DRAINS_WITHIN: Duration = Duration::from_secs(10);
/// Pause when a connection cannot be accepted: most often there are too many open files.
const PAUSE: Duration = Duration::from_millis(100);

/// Accepts until `shutdown` is done, then lets connections finish.
pub(super) async fn accept(
    listener: TcpListener,
    router: Router,
    trusted_proxies: Vec<IpNet>,
    open: Gauge,
    shutdown: impl Future<Output = ()>,
) {
    let places = Arc::new(Places { trusted_proxies, open: Mutex::default() });
    let permits = Arc::new(Semaphore::new(CONNECTIONS));
    let graceful = GracefulShutdown::new();
    let mut shutdown = pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            (stream, peer, permit) = next(&listener, &permits) => {
                let Some(place) = Places::enter(&places, peer.ip()) else { continue };
                let held = (permit, place, Open::new(&open));
                tokio::spawn(serve(stream, peer, router.clone(), graceful.watcher(), held));
            }
        }
    }
    drop(listener);
    if timeout(DRAINS_WITHIN, graceful.shutdown()).await.is_err() {
        tracing::warn!("some connections did not finish in time");
    }
}

async fn next(
    listener: &TcpListener,
    permits: &Arc<Semaphore>,
) -> (TcpStream, SocketAddr, OwnedSemaphorePermit) {
    let permit = permits.clone().acquire_owned().await.expect("it is never closed");
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => return (stream, peer, permit),
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                sleep(PAUSE).await;
            }
        }
    }
}

async fn serve(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    watcher: Watcher,
    _held: (OwnedSemaphorePermit, Place, Open),
) {
    // Answers are written in one piece; waiting for more to send only delays them.
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(STALLS_AT_MOST));
    let service = service_fn(move |mut request: Request<Incoming>| {
        let router = router.clone();
        async move {
            if let Err(problem) = refuse_ambiguous(request.headers()) {
                return Ok(problem.into_response());
            }
            request.extensions_mut().insert(ConnectInfo(peer));
            router.oneshot(request.map(Body::new)).await
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN)
        .max_buf_size(HEAD)
        .serve_connection(TokioIo::new(Box::pin(stream)), service);
    // A connection that breaks is the client's affair; whose it was must not reach the log.
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%error, "a connection broke off");
    }
}

/// One connection among those that are open, until it is dropped.
struct Open(Gauge);

impl Open {
    fn new(all: &Gauge) -> Self {
        all.inc();
        Self(all.clone())
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// How many connections each place holds, so that none holds them all.
struct Places {
    trusted_proxies: Vec<IpNet>,
    open: Mutex<HashMap<IpAddr, usize>>,
}

/// One connection of a place; counted until it is dropped.
struct Place {
    places: Arc<Places>,
    /// None for a trusted proxy, which speaks for many.
    counted: Option<IpAddr>,
}

impl Places {
    /// Counts one more connection of the peer's place; none where it holds its share already.
    fn enter(places: &Arc<Self>, peer: IpAddr) -> Option<Place> {
        let peer = peer.to_canonical();
        if places.trusted_proxies.iter().any(|net| net.contains(&peer)) {
            return Some(Place { places: places.clone(), counted: None });
        }
        let place = client::place(peer);
        let mut open = places.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(place).or_default();
        if *count == FROM_ONE_PLACE {
            return None;
        }
        *count += 1;
        Some(Place { places: places.clone(), counted: Some(place) })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some(place) = self.counted else { return };
        let mut open = self.places.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&place) {
            *count -= 1;
            if *count == 0 {
                open.remove(&place);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_has_its_share_of_connections_and_a_trusted_proxy_as_many_as_it_needs() {
        let trusted_proxies = vec!["10.0.0.0/8".parse().unwrap()];
        let places = Arc::new(Places { trusted_proxies, open: Mutex::default() });
        let enter = |peer: &str| Places::enter(&places, peer.parse().unwrap());
        let mut held: Vec<_> = (0..FROM_ONE_PLACE).map(|_| enter("2001:db8::1").unwrap()).collect();
        assert!(enter("2001:db8::2").is_none(), "the same subscriber");
        assert!(enter("2001:db8:0:1::1").is_some());
        held.pop();
        assert!(enter("2001:db8::2").is_some());
        let proxy: Vec<_> = (0..2 * FROM_ONE_PLACE).filter_map(|_| enter("10.0.0.1")).collect();
        assert_eq!(proxy.len(), 2 * FROM_ONE_PLACE);
        drop(held);
        assert!(places.open.lock().unwrap().is_empty(), "who is gone is forgotten");
    }
}
