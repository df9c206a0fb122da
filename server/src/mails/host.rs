//! What the server calls itself in mails.

use std::fmt;

use url::{Host, Url};

/// The public URL's host, as RFC 5321 writes one: a name, or an address in brackets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailHost(String);

impl MailHost {
    /// That of the URL.
    pub fn of(public_url: &str) -> Self {
        let url = Url::parse(public_url).ok();
        Self(match url.as_ref().and_then(Url::host) {
            Some(Host::Domain(name)) => name.to_owned(),
            Some(Host::Ipv4(address)) => format!("[{address}]"),
            Some(Host::Ipv6(address)) => format!("[IPv6:{address}]"),
            None => "localhost".to_owned(),
        })
    }
}

impl fmt::Display for MailHost {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_a_name_or_an_address_in_brackets() {
        for (url, host) in [
            ("https://news.example", "news.example"),
            ("https://báo.example:8443", "xn--bo-mia.example"),
            ("http://127.0.0.1:8080", "[127.0.0.1]"),
            ("http://[::1]:8080", "[IPv6:::1]"),
        ] {
            assert_eq!(MailHost::of(url).to_string(), host);
        }
    }
}
