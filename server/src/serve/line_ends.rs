//! Heads of HTTP/1.1 whose lines end in CR and LF, and which say their body's length once and in digits.
//!
//! hyper takes a line that ends in LF alone, and one length said twice. RFC 9112 lets it, but a proxy in
//! front may read such a head differently, and then the two do not agree where the next request begins. Here
//! the byte that makes the difference is spoilt, so that hyper refuses the head with 400 and closes.
//!
//! Where a body ends is known from its length alone: requests with a Transfer-Encoding are refused and
//! end their connection, so nothing after one is looked at.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::watched::Watch;

/// Bytes of a line that are kept: a length of 19 digits, and spaces.
const KEPT: usize = 48;
/// No head may hold it anywhere.
const SPOILT: u8 = 0;

/// What hyper gets of a connection's bytes, which come in pieces of so many. For who tries what any bytes do.
///
/// # Errors
/// Where the connection ends.
pub fn passed_on(bytes: &[u8], piece: usize) -> io::Result<Vec<u8>> {
    let (mut passed, mut watch) = (bytes.to_vec(), LineEnds::default());
    passed.chunks_mut(piece.max(1)).try_for_each(|piece| watch.look(piece))?;
    Ok(passed)
}

/// Where in a connection the next byte is.
#[derive(Default)]
pub(super) struct LineEnds {
    place: Place,
    line: Line,
    last: u8,
    /// The body's length, as far as the head has said it.
    length: Option<u64>,
    is_in_head: InHead,
}

/// Whether a head has begun and not come to its end, as somebody else may see it.
#[derive(Clone, Default)]
pub(super) struct InHead(Arc<AtomicBool>);

impl InHead {
    pub(super) fn get(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

#[derive(Default, PartialEq, Eq)]
enum Place {
    /// Before a request's first line, where empty lines are nothing.
    #[default]
    Between,
    Head,
    /// So many bytes before the end of the body.
    Body(u64),
    /// It ends with this request.
    Last,
}

/// The line so far; of a long one its beginning.
struct Line {
    kept: [u8; KEPT],
    length: usize,
}

impl Default for Line {
    fn default() -> Self {
        Self { kept: [0; KEPT], length: 0 }
    }
}

impl Line {
    fn push(&mut self, byte: u8) {
        if let Some(place) = self.kept.get_mut(self.length) {
            *place = byte;
        }
        self.length += 1;
    }

    /// What stands after the name, where the line is of this name; a line that is too long to be
    /// known has a value that is none.
    fn value(&self, name: &str) -> Option<&[u8]> {
        let known = &self.kept[..self.length.min(KEPT)];
        let (begin, value) = known.split_at_checked(name.len())?;
        let value = value.strip_prefix(b":")?;
        let value = if self.length > KEPT { b"?" } else { value };
        begin.eq_ignore_ascii_case(name.as_bytes()).then_some(value.trim_ascii())
    }
}

impl Watch for LineEnds {
    fn look(&mut self, bytes: &mut [u8]) -> io::Result<()> {
        let mut rest = bytes;
        while !rest.is_empty() {
            match &mut self.place {
                Place::Last => break,
                Place::Body(left) => {
                    let length = rest.len().min(usize::try_from(*left).unwrap_or(usize::MAX));
                    *left -= length as u64;
                    if *left == 0 {
                        self.place = Place::Between;
                    }
                    rest = &mut rest[length..];
                }
                Place::Between | Place::Head => {
                    self.byte(&mut rest[0]);
                    rest = &mut rest[1..];
                }
            }
        }
        // After the last one nothing is looked at.
        if self.place != Place::Last {
            self.is_in_head.0.store(self.place == Place::Head, Ordering::Relaxed);
        }
        Ok(())
    }
}

impl LineEnds {
    /// Stays true to where the next byte is.
    pub(super) fn is_in_head(&self) -> InHead {
        self.is_in_head.clone()
    }

    /// The next byte of a head.
    fn byte(&mut self, byte: &mut u8) {
        let (seen, last) = (*byte, self.last);
        self.last = seen;
        match seen {
            b'\n' if last != b'\r' || !self.end_line() => {
                *byte = SPOILT;
                self.place = Place::Last;
            }
            b'\n' | b'\r' => {}
            _ => {
                self.place = Place::Head;
                self.line.push(seen);
            }
        }
    }

    /// Whether the line may stand where it does.
    fn end_line(&mut self) -> bool {
        let line = std::mem::take(&mut self.line);
        if line.length == 0 {
            if self.place == Place::Head {
                self.end_head();
            }
            return true;
        }
        if line.value("transfer-encoding").is_some() {
            self.place = Place::Last;
        }
        let Some(value) = line.value("content-length") else { return true };
        let length = std::str::from_utf8(value).ok().filter(|it| !it.starts_with('+'));
        let length = length.and_then(|length| length.parse().ok());
        // Each that is said after another is one too many.
        length.is_some() && std::mem::replace(&mut self.length, length).is_none()
    }

    fn end_head(&mut self) {
        self.place = match self.length.take() {
            None | Some(0) => Place::Between,
            Some(length) => Place::Body(length),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What becomes of the bytes, whole and one by one.
    fn looked_at(bytes: &str) -> String {
        let mut whole = bytes.as_bytes().to_vec();
        LineEnds::default().look(&mut whole).unwrap();
        let mut watch = LineEnds::default();
        let mut single = bytes.as_bytes().to_vec();
        single.chunks_mut(1).for_each(|byte| watch.look(byte).unwrap());
        assert_eq!(whole, single);
        String::from_utf8(whole).unwrap()
    }

    fn stays(bytes: &str) -> bool {
        looked_at(bytes) == bytes
    }

    #[test]
    fn a_head_is_told_from_the_time_between_two() {
        let mut watch = LineEnds::default();
        let is_in_head = watch.is_in_head();
        for (bytes, is_in) in [
            ("", false),
            ("\r\n", false),
            ("G", true),
            ("ET / HTTP/1.1\r\nhost: a\r\n", true),
            ("\r\n", false),
            ("POST / HTTP/1.1\r\ncontent-length: 4\r\n\r\nabc", false),
            ("d", false),
            ("G", true),
        ] {
            watch.look(&mut bytes.as_bytes().to_vec()).unwrap();
            assert_eq!(is_in_head.get(), is_in, "{bytes:?}");
        }
    }

    #[test]
    fn heads_that_are_in_order_stay_as_they_are() {
        assert!(stays("GET / HTTP/1.1\r\nhost: a\r\n\r\nGET / HTTP/1.1\r\nhost: a\r\n\r\n"));
        assert!(stays(
            "\r\nPOST / HTTP/1.1\r\nContent-Length:  4 \r\n\r\na\nb\nGET / HTTP/1.1\r\n\r\n"
        ));
        assert!(stays("POST / HTTP/1.1\r\ncontent-length: 0\r\n\r\nGET / HTTP/1.1\r\n\r\n"));
    }

    #[test]
    fn a_line_that_ends_in_lf_alone_is_spoilt_wherever_it_stands() {
        for (before, after) in [
            ("", "GET / HTTP/1.1\r\n\r\n"),
            ("GET / HTTP/1.1", "host: a\r\n\r\n"),
            ("GET / HTTP/1.1\r\nhost: a", "\r\n"),
            ("GET / HTTP/1.1\r\nhost: a\r\n", "GET"),
            ("POST / HTTP/1.1\r\ncontent-length: 2\r\n\r\n\n\nGET / HTTP/1.1", "\r\n"),
        ] {
            assert_eq!(looked_at(&format!("{before}\n{after}")), format!("{before}\0{after}"));
        }
    }

    #[test]
    fn a_length_is_said_once_and_in_digits() {
        for lines in [
            "content-length: 2\r\nContent-Length: 2\r\n",
            "content-length: +2\r\n",
            "content-length: 2, 2\r\n",
            "content-length:\r\n",
            "content-length: 99999999999999999999\r\n",
        ] {
            assert!(!stays(&format!("POST / HTTP/1.1\r\n{lines}\r\n")), "{lines}");
        }
        let spaces = " ".repeat(2 * KEPT);
        assert!(!stays(&format!("POST / HTTP/1.1\r\ncontent-length:{spaces}2\r\n\r\n")));
    }

    #[test]
    fn what_follows_a_transfer_encoding_is_not_looked_at() {
        assert!(stays("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\n\n"));
    }
}
