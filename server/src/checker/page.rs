//! What of ours stands in a partner's page. The page is read tag by tag, once and without a tree: it may be
//! as large and as broken as it likes.

use std::collections::BTreeMap;

use html5gum::{DefaultEmitter, HtmlString, Spanned, StartTag, Token, Tokenizer};
use url::Url;

use super::policy::Policies;

/// Of each kind no more are looked at.
const MOST: usize = 50;
/// The loader's file.
const LOADER: &str = "embed.js";
/// The file of the script that gives frames their height.
const FRAME_SCRIPT: &str = "frame-host.js";
/// What a script may be said to be for browsers to run it by themselves.
const RUN: [&str; 6] = [
    "",
    "module",
    "text/javascript",
    "application/javascript",
    "application/x-javascript",
    "text/ecmascript",
];

/// A partner's page, as far as it concerns us.
#[derive(Debug)]
pub(super) struct PartnerPage {
    pub(super) url: Url,
    pub(super) policies: Policies,
    pub(super) elements: Vec<Element>,
    /// Those that are called like the loader.
    pub(super) scripts: Vec<Script>,
    /// Those that are called like the one that gives frames their height.
    pub(super) frame_scripts: Vec<Script>,
    pub(super) frames: Vec<Frame>,
    /// Where its links lead that stand outside our elements.
    pub(super) links: Vec<Url>,
    /// The snippet stands in it as text.
    pub(super) is_escaped: bool,
    /// Its attributes are in quotation marks of print, which are part of their values then.
    pub(super) is_in_print: bool,
}

/// An `<article-widget>`.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub(super) article: String,
    /// None where it has none that is a URL: it is the loader's own then.
    pub(super) src: Option<Url>,
    /// A link stands in it.
    pub(super) has_link: bool,
}

/// A script whose file is called like one of ours.
#[derive(Debug)]
pub(super) struct Script {
    pub(super) url: Url,
    /// Of a pinned one.
    pub(super) version: Option<String>,
    /// Of the short snippet.
    pub(super) article: Option<String>,
    pub(super) integrity: Option<String>,
    pub(super) has_crossorigin: bool,
    pub(super) nonce: Option<String>,
    /// What it is said to be, where browsers run nothing of that kind.
    pub(super) dead_type: Option<String>,
}

/// A frame whose path is that of an article's frame or page.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) url: Url,
    pub(super) article: String,
    /// It is that of the page, which no other page may frame.
    pub(super) is_page: bool,
    pub(super) has_title: bool,
    pub(super) has_height: bool,
    /// Something is allowed to it.
    pub(super) has_allow: bool,
    /// It may scroll.
    pub(super) scrolls: bool,
    /// What the sandbox allows, in lower case; none where there is no sandbox.
    pub(super) sandbox: Option<Vec<String>>,
}

impl PartnerPage {
    /// Reads a page that was got from `url`, whose headers held these policies.
    pub(super) fn read(url: Url, policies: &[String], html: &str) -> Self {
        let mut page = Self {
            policies: Policies::of(&url),
            url,
            elements: Vec::new(),
            scripts: Vec::new(),
            frame_scripts: Vec::new(),
            frames: Vec::new(),
            links: Vec::new(),
            is_escaped: false,
            is_in_print: false,
        };
        policies.iter().for_each(|policy| page.policies.add(policy));
        let mut emitter = DefaultEmitter::default();
        // The content of scripts and the like is no HTML.
        emitter.naively_switch_states(true);
        let mut is_inside = false;
        for Ok(token) in Tokenizer::new_with_emitter(html, emitter) {
            match token {
                Token::StartTag(tag) => page.start(&tag, &mut is_inside),
                Token::EndTag(tag) if *tag.name == b"article-widget"[..] => is_inside = false,
                Token::String(text) => page.is_escaped |= is_snippet(&text),
                _ => {}
            }
        }
        page
    }

    /// The articles that it names.
    pub(super) fn articles(&self) -> impl Iterator<Item = &str> {
        let elements = self.elements.iter().map(|element| element.article.as_str());
        let scripts = self.scripts.iter().filter_map(|script| script.article.as_deref());
        elements.chain(scripts).chain(self.frames.iter().map(|frame| frame.article.as_str()))
    }

    fn start(&mut self, tag: &StartTag<()>, is_inside: &mut bool) {
        let attributes = Attributes(&tag.attributes);
        match &**tag.name {
            b"article-widget" | b"script" | b"iframe" if attributes.are_in_print() => {
                self.is_in_print = true;
            }
            b"article-widget" => {
                *is_inside = true;
                let article = attributes.text("article").unwrap_or_default();
                let src = attributes.url("src", &self.url);
                push(&mut self.elements, Element { article, src, has_link: false });
            }
            b"a" => match (attributes.url("href", &self.url), self.elements.last_mut()) {
                (Some(_), Some(element)) if *is_inside => element.has_link = true,
                (Some(url), _) => push(&mut self.links, url),
                (None, _) => {}
            },
            b"script" => match script(&attributes, &self.url) {
                Some((LOADER, script)) => push(&mut self.scripts, script),
                Some((_, script)) => push(&mut self.frame_scripts, script),
                None => {}
            },
            b"iframe" => {
                if let Some(frame) = frame(&attributes, &self.url) {
                    push(&mut self.frames, frame);
                }
            }
            b"meta" => {
                let header = attributes.text("http-equiv").unwrap_or_default();
                if header.trim().eq_ignore_ascii_case("content-security-policy") {
                    self.policies.add(&attributes.text("content").unwrap_or_default());
                }
            }
            _ => {}
        }
    }
}

fn push<T>(list: &mut Vec<T>, one: T) {
    if list.len() < MOST {
        list.push(one);
    }
}

/// A script of ours, and its file's name.
fn script(attributes: &Attributes<'_>, page: &Url) -> Option<(&'static str, Script)> {
    let url = attributes.url("src", page)?;
    let path: Vec<&str> = url.path().split('/').collect();
    let (version, file) = match path[..] {
        ["", file] => (None, file),
        ["", "v", version, file] => (Some(version.to_owned()), file),
        _ => return None,
    };
    let file = [LOADER, FRAME_SCRIPT].into_iter().find(|name| *name == file)?;
    let is_dead = |kind: &String| !RUN.iter().any(|run| kind.trim().eq_ignore_ascii_case(run));
    let script = Script {
        version,
        article: attributes.text("data-article"),
        integrity: attributes.text("integrity").filter(|text| !text.trim().is_empty()),
        has_crossorigin: attributes.text("crossorigin").is_some(),
        nonce: attributes.text("nonce"),
        dead_type: attributes.text("type").filter(is_dead),
        url,
    };
    Some((file, script))
}

fn frame(attributes: &Attributes<'_>, page: &Url) -> Option<Frame> {
    let url = attributes.url("src", page)?;
    let path: Vec<&str> = url.path().split('/').collect();
    let ["", kind @ ("embed" | "a"), article] = path[..] else { return None };
    let is_said = |name: &str| attributes.text(name).is_some_and(|text| !text.trim().is_empty());
    let style = attributes.text("style").unwrap_or_default();
    let scrolling = attributes.text("scrolling").unwrap_or_default();
    let allowed =
        |sandbox: String| sandbox.split_ascii_whitespace().map(str::to_ascii_lowercase).collect();
    Some(Frame {
        article: article.to_owned(),
        is_page: kind == "a",
        has_title: is_said("title"),
        // A class may give it one; then it has one in vain, which does no harm.
        has_height: is_said("height") || style.contains("height"),
        has_allow: is_said("allow"),
        scrolls: !["no", "off", "noscroll"]
            .contains(&scrolling.trim().to_ascii_lowercase().as_str()),
        sandbox: attributes.text("sandbox").map(allowed),
        url,
    })
}

/// Whether a run of text is our snippet, which somebody has pasted where text is shown as it is.
fn is_snippet(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text);
    text.contains("<article-widget")
        || (text.contains("/embed.js") && text.contains("data-article"))
}

/// A tag's attributes.
struct Attributes<'a>(&'a BTreeMap<HtmlString, Spanned<HtmlString, ()>>);

impl Attributes<'_> {
    fn text(&self, name: &str) -> Option<String> {
        let value = self.0.get(name.as_bytes())?;
        Some(String::from_utf8_lossy(value).into_owned())
    }

    /// Whether what of ours they name begins with a quotation mark of print.
    fn are_in_print(&self) -> bool {
        let is_ours = |text: &str| ["/embed", "/frame-host"].iter().any(|part| text.contains(part));
        let begins = |text: &String| text.starts_with(['“', '”', '„', '″', '«', '»']);
        self.text("src").filter(begins).is_some_and(|src| is_ours(&src))
            || ["article", "data-article"]
                .iter()
                .any(|name| self.text(name).is_some_and(|id| begins(&id)))
    }

    /// An absolute URL; relative ones are read as browsers do.
    fn url(&self, name: &str, page: &Url) -> Option<Url> {
        let text = self.text(name).filter(|text| !text.trim().is_empty())?;
        page.join(text.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
    }
}
