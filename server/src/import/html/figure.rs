//! Figures: a picture, or something else, with what is said of it. Systems write them in many ways; `figure` is one.

use article_widget::contract::{Block, BlockKind, EmbedCard, Figure, Inline};
use dom_query::NodeRef;

use super::flow::Flow;
use super::{embed, runs};
use crate::import::prose::{folded, length, of_inlines};

/// What is longer is no caption but a paragraph, in characters.
const CAPTION: usize = 600;

/// Puts a `figure`.
pub(super) fn put(flow: &mut Flow<'_>, node: &NodeRef<'_>) {
    let caption = own_caption(node);
    let (said, credit) =
        caption.map_or_else(Default::default, |caption| said_and_credit(flow, &caption));
    let credit = credit.or_else(|| marked_credit(node).map(|node| folded(&node.text())));
    let mut blocks = flow.inside_without(node, caption.as_ref());
    let left = give(&mut blocks, said, credit);
    flow.put(blocks);
    if !left.is_empty() {
        flow.block(BlockKind::Paragraph(left));
    }
}

/// Puts an element whose class says that it is a picture with its caption, or the caption of the picture before it.
pub(super) fn of_section(flow: &mut Flow<'_>, node: &NodeRef<'_>) -> bool {
    const AROUND: [&str; 5] = [
        "wp-caption",
        "tr-caption-container",
        "image-caption-container",
        "tplcaption",
        "photo-caption-wrapper",
    ];
    const BELOW: [&str; 8] = [
        "wp-caption-text",
        "tr-caption",
        "caption",
        "image-caption",
        "imagecaption",
        "photo-caption",
        "photocms_caption",
        "pcaption",
    ];
    let classes = node.class().unwrap_or_default().to_ascii_lowercase();
    let has_class =
        |wanted: &[&str]| classes.split_ascii_whitespace().any(|class| wanted.contains(&class));
    if has_class(&AROUND) {
        match captioned(flow.inside(node)) {
            Ok(figure) => flow.block(BlockKind::Figure(figure)),
            Err(blocks) => flow.put(blocks),
        }
        return true;
    }
    if has_class(&BELOW) && awaits_caption(flow.last_block()) {
        let (said, credit) = said_and_credit(flow, node);
        if let Some(Block { kind: BlockKind::Figure(figure), .. }) = flow.last_block() {
            figure.caption = said;
            figure.credit = figure.credit.take().or(credit);
            return true;
        }
    }
    false
}

/// One picture and a few words with it are a picture with its caption. Anything else comes back.
pub(super) fn captioned(blocks: Vec<Block>) -> Result<Figure, Vec<Block>> {
    let is_open = |block: &Block| matches!(&block.kind, BlockKind::Figure(figure) if figure.caption.is_empty());
    let is_line =
        |block: &Block| matches!(block.kind, BlockKind::Paragraph(_) | BlockKind::Heading { .. });
    let fits =
        blocks.iter().all(|block| is_open(block) || is_line(block)) && length(&blocks) <= CAPTION;
    if !fits || blocks.iter().filter(|block| is_open(block)).count() != 1 {
        return lone(blocks);
    }
    let (figures, lines): (Vec<Block>, Vec<Block>) = blocks.into_iter().partition(is_open);
    let caption = runs::lines_of(lines);
    lone(figures).map(|figure| Figure { caption, ..figure })
}

/// A picture alone, which may have its caption already.
fn lone(mut blocks: Vec<Block>) -> Result<Figure, Vec<Block>> {
    match blocks.pop() {
        Some(Block { kind: BlockKind::Figure(figure), .. }) if blocks.is_empty() => Ok(figure),
        last => Err(blocks.into_iter().chain(last).collect()),
    }
}

fn awaits_caption(block: Option<&mut Block>) -> bool {
    block.is_some_and(
        |block| matches!(&block.kind, BlockKind::Figure(figure) if figure.caption.is_empty()),
    )
}

/// The `figcaption` that is not one of a figure within.
fn own_caption<'a>(node: &NodeRef<'a>) -> Option<NodeRef<'a>> {
    find_own(node, &|inner| inner.has_name("figcaption"))
}

/// The first element that fits, outside of figures within: each element is looked at for one figure only.
fn find_own<'a>(node: &NodeRef<'a>, fits: &impl Fn(&NodeRef<'a>) -> bool) -> Option<NodeRef<'a>> {
    let inner =
        node.children_it(false).filter(|child| child.is_element() && !child.has_name("figure"));
    inner
        .into_iter()
        .find_map(|child| if fits(&child) { Some(child) } else { find_own(&child, fits) })
}

/// Who made it is told apart where it is marked.
fn said_and_credit(flow: &Flow<'_>, caption: &NodeRef<'_>) -> (Vec<Inline>, Option<String>) {
    let credit = marked_credit(caption);
    let said = runs::lines_of(flow.inside_without(caption, credit.as_ref()));
    (said, credit.map(|node| folded(&node.text())).filter(|credit| !credit.is_empty()))
}

fn marked_credit<'a>(node: &NodeRef<'a>) -> Option<NodeRef<'a>> {
    const MARKED: [&str; 6] =
        ["credit", "copyright", "photographer", "attribution", "byline", "source"];
    let is_marked = |inner: &NodeRef<'_>| {
        let property = inner.attr("itemprop").unwrap_or_default();
        let classes = inner.class().unwrap_or_default().to_ascii_lowercase();
        let words = || classes.split(|c: char| !c.is_ascii_alphanumeric());
        matches!(&*property, "creditText" | "copyrightHolder")
            || words().any(|word| MARKED.contains(&word))
    };
    const NAMES: [&str; 6] = ["span", "small", "cite", "em", "div", "p"];
    find_own(node, &|inner| NAMES.iter().any(|name| inner.has_name(name)) && is_marked(inner))
}

/// Gives the caption to what it is of, and gives back what nothing takes.
fn give(blocks: &mut [Block], said: Vec<Inline>, credit: Option<String>) -> Vec<Inline> {
    let takes = |block: &&mut Block| match &block.kind {
        BlockKind::Figure(figure) => figure.caption.is_empty(),
        BlockKind::Quote { cite, .. } => cite.is_empty(),
        BlockKind::Table { caption, .. } => caption.is_empty(),
        BlockKind::Embed(card) => card.title.is_none(),
        BlockKind::Paragraph(content) => bare_url(content).is_some(),
        _ => false,
    };
    let Some(block) = blocks.iter_mut().rev().find(takes) else { return said };
    match &mut block.kind {
        BlockKind::Figure(figure) => {
            figure.caption = said;
            figure.credit = credit;
        }
        BlockKind::Quote { cite, .. } => *cite = said,
        BlockKind::Table { caption, .. } => *caption = said,
        BlockKind::Embed(card) => {
            card.title = Some(of_inlines(&said)).filter(|title| !title.is_empty())
        }
        BlockKind::Paragraph(content) => {
            let Some(url) = bare_url(content) else { return said };
            let title = Some(of_inlines(&said)).filter(|title| !title.is_empty());
            block.kind =
                BlockKind::Embed(EmbedCard { provider: embed::provider(&url), url, title });
        }
        _ => return said,
    }
    Vec::new()
}

/// Where WordPress did not reach the other site, its address alone stands in the figure.
fn bare_url(content: &[Inline]) -> Option<String> {
    let text = of_inlines(content);
    let is_url = text.starts_with("https://") || text.starts_with("http://");
    url::Url::parse(&text).ok().filter(|_| is_url && !text.contains(' ')).map(Into::into)
}
