//! What the server is held to at the socket: bytes sent by hand, many at a time, and slowly.

mod certificate;
mod http2;
mod http2_attacks;
mod http2_frames;
mod places;
pub(crate) mod raw;
mod reads;
mod refusals;
pub(crate) mod secure;
mod shedding;
mod shedding_postgres;
mod slow;
mod slowhttptest;
mod smuggling;
mod timeouts;
mod tls;
