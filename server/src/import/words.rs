//! What is left of pictures whose addresses are relative to nobody knows what: their words.

use article_widget::contract::{Article, Block, BlockKind, Figure, Inline};

use super::prose;
use crate::article::StoredArticle;

/// The article without the pictures that have no file, but with what was said of them; and how many they were.
pub(super) fn in_place_of_pictures(stored: StoredArticle) -> (StoredArticle, u64) {
    let article = stored.article();
    let mut left_out = 0;
    let lead_image = article.lead_image.clone().and_then(|figure| of_lead(figure, &mut left_out));
    let body = of_blocks(article.body.clone(), &mut left_out);
    if left_out == 0 {
        return (stored, 0);
    }
    let article = Article { lead_image, body, ..article.clone() };
    (StoredArticle::from_article(article), left_out)
}

/// Its caption stays where it is.
fn of_lead(figure: Figure, left_out: &mut u64) -> Option<Figure> {
    if !figure.sources.is_empty() {
        return Some(figure);
    }
    *left_out += 1;
    let credit = figure.credit.clone();
    let caption = said(Figure { credit: None, ..figure });
    let says_anything = !caption.is_empty() || credit.is_some();
    says_anything.then(|| Figure { caption, credit, ..Figure::default() })
}

fn of_blocks(blocks: Vec<Block>, left_out: &mut u64) -> Vec<Block> {
    blocks.into_iter().filter_map(|block| of_block(block, left_out)).collect()
}

fn of_block(block: Block, left_out: &mut u64) -> Option<Block> {
    match block.kind {
        BlockKind::Figure(figure) if figure.sources.is_empty() => {
            *left_out += 1;
            let said = said(figure);
            (!said.is_empty()).then(|| prose::paragraph(said))
        }
        BlockKind::Quote { blocks, cite } => {
            let blocks = of_blocks(blocks, left_out);
            let says_anything = !blocks.is_empty() || !cite.is_empty();
            says_anything.then(|| BlockKind::Quote { blocks, cite }.into())
        }
        BlockKind::List { ordered, items } => {
            let items = items.into_iter().map(|item| of_blocks(item, left_out));
            let items: Vec<_> = items.filter(|item| !item.is_empty()).collect();
            (!items.is_empty()).then(|| BlockKind::List { ordered, items }.into())
        }
        _ => Some(block),
    }
}

/// The caption, else what stands for the picture where it cannot be seen; and who made it.
fn said(figure: Figure) -> Vec<Inline> {
    let mut said = figure.caption;
    if said.is_empty() {
        said.extend(figure.alt.map(Inline::Text));
    }
    if let Some(credit) = figure.credit {
        if !said.is_empty() {
            said.push(Inline::Text(" ".to_owned()));
        }
        said.push(Inline::Text(credit));
    }
    said
}
