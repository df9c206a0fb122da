//! What the server listens on: made here, by systemd, or by the process before this one.

use std::env;
use std::io;
use std::net::{self, SocketAddr};
use std::os::fd::AsFd as _;

use listenfd::ListenFd;
use rustix::process::getpid;
use tokio::net::TcpListener;

use super::ServeError;
use super::handover::{Handles, Predecessor, Role};
use crate::config::Config;

/// The listener of readers, and that of whoever watches the server.
pub(super) struct Sockets {
    pub(super) readers: TcpListener,
    pub(super) metrics: Option<TcpListener>,
}

/// What another process has left to this one.
#[derive(Default)]
pub struct Inherited {
    readers: Option<net::TcpListener>,
    metrics: Option<net::TcpListener>,
    /// The server that waits for this one to be ready.
    pub(super) predecessor: Option<Predecessor>,
}

impl Inherited {
    /// Takes what is there: from the server that has started this one, or from systemd, whose first socket is the
    /// readers' and whose second that of metrics. To be called once, while there is no second thread: what systemd
    /// says is taken out of the environment.
    ///
    /// # Errors
    /// Where it is not what it should be.
    pub fn take() -> io::Result<Self> {
        if let Some((predecessor, listeners)) = Predecessor::of_this_process()? {
            let mut inherited = Self { predecessor: Some(predecessor), ..Self::default() };
            for (role, listener) in listeners {
                match role {
                    Role::Readers => inherited.readers = Some(listener),
                    Role::Metrics => inherited.metrics = Some(listener),
                }
            }
            return Ok(inherited);
        }
        if !is_meant_for_us() {
            return Ok(Self::default());
        }
        let mut sockets = ListenFd::from_env();
        let (readers, metrics) = (sockets.take_tcp_listener(0)?, sockets.take_tcp_listener(1)?);
        Ok(Self { readers, metrics, predecessor: None })
    }
}

/// Whether systemd speaks of this process, and not of one that has started it.
fn is_meant_for_us() -> bool {
    let named = env::var("LISTEN_PID").ok().and_then(|named| named.parse().ok());
    named == Some(getpid().as_raw_nonzero().get())
}

impl Sockets {
    /// That of readers, and beside it what the settings say.
    pub(super) async fn beside(readers: TcpListener, config: &Config) -> Result<Self, ServeError> {
        let metrics = match config.metrics_listen {
            Some(address) => Some(bind(address).await?),
            None => None,
        };
        Ok(Self { readers, metrics })
    }

    /// What was inherited, which beats the settings; the rest as they say.
    pub(super) async fn of(inherited: &mut Inherited, config: &Config) -> Result<Self, ServeError> {
        let readers = match inherited.readers.take() {
            Some(listener) => adopt(listener)?,
            None => bind(config.listen).await?,
        };
        match inherited.metrics.take() {
            Some(listener) => Ok(Self { readers, metrics: Some(adopt(listener)?) }),
            None => Self::beside(readers, config).await,
        }
    }

    /// The same sockets, to be handed to another process.
    pub(super) fn handles(&self) -> io::Result<Handles> {
        let mut handles = vec![(Role::Readers, self.readers.as_fd().try_clone_to_owned()?)];
        if let Some(metrics) = &self.metrics {
            handles.push((Role::Metrics, metrics.as_fd().try_clone_to_owned()?));
        }
        Ok(Handles::new(handles))
    }
}

async fn bind(address: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address).await.map_err(|error| ServeError::Listen(address, error))
}

fn adopt(listener: net::TcpListener) -> io::Result<TcpListener> {
    listener.set_nonblocking(true)?;
    TcpListener::from_std(listener)
}
