//! Addresses that formats give, and what is shown as a link to them.

use article_widget::contract::EmbedCard;
use url::{ParseError, Url};

use super::html;

/// A longer URL is none that a reader is sent to, and none that others are read from: a long base and many short
/// links make much of little.
pub(super) const LONGEST: usize = 2_000;
/// Where files and pages are.
pub(super) const WEB: [&str; 2] = ["http", "https"];

/// A URL of one of these schemes, read from where it stands. Without a place that it could be relative to, it is a
/// whole one, but for the scheme where it begins with two slashes.
pub(super) fn resolve(text: &str, base: Option<&Url>, schemes: &[&str]) -> Option<Url> {
    let text = text.trim();
    if text.is_empty() || text.len() > LONGEST {
        return None;
    }
    let mut url = match base {
        Some(base) => base.join(text).ok()?,
        None if text.starts_with("//") => Url::parse(&format!("https:{text}")).ok()?,
        None => Url::parse(text).ok()?,
    };
    if !schemes.contains(&url.scheme()) || url.as_str().len() > LONGEST {
        return None;
    }
    // Nobody publishes a password on purpose, and a name before an @ passes for the host. `mailto` has neither.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    Some(url)
}

/// An absolute http or https URL, read from where the article is. None for anything else.
pub(super) fn web(url: &str, base: Option<&Url>) -> Option<String> {
    resolve(url, base, &WEB).map(String::from)
}

/// A link to what moves or sounds.
pub(super) fn card(url: String, title: Option<String>) -> EmbedCard {
    EmbedCard { provider: html::provider(&url), url, title }
}

/// The host of a URL, for a source without a name.
pub(super) fn host(url: &str) -> Option<String> {
    Url::parse(url).ok()?.host_str().map(|host| host.trim_start_matches("www.").to_owned())
}

/// The site that an item is of: that of its own address, else the one that it was fetched from.
pub(super) fn site(own: Option<&str>, base: Option<&Url>) -> Option<String> {
    own.or(base.map(Url::as_str)).and_then(host)
}

/// Whether an address says less than where it leads, and nothing is there to say the rest.
pub(super) fn is_cut_off(text: &str, base: Option<&Url>) -> bool {
    let parsed = Url::parse(text.trim());
    base.is_none() && !text.trim().is_empty() && parsed == Err(ParseError::RelativeUrlWithoutBase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_whole_of_the_web_and_names_nobody() {
        let base = Url::parse("https://bao.example/tin/").unwrap();
        assert_eq!(web(" ../a?b=1 ", Some(&base)).as_deref(), Some("https://bao.example/a?b=1"));
        assert_eq!(web("//khac.example/a", None).as_deref(), Some("https://khac.example/a"));
        let named = "https://bao.example:x@xau.example/";
        assert_eq!(web(named, None).as_deref(), Some("https://xau.example/"));
        for none in ["", " ", "/tin/1", "javascript:alert(1)", "ftp://bao.example/", "http://"] {
            assert_eq!(web(none, None), None, "{none}");
        }
    }

    #[test]
    fn a_long_base_does_not_make_much_of_short_links() {
        let long = Url::parse(&format!("https://bao.example/{}", "a".repeat(LONGEST))).unwrap();
        assert_eq!(web("?1", Some(&long)), None);
        assert_eq!(web("/1", Some(&long)).as_deref(), Some("https://bao.example/1"));
        assert_eq!(web(long.as_str(), None), None);
    }
}
