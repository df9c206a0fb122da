//! A file for a translator to begin with: every key that there is, with the words of English.

use serde::Serialize;

use super::builtin::{self, Words};
use super::counted::Forms;
use super::pairs::Pairs;

#[derive(Serialize)]
struct Template<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    fallback: Option<&'a str>,
    interface: &'a Pairs,
    pages: &'a Pairs,
    mail: &'a Pairs,
    counts: &'a Pairs<Forms>,
}

/// The file, as JSON with a line for each word.
pub fn template() -> String {
    of(builtin::english(), "English", Some(builtin::ENGLISH))
}

pub(super) fn of(words: &Words, name: &str, fallback: Option<&str>) -> String {
    let Words { interface, pages, mail, counts } = words;
    let template = Template { name, fallback, interface, pages, mail, counts };
    let text = serde_json::to_string_pretty(&template).expect("words are always JSON");
    format!("{text}\n")
}
