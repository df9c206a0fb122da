//! The language that a page below `/admin` speaks: the one asked for by `?lang`, now or before; else the
//! browser's; else the publisher's, or English where the pages do not speak that.

use axum::http::{HeaderMap, HeaderValue};
use cookie::time::Duration;

use super::session;
use crate::accept_language::preferred;
use crate::messages;

/// Remembers what was asked for.
const COOKIE: &str = "__Host-language";

/// The language of a request, one of [`messages::LANGUAGES`].
pub fn of(query: Option<&str>, headers: &HeaderMap, publisher: &str) -> &'static str {
    asked(query)
        .or_else(|| messages::known(&session::cookie(headers, COOKIE)?))
        .or_else(|| preferred(headers, messages::known))
        .or_else(|| messages::known(publisher))
        .unwrap_or("en")
}

/// The language that a query asks for.
pub fn asked(query: Option<&str>) -> Option<&'static str> {
    let pairs = url::form_urlencoded::parse(query?.as_bytes());
    let lang = pairs.filter(|(name, _)| name == "lang").last()?.1;
    messages::known(&lang)
}

/// Has the browser remember it for a year.
pub fn cookie(language: &'static str) -> HeaderValue {
    let mut cookie = session::own(COOKIE, language.to_owned());
    cookie.set_max_age(Duration::days(365));
    session::header(&cookie)
}

#[cfg(test)]
mod tests {
    use axum::http::header::ACCEPT_LANGUAGE;

    use super::*;

    #[test]
    fn what_is_asked_for_comes_first_and_is_remembered() {
        let mut headers = HeaderMap::new();
        assert_eq!(of(None, &headers, "vi"), "vi");
        assert_eq!(of(None, &headers, "fr"), "en");
        headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static("vi"));
        assert_eq!(of(None, &headers, "en"), "vi");
        headers.insert("cookie", HeaderValue::from_static("__Host-language=en"));
        assert_eq!(of(None, &headers, "vi"), "en");
        assert_eq!(of(Some("q=1&lang=vi"), &headers, "en"), "vi");
        assert_eq!(of(Some("lang=tlh"), &headers, "vi"), "en");
        assert!(cookie("en").to_str().unwrap().starts_with("__Host-language=en;"));
    }
}
