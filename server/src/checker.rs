//! Looks at a partner's page and says what is wrong with the article in it.
//!
//! Anybody may ask, so it is bounded: how often, how many at once, how much of a page; and where it goes is
//! bounded by [`Fetcher`](crate::fetch::Fetcher). Of a page that cannot be had no more is told than that: why
//! would say what is inside the publisher's network.

use std::net::IpAddr;
use std::time::Duration;

use article_widget::contract::Article;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use url::Url;

use crate::client::Client;
use crate::fetch::{FetchError, Fetched, Request};
use crate::limiter::NetworkLimiter;
use crate::problem::Problem;
use crate::state::Server;
use crate::tally::SharedNetworks;
use facts::Facts;
use page::PartnerPage;

mod facts;
mod finding;
mod page;
mod policy;
mod rules;

pub use finding::{Finding, Severity, What};

/// Pages that one place may have looked at in an hour.
const PER_HOUR: u32 = 20;
/// Places that are counted.
const PLACES: usize = 10_000;
/// Pages that are got at the same time.
const AT_ONCE: usize = 16;
/// How long a page may take to come.
const COMES_WITHIN: Duration = Duration::from_secs(10);
/// Of a page no more is read, in bytes.
const LONGEST: usize = 2 << 20;
/// No address of a page is longer, in bytes.
const LONGEST_URL: usize = 2_000;

/// How many pages may be looked at.
pub struct CheckLimits {
    places: NetworkLimiter<IpAddr>,
    together: Semaphore,
    /// One page is read at a time: the worst two megabytes make forty of tags.
    reading: Semaphore,
}

impl CheckLimits {
    /// None has been yet.
    pub fn new(shared: &SharedNetworks) -> Self {
        Self {
            places: NetworkLimiter::new(Duration::from_secs(3600), PER_HOUR, PLACES, shared),
            together: Semaphore::new(AT_ONCE),
            reading: Semaphore::new(1),
        }
    }
}

/// Why a page was not looked at.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// What was given is no address of a page.
    #[error("that is no address of a page")]
    Url,
    /// Its server cannot be reached, or not from here.
    #[error("the page cannot be reached")]
    Unreachable,
    /// Its server answers with this status.
    #[error("the page's server answers {0}")]
    Status(u16),
    /// It takes too long.
    #[error("the page's server took too long")]
    Slow,
    /// It is longer than any page.
    #[error("the page has more than {LONGEST} bytes")]
    Long,
    /// It is no HTML.
    #[error("it is no HTML page")]
    Type,
    /// The place has asked too often, or too many ask now.
    #[error("too many pages are being looked at")]
    TooMany,
    /// The publisher's server failed.
    #[error(transparent)]
    Problem(#[from] Problem),
}

/// What was found, and in which page: where the address led in the end.
pub struct Checked {
    /// The page's URL.
    pub url: Url,
    /// What there is to say, the worst first.
    pub findings: Vec<Finding>,
}

/// Looks at the page at `address`, which is to show the article.
///
/// # Errors
/// See [`CheckError`].
pub async fn check(
    server: &Server,
    client: &Client,
    article: &Article,
    address: &str,
) -> Result<Checked, CheckError> {
    let url = read_address(address)?;
    if !server.checks.places.of(client).allow(&client.place()) {
        return Err(CheckError::TooMany);
    }
    let _turn = server.checks.together.try_acquire().map_err(|_| CheckError::TooMany)?;
    let request = Request {
        accept: "text/html, application/xhtml+xml;q=0.9",
        most_bytes: LONGEST,
        ..Request::default()
    };
    let fetcher = server.page_fetcher.clone().with_limit(COMES_WITHIN);
    let fetched = fetcher.get(&url, &request).await?;
    if !is_html(fetched.content_type.as_deref()) {
        return Err(CheckError::Type);
    }
    let page = read(server, fetched).await?;
    let facts = Facts::gather(server, article, &page).await?;
    Ok(Checked { findings: rules::apply(&page, &facts), url: page.url })
}

/// What there is to say of a page of a partner's that was got from `url` with these policies, as long as every
/// article that it names is there and no release is. For who tries what any page does.
pub fn look_at(
    url: Url,
    policies: &[String],
    html: &str,
    own: &Url,
    article: &str,
) -> Vec<Finding> {
    let page = PartnerPage::read(url, policies, html);
    let facts = Facts::presumed(own, article, &page);
    rules::apply(&page, &facts)
}

/// Not on a thread that serves others.
async fn read(server: &Server, fetched: Fetched) -> Result<PartnerPage, Problem> {
    let _turn = server.checks.reading.acquire().await.map_err(|_| Problem::Busy)?;
    let read = move || {
        let html = String::from_utf8_lossy(&fetched.body);
        PartnerPage::read(fetched.url, &fetched.policies, &html)
    };
    spawn_blocking(read).await.map_err(|error| Problem::Internal(error.into()))
}

/// What people type: the scheme may be missing.
fn read_address(address: &str) -> Result<Url, CheckError> {
    let address = address.trim();
    if address.is_empty() || address.len() > LONGEST_URL {
        return Err(CheckError::Url);
    }
    let url = match address.contains("://") {
        true => Url::parse(address),
        false => Url::parse(&format!("https://{address}")),
    };
    url.ok().filter(|url| matches!(url.scheme(), "http" | "https")).ok_or(CheckError::Url)
}

fn is_html(content_type: Option<&str>) -> bool {
    let essence = content_type.unwrap_or_default().split(';').next().unwrap_or_default();
    ["text/html", "application/xhtml+xml"]
        .iter()
        .any(|html| essence.trim().eq_ignore_ascii_case(html))
}

impl From<FetchError> for CheckError {
    fn from(error: FetchError) -> Self {
        match error {
            FetchError::Status(status) => Self::Status(status),
            FetchError::Slow => Self::Slow,
            FetchError::Long(_) => Self::Long,
            _ => Self::Unreachable,
        }
    }
}

impl CheckError {
    /// Names its words among `messages/pages`.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Url => "check.failed.url",
            Self::Unreachable => "check.failed.unreachable",
            Self::Status(_) => "check.failed.status",
            Self::Slow => "check.failed.slow",
            Self::Long => "check.failed.long",
            Self::Type => "check.failed.type",
            Self::TooMany => "check.failed.too_many",
            Self::Problem(_) => "problem.failed",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_of_the_web_with_or_without_its_scheme() {
        let read = |address: &str| read_address(address).ok().map(String::from);
        let some = |url: &str| Some(url.to_owned());
        assert_eq!(read(" tin.example/bai "), some("https://tin.example/bai"));
        assert_eq!(read("http://tin.example/bai#x"), some("http://tin.example/bai#x"));
        for address in ["", "   ", "file:///etc/passwd", "javascript:alert(1)", "https://"] {
            assert_eq!(read(address), None, "{address}");
        }
        assert_eq!(read(&"a".repeat(LONGEST_URL + 1)), None);
    }

    #[test]
    fn html_is_known_by_its_type() {
        assert!(
            is_html(Some("Text/HTML; charset=utf-8")) && is_html(Some("application/xhtml+xml"))
        );
        assert!(!is_html(Some("application/json")) && !is_html(None));
    }
}
