//! Feeds that are asked for articles, and how often.

use std::time::Duration;

use url::Url;

use super::{ConfigError, duration, wrong};

/// No feed is asked more often: it is somebody else's server.
const SHORTEST: Duration = Duration::from_secs(10);

/// Reads a feed's URL.
///
/// # Errors
/// A sentence that does not say the URL, for it may hold a key.
pub fn feed(text: &str) -> Result<Url, &'static str> {
    let is_feed = |url: &Url| {
        let is_web = matches!(url.scheme(), "http" | "https");
        is_web && url.username().is_empty() && url.password().is_none()
    };
    let url = Url::parse(text.trim()).ok().filter(is_feed);
    url.ok_or("a feed is an http or https URL without a user")
}

/// Reads how often something is done: `90s`, `5m`, `1h 30m`.
///
/// # Errors
/// A sentence on what is wrong.
pub fn period(text: &str) -> Result<Duration, &'static str> {
    let period = duration(text).ok_or("it is a time such as 90s, 5m or 1h")?;
    if period < SHORTEST { Err("at least 10s lie between two times") } else { Ok(period) }
}

/// Each once.
pub(super) fn urls(texts: &[String]) -> Result<Vec<Url>, ConfigError> {
    let mut urls = Vec::new();
    for text in texts {
        let url = feed(text).map_err(|reason| wrong("feeds", &reason))?;
        if urls.contains(&url) {
            return Err(wrong("feeds", &"one stands there twice"));
        }
        urls.push(url);
    }
    Ok(urls)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_written_as_people_write_it() {
        for (text, seconds) in
            [("10s", 10), ("5m", 300), ("5 minutes", 300), ("1h 30m", 5_400), ("PT5M", 300)]
        {
            assert_eq!(period(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["", "5", "m", "-5m", "9s", "0s", "5m ago", "soon"] {
            assert!(period(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_feed_stands_there_once_and_has_no_password() {
        let read =
            |texts: &[&str]| urls(&texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>());
        let two = read(&["https://a.example/feed", "http://b.example/feed?key=1"]).unwrap();
        assert_eq!(two.len(), 2);
        for wrong in [
            &["https://me:secret@a.example/feed"][..],
            &["ftp://a.example/secret"],
            &["a.example/secret"],
            &["https://a.example/?secret", "https://a.example/?secret"],
        ] {
            let error = read(wrong).unwrap_err().to_string();
            assert!(error.starts_with("feeds: ") && !error.contains("secret"), "{error}");
        }
    }
}
