//! Why there is nothing to be had.

use std::error::Error;

use hyper_util::client::legacy;

use super::REDIRECTIONS;
use super::resolver::{NotPublic, Unknown};

/// Why nothing came. The sentences are for whoever named the URL; none says an address, or the URL.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The URL is of another scheme.
    #[error("only http and https are asked")]
    Scheme,
    /// There is a user or a password in the URL.
    #[error("the URL holds a user or a password, which are not sent")]
    User,
    /// The URL cannot be asked at all.
    #[error("the URL names no server")]
    Url,
    /// It leads to an address that is not to be asked.
    #[error(
        "its server is not of the public internet, and of no network that import-networks names"
    )]
    Network,
    /// Nobody knows the server's name.
    #[error("there is no server of that name")]
    Name,
    /// The server takes no connection.
    #[error("no connection to its server")]
    Connection,
    /// It took too long.
    #[error("its server took too long")]
    Slow,
    /// The server sends from place to place.
    #[error("its server sends on more than {REDIRECTIONS} times")]
    Redirections,
    /// It sends to nowhere.
    #[error("its server sends on to nowhere")]
    Location,
    /// It sends from TLS to where there is none.
    #[error("its server sends from https to http")]
    Downgrade,
    /// It answers something else.
    #[error("its server answers {0}")]
    Status(u16),
    /// The answer is too long.
    #[error("the answer has more than {0} bytes")]
    Long(usize),
    /// The answer is compressed in a way that was not asked for, or broken.
    #[error("the answer is compressed in a way that cannot be read")]
    Encoding,
    /// The answer has no end.
    #[error("the answer broke off")]
    Broken,
}

impl FetchError {
    /// What the client's error is by its causes.
    pub(super) fn of_connection(error: &legacy::Error) -> Self {
        if caused_by::<NotPublic>(error) {
            Self::Network
        } else if caused_by::<Unknown>(error) {
            Self::Name
        } else if error.is_connect() {
            Self::Connection
        } else {
            Self::Broken
        }
    }
}

/// Whether such an error is among the causes. An `io::Error` shows not itself but its own cause.
fn caused_by<E: Error + 'static>(error: &(dyn Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        let inner = error.downcast_ref::<std::io::Error>().and_then(|error| error.get_ref());
        if error.is::<E>() || inner.is_some_and(|inner| inner.is::<E>()) {
            return true;
        }
        next = error.source();
    }
    false
}
