//! The block of YAML or TOML that a text may begin with.

use serde_json::Value;

use super::super::ImportError;

/// No front matter is longer, in bytes.
const LONGEST: usize = 64 << 10;

/// The front matter, null where there is none, and the text below it.
///
/// # Errors
/// Where it does not end, is too long, or can't be read.
pub(super) fn take(text: &str) -> Result<(Value, &str), ImportError> {
    let Some((fence, rest)) = opened(text) else { return Ok((Value::Null, text)) };
    let (front, text) = split(rest, fence)
        .ok_or_else(|| ImportError::FrontMatter(format!("there is no second {fence}")))?;
    if front.len() > LONGEST {
        return Err(ImportError::FrontMatter(format!("it has more than {LONGEST} bytes")));
    }
    let front = if fence == "+++" { of_toml(front) } else { of_yaml(front) };
    let front = front.map_err(ImportError::FrontMatter)?;
    match front {
        Value::Object(_) | Value::Null => Ok((front, text)),
        _ => Err(ImportError::FrontMatter("names and values are expected".to_owned())),
    }
}

/// The fence that a text begins with, and what follows its line.
pub(super) fn opened(text: &str) -> Option<(&'static str, &str)> {
    let (first, rest) = text.split_once('\n')?;
    ["---", "+++"].into_iter().find(|fence| first.trim_end() == *fence).map(|fence| (fence, rest))
}

fn split<'a>(text: &'a str, fence: &str) -> Option<(&'a str, &'a str)> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let end = at + line.len();
        if line.trim_end() == fence {
            return Some((&text[..at], &text[end..]));
        }
        at = end;
    }
    None
}

/// Without aliases: nobody writes them here, and they are how a short text becomes a long one.
fn of_yaml(front: &str) -> Result<Value, String> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_aliases: 0,
            max_anchors: 0,
            max_depth: 16,
            max_documents: 1,
            max_nodes: 10_000,
        },
        with_snippet: false,
    };
    serde_saphyr::from_str_with_options(front, options).map_err(|error| first_line(&error))
}

fn of_toml(front: &str) -> Result<Value, String> {
    let table: toml::Table = toml::from_str(front).map_err(|error| first_line(&error))?;
    Ok(table.into_iter().map(|(name, value)| (name, json(value))).collect())
}

/// A date becomes what it is written as.
fn json(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(truth) => truth.into(),
        toml::Value::Datetime(date) => date.to_string().into(),
        toml::Value::Array(values) => values.into_iter().map(json).collect(),
        toml::Value::Table(table) => {
            table.into_iter().map(|(name, value)| (name, json(value))).collect()
        }
    }
}

fn first_line(error: &impl ToString) -> String {
    error.to_string().lines().next().unwrap_or_default().to_owned()
}
