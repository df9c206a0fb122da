//! What a mail address is, of whoever it is.

use email_address::{EmailAddress, Options};
use url::Host;

/// The longest address, in bytes (RFC 5321, section 4.5.3.1.3).
pub(super) const LONGEST: usize = 254;

/// One mailbox on a named host, and nothing around it. Its domain is in lower case and in ASCII, as mail
/// servers know it.
#[derive(Clone, PartialEq, Eq)]
pub struct MailAddress(String);

impl MailAddress {
    /// Reads what somebody typed. None where it is anything else: a name before the address, or a host named
    /// by its number, is nowhere to write to; nobody's address has the quotes that the standard allows, and
    /// much software reads them wrong.
    pub fn parse(text: &str) -> Option<Self> {
        let options = Options::default().without_display_text().without_domain_literal();
        let is_one = |text: &str| {
            text.len() <= LONGEST && EmailAddress::parse_with_options(text, options).is_ok()
        };
        let is_odd = |letter: char| letter.is_control() || letter == '"';
        let is_plain = !text.contains(is_odd) && is_one(text);
        let (local, domain) = text.rsplit_once('@').filter(|_| is_plain)?;
        let Ok(Host::Domain(domain)) = Host::parse(domain) else { return None };
        let address = format!("{local}@{domain}");
        // In ASCII a domain is longer, and its labels may be too long.
        (domain.contains('.') && is_one(&address)).then_some(Self(address))
    }

    /// As it is written on an envelope.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whose it is, as far as it says: in lower case, and without what follows a `+`, which mail services let
    /// everybody add to a name as they like. Not to be written to.
    pub fn mailbox(&self) -> String {
        let (local, domain) = self.0.rsplit_once('@').unwrap_or_default();
        let name = local.split_once('+').map_or(local, |(name, _)| name);
        format!("{}@{domain}", if name.is_empty() { local } else { name }.to_lowercase())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> MailAddress {
        MailAddress::parse(text).expect(text)
    }

    #[test]
    fn an_address_is_a_mailbox_on_a_named_host_and_nothing_around_it() {
        for (typed, meant) in [
            ("hoa@example.vn", "hoa@example.vn"),
            ("hoa+tin.tuc@thư.example", "hoa+tin.tuc@xn--th-e0a.example"),
            ("HOA.Le@Example.VN", "HOA.Le@example.vn"),
        ] {
            assert_eq!(parse(typed).as_str(), meant);
        }
        for other in [
            "",
            "hoa",
            "hoa@localhost",
            "Hoa <hoa@example.vn>",
            "<hoa@example.vn>",
            "hoa@example.vn, lan@example.vn",
            "hoa@example.vn lan@example.vn",
            "hoa@example.vn\n",
            "hoa@example.vn\r\nBcc: lan@example.vn",
            "hoa@example.vn\nRCPT TO:<lan@example.vn>",
            "hoa\0@example.vn",
            "\"hoa> SIZE=1\"@example.vn",
            "hoa@1.2.3.4",
            "hoa@0x7f.1",
            "hoa@[192.0.2.1]",
            "hoa@[IPv6:2001:db8::1.2.3.4]",
            &format!("{}@example.vn", "h".repeat(250)),
            &format!("{}@thư.example", "h".repeat(240)),
            &format!("hoa@{}ư.example", "e".repeat(56)),
        ] {
            assert!(MailAddress::parse(other).is_none(), "{other:?}");
        }
    }

    #[test]
    fn whoever_adds_to_their_name_is_the_same() {
        for address in
            ["hoa@example.vn", "Hoa@Example.vn", "hoa+a@example.vn", "HOA+a+b@example.vn"]
        {
            assert_eq!(parse(address).mailbox(), "hoa@example.vn");
        }
        assert_eq!(parse("+a@example.vn").mailbox(), "+a@example.vn");
    }
}
