//! What language a browser asks for.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;

/// The language that a browser likes best (RFC 9110, section 12.5.4) of those that `find` knows by their tags;
/// of equals the first.
pub fn preferred<T>(headers: &HeaderMap, find: impl Fn(&str) -> Option<T>) -> Option<T> {
    let accepted = headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?;
    let weighed = accepted.split(',').filter_map(|range| {
        let (tag, parameter) = range.split_once(';').unwrap_or((range, "q=1"));
        let weight: f32 = parameter.trim().strip_prefix("q=")?.parse().ok()?;
        let language = find(tag.trim())?;
        (weight > 0.0).then_some((language, weight))
    });
    let best = weighed.reduce(|best, next| if next.1 > best.1 { next } else { best });
    best.map(|(language, _)| language)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;
    use crate::messages::known;

    #[test]
    fn a_browser_gets_the_language_it_likes_best_of_ours() {
        let preferred = |accepted: &'static str| {
            let headers =
                HeaderMap::from_iter([(ACCEPT_LANGUAGE, HeaderValue::from_static(accepted))]);
            preferred(&headers, known)
        };
        assert_eq!(preferred("fr, en;q=0.5, vi-VN;q=0.9"), Some("vi"));
        assert_eq!(preferred("en-GB,en;q=0.9,vi;q=0.9"), Some("en"));
        assert_eq!(preferred("vi;q=0, en;q=0.1"), Some("en"));
        for none in ["", "fr", "*", "vi;q=x", ";;,"] {
            assert_eq!(preferred(none), None, "{none}");
        }
    }
}
