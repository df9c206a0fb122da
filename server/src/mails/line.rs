//! Text that is to be one line of a mail, whatever it was.

use crate::forms::is_turning;

/// The longest line, in characters: what is longer ends in an ellipsis.
const LONGEST: usize = 300;

/// One line without control characters, and without those that turn the words after it. Nor does an encoded
/// word of a mail's head (RFC 2047) stay one, which mail programs would decode.
pub(super) fn one_line(text: &str) -> String {
    let spaced = |letter: char| if letter.is_control() { ' ' } else { letter };
    let line: String = text.chars().filter(|letter| !is_turning(*letter)).map(spaced).collect();
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ").replace("=?", "= ?");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_breaks_or_turns_a_line_is_gone() {
        assert_eq!(
            one_line("  Đắk Lắk\r\nBcc: x@y.z\0\u{2028}\tcó gió "),
            "Đắk Lắk Bcc: x@y.z có gió"
        );
        assert_eq!(one_line("a\u{202e}b\u{2066}c"), "abc");
        assert_eq!(one_line("=?utf-8?Q?=0D=0A?="), "= ?utf-8?Q?=0D=0A?=");
    }

    #[test]
    fn a_long_line_ends_in_an_ellipsis() {
        assert_eq!(one_line(&"ư".repeat(300)).chars().count(), 300);
        let cut = one_line(&format!("{} {}", "ư".repeat(299), "x".repeat(50)));
        assert_eq!(cut, format!("{}…", "ư".repeat(299)));
    }
}
