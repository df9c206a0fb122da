//! Ids of articles that come without one that can stand in a URL. The same input has the same id, today and on
//! every machine.

use article_widget::contract::{ArticleId, Block};
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use url::Url;

use super::prose;

/// The readable part of an id, in characters.
const SLUG: usize = 60;
/// How much of a text tells it apart from others of its title, in bytes.
const DISTINCTION: usize = 200;

/// The id that a feed or a page gives: as it is where it can be one. Of a URL, a tag or anything else the id
/// is what can be read of it, and a digest of the whole.
pub(super) fn given(raw: &str) -> ArticleId {
    let raw = raw.trim();
    if let Ok(id) = ArticleId::parse(raw) {
        return id;
    }
    let whole: String = raw.nfc().collect();
    // 64 bits: many ids of one publisher look alike but for this.
    with_digest(&readable(&whole), &whole, 8)
}

/// The id of an item. One that stands for itself only within its feed, as `1` does, is told apart from those of other
/// sites by the host of its own: `site`. Where nothing tells that, title and date or first words do.
pub(super) fn of_item(
    raw: Option<&str>,
    site: Option<&str>,
    title: &str,
    published: Option<&str>,
    body: &[Block],
) -> ArticleId {
    match (raw, site) {
        (None, _) => of_entry(title, published, body),
        (Some(raw), _) if is_everywhere_itself(raw) => given(raw),
        (Some(raw), Some(site)) => given(&[site, raw.trim()].join("/")),
        (Some(raw), None) => of_text(title, Some(raw.trim()), &distinction(published, body)),
    }
}

/// Whether no two sites give the same: a URL, a tag (RFC 4151) or a URN.
fn is_everywhere_itself(raw: &str) -> bool {
    Url::parse(raw.trim()).is_ok_and(|url| matches!(url.scheme(), "http" | "https" | "tag" | "urn"))
}

/// A slug of the title, and a digest of all that is given. The distinction tells articles of one title apart: a
/// source line with a date, the name of a feed, the first paragraph. A dateline that is the clock of the page is left
/// out: the same page saved on another day is the same article.
pub(super) fn of_text(title: &str, dateline: Option<&str>, distinction: &str) -> ArticleId {
    let parts: Vec<&str> =
        [Some(title), dateline, Some(distinction)].into_iter().flatten().collect();
    with_digest(&slug(title), &parts.join("\n"), 4)
}

/// The same of what has neither an address nor a source: when it was published tells it apart, for that stays when
/// a word is mended; without a date its first words do.
pub(super) fn of_entry(title: &str, published: Option<&str>, body: &[Block]) -> ArticleId {
    of_text(title, None, &distinction(published, body))
}

/// What tells an article apart from others of its title: when it was published, else its first words.
pub(super) fn distinction(published: Option<&str>, body: &[Block]) -> String {
    published.map_or_else(|| prose::read_out(body, DISTINCTION), str::to_owned)
}

fn with_digest(slug: &str, whole: &str, bytes: usize) -> ArticleId {
    let id = [slug, &hex::encode(&Sha256::digest(whole)[..bytes])].join("-");
    ArticleId::parse(id.trim_start_matches('-')).expect("letters, digits and hyphens")
}

/// The last part of a URL's path that says something, for it holds the title's words; else all of it.
fn readable(raw: &str) -> String {
    let of_path = Url::parse(raw).ok().filter(Url::has_host).and_then(|url| {
        let path = percent_decoded(url.path());
        let last = path.rsplit('/').find(|part| !part.is_empty())?;
        let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
        Some(slug(stem))
    });
    of_path.filter(|slug| !slug.is_empty()).unwrap_or_else(|| slug(raw))
}

/// `%C4%91` as `đ`: a slug of the bytes would be unreadable.
fn percent_decoded(path: &str) -> String {
    let (bytes, mut decoded) = (path.as_bytes(), Vec::with_capacity(path.len()));
    let mut at = 0;
    while at < bytes.len() {
        let pair = bytes.get(at + 1..at + 3).and_then(|pair| hex::decode(pair).ok());
        match pair {
            Some(byte) if bytes[at] == b'%' => {
                decoded.extend(byte);
                at += 3;
            }
            _ => {
                decoded.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(decoded).unwrap_or_else(|_| path.to_owned())
}

/// "Đắk Lắk: Tăng cường" as `dak-lak-tang-cuong`.
fn slug(title: &str) -> String {
    let folded: String = title
        .nfd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            'đ' => 'd',
            c if c.is_ascii_alphanumeric() => c,
            _ => ' ',
        })
        .collect();
    let mut slug = String::new();
    for word in folded.split_whitespace() {
        if slug.len() + 1 + word.len() > SLUG {
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.push_str(word);
    }
    slug
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_ascii_whole_words_and_short() {
        assert_eq!(slug("Đà Lạt: Hoa nở sớm — “lạ”!"), "da-lat-hoa-no-som-la");
        assert!(slug(&"nghiêng ".repeat(30)).len() <= SLUG);
        assert_eq!(slug("日本"), "");
    }

    #[test]
    fn a_text_has_its_id_from_its_title_and_what_tells_it_apart() {
        assert_eq!(of_text("日本", None, "").as_str().len(), 8);
        let id = of_text("Hoa nở sớm", None, "Nguồn: Báo Ví Dụ, ngày 6/1/2016");
        assert_eq!(id.as_str(), "hoa-no-som-b3435d5e");
        assert_ne!(id, of_text("Hoa nở sớm", None, "Nguồn: Báo Ví Dụ, ngày 7/1/2016"));
        assert_ne!(id, of_text("Hoa nở sớm", Some("2016"), "Nguồn: Báo Ví Dụ, ngày 6/1/2016"));
    }

    #[test]
    fn a_date_tells_texts_of_one_title_apart_and_without_one_their_first_words_do() {
        let text = |words: &str| prose::paragraphs(words);
        let id = |published, words| of_entry("Tin vắn", published, &text(words));
        assert_eq!(id(Some("2024-11-27"), "Sai một chữ."), id(Some("2024-11-27"), "Đã sửa."));
        assert_ne!(id(Some("2024-11-27"), "Mưa."), id(Some("2024-11-28"), "Mưa."));
        assert_ne!(id(None, "Mưa."), id(None, "Nắng."));
    }

    #[test]
    fn an_id_that_only_its_feed_knows_is_its_sites() {
        let text = prose::paragraphs("Mưa.");
        let id = |raw, site, title| of_item(Some(raw), site, title, None, &text).to_string();
        let of_site = id("1", Some("bao.example"), "Tin vắn");
        assert!(of_site.starts_with("bao-example-1-"), "{of_site}");
        assert_eq!(of_site, id(" 1 ", Some("bao.example"), "Tựa đã sửa"));
        assert_ne!(of_site, id("1", Some("khac.example"), "Tin vắn"));
        for whole in ["https://bao.example/?p=1", "tag:bao.example,2024:1", "urn:isbn:0451450523"] {
            assert_eq!(id(whole, Some("khac.example"), "Tin vắn"), given(whole).to_string());
        }
        // Nothing says whose it is.
        assert_ne!(id("1", None, "Tin vắn"), id("1", None, "Tin khác"));
        assert_ne!(id("1", None, "Tin vắn"), id("2", None, "Tin vắn"));
    }

    #[test]
    fn an_id_that_can_stand_in_a_url_stays() {
        assert_eq!(given(" 2016.tin-42 ").as_str(), "2016.tin-42");
        assert_eq!(given("hoa_som~2").as_str(), "hoa_som~2");
    }

    #[test]
    fn a_url_gives_its_words_and_a_digest() {
        let id = given("https://bao.example/2024/11/hoa-no-som.html?ref=rss");
        assert_eq!(id.as_str(), "hoa-no-som-77791cff8c4955c5");
        assert_ne!(id, given("https://bao.example/2024/11/hoa-no-som.html"));
        let encoded = given("https://bao.example/%C4%91%E1%BA%AFk-l%E1%BA%AFk/");
        assert!(encoded.as_str().starts_with("dak-lak-"), "{encoded}");
        assert!(given("https://bao.example/?p=12").as_str().starts_with("https-bao-example-p-12-"));
    }

    #[test]
    fn whatever_is_given_gives_an_id_that_is_one() {
        for raw in
            ["", "-", "日本", "tag:bao.example,2024:3", "a b", "../..", "%zz%", &"x".repeat(500)]
        {
            assert!(ArticleId::parse(given(raw).as_str()).is_ok(), "{raw}");
        }
        // Written with combining marks or without, it is the same.
        assert_eq!(given("tin: phở"), given("tin: pho\u{31b}\u{309}"));
    }
}
