//! The text of a page that says nowhere as data what its article is.

use article_widget::contract::{Block, Byline};
use dom_query::{NodeData, TreeNode};
use dom_smoothie::{Config, Readability};
use url::Url;

use crate::import::html::{self, Page, TooMuch};
use crate::import::prose;

/// A longer line names no author, in characters.
const BYLINE: usize = 80;

/// The writing of HTML searches the rest of a text again for each character that it writes as a reference: so many bytes
/// are searched, at most.
const SEARCHED: usize = 1 << 33;

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
    check_references(&page)?;
    // Classes tell captions and the cards of other sites.
    let config = Config { keep_classes: true, disable_json_ld: true, ..Config::default() };
    let reader = Readability::with_document(page, None, Some(config));
    let Ok(found) = reader.and_then(|mut reader| reader.parse()) else {
        return Ok(Seen::default());
    };
    let name = found.byline.map(|line| prose::folded(&line));
    let name = name.filter(|name| (1..=BYLINE).contains(&name.chars().count()));
    Ok(Seen {
        blocks: html::read(&found.content, base)?,
        byline: name.map(|name| Byline { name, ..Byline::default() }),
    })
}

fn check_references(page: &Page) -> Result<(), TooMuch> {
    let of_text = |text: &str| {
        let references = text.bytes().filter(|byte| matches!(byte, b'&' | 0xc2)).count();
        references.saturating_mul(text.len())
    };
    let of_node = |node: &TreeNode| match &node.data {
        NodeData::Text { contents } => of_text(contents),
        NodeData::Element(element) => {
            element.attrs.iter().map(|attribute| of_text(&attribute.value)).sum()
        }
        _ => 0,
    };
    let root = page.root();
    let searched: usize = root.descendants_it().filter_map(|node| node.query(of_node)).sum();
    if searched > SEARCHED { Err(TooMuch::References) } else { Ok(()) }
}
