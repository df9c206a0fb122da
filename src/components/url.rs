//! URLs: which may stand in a page, and how they are put together.

/// The URL to put into a page for one of the article's: absolute, and of a scheme that does nothing
/// but lead somewhere. None for any other.
pub(super) fn safe(public_url: &str, url: &str) -> Option<String> {
    const SCHEMES: [&str; 4] = ["https://", "http://", "mailto:", "tel:"];

    if url.starts_with('/') && !url.starts_with("//") {
        return Some([public_url, url].concat());
    }
    let known = SCHEMES.iter().any(|scheme| {
        url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    });
    known.then(|| url.to_owned())
}

/// Percent-encodes everything but RFC 3986's unreserved characters. Control characters, which only break
/// what a link is put into, become spaces.
pub(crate) fn encode(text: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";

    let mut encoded = String::with_capacity(text.len() * 3);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let byte = byte.max(b' ');
            encoded.push('%');
            encoded.push(char::from(HEX[usize::from(byte >> 4)]));
            encoded.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_schemes_that_lead_somewhere_pass() {
        let safe = |url| safe("https://news.example", url);
        assert_eq!(safe("HTTPS://a.example/x").as_deref(), Some("HTTPS://a.example/x"));
        assert_eq!(safe("/media/a.jpg").as_deref(), Some("https://news.example/media/a.jpg"));
        for url in
            ["javascript:alert(1)", " javascript:alert(1)", "//a.example", "data:,x", "", "ê"]
        {
            assert_eq!(safe(url), None, "{url:?}");
        }
    }

    #[test]
    fn text_is_encoded_byte_by_byte() {
        assert_eq!(encode("Đắk a&b"), "%C4%90%E1%BA%AFk%20a%26b");
        assert_eq!(encode("a\r\nb\0"), "a%20%20b%20");
    }
}
