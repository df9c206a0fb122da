//! Text as formats give it: lines, paragraphs, and what blocks say, without their marks.

use std::collections::HashSet;

use article_widget::contract::{Block, BlockKind, Inline};

use super::characters::clean;
use crate::plain::append;

/// Lines of a plain text that are told apart, at most: no article has as many, and each costs many times what it is
/// written with. What is behind them is one more line.
pub(super) const LINES: usize = 20_000;

/// On one line, without space around it, of the characters that are carried over.
pub(super) fn folded(text: &str) -> String {
    clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The same; none where nothing is left.
pub(super) fn line(text: &str) -> Option<String> {
    Some(folded(text)).filter(|line| !line.is_empty())
}

/// The lines of plain text, as they stand in it: empty ones are none.
pub(super) fn lines(text: &str) -> Vec<Option<String>> {
    clean(text).trim().splitn(LINES, '\n').map(line).collect()
}

/// The paragraphs of plain text. A blank line parts them; where there is none, every line is one.
pub(super) fn paragraphs(text: &str) -> Vec<Block> {
    let lines = lines(text);
    let has_blank = lines.iter().any(Option::is_none);
    let groups: Vec<&[Option<String>]> = match has_blank {
        true => lines.split(Option::is_none).collect(),
        false => lines.chunks(1).collect(),
    };
    let paragraphs = groups.into_iter().map(|lines| broken(lines.iter().flatten()));
    paragraphs.filter(|content| !content.is_empty()).map(paragraph).collect()
}

/// Lines with their ends between them.
pub(super) fn broken(lines: impl Iterator<Item = impl Into<String>>) -> Vec<Inline> {
    let mut inlines = Vec::new();
    for line in lines {
        if !inlines.is_empty() {
            inlines.push(Inline::Break);
        }
        inlines.push(Inline::Text(line.into()));
    }
    inlines
}

/// Each line once, in the order of the first.
pub(super) fn distinct(lines: impl Iterator<Item = String>) -> Vec<String> {
    let mut known = HashSet::new();
    lines.filter(|line| known.insert(line.clone())).collect()
}

/// A paragraph of these inlines.
pub(super) fn paragraph(content: Vec<Inline>) -> Block {
    BlockKind::Paragraph(content).into()
}

/// What blocks say in one line, up to about that many bytes.
pub(super) fn read_out(blocks: &[Block], most: usize) -> String {
    let mut text = String::new();
    append_blocks(blocks, most, &mut text);
    folded(&text)
}

/// What inlines say, in one line.
pub(super) fn of_inlines(inlines: &[Inline]) -> String {
    let mut text = String::new();
    append(inlines, &mut text);
    folded(&text)
}

/// How long the words of the blocks are, in characters; their white space is folded already. It is asked at each
/// level of what is nested, so it only counts.
pub(super) fn length(blocks: &[Block]) -> usize {
    let of_block = |block: &Block| match &block.kind {
        BlockKind::Paragraph(content) | BlockKind::Heading { content, .. } => of_line(content),
        BlockKind::List { items, .. } => items.iter().map(|item| length(item)).sum(),
        BlockKind::Quote { blocks, cite } => length(blocks) + of_line(cite),
        BlockKind::Table { caption, rows } => {
            let cells = rows.iter().flatten().map(|cell| of_line(&cell.content));
            of_line(caption) + cells.sum::<usize>()
        }
        BlockKind::Preformatted(text) => text.chars().count(),
        BlockKind::Figure(_) | BlockKind::Embed(_) | BlockKind::Rule | BlockKind::Unknown => 0,
    };
    blocks.iter().map(of_block).sum()
}

fn of_line(inlines: &[Inline]) -> usize {
    let of_inline = |inline: &Inline| match inline {
        Inline::Text(run) | Inline::Code(run) => run.chars().count(),
        Inline::Break => 1,
        Inline::Strong(content)
        | Inline::Em(content)
        | Inline::Sub(content)
        | Inline::Sup(content)
        | Inline::Link { content, .. }
        | Inline::Unknown(content) => of_line(content),
    };
    inlines.iter().map(of_inline).sum()
}

/// Cut at a word, with an ellipsis, where it has more characters than that.
pub(super) fn shortened(text: &str, most: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(most) else { return text.to_owned() };
    let words = text[..end].rsplit_once(' ').map_or(&text[..end], |(words, _)| words);
    format!("{}…", words.trim_end_matches([' ', ',', ';', ':', '.', '–', '-']))
}

fn append_blocks(blocks: &[Block], most: usize, text: &mut String) {
    for block in blocks {
        if text.len() >= most {
            return;
        }
        match &block.kind {
            BlockKind::Paragraph(content) | BlockKind::Heading { content, .. } => {
                append(content, text);
            }
            BlockKind::List { items, .. } => {
                items.iter().for_each(|item| append_blocks(item, most, text));
            }
            BlockKind::Quote { blocks, .. } => append_blocks(blocks, most, text),
            BlockKind::Preformatted(run) => text.push_str(run),
            _ => {}
        }
        text.push(' ');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_composed_folded_and_harmless() {
        let messy = " Đa\u{306}\u{301}k\u{a0}La\u{306}\u{301}k\r\n\t\u{202e}hôm\0\u{2028}nay ";
        assert_eq!(line(messy).as_deref(), Some("Đắk Lắk hôm nay"));
        assert_eq!(line(" \n\u{feff}"), None);
    }

    #[test]
    fn a_blank_line_parts_paragraphs_and_without_one_every_line_does() {
        let says = |text: &str| -> Vec<String> {
            paragraphs(text).iter().map(|block| read_out(std::slice::from_ref(block), 99)).collect()
        };
        assert_eq!(says("Một\r\nhai\n\n \nba"), ["Một hai", "ba"]);
        assert_eq!(says("Một\nhai"), ["Một", "hai"]);
        assert!(says("\n \n").is_empty());
    }

    #[test]
    fn a_text_of_more_lines_than_an_article_has_ends_with_a_long_one() {
        let blocks = paragraphs(&"a\n".repeat(2 * LINES));
        assert_eq!((blocks.len(), length(&blocks)), (LINES, 3 * LINES));
    }

    #[test]
    fn what_is_cut_ends_with_a_word() {
        assert_eq!(shortened("Mùa hoa, bên sông", 10), "Mùa hoa…");
        assert_eq!(shortened("Mùa hoa", 7), "Mùa hoa");
        assert_eq!(shortened("日本語日本語", 3), "日本語…");
    }
}
