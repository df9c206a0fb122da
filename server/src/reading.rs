//! How long an article takes to read, which is what "deeply read" is measured by.

use article_widget::contract::{Article, Block, BlockKind, Inline};

/// Words, as whitespace parts them, that are read in a second: 238 a minute, the mean for silent reading
/// of English prose (Brysbaert, Journal of Memory and Language 109, 2019), rounded. Vietnamese parts
/// syllables, of which more are read in the same time; the measure is lenient by that much.
const WORDS_A_SECOND: usize = 4;
/// The shortest and the longest time that is asked for, in seconds.
const BOUNDS: (usize, usize) = (5, 120);

/// Seconds of reading from which a view that has come far enough counts as deep: half of the time that
/// the text takes.
pub fn deep_after(article: &Article) -> u32 {
    let seconds = words_of(&article.body) / WORDS_A_SECOND / 2;
    seconds.clamp(BOUNDS.0, BOUNDS.1) as u32
}

fn words_of(blocks: &[Block]) -> usize {
    blocks.iter().map(words).sum()
}

fn words(block: &Block) -> usize {
    match &block.kind {
        BlockKind::Paragraph(content) | BlockKind::Heading { content, .. } => inlines(content),
        BlockKind::List { items, .. } => items.iter().map(|item| words_of(item)).sum(),
        BlockKind::Quote { blocks, .. } => words_of(blocks),
        BlockKind::Table { rows, .. } => {
            rows.iter().flatten().map(|cell| inlines(&cell.content)).sum()
        }
        BlockKind::Preformatted(text) => count(text),
        BlockKind::Figure(_) | BlockKind::Embed(_) | BlockKind::Rule | BlockKind::Unknown => 0,
    }
}

fn inlines(content: &[Inline]) -> usize {
    let words = |inline: &Inline| match inline {
        Inline::Text(text) | Inline::Code(text) => count(text),
        Inline::Strong(content)
        | Inline::Em(content)
        | Inline::Link { content, .. }
        | Inline::Sub(content)
        | Inline::Sup(content)
        | Inline::Unknown(content) => inlines(content),
        Inline::Break => 0,
    };
    content.iter().map(words).sum()
}

fn count(text: &str) -> usize {
    text.split_whitespace().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(body: &str) -> u32 {
        let json = format!(r#"{{"id":"a","title":"A","language":"vi","body":{body}}}"#);
        deep_after(&serde_json::from_str(&json).unwrap())
    }

    #[test]
    fn half_the_time_that_the_words_take_within_bounds() {
        let words = "từ ".repeat(80);
        let paragraph = format!(r#"{{"kind":"paragraph","content":["{words}"]}}"#);
        let list = format!(r#"{{"kind":"list","items":[[{paragraph}],[{paragraph}]]}}"#);
        assert_eq!(after(&format!("[{paragraph},{list}]")), 30);
        assert_eq!(after("[]"), 5);
        assert_eq!(after(&format!("[{}]", vec![paragraph; 30].join(","))), 120);
    }
}
