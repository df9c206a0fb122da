//! How much the server and one place may hold, and for how long.

use std::time::Duration;

/// The bounds at the socket. An operator sets none of them but HTTP/2; tests set what they cannot wait for.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Connections at once; the next one waits in the listener's queue.
    pub connections: usize,
    /// Connections at once from one place that is no trusted proxy; the next one is closed.
    pub from_one_place: usize,
    /// The head of a request has arrived this long after the connection was ready for it. It bounds a
    /// connection that idles between two requests too.
    pub head: Duration,
    /// A body has arrived as a whole after this long.
    pub body: Duration,
    /// More of a body comes in this time.
    pub body_pause: Duration,
    /// A client takes at least something of its answer in this time.
    pub unread: Duration,
    /// Whether who begins with HTTP/2 is spoken to in it.
    pub http2: bool,
    /// A connection of HTTP/2 takes no more requests after this long; what is under way then may take
    /// [`unread`](Self::unread).
    pub http2_age: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            connections: 4_096,
            from_one_place: 128,
            head: seconds(10),
            body: seconds(10),
            body_pause: seconds(5),
            unread: seconds(30),
            http2: false,
            http2_age: seconds(300),
        }
    }
}
