//! Checks what browsers send. Anyone may send anything.

use std::sync::Arc;

use article_widget::contract::{ArticleId, ShareReport, ViewReport};
use uuid::Uuid;

use super::Error;
use crate::partners::origin;
use crate::share_mark::ShareMark;
use crate::store::Channel;

/// More seconds than this at one article are a page left open.
const MOST_SECONDS: u32 = 2 * 3600;

/// A view report, checked.
#[derive(Debug)]
pub(super) struct CheckedView {
    pub(super) article: ArticleId,
    pub(super) view: [u8; 16],
    /// The page's origin; empty where the browser did not say.
    pub(super) partner: Arc<str>,
    pub(super) seconds: u32,
    pub(super) depth: u8,
    pub(super) share: Option<Arc<str>>,
}

/// A share report, checked.
#[derive(Debug)]
pub(super) struct CheckedShare {
    pub(super) article: ArticleId,
    pub(super) share: [u8; 16],
    /// The page's origin; empty where the browser did not say.
    pub(super) partner: Arc<str>,
    pub(super) channel: Channel,
}

/// The report, or the field that is wrong and why.
pub(super) fn check_view(report: &ViewReport) -> Result<CheckedView, Error> {
    if report.depth > 100 {
        return Err(Error::Invalid { field: "depth", reason: "is from 0 to 100" });
    }
    Ok(CheckedView {
        article: article(&report.article)?,
        view: uuid("view", &report.view)?,
        partner: origin(&report.page).into(),
        seconds: report.seconds.min(MOST_SECONDS),
        depth: report.depth,
        // Links get mangled on their way; the view is none the worse for it.
        share: report
            .share
            .as_deref()
            .filter(|mark| ShareMark::parse(mark).is_some())
            .map(Arc::from),
    })
}

/// The report, or the field that is wrong and why.
pub(super) fn check_share(report: &ShareReport) -> Result<CheckedShare, Error> {
    let channel = Channel::parse(&report.channel)
        .ok_or(Error::Invalid { field: "channel", reason: "is not known" })?;
    Ok(CheckedShare {
        article: article(&report.article)?,
        share: uuid("share", &report.share)?,
        partner: origin(&report.page).into(),
        channel,
    })
}

fn article(id: &str) -> Result<ArticleId, Error> {
    let invalid = Error::Invalid { field: "article", reason: "is not an article id" };
    ArticleId::parse(id).map_err(|_| invalid)
}

/// A browser's own name for what it sends.
pub(crate) fn uuid(field: &'static str, text: &str) -> Result<[u8; 16], Error> {
    // Other forms of the same UUID would be taken too, but no browser writes them.
    let uuid = (text.len() == 36).then(|| Uuid::try_parse(text).ok()).flatten();
    let invalid = Error::Invalid { field, reason: "is a UUID, as 36 characters" };
    uuid.map(Uuid::into_bytes).ok_or(invalid)
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
    fn of_a_page_only_the_origin_is_taken() {
        let checked = check_view(&view()).unwrap();
        assert_eq!(&*checked.partner, "https://partner.example:8443");
        assert_eq!(checked.seconds, MOST_SECONDS);
        assert_eq!(checked.share.as_deref(), Some("f-1x3k9a"));
    }

    #[test]
    fn what_is_malformed_is_named() {
        let broken = |change: fn(&mut ViewReport)| {
            let mut report = view();
            change(&mut report);
            match check_view(&report).unwrap_err() {
                Error::Invalid { field, .. } => field,
                Error::Busy => panic!("checking needs no queue"),
            }
        };
        assert_eq!(broken(|report| report.article = "../etc".into()), "article");
        assert_eq!(broken(|report| report.view = "1".into()), "view");
        assert_eq!(broken(|report| report.depth = 101), "depth");
    }

    #[test]
    fn a_mangled_share_mark_is_left_out() {
        let checked = check_view(&ViewReport { share: Some("f-1X".into()), ..view() });
        assert_eq!(checked.unwrap().share, None);
    }
}
