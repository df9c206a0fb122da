//! Addresses that other formats give, and what is shown as a link to them.

use article_widget::contract::EmbedCard;
use url::Url;

use super::html;

/// An absolute http or https URL, read from where the article is. None for anything else.
pub(super) fn web(url: &str, base: Option<&Url>) -> Option<String> {
    let url = url.trim();
    let url = match base {
        Some(base) => base.join(url),
        None => Url::parse(url),
    };
    url.ok().filter(|url| matches!(url.scheme(), "http" | "https")).map(String::from)
}

/// A link to what moves or sounds.
pub(super) fn card(url: String, title: Option<String>) -> EmbedCard {
    EmbedCard { provider: html::provider(&url), url, title }
}

/// The host of a URL, for a source without a name.
pub(super) fn host(url: &str) -> Option<String> {
    Url::parse(url).ok()?.host_str().map(|host| host.trim_start_matches("www.").to_owned())
}
