//! What makes a letter look like a program's. It is kept all the same, and an editor looks at it.

use std::sync::LazyLock;

use article_widget::contract::FeedbackReport;
use regex::Regex;
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

use super::Manner;
use crate::store::Suspicion;

/// As many links are more than a letter to the editor has.
const LINKS: usize = 3;
/// Shorter messages, in letters, are the same by chance: many people thank an editor.
const TELLING: usize = 30;

static LINK: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)https?://(www\.)?|\bwww\.").expect("seen by a test"));

/// By how it came.
pub(super) fn of_manner(manner: &Manner<'_>) -> Option<Suspicion> {
    if manner.is_trapped {
        Some(Suspicion::Trap)
    } else {
        manner.is_fast.then_some(Suspicion::Fast)
    }
}

/// By what it says.
pub(super) fn of_text(report: &FeedbackReport) -> Option<Suspicion> {
    let links = LINK.find_iter(&report.message).count() + LINK.find_iter(&report.title).count();
    (links >= LINKS).then_some(Suspicion::Links)
}

/// Stands for the message's letters and digits, whatever is between them and whichever their case.
pub(super) fn fingerprint(message: &str) -> Option<[u8; 32]> {
    let letters = message.nfkc().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric());
    let letters: String = letters.collect();
    let is_telling = letters.chars().count() >= TELLING;
    is_telling.then(|| Sha256::digest(letters).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_links_are_too_many_however_they_are_written() {
        let of = |title: &str, message: &str| {
            let report = FeedbackReport {
                title: title.into(),
                message: message.into(),
                ..FeedbackReport::default()
            };
            of_text(&report)
        };
        assert_eq!(of("", "xem https://www.a.example và http://b.example"), None);
        assert_eq!(
            of("", "www.a.example HTTP://b.example (https://c.example)"),
            Some(Suspicion::Links)
        );
        assert_eq!(of("www.a.example", "www.b.example,www.c.example"), Some(Suspicion::Links));
        assert_eq!(of("", "awww. owww. ewww."), None);
    }

    #[test]
    fn the_same_words_have_one_fingerprint_and_few_words_none() {
        let text = "Mua ngay hôm nay để được giảm giá một nửa!";
        let disguised = "MUA ngay\u{200b} hôm  nay,\nđể được giảm-giá một nửa ..";
        assert!(fingerprint(text).is_some());
        assert_eq!(fingerprint(text), fingerprint(disguised));
        assert_ne!(fingerprint(text), fingerprint(&text.replace("nửa", "phần")));
        assert_eq!(fingerprint("Bài viết rất hay. Cảm ơn!"), None);
    }
}
