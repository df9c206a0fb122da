//! Resolves names for connections, to nothing that may not be asked.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::vec;

use hyper_util::client::legacy::connect::dns::Name;
use tokio::net::lookup_host;
use tower::Service;

use super::networks::Networks;

/// The system's resolver, without the addresses that may not be asked.
#[derive(Clone, Debug)]
pub(super) struct Resolver {
    networks: Networks,
}

/// The name has addresses, and none of them may be asked.
#[derive(Debug, thiserror::Error)]
#[error("not of the public internet")]
pub(super) struct NotPublic;

/// The system knows no address.
#[derive(Debug, thiserror::Error)]
#[error("no such name")]
pub(super) struct Unknown;

impl Resolver {
    /// One that gives addresses of these networks.
    pub(super) fn new(networks: Networks) -> Self {
        Self { networks }
    }
}

impl Service<Name> for Resolver {
    type Response = vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, io::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), io::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let networks = self.networks.clone();
        Box::pin(async move {
            // The connector puts in the port of its own.
            let found = lookup_host((name.as_str(), 0)).await;
            let found: Vec<_> = found.map_err(|_| io::Error::other(Unknown))?.collect();
            if found.is_empty() {
                return Err(io::Error::other(Unknown));
            }
            let mut public = found;
            public.retain(|address| networks.allow(address.ip()));
            if public.is_empty() {
                return Err(io::Error::other(NotPublic));
            }
            Ok(public.into_iter())
        })
    }
}
