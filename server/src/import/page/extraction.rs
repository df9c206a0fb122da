//! The text of a page that says nowhere as data what its article is.

use article_widget::contract::{Block, Byline};
use dom_smoothie::{Config, Readability};
use url::Url;

use crate::import::html::{self, Page, TooMuch};

/// A longer line names no author, in characters.
const BYLINE: usize = 80;

/// What a reader view would show.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) blocks: Vec<Block>,
    /// The line that says who wrote it.
    pub(super) byline: Option<Byline>,
}

/// What a reader view would show of the page; nothing where it would show nothing.
///
/// # Errors
/// [`TooMuch`] where it is more than an article may be.
pub(super) fn read(page: Page, base: Option<&Url>) -> Result<Seen, TooMuch> {
    // Classes tell captions and the cards of other sites.
    let config = Config { keep_classes: true, disable_json_ld: true, ..Config::default() };
    let reader = Readability::with_document(page, None, Some(config));
    let Ok(found) = reader.and_then(|mut reader| reader.parse()) else {
        return Ok(Seen::default());
    };
    let name = found.byline.map(|line| html::folded(&line));
    let name = name.filter(|name| (1..=BYLINE).contains(&name.chars().count()));
    Ok(Seen {
        blocks: html::read(&found.content, base)?,
        byline: name.map(|name| Byline { name, ..Byline::default() }),
    })
}
