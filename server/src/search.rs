//! Looking for words, whatever their case and diacritics: "dak lak" finds "Đắk Lắk". The same text is
//! folded the same way on every database, for it is done here.

use article_widget::contract::{Article, FeedbackReport};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// No more words are looked for at once.
const WORDS: usize = 12;

/// Lower case without diacritics, `đ` as `d`, letters of other widths and ligatures as plain ones.
pub fn fold(text: &str) -> String {
    // Capitals one by one: a letter's lower case depends on no neighbour.
    text.nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'đ' { 'd' } else { c })
        .collect()
}

/// The folded words of a query.
pub fn words(query: &str) -> Vec<String> {
    fold(query).split_whitespace().take(WORDS).map(str::to_owned).collect()
}

/// All of a reader's feedback that words are looked for in, folded; a line for each part. A telephone
/// number is there in digits alone too, however its sender had parted them, and as it is dialled at home; the
/// reference too without its hyphen.
pub fn of_feedback(report: &FeedbackReport, reference: &str) -> String {
    let digits: String = report.phone.chars().filter(char::is_ascii_digit).collect();
    // As it is dialled at home: "0900…" finds "+84 900…".
    let at_home = digits.strip_prefix("84").map(|number| format!("0{number}")).unwrap_or_default();
    let spoken = reference.replace('-', "");
    let parts = [
        reference,
        &spoken,
        &report.name,
        &report.email,
        &report.phone,
        &digits,
        &at_home,
        &report.title,
        &report.message,
        &report.passage,
    ];
    fold(&parts.join("\n"))
}

/// All of an article that words are looked for in, folded; a line for each part. Not its text, which would
/// have every article found by every other word.
pub fn of_article(article: &Article) -> String {
    let mut parts = vec![article.id.as_str(), &article.title];
    parts.extend(
        [&article.lede, &article.section, &article.kicker]
            .into_iter()
            .flatten()
            .map(|part| &**part),
    );
    parts.extend(article.tags.iter().map(String::as_str));
    parts.extend(article.bylines.iter().map(|byline| &*byline.name));
    fold(&parts.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_diacritics_are_folded_away() {
        assert_eq!(fold("ĐẮK LẮK"), "dak lak");
        assert_eq!(fold("Đắk Lắk".nfd().collect::<String>().as_str()), "dak lak");
        assert_eq!(fold("Ｐｈở ﬁle İ"), "pho file i");
        assert_eq!(fold("100% a_b \\"), "100% a_b \\");
    }

    #[test]
    fn a_query_is_words_and_not_too_many() {
        assert_eq!(words("  Đắk\u{a0}Lắk\n"), ["dak", "lak"]);
        assert!(words(" ").is_empty());
        assert_eq!(words(&"a ".repeat(1_000)).len(), WORDS);
    }

    #[test]
    fn feedback_is_found_by_all_that_its_sender_wrote() {
        let report = FeedbackReport {
            name: "Lê Thị Hoa".into(),
            phone: "(090) 123-45.67".into(),
            passage: "Krông Pắc".into(),
            ..FeedbackReport::default()
        };
        let text = of_feedback(&report, "ABCD-EFGH");
        for word in ["hoa", "0901234567", "123-45.67", "krong", "abcd-efgh"] {
            assert!(text.contains(word), "{word}");
        }
    }

    #[test]
    fn an_article_is_found_by_what_it_is_called_and_who_wrote_it_and_not_by_its_text() {
        let article: Article = serde_json::from_value(serde_json::json!({
            "id": "cho-Dem", "title": "Chợ đêm Đắk Lắk", "lede": "Đông nghịt", "section": "Văn hóa",
            "tags": ["Ẩm thực"], "bylines": [{ "name": "Hạ Miên" }],
            "body": [{ "kind": "paragraph", "content": ["Krông Pắc"] }],
        }))
        .unwrap();
        let text = of_article(&article);
        for word in ["cho-dem", "dak", "dong", "van hoa", "am thuc", "ha mien"] {
            assert!(text.contains(word), "{word}");
        }
        assert!(!text.contains("krong"));
    }
}
