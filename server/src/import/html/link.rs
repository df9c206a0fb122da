//! URLs: which schemes an article may lead to, and what a relative one is relative to.

use std::cell::Cell;
use std::rc::Rc;

use url::Url;

use super::TooMuch;
use crate::import::{LONGEST, link};

/// Resolves the URLs of one snippet.
pub(super) struct Links<'a> {
    base: Option<&'a Url>,
    /// Bytes of all URLs that were given out: a long base and many short links make much of little.
    given: Cell<usize>,
}

impl<'a> Links<'a> {
    pub(super) fn new(base: Option<&'a Url>) -> Self {
        Self { base, given: Cell::new(0) }
    }

    /// Where a reader may be sent: `http`, `https`, `mailto` and `tel`. A place within the same page is none.
    pub(super) fn of_text(&self, href: &str) -> Option<Rc<str>> {
        if href.trim_start().starts_with('#') {
            return None;
        }
        self.resolve(href, &["http", "https", "mailto", "tel"]).map(Rc::from)
    }

    /// Where a file or something of another site is: `http` and `https`.
    pub(super) fn of_web(&self, src: &str) -> Option<String> {
        self.resolve(src, &link::WEB)
    }

    /// Whether it is relative, and nothing says to what.
    pub(super) fn is_cut_off(&self, src: &str) -> bool {
        link::is_cut_off(src, self.base)
    }

    /// Refuses what has grown past all measure.
    pub(super) fn check(&self) -> Result<(), TooMuch> {
        if self.given.get() > LONGEST { Err(TooMuch::Links) } else { Ok(()) }
    }

    fn resolve(&self, text: &str, schemes: &[&str]) -> Option<String> {
        if self.given.get() > LONGEST {
            return None;
        }
        let url = link::resolve(text, self.base, schemes)?;
        self.given.set(self.given.get() + url.as_str().len());
        Some(url.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_four_schemes_lead_anywhere() {
        let base = Url::parse("https://bao.example/tin/").unwrap();
        let links = Links::new(Some(&base));
        let lead = |href| links.of_text(href).map(|url| url.to_string());
        assert_eq!(lead(" ../a?b=1 ").as_deref(), Some("https://bao.example/a?b=1"));
        assert_eq!(lead("//khac.example/a").as_deref(), Some("https://khac.example/a"));
        assert_eq!(
            lead("mailto:toasoan@bao.example").as_deref(),
            Some("mailto:toasoan@bao.example")
        );
        assert_eq!(lead("TEL:+84262").as_deref(), Some("tel:+84262"));
        assert_eq!(
            lead("https://bao.example@xau.example/").as_deref(),
            Some("https://xau.example/")
        );
        for nowhere in [
            "javascript:alert(1)",
            "java\nscript:alert(1)",
            "\u{1}javascript:alert(1)",
            " JAVASCRIPT&colon;x:alert",
            "data:text/html,<script>",
            "vbscript:x",
            "file:///etc/passwd",
            "blob:https://a/b",
            "#chan",
            "",
            "http://",
        ] {
            let lead = lead(nowhere);
            assert!(
                lead.as_deref().is_none_or(|url| url.starts_with("https://bao.example/")),
                "{nowhere}: {lead:?}"
            );
        }
        assert_eq!(links.of_web("mailto:toasoan@bao.example"), None);
    }

    #[test]
    fn without_a_base_only_whole_urls_lead_anywhere() {
        let links = Links::new(None);
        assert_eq!(links.of_text("/tin/1"), None);
        assert_eq!(
            links.of_web("//bao.example/a.jpg").as_deref(),
            Some("https://bao.example/a.jpg")
        );
    }
}
