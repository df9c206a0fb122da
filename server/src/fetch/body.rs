//! The body of an answer, decompressed, and no longer than it may be.

use std::io::{self, Write};

use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_ENCODING;
use flate2::write::MultiGzDecoder;
use http_body_util::BodyExt as _;
use hyper::body::{Body, Incoming};

use super::FetchError;

/// Reads all of it. Both what comes and what it is decompressed to are counted: a bomb is as little taken as
/// an endless answer.
pub(super) async fn read(
    headers: &HeaderMap,
    mut body: Incoming,
    most: usize,
) -> Result<Bytes, FetchError> {
    let mut decoder = Decoder::of(headers, most)?;
    if body.size_hint().lower() > u64::try_from(most).unwrap_or(u64::MAX) {
        return Err(FetchError::Long(most));
    }
    let mut come = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| FetchError::Broken)?;
        let Ok(data) = frame.into_data() else { continue };
        come += data.len();
        if come > most {
            return Err(FetchError::Long(most));
        }
        decoder.take(&data, most)?;
    }
    decoder.end(most)
}

/// The body of an answer with these headers, which comes in pieces of so many bytes. For who tries what any
/// bytes do.
///
/// # Errors
/// Where it is not taken.
pub fn decoded(
    headers: &HeaderMap,
    body: &[u8],
    piece: usize,
    most: usize,
) -> Result<Bytes, FetchError> {
    let mut decoder = Decoder::of(headers, most)?;
    body.chunks(piece.max(1)).try_for_each(|piece| decoder.take(piece, most))?;
    decoder.end(most)
}

enum Decoder {
    Identity(Bounded),
    Gzip(Box<MultiGzDecoder<Bounded>>),
}

impl Decoder {
    /// By `Content-Encoding`.
    fn of(headers: &HeaderMap, most: usize) -> Result<Self, FetchError> {
        let bounded = Bounded { bytes: Vec::new(), most, is_full: false };
        let encoding = headers.get(CONTENT_ENCODING).map_or(&b""[..], |value| value.as_bytes());
        match encoding.trim_ascii().to_ascii_lowercase().as_slice() {
            b"" | b"identity" => Ok(Self::Identity(bounded)),
            b"gzip" | b"x-gzip" => Ok(Self::Gzip(Box::new(MultiGzDecoder::new(bounded)))),
            _ => Err(FetchError::Encoding),
        }
    }

    fn take(&mut self, data: &[u8], most: usize) -> Result<(), FetchError> {
        let taken = match self {
            Self::Identity(bounded) => bounded.write_all(data),
            Self::Gzip(decoder) => decoder.write_all(data),
        };
        taken.map_err(|_| self.failure(most))
    }

    fn end(mut self, most: usize) -> Result<Bytes, FetchError> {
        if let Self::Gzip(decoder) = &mut self
            && decoder.try_finish().is_err()
        {
            return Err(self.failure(most));
        }
        match self {
            Self::Identity(bounded) => Ok(bounded.bytes.into()),
            Self::Gzip(mut decoder) => Ok(std::mem::take(&mut decoder.get_mut().bytes).into()),
        }
    }

    fn failure(&self, most: usize) -> FetchError {
        let bounded = match self {
            Self::Identity(bounded) => bounded,
            Self::Gzip(decoder) => decoder.get_ref(),
        };
        if bounded.is_full { FetchError::Long(most) } else { FetchError::Encoding }
    }
}

/// Takes bytes up to a number.
struct Bounded {
    bytes: Vec<u8>,
    most: usize,
    is_full: bool,
}

impl Write for Bounded {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + data.len() > self.most {
            self.is_full = true;
            return Err(io::Error::other("it is too long"));
        }
        self.bytes.extend_from_slice(data);
        Ok(data.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
