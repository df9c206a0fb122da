//! What a mail address is, of whoever it is.

use email_address::{EmailAddress, Options};

/// The longest address, in bytes (RFC 5321, section 4.5.3.1.3).
pub(super) const LONGEST: usize = 254;

/// Whether this is one mailbox on a named host, and nothing around it. A name before the address, or a
/// host named by its number, is nowhere to write to; nobody's address has the quotes that the standard
/// allows, and much software reads them wrong.
pub fn is_address(value: &str) -> bool {
    let options = Options::default().without_display_text().without_domain_literal();
    let has_domain = |address: &EmailAddress| address.domain().contains('.');
    let is_plain = value.len() <= LONGEST
        && !value.contains(|letter: char| letter.is_control() || letter == '"');
    is_plain
        && EmailAddress::parse_with_options(value, options)
            .is_ok_and(|address| has_domain(&address))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_mailbox_on_a_named_host_and_nothing_around_it() {
        for address in ["hoa@example.vn", "hoa+tin.tuc@thư.example", "HOA@Example.VN"] {
            assert!(is_address(address), "{address}");
        }
        for other in [
            "",
            "hoa",
            "hoa@localhost",
            "Hoa <hoa@example.vn>",
            "<hoa@example.vn>",
            "hoa@example.vn, lan@example.vn",
            "hoa@example.vn lan@example.vn",
            "hoa@example.vn\r\nBcc: lan@example.vn",
            "hoa@example.vn\nRCPT TO:<lan@example.vn>",
            "hoa\0@example.vn",
            "\"hoa> SIZE=1\"@example.vn",
            "hoa@[192.0.2.1]",
            "hoa@[IPv6:2001:db8::1.2.3.4]",
            &format!("{}@example.vn", "h".repeat(250)),
        ] {
            assert!(!is_address(other), "{other:?}");
        }
    }
}
