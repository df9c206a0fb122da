//! Bytes to text. What an input says of its encoding is believed, in the order of the web: a byte order mark, the
//! protocol, the document. What says nothing is UTF-8 or refused: a guess that is wrong once is in every embed.

use std::borrow::Cow;
use std::sync::LazyLock;

use encoding_rs::{DecoderResult, Encoding};
use regex::bytes::Regex as ByteRegex;
use regex::{Captures, Regex};
use unicode_normalization::UnicodeNormalization;

use super::ImportError;

mod vietnamese;

/// A document says its encoding within its first bytes, if at all. The web's rule is 1024; old pages begin with more.
const PROLOGUE: usize = 4096;

/// Why bytes are no text that could be read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum CharsetError {
    /// They are not in the encoding that they are said to be in.
    #[error("said to be {encoding}, but byte {byte:#04x} at {at} (counted from 0) is not")]
    Malformed {
        /// Its name.
        encoding: String,
        /// The first that is not.
        byte: u8,
        /// Where.
        at: usize,
    },
    /// They are said to be in an encoding that is not known here.
    #[error("said to be in the encoding {0}, which is not known: save it as UTF-8")]
    Unknown(String),
    /// What letters they are depends on a font.
    #[error("its letters are those of the font {0}, which no encoding tells: save it as Unicode")]
    Font(String),
}

/// The text of the bytes. `declared` is what the protocol says: a `Content-Type`, or the name of an encoding.
///
/// # Errors
/// [`ImportError::Utf8`] where nothing is said and it is no UTF-8, else [`ImportError::Charset`].
pub(super) fn decode<'a>(
    bytes: &'a [u8],
    declared: Option<&str>,
) -> Result<Cow<'a, str>, ImportError> {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return Ok(strict(encoding, &bytes[length..], length)?);
    }
    let said = declared.and_then(of_content_type).or_else(|| of_document(bytes));
    match said {
        Some(label) => Ok(labelled(bytes, &label)?),
        None => {
            let text = utf8(bytes).map_err(|(byte, at)| ImportError::Utf8(byte, at))?;
            Ok(text.into())
        }
    }
}

/// The text, or the first byte that is none, and where it is.
pub(super) fn utf8(bytes: &[u8]) -> Result<&str, (u8, usize)> {
    std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        (bytes[at], at)
    })
}

fn labelled<'a>(bytes: &'a [u8], label: &str) -> Result<Cow<'a, str>, CharsetError> {
    if let Some(decoded) = vietnamese::decode(bytes, label) {
        return Ok(decoded.into());
    }
    let encoding = Encoding::for_label_no_replacement(label.as_bytes())
        .ok_or_else(|| CharsetError::Unknown(label.to_owned()))?;
    if encoding == encoding_rs::X_USER_DEFINED && !bytes.is_ascii() {
        return Err(CharsetError::Font(font(&String::from_utf8_lossy(bytes)).unwrap_or_default()));
    }
    // A document that was read as bytes is not in UTF-16, whatever it says of itself.
    let encoding = if encoding.is_ascii_compatible() { encoding } else { encoding_rs::UTF_8 };
    let text = strict(encoding, bytes, 0)?;
    let is_western = encoding == encoding_rs::WINDOWS_1252 && !bytes.is_ascii();
    match font(&text) {
        Some(font) if is_western => Err(CharsetError::Font(font)),
        // Its tones are combining marks.
        _ if encoding == encoding_rs::WINDOWS_1258 => Ok(text.nfc().collect::<String>().into()),
        _ => Ok(text),
    }
}

fn strict<'a>(
    encoding: &'static Encoding,
    bytes: &'a [u8],
    offset: usize,
) -> Result<Cow<'a, str>, CharsetError> {
    let malformed = |byte, at| CharsetError::Malformed {
        encoding: encoding.name().to_owned(),
        byte,
        at: at + offset,
    };
    if encoding == encoding_rs::UTF_8 {
        return utf8(bytes).map(Cow::from).map_err(|(byte, at)| malformed(byte, at));
    }
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::new();
    text.reserve(decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(0));
    let (result, read) = decoder.decode_to_string_without_replacement(bytes, &mut text, true);
    match result {
        DecoderResult::InputEmpty => Ok(text.into()),
        DecoderResult::OutputFull => unreachable!("room for the longest text was made"),
        DecoderResult::Malformed(length, after) => {
            let at = read.saturating_sub(usize::from(length + after));
            let byte = bytes.get(at).copied().unwrap_or_default();
            Err(malformed(byte, at))
        }
    }
}

/// The encoding that a `Content-Type` names; or the name itself.
fn of_content_type(declared: &str) -> Option<String> {
    static PARAMETER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r#"(?i)(?:^|;\s*charset\s*=\s*["']?\s*)([a-z0-9][a-z0-9_.:+-]{0,39})["']?\s*(?:;|$)"#,
        )
        .expect("a pattern")
    });
    let label = |found: Captures<'_>| found[1].to_ascii_lowercase();
    PARAMETER.captures(declared.trim()).map(label)
}

/// The encoding that a document names: `<?xml encoding>`, `<meta charset>`, `<meta http-equiv>`.
fn of_document(bytes: &[u8]) -> Option<String> {
    static NAMED: LazyLock<ByteRegex> = LazyLock::new(|| {
        ByteRegex::new(concat!(
            r#"(?i-u)^\s*<\?xml[^>]*\sencoding\s*=\s*["']([a-z0-9][a-z0-9_.:+-]{0,39})["']"#,
            r#"|<meta\s[^>]*charset\s*=\s*["']?\s*([a-z0-9][a-z0-9_.:+-]{0,39})"#,
        ))
        .expect("a pattern")
    });
    let found = NAMED.captures(&bytes[..bytes.len().min(PROLOGUE)])?;
    let label = found.get(1).or(found.get(2))?;
    Some(String::from_utf8_lossy(label.as_bytes()).to_ascii_lowercase())
}

/// A font of the time before Unicode, which shows Vietnamese letters in the places of Western ones.
fn font(text: &str) -> Option<String> {
    static FONT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"(?i)(?:face|font-family)\s*[=:]\s*["']?\s*(\.vn[a-z]{1,30}|vni-[a-z]{1,30})"#)
            .expect("a pattern")
    });
    FONT.captures(text).map(|found| found[1].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Đắk Lắk: đường về buôn";

    fn error(bytes: &[u8], declared: Option<&str>) -> String {
        decode(bytes, declared).unwrap_err().to_string()
    }

    #[test]
    fn utf_8_needs_no_word_and_a_byte_order_mark_is_one() {
        assert_eq!(decode(TEXT.as_bytes(), None).unwrap(), TEXT);
        assert_eq!(
            decode(format!("\u{feff}{TEXT}").as_bytes(), Some("windows-1258")).unwrap(),
            TEXT
        );
        let little: Vec<u8> =
            [0xfeff].into_iter().chain(TEXT.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&little, None).unwrap(), TEXT);
    }

    #[test]
    fn what_says_nothing_and_is_no_utf_8_is_refused_by_its_byte() {
        assert_eq!(error(b"B\xe1o", None), "not UTF-8: byte 0xe1 at 1 (counted from 0)");
    }

    #[test]
    fn the_protocol_is_believed_before_the_document() {
        let page = b"<meta charset=utf-8>\xd0\xe3k";
        assert!(decode(page, Some("text/html; charset=windows-1258")).unwrap().ends_with("Đăk"));
        assert_eq!(
            error(page, Some("text/html")),
            "said to be UTF-8, but byte 0xd0 at 20 (counted from 0) is not"
        );
    }

    #[test]
    fn the_document_says_its_encoding_in_three_ways() {
        for prologue in [
            "<?xml version='1.0' encoding='windows-1258'?>",
            "<html><head><META CHARSET = \"Windows-1258\">",
            "<meta content='text/html; charset=windows-1258' http-equiv=Content-Type>",
        ] {
            // A letter and its tone come apart, and leave as one.
            let bytes = [prologue.as_bytes(), b"\xe2\xecm, m\xf4\xf2t"].concat();
            assert_eq!(decode(&bytes, None).unwrap(), format!("{prologue}ấm, một"));
        }
    }

    #[test]
    fn old_vietnamese_encodings_are_read_by_their_names() {
        let tcvn = b"\xa7\xbek L\xbek: \xae\xad\xeang v\xd2 bu\xabn";
        for name in ["x-viet-tcvn5712", "TCVN3", "ABC", "x-tcvn", "TCVN-5712:1993"] {
            assert_eq!(decode(tcvn, Some(name)).unwrap(), TEXT, "{name}");
        }
        let viscii = b"\xd0\xa1k L\xa1k: \xf0\xdf\xb6ng v\xab bu\xf4n";
        for name in ["VISCII", "x-viscii", "text/plain; charset=\"csVISCII\""] {
            assert_eq!(decode(viscii, Some(name)).unwrap(), TEXT, "{name}");
        }
    }

    #[test]
    fn letters_that_only_a_font_tells_are_refused() {
        let page = b"<meta charset=iso-8859-1><font face=\".VnTime\">B\xb8o</font>";
        assert!(error(page, None).contains("the font .VnTime"), "{}", error(page, None));
        let vni = b"<p style='font-family: VNI-Times'>Ba\xf9o";
        assert!(error(vni, Some("x-user-defined")).contains("VNI-Times"));
        // The name of the font alone says nothing: many a page of today has it from its past.
        let today = "<font face=\".VnTime\">Báo</font>";
        assert!(decode(today.as_bytes(), Some("utf-8")).is_ok());
    }

    #[test]
    fn unknown_and_wrong_names_are_refused() {
        assert!(error(b"a", Some("text/html; charset=vps")).contains("encoding vps"));
        assert!(error(b"a", Some("iso-2022-kr")).contains("iso-2022-kr"));
        assert!(error(b"\xff\xffa", Some("shift_jis")).contains("Shift_JIS"));
    }
}
