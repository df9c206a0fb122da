//! The language that a page below `/admin` speaks: the one asked for by `?lang`, now or before; else the
//! browser's; else the publisher's.

use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::{HeaderMap, HeaderValue};
use cookie::time::Duration;

use super::session;
use crate::messages;

/// Remembers what was asked for.
const COOKIE: &str = "__Host-language";

/// The language of a request, one of [`messages::LANGUAGES`].
pub fn of(query: Option<&str>, headers: &HeaderMap, publisher: &str) -> &'static str {
    asked(query)
        .or_else(|| messages::known(&session::cookie(headers, COOKIE)?))
        .or_else(|| preferred(headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?))
        .or_else(|| messages::known(publisher))
        .unwrap_or(messages::LANGUAGES[0])
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

/// The one of ours that a browser likes best (RFC 9110, section 12.5.4); of equals the first.
fn preferred(accepted: &str) -> Option<&'static str> {
    let weighed = accepted.split(',').filter_map(|range| {
        let (tag, parameter) = range.split_once(';').unwrap_or((range, "q=1"));
        let weight: f32 = parameter.trim().strip_prefix("q=")?.parse().ok()?;
        let language = messages::known(tag.trim())?;
        (weight > 0.0).then_some((language, weight))
    });
    let best = weighed.reduce(|best, next| if next.1 > best.1 { next } else { best });
    best.map(|(language, _)| language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_gets_the_language_it_likes_best_of_ours() {
        assert_eq!(preferred("fr, en;q=0.5, vi-VN;q=0.9"), Some("vi"));
        assert_eq!(preferred("en-GB,en;q=0.9,vi;q=0.9"), Some("en"));
        assert_eq!(preferred("vi;q=0, en;q=0.1"), Some("en"));
        for none in ["", "fr", "*", "vi;q=x", ";;,"] {
            assert_eq!(preferred(none), None, "{none}");
        }
    }

    #[test]
    fn what_is_asked_for_comes_first_and_is_remembered() {
        let mut headers = HeaderMap::new();
        assert_eq!(of(None, &headers, "en"), "en");
        headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static("vi"));
        assert_eq!(of(None, &headers, "en"), "vi");
        headers.insert("cookie", HeaderValue::from_static("__Host-language=en"));
        assert_eq!(of(None, &headers, "vi"), "en");
        assert_eq!(of(Some("q=1&lang=vi"), &headers, "en"), "vi");
        assert_eq!(of(Some("lang=tlh"), &headers, "vi"), "en");
        assert!(cookie("en").to_str().unwrap().starts_with("__Host-language=en;"));
    }
}
