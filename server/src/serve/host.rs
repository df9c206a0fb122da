//! Who runs the server: a caller in this process, or the process itself, told by signals.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::sleep;

use super::ending::Ending;
use crate::state::Server;

/// Hears that the server serves, and says when it is to end.
pub(super) trait Host {
    /// Readers are served from now on.
    fn serving(&mut self);
    /// Done when the server is to end.
    async fn told_to_end(&mut self) -> End;
    /// Done when it is told so once more: it is to hurry.
    async fn told_again(&mut self);
}

/// What comes after the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Nothing.
    Stop,
    /// Another process, which listens at its sockets already.
    HandedOver,
}

/// A caller, whose future is done when the server is to end.
pub(super) struct Caller<F>(Pin<Box<F>>);

impl<F: Future<Output = ()>> Caller<F> {
    pub(super) fn new(shutdown: F) -> Self {
        Self(Box::pin(shutdown))
    }
}

impl<F: Future<Output = ()>> Host for Caller<F> {
    fn serving(&mut self) {}

    async fn told_to_end(&mut self) -> End {
        self.0.as_mut().await;
        End::Stop
    }

    async fn told_again(&mut self) {
        std::future::pending().await
    }
}

/// What there is to end: connections of readers, and of whoever watches the server.
pub(super) struct Endings {
    pub(super) readers: Ending,
    pub(super) operating: Ending,
}

/// Tells the host that the server serves, and takes the steps of its end when it says so; `drain_delay` is how long
/// readers are still let in at a stop. Never done: connections are, in the end.
pub(super) async fn live(
    mut host: impl Host,
    server: &Server,
    endings: Endings,
    drain_delay: Duration,
) {
    host.serving();
    let delay = match host.told_to_end().await {
        End::Stop => {
            server.draining.store(true, Ordering::Relaxed);
            endings.readers.begin();
            drain_delay
        }
        End::HandedOver => {
            // From now on the next one is asked how things stand.
            endings.operating.finish();
            endings.readers.close();
            // Connections that idle are over by then of their own.
            server.limits.head
        }
    };
    tokio::select! {
        () = sleep(delay) => {}
        () = host.told_again() => {}
    }
    endings.readers.finish();
    std::future::pending().await
}
