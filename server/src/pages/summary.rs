//! An article in a sentence or two, for whoever lists or shares its page.

use article_widget::contract::{Article, BlockKind, Inline};

use crate::plain::append;

/// The longest description, in characters.
const LONGEST: usize = 300;

/// The lede, else the first paragraph that says anything, in one line and cut at a word.
pub(super) fn description(article: &Article) -> Option<String> {
    let lede = article.lede.as_deref().map(one_line).filter(|lede| !lede.is_empty());
    let text = lede.or_else(|| first_paragraph(article))?;
    Some(cut(&text))
}

/// The text of inlines, without their marks.
pub(super) fn plain(inlines: &[Inline]) -> String {
    let mut text = String::new();
    append(inlines, &mut text);
    one_line(&text)
}

fn first_paragraph(article: &Article) -> Option<String> {
    let paragraphs = article.body.iter().filter_map(|block| match &block.kind {
        BlockKind::Paragraph(content) => Some(plain(content)),
        _ => None,
    });
    paragraphs.into_iter().find(|text| !text.is_empty())
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn cut(text: &str) -> String {
    // One character is left for the ellipsis.
    let Some((end, _)) = text.char_indices().nth(LONGEST - 1) else { return text.to_owned() };
    if text[end..].chars().count() == 1 {
        return text.to_owned();
    }
    // In the middle of a word there is none of it; a single word that long is cut all the same.
    let whole = match text[end..].starts_with(' ') {
        true => &text[..end],
        false => text[..end].rsplit_once(' ').map_or(&text[..end], |(words, _)| words),
    };
    format!("{}…", whole.trim_end_matches([' ', ',', ';', ':', '.', '–', '-']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Vec<Inline> {
        vec![Inline::Text(text.to_owned())]
    }

    #[test]
    fn the_lede_goes_before_the_first_paragraph_with_words() {
        let link = Inline::Link { url: "https://a.example".into(), content: text("báo cáo") };
        let body = vec![
            BlockKind::Heading { level: 2, content: text("Mục") }.into(),
            BlockKind::Paragraph(text("  ")).into(),
            BlockKind::Paragraph(vec![Inline::Text("Theo\n".into()), link, Inline::Break]).into(),
        ];
        let mut article = Article { body, ..Article::default() };
        assert_eq!(description(&article).as_deref(), Some("Theo báo cáo"));
        article.lede = Some("Một  câu\ndẫn.".into());
        assert_eq!(description(&article).as_deref(), Some("Một câu dẫn."));
        assert_eq!(description(&Article::default()), None);
    }

    #[test]
    fn what_is_long_is_cut_at_a_word() {
        let exact = "đ".repeat(LONGEST);
        assert_eq!(cut(&exact), exact);
        let cut_word = cut(&"đ".repeat(LONGEST + 1));
        assert_eq!(cut_word.chars().count(), LONGEST);
        let words = cut(&"Mưa, ".repeat(100));
        assert!(words.ends_with("Mưa…") && words.chars().count() <= LONGEST, "{words}");
    }
}
