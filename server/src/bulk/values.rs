//! Takes JSON apart into the objects that stand one after another in it, or in the array that it is, without
//! reading them. What each holds is for its reader to judge.

use std::io::{self, BufRead};

/// What some programs begin a file of UTF-8 with.
pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Why no further object is to be had. Bytes are counted from 0.
#[derive(Debug, thiserror::Error)]
pub enum ValuesError {
    /// It breaks off.
    #[error("it cannot be read: {0}")]
    Io(#[from] io::Error),
    /// Something else stands where an object begins, or where the array goes on.
    #[error("byte {0}: not what stands in a run or an array of JSON objects")]
    Unexpected(u64),
    /// An object, or the array, has no end.
    #[error("byte {0}: the JSON that begins there has no end")]
    Cut(u64),
    /// An object is longer than any may be.
    #[error("byte {at}: the JSON object that begins there has more than {most} bytes")]
    Long {
        /// Where it begins.
        at: u64,
        /// The most.
        most: usize,
    },
}

/// The objects of one input.
pub(super) struct Values<R> {
    reader: R,
    most: usize,
    /// Bytes taken so far.
    at: u64,
    place: Place,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before everything.
    Start,
    /// Among objects that follow each other.
    Run,
    /// Behind the bracket that opens the array.
    First,
    /// Behind an object of the array.
    Next,
    /// Behind a comma of it.
    Comma,
    /// Behind the bracket that closes it.
    End,
}

impl<R: BufRead> Values<R> {
    /// Those of this input, none longer than `most` bytes.
    pub(super) fn new(reader: R, most: usize) -> Self {
        Self { reader, most, at: 0, place: Place::Start }
    }

    /// The next object, as it stands there; none at the end.
    pub(super) fn next(&mut self) -> Result<Option<Vec<u8>>, ValuesError> {
        if self.place == Place::Start {
            let begin = self.reader.fill_buf()?;
            if begin.starts_with(BYTE_ORDER_MARK) {
                self.take(BYTE_ORDER_MARK.len());
            }
        }
        loop {
            let next = self.peek()?;
            self.place = match (self.place, next) {
                (Place::Start | Place::Run | Place::End, None) => return Ok(None),
                (Place::Start | Place::Run, Some(b'{')) => {
                    self.place = Place::Run;
                    return self.object().map(Some);
                }
                (Place::First | Place::Comma, Some(b'{')) => {
                    self.place = Place::Next;
                    return self.object().map(Some);
                }
                (Place::Start, Some(b'[')) => Place::First,
                (Place::Next, Some(b',')) => Place::Comma,
                (Place::First | Place::Next, Some(b']')) => Place::End,
                (_, Some(_)) => return Err(ValuesError::Unexpected(self.at)),
                (_, None) => return Err(ValuesError::Cut(self.at)),
            };
            self.take(1);
        }
    }

    /// The next byte that is no white space; it stays.
    fn peek(&mut self) -> Result<Option<u8>, ValuesError> {
        loop {
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() {
                return Ok(None);
            }
            let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
            let length = buffer.len();
            let position = buffer.iter().position(|byte| !blank(byte));
            let found = position.map(|position| buffer[position]);
            self.take(position.unwrap_or(length));
            if found.is_some() {
                return Ok(found);
            }
        }
    }

    /// The object that begins here.
    fn object(&mut self) -> Result<Vec<u8>, ValuesError> {
        let (at, mut object, mut scan) = (self.at, Vec::new(), Scan::default());
        loop {
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() {
                return Err(ValuesError::Cut(at));
            }
            let end = buffer.iter().position(|byte| scan.ends_with(*byte));
            let taken = end.map_or(buffer.len(), |end| end + 1);
            if object.len() + taken > self.most {
                return Err(ValuesError::Long { at, most: self.most });
            }
            object.extend_from_slice(&buffer[..taken]);
            self.take(taken);
            if end.is_some() {
                return Ok(object);
            }
        }
    }

    fn take(&mut self, bytes: usize) {
        self.reader.consume(bytes);
        self.at += u64::try_from(bytes).unwrap_or(u64::MAX);
    }
}

/// How deep inside an object a byte stands.
#[derive(Default)]
struct Scan {
    depth: u64,
    in_string: bool,
    is_escaped: bool,
}

impl Scan {
    /// Whether this next byte is the object's last.
    fn ends_with(&mut self, byte: u8) -> bool {
        if self.in_string {
            match byte {
                _ if self.is_escaped => self.is_escaped = false,
                b'\\' => self.is_escaped = true,
                b'"' => self.in_string = false,
                _ => {}
            }
            return false;
        }
        match byte {
            b'"' => self.in_string = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        self.depth == 0
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    /// All objects, read in pieces of three bytes.
    fn all(text: &str) -> Result<Vec<String>, ValuesError> {
        let mut values = Values::new(BufReader::with_capacity(3, text.as_bytes()), 40);
        let mut all = Vec::new();
        while let Some(value) = values.next()? {
            all.push(String::from_utf8(value).unwrap());
        }
        Ok(all)
    }

    #[test]
    fn objects_follow_each_other_or_stand_in_an_array() {
        let two = [r#"{"a":"}]\"{"}"#, r#"{"b":[{},[]]}"#];
        let [a, b] = two;
        for text in [
            format!("{a}\n{b}\n"),
            format!("{a}{b}"),
            format!("  {a}\r\n\r\n\t{b}  "),
            format!("[{a},{b}]"),
            format!("\n[ {a} ,\n {b} ]\n"),
        ] {
            assert_eq!(all(&text).unwrap(), two, "{text}");
        }
        for empty in ["", " \n", "[]", " [ ] "] {
            assert!(all(empty).unwrap().is_empty(), "{empty:?}");
        }
        let mut marked = Values::new("\u{feff}{}".as_bytes(), 40);
        assert_eq!(marked.next().unwrap().unwrap(), b"{}");
    }

    #[test]
    fn an_escaped_backslash_escapes_nothing() {
        let one = r#"{"a":"\\"}"#;
        assert_eq!(all(&format!("{one}{one}")).unwrap(), [one, one]);
    }

    #[test]
    fn what_is_no_run_of_objects_is_told_by_its_place() {
        let error = |text: &str| all(text).unwrap_err().to_string();
        let odd = "not what stands in a run or an array of JSON objects";
        for (text, at) in [
            ("1", 0),
            ("{} 1", 3),
            ("{},{}", 2),
            ("[{} {}]", 4),
            ("[{},]", 4),
            ("[,{}]", 1),
            ("[[{}]]", 1),
            ("[\"a\"]", 1),
            ("[{}] {}", 5),
            ("{}]", 2),
        ] {
            assert_eq!(error(text), format!("byte {at}: {odd}"), "{text}");
        }
        for (text, at) in [("{", 0), ("{} {\"a\":\"}", 3), ("[", 1), ("[{}", 3), ("[{},", 4)] {
            let expected = format!("byte {at}: the JSON that begins there has no end");
            assert_eq!(error(text), expected, "{text}");
        }
    }

    #[test]
    fn an_object_that_is_too_long_is_not_gathered() {
        let long = format!("{{\"a\":\"{}\"}}", "x".repeat(100));
        let expected = "byte 3: the JSON object that begins there has more than 40 bytes";
        assert_eq!(all(&format!("{{}} {long}")).unwrap_err().to_string(), expected);
    }
}
