//! Safari's engine keeps cookies that are `Secure` only if they came by HTTPS, also from this very machine,
//! where the others make an exception. The relay stands in for the HTTPS that a publisher has: in this
//! browser the cookies go by another name, and without the attribute.

use axum::http::{HeaderMap, HeaderValue, header};

const ISSUED: &str = "__Host-";
const KEPT: &str = "Kept-";

/// What a server sets, as this browser takes it.
pub(crate) fn to_browser(headers: &mut HeaderMap) {
    rename(headers, &header::SET_COOKIE, |cookie| {
        cookie.replace(ISSUED, KEPT).replace("; Secure", "")
    });
}

/// What this browser sends, as the server knows it.
pub(crate) fn to_server(headers: &mut HeaderMap) {
    rename(headers, &header::COOKIE, |cookies| cookies.replace(KEPT, ISSUED));
}

fn rename(headers: &mut HeaderMap, name: &header::HeaderName, new: impl Fn(&str) -> String) {
    let old: Vec<HeaderValue> = headers.get_all(name).iter().cloned().collect();
    headers.remove(name);
    for value in old {
        let value = value.to_str().ok().and_then(|text| new(text).parse().ok()).unwrap_or(value);
        headers.append(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_comes_back_by_the_name_that_it_was_set_by() {
        let mut headers = HeaderMap::new();
        let set = HeaderValue::from_static("__Host-session=a; HttpOnly; Secure; Path=/");
        headers.append(header::SET_COOKIE, set);
        headers.append(header::SET_COOKIE, HeaderValue::from_static("plain=b"));
        to_browser(&mut headers);
        let kept: Vec<_> = headers.get_all(header::SET_COOKIE).iter().collect();
        assert_eq!(kept, ["Kept-session=a; HttpOnly; Path=/", "plain=b"]);
        headers.insert(header::COOKIE, HeaderValue::from_static("Kept-session=a; plain=b"));
        to_server(&mut headers);
        assert_eq!(headers[header::COOKIE], "__Host-session=a; plain=b");
    }
}
