//! Checks what browsers send. Anyone may send anything.

use std::sync::Arc;

use article_widget::contract::{ArticleId, ShareReport, ViewReport};
use url::Url;
use uuid::Uuid;

use crate::store::Channel;

/// The longest page URL, in bytes.
const PAGE_BYTES: usize = 2048;
/// More seconds than this at one article are a page left open.
const MOST_SECONDS: u32 = 2 * 3600;

/// A view report, checked.
#[derive(Debug)]
pub(super) struct CheckedView {
    pub(super) article: ArticleId,
    pub(super) view: [u8; 16],
    pub(super) page: Page,
    pub(super) seconds: u32,
    pub(super) depth: u8,
    pub(super) share: Option<Arc<str>>,
}

/// A share report, checked.
#[derive(Debug)]
pub(super) struct CheckedShare {
    pub(super) article: ArticleId,
    pub(super) share: [u8; 16],
    pub(super) page: Page,
    pub(super) channel: Channel,
}

/// A partner's page, without query and fragment; both empty where the browser did not say.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Page {
    pub(super) origin: Arc<str>,
    pub(super) path: Arc<str>,
}

/// The report, or the field that is wrong and why.
pub(super) fn check_view(report: &ViewReport) -> Result<CheckedView, &'static str> {
    if report.depth > 100 {
        return Err("depth: is from 0 to 100");
    }
    Ok(CheckedView {
        article: article(&report.article)?,
        view: uuid(&report.view).ok_or("view: is a UUID, as 36 characters")?,
        page: page(&report.page)?,
        seconds: report.seconds.min(MOST_SECONDS),
        depth: report.depth,
        // Links get mangled on their way; the view is none the worse for it.
        share: report.share.as_deref().filter(|mark| is_share_mark(mark)).map(Arc::from),
    })
}

/// The report, or the field that is wrong and why.
pub(super) fn check_share(report: &ShareReport) -> Result<CheckedShare, &'static str> {
    Ok(CheckedShare {
        article: article(&report.article)?,
        share: uuid(&report.share).ok_or("share: is a UUID, as 36 characters")?,
        page: page(&report.page)?,
        channel: Channel::parse(&report.channel).ok_or("channel: is not known")?,
    })
}

fn article(id: &str) -> Result<ArticleId, &'static str> {
    ArticleId::parse(id).map_err(|_| "article: is not an article id")
}

fn uuid(text: &str) -> Option<[u8; 16]> {
    // Other forms of the same UUID would be taken too, but no browser writes them.
    (text.len() == 36).then(|| Uuid::try_parse(text).ok()).flatten().map(Uuid::into_bytes)
}

/// Pages of apps and files have no origin that says anything: they count as not told.
fn page(url: &str) -> Result<Page, &'static str> {
    if url.len() > PAGE_BYTES {
        return Err("page: is longer than 2048 bytes");
    }
    let web = Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    Ok(match web {
        Some(url) => {
            Page { origin: url.origin().ascii_serialization().into(), path: url.path().into() }
        }
        None => Page { origin: "".into(), path: "".into() },
    })
}

/// `{letter of the channel}-{partner}`: see [`Channel::from_letter`]; 32 bits in base 36.
fn is_share_mark(mark: &str) -> bool {
    let Some((letter, partner)) = mark.split_once('-') else {
        return false;
    };
    let mut letters = letter.chars();
    let is_channel = letters.next().and_then(Channel::from_letter).is_some();
    let in_base_36 = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_lowercase();
    is_channel
        && letters.next().is_none()
        && (1..=7).contains(&partner.len())
        && partner.bytes().all(in_base_36)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view() -> ViewReport {
        ViewReport {
            article: "bai-1".into(),
            view: "0b9de4f4-6d8e-4a0e-9f0e-3c1f1f0d7a11".into(),
            page: "https://user:pass@Partner.example:8443/tin/1?name=x#top".into(),
            seconds: u32::MAX,
            depth: 100,
            share: Some("f-1x3k9a".into()),
        }
    }

    #[test]
    fn of_a_page_only_origin_and_path_are_taken() {
        let checked = check_view(&view()).unwrap();
        assert_eq!(&*checked.page.origin, "https://partner.example:8443");
        assert_eq!(&*checked.page.path, "/tin/1");
        assert_eq!(checked.seconds, MOST_SECONDS);
        assert_eq!(checked.share.as_deref(), Some("f-1x3k9a"));
    }

    #[test]
    fn pages_without_an_origin_count_as_not_told() {
        for url in ["", "about:srcdoc", "file:///home/reader/saved.html", "no url"] {
            assert_eq!(page(url), Ok(Page { origin: "".into(), path: "".into() }), "{url}");
        }
        assert!(page(&format!("https://partner.example/{}", "a".repeat(PAGE_BYTES))).is_err());
    }

    #[test]
    fn what_is_malformed_is_named() {
        let broken = |change: fn(&mut ViewReport)| {
            let mut report = view();
            change(&mut report);
            check_view(&report).unwrap_err().split(':').next().unwrap().to_owned()
        };
        assert_eq!(broken(|report| report.article = "../etc".into()), "article");
        assert_eq!(broken(|report| report.view = "1".into()), "view");
        assert_eq!(broken(|report| report.depth = 101), "depth");
    }

    #[test]
    fn a_mangled_share_mark_is_left_out() {
        for mark in ["", "f", "f-", "q-1", "ff-1", "f-12345678", "f-1X", "f-1 "] {
            let checked = check_view(&ViewReport { share: Some(mark.into()), ..view() });
            assert_eq!(checked.unwrap().share, None, "{mark}");
        }
    }
}
