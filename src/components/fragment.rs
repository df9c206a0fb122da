//! What is shared of a passage: a link that leads to it, and its words.

use super::url;

/// So many words name a passage in its URL from either end.
const ENDS: usize = 4;

/// `url` with a text fragment (<https://wicg.github.io/scroll-to-text-fragment/>), by which a browser finds
/// the passage and marks it: the whole of a short one, both ends of a long one.
pub(crate) fn to_passage(url: &str, passage: &str) -> String {
    // A browser looks for either end within one block of text.
    let lines: Vec<Vec<&str>> = passage.split('\n').map(words).collect();
    let mut lines = lines.iter().filter(|words| !words.is_empty());
    let none = Vec::new();
    let first = lines.next().unwrap_or(&none);
    let last = lines.next_back().unwrap_or(first);
    let text = if std::ptr::eq(first, last) && first.len() <= 2 * ENDS {
        term(first)
    } else {
        let head = &first[..ENDS.min(first.len())];
        let tail = &last[last.len().saturating_sub(ENDS)..];
        [term(head), term(tail)].join(",")
    };
    [url, "#:~:text=", &text].concat()
}

fn words(line: &str) -> Vec<&str> {
    line.split_ascii_whitespace().collect()
}

/// Percent-encoded, the hyphen too, which has a meaning of its own here.
fn term(words: &[&str]) -> String {
    url::encode(&words.join(" ")).replace('-', "%2D")
}

/// What is said with the link.
pub(crate) fn quotation(title: &str, passage: &str) -> String {
    ["“", &words(passage).join(" "), "” — ", title].concat()
}

#[cfg(test)]
mod tests {
    use super::{quotation, to_passage};

    fn text(passage: &str) -> String {
        let url = to_passage("https://news.example/a/b?s=k-0", passage);
        url.split_once("#:~:text=").expect("there is a fragment").1.to_owned()
    }

    #[test]
    fn a_short_passage_stands_there_whole() {
        assert_eq!(
            text(" bốn mươi - hai, ạ "),
            "b%E1%BB%91n%20m%C6%B0%C6%A1i%20%2D%20hai%2C%20%E1%BA%A1"
        );
    }

    #[test]
    fn a_long_one_by_its_ends_and_so_one_of_several_blocks() {
        assert_eq!(text("a b c d e f g h i j"), "a%20b%20c%20d,g%20h%20i%20j");
        assert_eq!(text("Tựa\n\nđoạn hai"), "T%E1%BB%B1a,%C4%91o%E1%BA%A1n%20hai");
    }

    #[test]
    fn a_quotation_is_one_line_and_names_its_article() {
        assert_eq!(quotation("Tựa", "một\n\n hai"), "“một hai” — Tựa");
    }
}
