//! A mail as it came over the wire.

use data_encoding::BASE64;

/// What a mail server was given.
#[derive(Clone, Debug, Default)]
pub(crate) struct Received {
    /// The command MAIL.
    pub(crate) from: String,
    /// The commands RCPT.
    pub(crate) recipients: Vec<String>,
    /// Head and body.
    pub(crate) raw: Vec<u8>,
}

impl Received {
    /// The names in the head, in their order. Every line is of the length that RFC 5322 allows, and ends as
    /// it says.
    pub(crate) fn names(&self) -> Vec<&str> {
        let head = self.parts().0;
        for line in std::str::from_utf8(&self.raw).unwrap().split("\r\n") {
            assert!(line.len() <= 998 && !line.contains(['\r', '\n']), "{line:?}");
        }
        let begins = |line: &&str| !line.starts_with([' ', '\t']);
        let lines = head.split("\r\n").filter(begins);
        lines.map(|line| line.split_once(':').expect("a name").0).collect()
    }

    /// The value of a line in the head, unfolded, with what is encoded in clear.
    pub(crate) fn value(&self, name: &str) -> String {
        let unfolded = self.parts().0.replace("\r\n ", " ");
        let begin = format!("{name}: ");
        let mut values = unfolded.split("\r\n").filter_map(|line| line.strip_prefix(&begin));
        let value = values.next().unwrap_or_default();
        assert_eq!(values.next(), None, "{name} stands there once");
        decode_words(value)
    }

    /// The body in clear.
    pub(crate) fn text(&self) -> String {
        let body = self.parts().1;
        let bytes = match self.value("Content-Transfer-Encoding").as_str() {
            "base64" => BASE64.decode(body.replace("\r\n", "").as_bytes()).unwrap(),
            "quoted-printable" => quoted_printable(&body.replace("=\r\n", "")),
            "7bit" => body.as_bytes().to_vec(),
            other => panic!("{other:?}"),
        };
        String::from_utf8(bytes).unwrap().replace("\r\n", "\n")
    }

    fn parts(&self) -> (&str, &str) {
        let text = std::str::from_utf8(&self.raw).unwrap();
        assert!(text.is_ascii(), "what is none is encoded");
        text.split_once("\r\n\r\n").expect("a head and a body")
    }
}

fn quoted_printable(text: &str) -> Vec<u8> {
    let mut pieces = text.split('=');
    let mut bytes = pieces.next().unwrap().as_bytes().to_vec();
    for piece in pieces {
        bytes.push(u8::from_str_radix(&piece[..2], 16).unwrap());
        bytes.extend_from_slice(&piece.as_bytes()[2..]);
    }
    bytes
}

/// RFC 2047's encoded words, of which neighbours are one text. No other encoding is known here.
fn decode_words(value: &str) -> String {
    const BEGIN: &str = "=?utf-8?b?";

    let mut bytes = Vec::new();
    let mut rest = value;
    while let Some((before, word)) = rest.split_once(BEGIN) {
        // The space between two of them is none.
        let is_between = before.trim().is_empty() && !bytes.is_empty();
        bytes.extend_from_slice(if is_between { b"" } else { before.as_bytes() });
        let (encoded, after) = word.split_once("?=").expect("a word ends");
        bytes.extend(BASE64.decode(encoded.as_bytes()).unwrap());
        rest = after;
    }
    bytes.extend_from_slice(rest.as_bytes());
    let text = String::from_utf8(bytes).unwrap();
    assert!(!text.contains("=?"), "{text:?}");
    text
}
