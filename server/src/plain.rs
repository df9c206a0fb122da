//! What inlines say, without their marks.

use article_widget::contract::Inline;

/// Appends it, a space in the place of each line break.
pub(crate) fn append(inlines: &[Inline], text: &mut String) {
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
