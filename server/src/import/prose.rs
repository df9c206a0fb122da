//! Text as other formats give it: lines, paragraphs, and what blocks say, without their marks.

use std::collections::HashSet;

use article_widget::contract::{Block, BlockKind, Inline};
use unicode_normalization::UnicodeNormalization;

/// One line of plain text: NFC, whitespace folded, no control characters and nothing that turns the direction of
/// what follows. None where nothing is left.
pub(super) fn line(text: &str) -> Option<String> {
    let composed: String = text.nfc().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let line = composed.split_whitespace().collect::<Vec<_>>().join(" ");
    let line: String = line.chars().filter(|c| !turns_direction(*c)).collect();
    (!line.is_empty()).then_some(line)
}

/// The paragraphs of plain text. A blank line parts them; where there is none, every line is one.
pub(super) fn paragraphs(text: &str) -> Vec<Block> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<Option<String>> = text.trim().lines().map(line).collect();
    let has_blank = lines.iter().any(Option::is_none);
    let groups: Vec<&[Option<String>]> = match has_blank {
        true => lines.split(Option::is_none).collect(),
        false => lines.chunks(1).collect(),
    };
    let paragraphs = groups.into_iter().map(|lines| broken(lines.iter().flatten()));
    paragraphs.filter(|content| !content.is_empty()).map(paragraph).collect()
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
    line(&text).unwrap_or_default()
}

/// What inlines say, in one line.
pub(super) fn of_inlines(inlines: &[Inline]) -> String {
    let mut text = String::new();
    append(inlines, &mut text);
    line(&text).unwrap_or_default()
}

/// Cut at a word, with an ellipsis, where it has more characters than that.
pub(super) fn shortened(text: &str, most: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(most) else { return text.to_owned() };
    let words = text[..end].rsplit_once(' ').map_or(&text[..end], |(words, _)| words);
    format!("{}…", words.trim_end_matches([' ', ',', ';', ':', '.', '–', '-']))
}

fn broken<'a>(lines: impl Iterator<Item = &'a String>) -> Vec<Inline> {
    let mut inlines = Vec::new();
    for line in lines {
        if !inlines.is_empty() {
            inlines.push(Inline::Break);
        }
        inlines.push(Inline::Text(line.clone()));
    }
    inlines
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

fn append(inlines: &[Inline], text: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Text(run) | Inline::Code(run) => text.push_str(run),
            Inline::Break => text.push(' '),
            Inline::Strong(content)
            | Inline::Em(content)
            | Inline::Sub(content)
            | Inline::Sup(content)
            | Inline::Link { content, .. }
            | Inline::Unknown(content) => append(content, text),
        }
    }
}

/// Explicit embeddings, overrides and isolates: they reach beyond the field that they stand in.
fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_composed_folded_and_harmless() {
        let messy = " Đa\u{306}\u{301}k\u{a0}La\u{306}\u{301}k\r\n\t\u{202e}hôm\0nay ";
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
    fn what_is_cut_ends_with_a_word() {
        assert_eq!(shortened("Mùa hoa, bên sông", 10), "Mùa hoa…");
        assert_eq!(shortened("Mùa hoa", 7), "Mùa hoa");
        assert_eq!(shortened("日本語日本語", 3), "日本語…");
    }
}
