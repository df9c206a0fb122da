//! To whom an article is sent.

use url::Host;

use crate::forms::is_address;
use crate::problem::Problem;

/// One mail address. Its domain is in lower case and in ASCII, as mail servers know it.
#[derive(Clone, PartialEq, Eq)]
pub struct Recipient(String);

impl Recipient {
    /// Reads what a reader typed.
    ///
    /// # Errors
    /// [`Problem::Invalid`] where it is anything but one address. It does not repeat it.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let wrong =
            || Problem::Invalid { field: "to", detail: "this is one mail address".to_owned() };
        // A space at either end is a slip of the hand; a line break is not.
        let text = text.trim_matches(' ');
        let (local, domain) =
            text.rsplit_once('@').filter(|_| is_address(text)).ok_or_else(wrong)?;
        match Host::parse(domain) {
            Ok(Host::Domain(domain)) => Ok(Self(format!("{local}@{domain}"))),
            _ => Err(wrong()),
        }
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_written_as_mail_servers_know_it() {
        for (typed, meant) in [
            (" Hoa.Le@Example.VN ", "Hoa.Le@example.vn"),
            ("hoa@thư.example", "hoa@xn--th-e0a.example"),
        ] {
            assert_eq!(Recipient::parse(typed).ok().unwrap().as_str(), meant);
        }
    }

    #[test]
    fn anything_else_is_refused_and_not_repeated() {
        for typed in [
            "",
            "hoa",
            "hoa@example.vn\n",
            "hoa@example.vn,lan@example.vn",
            "hoa@1.2.3.4",
            "hoa@0x7f.1",
        ] {
            let problem = Recipient::parse(typed).err().expect(typed).to_string();
            assert_eq!(problem, "this is one mail address");
        }
    }
}
