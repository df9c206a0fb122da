//! What differs between two states of an article, field by field.

use std::collections::{BTreeMap, HashMap};

use article_widget::contract::{Block, BlockKind, Correction, Inline};
use serde_json::Value;

use crate::article::StoredArticle;

/// No value is shown longer, in characters.
const LONGEST: usize = 2_000;

/// One field that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    /// Its name in the article's JSON.
    pub field: String,
    /// What it said; empty where it was not there.
    pub before: String,
    /// What it says then; empty where it is not there.
    pub after: String,
}

/// The fields that differ, by name. Of the text and of the corrections only those parts that are in one of the two.
pub fn changes(before: &StoredArticle, after: &StoredArticle) -> Vec<FieldChange> {
    let (old, new) = (fields(before), fields(after));
    let mut names: Vec<&String> = old.keys().chain(new.keys()).collect();
    names.sort();
    names.dedup();
    let differing = names.into_iter().filter(|name| old.get(*name) != new.get(*name));
    let change = |field: &String| {
        let (before, after) = match field.as_str() {
            "body" => texts(&before.article().body, &after.article().body),
            "corrections" => {
                corrections(&before.article().corrections, &after.article().corrections)
            }
            _ => (shown(old.get(field)), shown(new.get(field))),
        };
        FieldChange { field: field.clone(), before: cut(before), after: cut(after) }
    };
    differing.map(change).collect()
}

fn fields(article: &StoredArticle) -> BTreeMap<String, Value> {
    serde_json::from_str(article.json().get()).unwrap_or_default()
}

/// A value as people read it: lists of words with commas; what has parts as one line a part.
fn shown(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) if items.iter().all(Value::is_string) => {
            items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
        }
        Some(value) => {
            let mut lines = Vec::new();
            parts("", value, &mut lines);
            lines.join("\n")
        }
    }
}

/// Each part by its name within the whole: `name: value`. Parts of a list have none of their own.
fn parts(name: &str, value: &Value, lines: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (field, value) in fields {
                let name = if name.is_empty() { field.clone() } else { format!("{name}.{field}") };
                parts(&name, value, lines);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| parts(name, item, lines)),
        Value::String(text) => lines.push(named(name, text)),
        other => lines.push(named(name, &other.to_string())),
    }
}

fn named(name: &str, text: &str) -> String {
    if name.is_empty() { text.to_owned() } else { format!("{name}: {text}") }
}

/// What the corrections say that the other has not.
fn corrections(before: &[Correction], after: &[Correction]) -> (String, String) {
    let only = |these: &[Correction], others: &[Correction]| {
        let missing = these.iter().filter(|one| !others.contains(one));
        missing.map(|one| one.text.as_str()).collect::<Vec<_>>().join("\n")
    };
    (only(before, after), only(after, before))
}

/// The parts of each text that the other has not, one a line.
fn texts(before: &[Block], after: &[Block]) -> (String, String) {
    let (before, after) = (lines(before), lines(after));
    (missing(&before, &after), missing(&after, &before))
}

/// The lines that `other` has not, as often as it has not.
fn missing(lines: &[String], other: &[String]) -> String {
    let mut there: HashMap<&str, usize> = HashMap::new();
    for line in other {
        *there.entry(line).or_default() += 1;
    }
    let mut missing: Vec<&str> = Vec::new();
    for line in lines {
        match there.get_mut(line.as_str()) {
            Some(count) if *count > 0 => *count -= 1,
            _ => missing.push(line),
        }
    }
    missing.join("\n")
}

/// The text's parts, each as one line.
fn lines(blocks: &[Block]) -> Vec<String> {
    blocks.iter().flat_map(block_lines).collect()
}

fn block_lines(block: &Block) -> Vec<String> {
    match &block.kind {
        BlockKind::Paragraph(content) | BlockKind::Heading { content, .. } => vec![text(content)],
        BlockKind::List { items, .. } => items.iter().flat_map(|item| lines(item)).collect(),
        BlockKind::Quote { blocks, cite } => [lines(blocks), vec![text(cite)]].concat(),
        BlockKind::Table { rows, .. } => {
            let row = |row: &Vec<_>| row.iter().map(cell).collect::<Vec<_>>().join(" | ");
            rows.iter().map(row).collect()
        }
        BlockKind::Preformatted(text) => vec![text.clone()],
        // Whatever else it holds is told with it.
        BlockKind::Figure(_) | BlockKind::Embed(_) | BlockKind::Rule | BlockKind::Unknown => {
            vec![serde_json::to_string(block).unwrap_or_default()]
        }
    }
}

fn cell(cell: &article_widget::contract::Cell) -> String {
    text(&cell.content)
}

fn text(content: &[Inline]) -> String {
    content.iter().map(inline).collect()
}

fn inline(inline: &Inline) -> String {
    match inline {
        Inline::Text(text) | Inline::Code(text) => text.clone(),
        Inline::Link { url, content } => format!("{} ({url})", text(content)),
        Inline::Strong(content)
        | Inline::Em(content)
        | Inline::Sub(content)
        | Inline::Sup(content)
        | Inline::Unknown(content) => text(content),
        Inline::Break => " ".to_owned(),
    }
}

fn cut(text: String) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn article(fields: &str) -> StoredArticle {
        let json = format!(r#"{{"id":"a","title":"A","language":"vi"{fields}}}"#);
        StoredArticle::from_json(&json).unwrap()
    }

    fn change(field: &str, before: &str, after: &str) -> FieldChange {
        FieldChange { field: field.into(), before: before.into(), after: after.into() }
    }

    #[test]
    fn each_field_that_differs_is_told_and_no_other() {
        let before = article(r#","lede":"Cũ","tags":["một"],"source":{"name":"X"}"#);
        let after = article(r#","tags":["một","hai"],"source":{"name":"X"},"rights":"©""#);
        let expected = [
            change("lede", "Cũ", ""),
            change("rights", "", "©"),
            change("tags", "một", "một, hai"),
        ];
        assert_eq!(changes(&before, &after), expected);
        assert!(changes(&before, &before).is_empty());
    }

    #[test]
    fn of_the_text_the_parts_are_told_that_came_and_went() {
        let body = |parts: &[&str]| {
            let paragraph = |text: &&str| format!(r#"{{"kind":"paragraph","content":["{text}"]}}"#);
            let parts: Vec<_> = parts.iter().map(paragraph).collect();
            article(&format!(r#","body":[{}]"#, parts.join(",")))
        };
        let (before, after) = (body(&["một", "hai", "hai"]), body(&["một", "hai", "ba"]));
        assert_eq!(changes(&before, &after), [change("body", "hai", "ba")]);
    }

    #[test]
    fn what_has_parts_is_told_part_by_part() {
        let after = article(r#","source":{"name":"X","more":{"of":[1,true]}}"#);
        let told: Vec<_> = changes(&article(""), &after).into_iter().map(|it| it.after).collect();
        assert_eq!(told, ["name: X\nmore.of: 1\nmore.of: true"]);
    }

    #[test]
    fn of_corrections_the_words_are_told_of_those_that_came_and_went() {
        let of = |texts: &[&str]| {
            let correction = |text: &&str| format!(r#"{{"at":"2024-11-27","text":"{text}"}}"#);
            let corrections: Vec<_> = texts.iter().map(correction).collect();
            article(&format!(r#","corrections":[{}]"#, corrections.join(",")))
        };
        let (before, after) = (of(&["Sai tên.", "Sai năm."]), of(&["Sai tên."]));
        assert_eq!(changes(&before, &after), [change("corrections", "Sai năm.", "")]);
        let first = changes(&article(""), &after);
        assert_eq!(first, [change("corrections", "", "Sai tên.")]);
    }

    #[test]
    fn what_is_too_long_is_cut_between_letters() {
        let long = "ớ".repeat(LONGEST + 1);
        let changed = changes(&article(""), &article(&format!(r#","lede":"{long}""#)));
        assert_eq!(changed[0].after, format!("{}…", "ớ".repeat(LONGEST)));
    }
}
