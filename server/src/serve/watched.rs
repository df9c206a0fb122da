//! A connection on which somebody looks at each byte before hyper does.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Looks at what comes in.
pub(super) trait Watch {
    /// The next bytes, in order and each once; they may be spoilt for who reads them next.
    ///
    /// # Errors
    /// Where the connection is to end.
    fn look(&mut self, bytes: &mut [u8]) -> io::Result<()>;
}

/// What was read from `stream` already comes first.
pub(super) struct Watched<S, W> {
    stream: S,
    begun: Vec<u8>,
    watch: W,
}

impl<S, W> Watched<S, W> {
    /// The stream, of which `begun` has been read.
    pub(super) fn new(stream: S, begun: Vec<u8>, watch: W) -> Self {
        Self { stream, begun, watch }
    }
}

impl<S: AsyncRead + Unpin, W: Watch + Unpin> AsyncRead for Watched<S, W> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        if this.begun.is_empty() {
            ready!(Pin::new(&mut this.stream).poll_read(context, buffer))?;
        } else {
            let length = this.begun.len().min(buffer.remaining());
            buffer.put_slice(&this.begun[..length]);
            this.begun.drain(..length);
        }
        Poll::Ready(this.watch.look(&mut buffer.filled_mut()[before..]))
    }
}

impl<S: AsyncWrite + Unpin, W: Unpin> AsyncWrite for Watched<S, W> {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}
