//! What other servers answer, and files of pictures.

use std::net::{IpAddr, Ipv4Addr};

use article_server::checker;
use article_server::fetch::{decoded, redirected};
use article_server::images;
use article_server::media::media_type;
use article_server::store::{ImageName, MadeImage};
use axum::http::header::CONTENT_ENCODING;
use axum::http::{HeaderMap, HeaderValue};
use url::{Host, Url};

/// A partner's page, and its policy in the first line: there is something to say, and not without end.
pub fn partner_pages(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (policy, html) = text.split_once('\n').unwrap_or(("", &text));
    let own = Url::parse("https://news.example").expect("a URL");
    let page = Url::parse("https://tin.example/bai").expect("a URL");
    let found = checker::look_at(page, &[policy.to_owned()], html, &own, "a");
    assert!((1..=1_000).contains(&found.len()), "{}", found.len());
    assert!(found.is_sorted_by_key(|finding| finding.what.severity()));
    assert!(found.iter().all(|finding| finding.it.len() <= 10 * data.len() + 100));
}

/// The body of another server's answer, plain and compressed: no longer than it may be, in whatever pieces it comes.
pub fn answer_bodies(data: &[u8]) {
    const MOST: usize = 64 << 10;
    for encoding in ["identity", "gzip"] {
        let encoding = HeaderValue::from_static(encoding);
        let headers = HeaderMap::from_iter([(CONTENT_ENCODING, encoding)]);
        let read = |piece| decoded(&headers, data, piece, MOST).ok();
        let whole = read(data.len());
        assert!(whole.as_ref().is_none_or(|body| body.len() <= MOST));
        assert_eq!(read(1), whole);
    }
}

/// Where another server sends on to: never from TLS to where there is none, never into somebody's network.
pub fn redirections(data: &[u8]) {
    let Ok(location) = std::str::from_utf8(data) else { return };
    for from in ["https://a.example/b?c", "http://a.example/b?c"] {
        let from = Url::parse(from).expect("a URL");
        let Ok(to) = redirected(&from, location) else { continue };
        assert!(to.scheme() == "https" || (to.scheme() == "http" && from.scheme() == "http"));
        assert!(to.username().is_empty() && to.password().is_none(), "{to}");
        let address: Option<IpAddr> = match to.host() {
            Some(Host::Ipv4(address)) => Some(address.into()),
            Some(Host::Ipv6(address)) => Some(IpAddr::from(address).to_canonical()),
            _ => None,
        };
        assert!(!address.is_some_and(is_inside), "{to}");
    }
}

fn is_inside(address: IpAddr) -> bool {
    let of_four = |address: Ipv4Addr| {
        address.is_loopback()
            || address.is_private()
            || address.is_link_local()
            || address.is_unspecified()
            || address.is_multicast()
            || address.is_broadcast()
    };
    match address {
        IpAddr::V4(address) => of_four(address),
        IpAddr::V6(address) => {
            address.is_loopback()
                || address.is_unspecified()
                || address.is_multicast()
                || address.is_unique_local()
                || address.is_unicast_link_local()
        }
    }
}

/// Names of pictures: what has a type is one plain name.
pub fn image_names(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if media_type(text).is_some() {
        assert!(!text.contains(['/', '\\', '\0']) && !text.starts_with('.'));
    }
    if let Some(name) = ImageName::parse(text) {
        assert_eq!(name.to_string(), text);
        assert!(media_type(text).is_some());
    }
}

/// Pictures that others send: whatever is made of one is within bounds, and has the proportions that it says.
pub fn pictures(data: &[u8]) {
    let Some(MadeImage { width, height, colours, files, .. }) = images::made(data) else { return };
    assert!((1..=16_383).contains(&width) && (1..=16_383).contains(&height));
    assert!(u64::from(width) * u64::from(height) <= 50_000_000);
    assert!(colours.is_empty() || colours.len() == 18);
    assert!((2..=10).contains(&files.len()));
    for file in files {
        assert!(
            (1..=width.min(1_280)).contains(&file.width) && (1..=height).contains(&file.height)
        );
        let is_jpeg = file.content.starts_with(b"\xff\xd8") && file.content.ends_with(b"\xff\xd9");
        assert!(is_jpeg || file.content.starts_with(b"RIFF"));
    }
}
