//! Where a request may go, and where an answer sends it on to.

use axum::http::StatusCode;
use url::{Host, Url};

use super::FetchError;
use super::networks::Networks;

/// Whether the status sends elsewhere.
pub(super) fn is_redirection(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// Whether the URL may be asked. An address is checked here, however it is written (a URL's parser reads
/// 0x7f.1 and 2130706433 as addresses); a name is checked where it is resolved.
pub(super) fn check(url: &Url, networks: &Networks) -> Result<(), FetchError> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(FetchError::Scheme);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(FetchError::User);
    }
    let is_allowed = match url.host() {
        Some(Host::Ipv4(address)) => networks.allow(address.into()),
        Some(Host::Ipv6(address)) => networks.allow(address.into()),
        Some(Host::Domain(_)) => true,
        None => return Err(FetchError::Url),
    };
    if is_allowed { Ok(()) } else { Err(FetchError::Network) }
}

/// Where `location` sends whoever asked `url`. What came over TLS sends nobody to where there is none.
pub(super) fn next(url: &Url, location: Option<&str>) -> Result<Url, FetchError> {
    let next = location.and_then(|location| url.join(location).ok()).ok_or(FetchError::Location)?;
    if url.scheme() == "https" && next.scheme() == "http" {
        return Err(FetchError::Downgrade);
    }
    Ok(next)
}

/// Where an answer at `url` sends who may ask the public internet alone. For who tries what any address does.
///
/// # Errors
/// Where it sends nobody.
pub fn redirected(url: &Url, location: &str) -> Result<Url, FetchError> {
    let next = next(url, Some(location))?;
    check(&next, &Networks::new(Vec::new()))?;
    Ok(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(url: &str) -> Result<(), FetchError> {
        check(&Url::parse(url).unwrap(), &Networks::new(Vec::new()))
    }

    #[test]
    fn an_address_is_recognised_however_it_is_written() {
        for url in [
            "http://127.0.0.1/",
            "http://127.1/",
            "http://0177.0.0.1/",
            "http://0x7f.0.0.1/",
            "http://2130706433/",
            "http://127.0.0.1./",
            "http://%31%32%37.0.0.1/",
            "http://１２７.0.0.1/",
            "http://0/",
            "https://169.254.169.254/latest/meta-data",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:7f00:1]:8080/",
            "http://[64:ff9b::a00:1]/",
            "http://[fd00::1]/",
        ] {
            assert!(matches!(checked(url), Err(FetchError::Network)), "{url}");
        }
        for url in ["http://1.1.1.1/", "https://[2606:4700::1]:8443/", "http://news.example/"] {
            assert!(checked(url).is_ok(), "{url}");
        }
    }

    #[test]
    fn only_the_web_is_asked_and_with_no_password() {
        for url in
            ["ftp://news.example/", "file:///etc/passwd", "gopher://news.example/", "data:,a"]
        {
            assert!(matches!(checked(url), Err(FetchError::Scheme)), "{url}");
        }
        for url in ["http://me@news.example/", "http://me:secret@news.example/", "http://:s@a.vn/"]
        {
            assert!(matches!(checked(url), Err(FetchError::User)), "{url}");
        }
    }

    #[test]
    fn a_redirection_is_relative_and_never_leaves_tls() {
        let from = |url: &str, location| next(&Url::parse(url).unwrap(), Some(location));
        let url = from("https://a.example/b/c?d", "../e").unwrap();
        assert_eq!(url.as_str(), "https://a.example/e");
        let url = from("https://a.example/b", "//c.example/").unwrap();
        assert_eq!(url.as_str(), "https://c.example/");
        assert!(from("http://a.example/", "https://a.example/").is_ok());
        let down = from("https://a.example/", "http://a.example/");
        assert!(matches!(down, Err(FetchError::Downgrade)));
        for location in [None, Some("http://")] {
            let nowhere = next(&Url::parse("http://a.example/").unwrap(), location);
            assert!(matches!(nowhere, Err(FetchError::Location)), "{location:?}");
        }
    }
}
