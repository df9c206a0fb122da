//! The source line at an article's foot: `Nguồn: NAME, ngày D/M/YYYY`.

use article_widget::contract::Source;

use crate::time::day_month_year;

/// Reads a source line; none where the line is no such thing. What is not understood stays in the
/// name, as printed.
pub(super) fn read(line: &str) -> Option<Source> {
    let (label, printed) = line.split_once(':')?;
    if label.trim().to_lowercase() != "nguồn" || printed.trim().is_empty() {
        return None;
    }
    let (rest, date) = take_date(printed.trim());
    let (rest, url) = take_url(rest);
    let name = rest.trim().trim_end_matches([',', ';', '-', '–', '(']).trim().to_owned();
    let host =
        || url.as_deref().and_then(|url| Some(url::Url::parse(url).ok()?.host_str()?.to_owned()));
    let name = if name.is_empty() { host().unwrap_or_default() } else { name };
    Some(Source { name, url, date })
}

/// The date that ends the line, with the "ngày" before it.
fn take_date(text: &str) -> (&str, Option<String>) {
    let bare = text.trim_end_matches(['.', ')', ' ']);
    let start = bare.rfind([' ', ',', '(']).map_or(0, |space| space + 1);
    match day_month_year(&bare[start..]) {
        Some(day) => {
            let before = bare[..start].trim_end();
            let before = before.strip_suffix("ngày").or_else(|| before.strip_suffix("Ngày"));
            (before.unwrap_or(&bare[..start]), Some(day.to_string()))
        }
        None => (text, None),
    }
}

fn take_url(text: &str) -> (String, Option<String>) {
    let is_url = |word: &&str| word.starts_with("http://") || word.starts_with("https://");
    let Some(word) = text.split([' ', '(', ')', '\u{a0}']).find(is_url) else {
        return (text.to_owned(), None);
    };
    let url = word.trim_end_matches([',', ';', '.']);
    (text.replacen(word, "", 1).replace("()", ""), Some(url.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(line: &str) -> (String, Option<String>, Option<String>) {
        let source = read(line).unwrap();
        (source.name, source.url, source.date)
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn name_and_date_are_told_apart() {
        let expected = ("bao.example".to_owned(), None, some("2016-01-06"));
        assert_eq!(source("Nguồn: bao.example, ngày 6/1/2016"), expected);
        assert_eq!(source("NGUỒN : bao.example (06-01-2016)."), expected);
        assert_eq!(source("Nguồn: Báo Ví Dụ"), ("Báo Ví Dụ".to_owned(), None, None));
    }

    #[test]
    fn a_url_is_told_apart_too() {
        let url = some("https://bao.example/tin?id=1");
        let named = source("Nguồn: Báo Ví Dụ, https://bao.example/tin?id=1, ngày 16/12/2023");
        assert_eq!(named, ("Báo Ví Dụ".to_owned(), url.clone(), some("2023-12-16")));
        let bare = source("Nguồn: https://bao.example/tin?id=1");
        assert_eq!(bare, ("bao.example".to_owned(), url, None));
    }

    #[test]
    fn what_is_not_understood_stays_as_printed() {
        let odd = source("Nguồn: Báo Ví Dụ, ngày 31/2/2016");
        assert_eq!(odd, ("Báo Ví Dụ, ngày 31/2/2016".to_owned(), None, None));
        assert_eq!(read("Nguồn:"), None);
        assert_eq!(read("Nguồn lực: con người"), None);
    }
}
