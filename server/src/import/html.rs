//! HTML to the contract's blocks, by allowlist: what is not named here is not carried over, and text is only ever
//! text. What goes in is hostile until it is blocks.
//!
//! In reading order: `tree` builds the tree within limits, `kind` says what an element is to an article, `flow`
//! walks the tree, `runs` makes lines of text of what it meets, and the rest is one file for a kind of block.

use article_widget::contract::{Block, BlockKind, Inline};
use url::Url;

use super::prose;

mod embed;
mod figure;
mod flow;
mod furniture;
mod kind;
mod link;
mod picture;
mod runs;
mod style;
mod table;
mod tree;

pub(super) use embed::provider;
pub(super) use picture::{settled as image_files, source as image_file};
pub(super) use tree::{Page, page};

/// Why HTML is refused: no article is like that, and reading it would cost more than an article may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TooMuch {
    /// Bytes.
    #[error("the HTML is longer than {} bytes", super::LONGEST)]
    Bytes,
    /// Attributes of one element.
    #[error("an element of the HTML has more than {} attributes", tree::ATTRIBUTES)]
    Attributes,
    /// Elements and texts.
    #[error("the HTML has more than {} elements", tree::NODES)]
    Nodes,
    /// Elements within elements, or many of them far within.
    #[error("the HTML is nested too deep, or too much of it is: {} elements at most", tree::DEPTH)]
    Depth,
    /// Characters of one text that HTML writes as references.
    #[error("a text of the HTML has too many ampersands")]
    References,
    /// Links, when they are written out.
    #[error("the links of the HTML are longer than {} bytes", super::LONGEST)]
    Links,
}

/// The blocks of a snippet of HTML. Relative links are read from `base`, and without one they are text.
///
/// # Errors
/// [`TooMuch`], before any of it is used.
pub(super) fn read(html: &str, base: Option<&Url>) -> Result<Vec<Block>, TooMuch> {
    let document = tree::fragment(html)?;
    flow::blocks(&document.root(), base)
}

/// The same for one who cannot refuse: of HTML that is [`TooMuch`] its words alone are left.
pub(super) fn blocks(html: &str, base: Option<&Url>) -> Vec<Block> {
    read(html, base).unwrap_or_else(|_| words_alone(html))
}

/// A snippet of HTML within a line: a caption, a standfirst. What would be blocks is lines.
pub(super) fn inlines(html: &str, base: Option<&Url>) -> Vec<Inline> {
    runs::lines_of(blocks(html, base))
}

/// The text of a snippet of HTML, on one line.
pub(super) fn plain(html: &str) -> String {
    prose::of_inlines(&inlines(html, None))
}

/// A text in which only references to characters are HTML, its lines kept.
pub(super) fn unescaped(text: &str) -> String {
    let lines = text.splitn(prose::LINES, '\n').map(|line| plain(&line.replace('<', "&lt;")));
    lines.collect::<Vec<_>>().join("\n")
}

fn words_alone(html: &str) -> Vec<Block> {
    let words = prose::folded(&tree::words(html));
    if words.is_empty() {
        Vec::new()
    } else {
        vec![BlockKind::Paragraph(vec![Inline::Text(words)]).into()]
    }
}

#[cfg(test)]
mod hostile;
#[cfg(test)]
mod tests;
