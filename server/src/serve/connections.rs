//! Connections: how many there are, and when they end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use ipnet::IpNet;
use prometheus_client::metrics::gauge::Gauge;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};
use tokio_util::task::TaskTracker;

use super::Limits;
use super::connection::Connection;
use super::ending::Ending;
use super::places::Places;
use super::tls::Tls;
use crate::metrics::{Refusal, Refusals};

/// What is under way may take this long when the server stops.
const DRAINS_WITHIN: Duration = Duration::from_secs(10);
/// Pause when a connection cannot be accepted: most often there are too many open files.
const PAUSE: Duration = Duration::from_millis(100);

/// Who is let in where, and answered by whom.
pub(super) struct Connections {
    pub(super) listener: TcpListener,
    pub(super) router: Router,
    pub(super) tls: Option<Tls>,
    pub(super) trusted_proxies: Vec<IpNet>,
    pub(super) limits: Limits,
    /// How many there are.
    pub(super) open: Gauge,
    /// What is not let in, or not listened to.
    pub(super) refusals: Refusals,
    pub(super) ending: Ending,
}

impl Connections {
    /// Accepts until it is time to end, then lets connections finish.
    pub(super) async fn accept(self) {
        let Self { listener, router, tls, trusted_proxies, limits, open, refusals, ending } = self;
        let places = Places::new(trusted_proxies, limits.from_one_place);
        let permits = Arc::new(Semaphore::new(limits.connections));
        let connections = TaskTracker::new();
        let tls = tls.map(|tls| tls.acceptor().clone());
        loop {
            tokio::select! {
                () = ending.closed() => break,
                (stream, peer, permit) = next(&listener, &permits) => {
                    let Some(place) = Places::enter(&places, peer.ip()) else {
                        refusals.count(Refusal::PlaceFull);
                        continue;
                    };
                    let open = Open::new(&open);
                    let (router, limits) = (router.clone(), limits.clone());
                    let (tls, ending, refusals) = (tls.clone(), ending.clone(), refusals.clone());
                    connections.spawn(async move {
                        // All are counted as long as the connection is there.
                        let _held = (permit, place, open);
                        let connection = Connection { peer, router, limits, tls, ending, refusals };
                        connection.serve(stream).await;
                    });
                }
            }
        }
        drop(listener);
        connections.close();
        tokio::select! {
            () = connections.wait() => return,
            () = ending.over() => {}
        }
        if timeout(DRAINS_WITHIN, connections.wait()).await.is_err() {
            tracing::warn!("some connections did not finish in time");
        }
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
