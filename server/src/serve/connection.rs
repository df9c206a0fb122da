//! One connection, from its first byte to its last.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::header::CONNECTION;
use axum::http::{HeaderValue, Request, Version};
use axum::response::{IntoResponse as _, Response};
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutStream;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

use super::Limits;
use super::ending::Ending;
use super::frames::Frames;
use super::line_ends::LineEnds;
use super::refused;
use super::watched::Watched;
use crate::metrics::{Refusal, Refusals};
use crate::middleware::refuse_ambiguous;

/// The end of a request's head is waited for up to this length, in bytes.
const HEAD: usize = 32 << 10;
/// Lines of a head.
const HEADERS: usize = 100;
/// What a client of HTTP/2 sends first (RFC 9113, 3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// Requests at once on one connection of HTTP/2.
const STREAMS: u32 = 64;
/// Requests on it that were taken back before anybody looked at them.
const RESETS_UNSEEN: usize = 20;
/// Bytes that may come before they are wanted: of one body, and on a connection.
const WINDOWS: (u32, u32) = (64 << 10, 1 << 20);
/// Bytes of an answer that wait for who is slow to read it.
const SEND_BUFFER: usize = 64 << 10;
/// The same in the system's memory: it takes no more of an answer while it holds so much unsent. Else it
/// takes megabytes for each client that reads slowly, and has the server read them.
const UNSENT: u32 = 128 << 10;
/// How often it is asked whether the other side of HTTP/2 is there.
const PING: Duration = Duration::from_secs(20);

/// Whose connection it is, and what it is held to.
pub(super) struct Connection {
    pub(super) peer: SocketAddr,
    pub(super) router: Router,
    pub(super) limits: Limits,
    /// Makes TLS of it, where nothing else is spoken.
    pub(super) tls: Option<TlsAcceptor>,
    pub(super) ending: Ending,
    pub(super) refusals: Refusals,
}

/// The requests of one connection, and who answers them.
#[derive(Clone)]
struct Requests {
    peer: SocketAddr,
    router: Router,
    ending: Ending,
    refusals: Refusals,
    /// Whether there has been one.
    heard: Arc<AtomicBool>,
}

/// Why a connection has not come to its first request.
enum Unready {
    Late,
    Broken(io::Error),
    /// The server stops.
    Over,
}

impl Connection {
    /// Answers what comes on it.
    pub(super) async fn serve(self, stream: TcpStream) {
        // Answers are written in one piece; waiting for more to send only delays them.
        let _ = stream.set_nodelay(true);
        let _ = SockRef::from(&stream).set_tcp_notsent_lowat(UNSENT);
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(self.limits.unread));
        let stream = Box::pin(stream);
        match &self.tls {
            None => self.speak(stream).await,
            Some(tls) => match self.in_time(tls.accept(stream)).await {
                Ok(stream) => self.speak(Box::pin(stream)).await,
                Err(Unready::Late) => self.refusals.count(Refusal::TlsSlow),
                Err(Unready::Broken(error)) => self.refusals.count(refused::of_handshake(&error)),
                Err(Unready::Over) => {}
            },
        }
    }

    /// What has to be there before a request can be, and has the time of its head.
    async fn in_time<T>(&self, step: impl Future<Output = io::Result<T>>) -> Result<T, Unready> {
        tokio::select! {
            done = timeout(self.limits.head, step) => {
                done.map_err(|_| Unready::Late)?.map_err(Unready::Broken)
            }
            () = self.ending.over_for_the_unheard() => Err(Unready::Over),
        }
    }

    /// Speaks HTTP, in the words of whoever begins.
    async fn speak(self, mut stream: impl Stream) {
        let mut begun = Vec::new();
        // A client that says nothing is closed, as one that does not finish its head.
        if self.limits.http2
            && let Err(unready) = self.in_time(begin(&mut stream, &mut begun)).await
        {
            let is_slow = matches!(unready, Unready::Late) && !begun.is_empty();
            return self.refusals.count(is_slow.then_some(Refusal::SlowHead));
        }
        let served = if begun == PREFACE {
            self.serve_http2(stream, begun).await
        } else {
            self.serve_http1(stream, begun).await
        };
        // A connection that breaks is the client's affair; whose it was must not reach the log.
        if let Err(error) = served {
            tracing::debug!(%error, "a connection broke off");
        }
    }

    async fn serve_http1(self, stream: impl Stream, begun: Vec<u8>) -> hyper::Result<()> {
        let (requests, line_ends) = (self.requests(), LineEnds::default());
        let Self { limits, ending, refusals, .. } = self;
        let (heard, is_in_head) = (requests.heard.clone(), line_ends.is_in_head());
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.head)
            .max_buf_size(HEAD)
            .max_header_size(HEAD)
            .max_headers(HEADERS)
            .serve_connection(
                TokioIo::new(Watched::new(stream, begun, line_ends)),
                service_fn(move |request| requests.clone().answer(request)),
            );
        let mut connection = pin!(connection);
        let end = async {
            ending.over().await;
            if !heard.load(Ordering::Relaxed) {
                // The answer to a first one ends the connection by itself.
                ending.over_for_the_unheard().await;
            }
        };
        let served =
            until(connection.as_mut(), end, |connection| connection.graceful_shutdown()).await;
        served.inspect_err(|error| refusals.count(refused::of_http1(error, is_in_head.get())))
    }

    async fn serve_http2(self, stream: impl Stream, begun: Vec<u8>) -> hyper::Result<()> {
        let requests = self.requests();
        let Self { limits, ending, refusals, .. } = self;
        let connection = http2::Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .max_concurrent_streams(STREAMS)
            .max_header_list_size(HEAD as u32)
            .max_pending_accept_reset_streams(RESETS_UNSEEN)
            .initial_stream_window_size(WINDOWS.0)
            .initial_connection_window_size(WINDOWS.1)
            .max_send_buf_size(SEND_BUFFER)
            .keep_alive_interval(PING)
            .keep_alive_timeout(limits.head)
            .serve_connection(
                TokioIo::new(Watched::new(stream, begun, Frames::new(refusals.clone()))),
                service_fn(move |request| requests.clone().answer(request)),
            );
        let mut connection = pin!(connection);
        // Who is told to go (GOAWAY) loses no request: so this is told as soon as there is an end.
        let mut ends = pin!(async {
            tokio::select! {
                () = ending.begun() => {}
                () = sleep(limits.http2_age) => {}
            }
        });
        let served = until(connection.as_mut(), ends.as_mut(), |connection| {
            connection.graceful_shutdown();
        });
        // An answer that is not read is in nobody's way here, and its sender is told of nothing: so it
        // has the connection's age to be read in, and this.
        let served = timeout(limits.http2_age + limits.unread, served).await.unwrap_or(Ok(()));
        served.inspect_err(|error| refusals.count(refused::of_http2(error)))
    }

    fn requests(&self) -> Requests {
        let Self { peer, router, ending, refusals, .. } = self;
        let (router, ending, refusals) = (router.clone(), ending.clone(), refusals.clone());
        Requests { peer: *peer, router, ending, refusals, heard: Arc::default() }
    }
}

/// Lets the connection finish when `end` is done.
async fn until<C: Future>(
    mut connection: Pin<&mut C>,
    end: impl Future<Output = ()>,
    finish: impl FnOnce(Pin<&mut C>),
) -> C::Output {
    tokio::select! {
        served = connection.as_mut() => return served,
        () = end => finish(connection.as_mut()),
    }
    connection.await
}

/// Reads as far as it takes to know whether it is HTTP/2 that begins.
async fn begin(stream: &mut (impl AsyncRead + Unpin), begun: &mut Vec<u8>) -> io::Result<()> {
    while begun.len() < PREFACE.len() && PREFACE.starts_with(begun) {
        let rest = (PREFACE.len() - begun.len()) as u64;
        if (&mut *stream).take(rest).read_buf(begun).await? == 0 {
            break;
        }
    }
    Ok(())
}

/// Bytes both ways, in clear by now.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin + 'static {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin + 'static> Stream for S {}

impl Requests {
    async fn answer(self, mut request: Request<Incoming>) -> Result<Response, Infallible> {
        self.heard.store(true, Ordering::Relaxed);
        // In HTTP/2 a connection has other ways to end.
        let may_close = request.version() != Version::HTTP_2;
        let (mut response, is_last) = match refuse_ambiguous(&mut request) {
            // What comes next may be the end of this one.
            Err(problem) => {
                self.refusals.count(Refusal::AmbiguousHead);
                (problem.into_response(), true)
            }
            Ok(()) => {
                request.extensions_mut().insert(ConnectInfo(self.peer));
                let response = self.router.oneshot(request.map(Body::new)).await?;
                (response, self.ending.has_begun())
            }
        };
        if may_close && is_last {
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        Ok(response)
    }
}
