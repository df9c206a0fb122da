//! Why a connection has ended, where that was a refusal. Who breaks off is not refused anything, nor is who idles.
//!
//! What hyper and h2 refuse by themselves they tell nobody of but by the error that a connection ends with.

use std::error::Error as _;
use std::io;

use crate::metrics::Refusal;

/// What went wrong in a handshake of TLS.
pub(super) fn of_handshake(error: &io::Error) -> Option<Refusal> {
    let is_tls = error.get_ref().is_some_and(|cause| cause.is::<rustls::Error>());
    is_tls.then_some(Refusal::TlsFailed)
}

/// What ended a connection of HTTP/1.1; `is_in_head` where a head had begun and not come to its end.
pub(super) fn of_http1(error: &hyper::Error, is_in_head: bool) -> Option<Refusal> {
    if error.is_parse_too_large() {
        Some(Refusal::LargeHead)
    } else if error.is_parse() {
        Some(Refusal::MalformedHead)
    } else {
        (error.is_timeout() && is_in_head).then_some(Refusal::SlowHead)
    }
}

/// What ended a connection of HTTP/2, where it was h2. What [`Frames`](super::frames::Frames) end they count.
pub(super) fn of_http2(error: &hyper::Error) -> Option<Refusal> {
    let error = error.source()?.downcast_ref::<h2::Error>()?;
    let is_flood = error.is_library() && error.reason() == Some(h2::Reason::ENHANCE_YOUR_CALM);
    is_flood.then_some(Refusal::Http2Flood)
}
