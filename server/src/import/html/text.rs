//! Characters: which are carried over, and how white space is folded.

use article_widget::contract::{Block, BlockKind, Inline};
use unicode_normalization::UnicodeNormalization;

/// In NFC, without the characters that only disturb: controls, overrides of the direction of writing, which make a text
/// read as what it is not, and marks of no width, which hide words from a search. White space is left as it is.
pub(super) fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    let mut before = None;
    for c in text.nfc() {
        match c {
            '\t' | '\n' | '\r' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => cleaned.push('\n'),
            // They join and part letters of Indic and Arabic script and pictures; between others they do nothing.
            '\u{200c}' | '\u{200d}' if before.is_some_and(is_shaped) => cleaned.push(c),
            c if c.is_control() || is_invisible(c) => continue,
            c => cleaned.push(c),
        }
        before = Some(c);
    }
    cleaned
}

/// Of a script whose letters change shape with their neighbours, or a picture: neither Latin nor punctuation.
fn is_shaped(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{1cff}' | '\u{2190}'..='\u{2bff}' | '\u{a800}'..='\u{abff}' | '\u{fb50}'..='\u{fe0f}' | '\u{10a00}'..)
}

fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffc}' | '\u{fdd0}'..='\u{fdef}' | '\u{e0000}'..='\u{e007f}'
    ) || u32::from(c) & 0xfffe == 0xfffe
}

/// White space that a browser folds. Of the hard space too: runs of it are layout, and only a single one binds words.
pub(super) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\n' | '\t' | '\u{a0}')
}

/// On one line, without space around it.
pub(in crate::import) fn folded(text: &str) -> String {
    let cleaned = clean(text);
    let words: Vec<&str> =
        cleaned.split(|c: char| c.is_whitespace()).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// The text of a line; ends of lines in it are spaces.
pub(in crate::import) fn of_inlines(inlines: &[Inline]) -> String {
    let mut text = String::new();
    append(&mut text, inlines);
    folded(&text)
}

fn append(text: &mut String, inlines: &[Inline]) {
    for inline in inlines {
        match inline {
            Inline::Text(words) | Inline::Code(words) => text.push_str(words),
            Inline::Break => text.push(' '),
            Inline::Strong(content)
            | Inline::Em(content)
            | Inline::Link { content, .. }
            | Inline::Sub(content)
            | Inline::Sup(content)
            | Inline::Unknown(content) => append(text, content),
        }
    }
}

/// How long the words of the blocks are, in characters.
pub(in crate::import) fn length(blocks: &[Block]) -> usize {
    let of_line = |line: &[Inline]| of_inlines(line).chars().count();
    let of_block = |block: &Block| match &block.kind {
        BlockKind::Paragraph(content) | BlockKind::Heading { content, .. } => of_line(content),
        BlockKind::List { items, .. } => items.iter().map(|item| length(item)).sum(),
        BlockKind::Quote { blocks, cite } => length(blocks) + of_line(cite),
        BlockKind::Table { caption, rows } => {
            of_line(caption)
                + rows.iter().flatten().map(|cell| of_line(&cell.content)).sum::<usize>()
        }
        BlockKind::Preformatted(text) => text.chars().count(),
        BlockKind::Figure(_) | BlockKind::Embed(_) | BlockKind::Rule | BlockKind::Unknown => 0,
    };
    blocks.iter().map(of_block).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_come_composed_and_without_what_only_disturbs() {
        assert_eq!(clean("Đa\u{306}\u{301}k\u{200b} L\u{ad}ắk\u{feff}"), "Đắk Lắk");
        assert_eq!(clean("gpj.\u{202e}exe\u{2066}\0\u{7}\u{e0041}"), "gpj.exe");
    }

    #[test]
    fn joiners_stay_where_a_script_needs_them() {
        for kept in ["می\u{200c}خواهم", "क\u{94d}\u{200d}ष", "👩\u{200d}💻"] {
            assert_eq!(clean(kept), kept);
        }
        assert_eq!(clean("mật\u{200c}khẩu\u{200d}"), "mậtkhẩu");
    }

    #[test]
    fn a_text_is_folded_to_one_line() {
        assert_eq!(folded(" a\u{a0}\u{a0}b\n\t c\u{2028}d "), "a b c d");
    }
}
