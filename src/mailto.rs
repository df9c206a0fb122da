//! A mail about an article, as a link: the widget's and the publisher's pages' is the same.

use crate::components::encode;

/// A lede that takes more bytes in the link is left out: some mail programs refuse links over some 2,000.
const LONGEST_LEDE: usize = 1_000;

/// A link that begins a mail of the article's title, its lede and `link`, to nobody yet.
pub fn mailto(title: &str, lede: Option<&str>, link: &str) -> String {
    /// An empty line in a mail's body (RFC 6068, section 5).
    const GAP: &str = "%0D%0A%0D%0A";
    /// The quotes of Vietnamese and English.
    const QUOTES: [&str; 2] = ["%E2%80%9C", "%E2%80%9D"];

    let (title, link) = (encode(title), encode(link));
    let lede = lede.map(encode).filter(|lede| lede.len() <= LONGEST_LEDE);
    let (lede, gap) = lede.as_deref().map_or(("", ""), |lede| (lede, GAP));
    let [open, close] = QUOTES;
    ["mailto:?subject=", &title, "&body=", open, &title, close, GAP, lede, gap, &link].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINK: &str = "https://news.example/a/a?s=e-0";

    /// What a mail program reads in the link: subject and body.
    fn read(mail: &str) -> [String; 2] {
        let query = mail.strip_prefix("mailto:?").expect("a mail to nobody yet");
        let fields: Vec<_> = query.split('&').collect();
        let value = |position: usize, name: &str| {
            let value = fields[position].strip_prefix(name).expect("the field is there");
            assert!(value.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~%".contains(&b)));
            let mut bytes = Vec::new();
            let mut parts = value.split('%');
            bytes.extend(parts.next().expect("a first part").bytes());
            for part in parts {
                bytes.push(u8::from_str_radix(&part[..2], 16).expect("two digits"));
                bytes.extend(part[2..].bytes());
            }
            String::from_utf8(bytes).expect("UTF-8")
        };
        assert_eq!(fields.len(), 2, "{mail}");
        [value(0, "subject="), value(1, "body=")]
    }

    #[test]
    fn a_mail_says_title_lede_and_link_whatever_they_hold() {
        for title in ["Đắk Lắk: “xanh” & sạch + đẹp", "100% \"thật\" #1?", "Cười 😀 với nhau", ""]
        {
            let [subject, body] = read(&mailto(title, Some("Câu dẫn, 50% & hơn."), LINK));
            assert_eq!(subject, title);
            assert_eq!(body, format!("“{title}”\r\n\r\nCâu dẫn, 50% & hơn.\r\n\r\n{LINK}"));
        }
    }

    #[test]
    fn no_title_begins_a_line_or_a_header_of_its_own() {
        let [subject, body] = read(&mailto("Một\r\nBcc: a@b.example\0", None, LINK));
        assert_eq!(subject, "Một  Bcc: a@b.example ");
        assert_eq!(body.lines().count(), 3);
    }

    #[test]
    fn a_long_lede_is_left_out_so_that_mail_programs_take_the_link() {
        let mail = mailto(&"Tựa đề ".repeat(14), Some(&"Dẫn ".repeat(300)), LINK);
        assert!(mail.len() < 2_000, "{}", mail.len());
        assert!(!read(&mail)[1].contains("Dẫn"));
    }
}
