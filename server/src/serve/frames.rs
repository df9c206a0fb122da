//! Frames of HTTP/2 that ask for work and bring nothing: each connection has so many of them, and then ends.
//!
//! A client may open requests and take them back at once, ask for an echo, change its settings, send empty
//! pieces of a body. hyper and h2 bound what such frames hold in memory, and how many headers a request may
//! come in; not how many of them there may be.

use std::io;
use std::time::{Duration, Instant};

use super::watched::Watch;
use crate::metrics::{Refusal, Refusals};

/// Such frames that may come at once; as many come back in [`PER`].
const BURST: u32 = 200;
/// A proxy passes on what its readers take back: it may do so 20 times a second.
const PER: Duration = Duration::from_secs(10);
/// The preface, and a frame's head.
const PREFACE: usize = 24;
const HEAD: usize = 9;

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const WINDOW_UPDATE: u8 = 8;
const CONTINUATION: u8 = 9;

/// Whether a connection goes on whose bytes come all at once, in pieces of so many. For who tries what any bytes do.
pub fn goes_on(bytes: &[u8], piece: usize) -> bool {
    let now = Instant::now();
    let mut frames = Frames { full_at: now, ..Frames::new(Refusals::default()) };
    bytes.chunks(piece.max(1)).all(|piece| frames.look_at(piece, now).is_ok())
}

/// Where in a connection the next byte is.
pub(super) struct Frames {
    /// Bytes to pass over: the preface, or what a frame holds.
    left: usize,
    head: [u8; HEAD],
    seen: usize,
    /// When all of the allowance will be back (the generic cell rate algorithm of ITU-T I.371).
    full_at: Instant,
    refusals: Refusals,
}

impl Watch for Frames {
    fn look(&mut self, bytes: &mut [u8]) -> io::Result<()> {
        self.look_at(bytes, Instant::now())
    }
}

impl Frames {
    /// Those of a connection that begins.
    pub(super) fn new(refusals: Refusals) -> Self {
        Self { left: PREFACE, head: [0; HEAD], seen: 0, full_at: Instant::now(), refusals }
    }

    fn look_at(&mut self, mut bytes: &[u8], now: Instant) -> io::Result<()> {
        while !bytes.is_empty() {
            let passed = self.left.min(bytes.len());
            self.left -= passed;
            bytes = &bytes[passed..];
            let more = (HEAD - self.seen).min(bytes.len());
            self.head[self.seen..][..more].copy_from_slice(&bytes[..more]);
            self.seen += more;
            bytes = &bytes[more..];
            if self.seen == HEAD {
                self.seen = 0;
                self.frame(now)?;
            }
        }
        Ok(())
    }

    /// A frame begins.
    fn frame(&mut self, now: Instant) -> io::Result<()> {
        let [a, b, c, kind, ..] = self.head;
        self.left = u32::from_be_bytes([0, a, b, c]) as usize;
        let brings_something = match kind {
            DATA => self.left > 0,
            // h2 counts the pieces of a head itself.
            HEADERS | CONTINUATION | WINDOW_UPDATE => true,
            _ => false,
        };
        if brings_something {
            return Ok(());
        }
        self.full_at = self.full_at.max(now) + PER / BURST;
        if self.full_at <= now + PER {
            Ok(())
        } else {
            self.refusals.count(Refusal::Http2Flood);
            Err(io::Error::other("too many frames that bring nothing"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PING: u8 = 6;

    fn frame(kind: u8, payload: &[u8]) -> Vec<u8> {
        let [_, a, b, c] = u32::try_from(payload.len()).unwrap().to_be_bytes();
        [&[a, b, c, kind, 0, 0, 0, 0, 1], payload].concat()
    }

    fn begun(now: Instant) -> Frames {
        let mut frames = Frames { full_at: now, ..Frames::new(Refusals::default()) };
        frames.look_at(&[6; PREFACE], now).unwrap();
        frames
    }

    #[test]
    fn frames_that_bring_nothing_are_counted_and_their_allowance_comes_back() {
        let now = Instant::now();
        for kind in [DATA, 2, 3, 4, PING, 250] {
            let mut frames = begun(now);
            for _ in 0..BURST {
                frames.look_at(&frame(kind, &[]), now).unwrap();
            }
            assert!(frames.look_at(&frame(kind, &[]), now).is_err(), "{kind}");
            let mut frames = begun(now);
            for tick in 0..10 * BURST {
                frames.look_at(&frame(kind, &[]), now + PER / BURST * tick).unwrap();
            }
        }
    }

    #[test]
    fn what_a_frame_holds_is_no_frame_and_what_brings_something_is_free() {
        let now = Instant::now();
        let mut frames = begun(now);
        let stream = [frame(DATA, &frame(PING, &[0; 8])), frame(HEADERS, &[6; 9])].concat();
        for _ in 0..2 * BURST {
            stream.chunks(7).for_each(|piece| frames.look_at(piece, now).unwrap());
        }
    }
}
