//! One language: its words, and how its dates and numbers are written.

use std::fmt;

use article_widget::contract::Messages;

use super::counted::Counted;
use super::pairs::Pairs;

/// A language that readers can have. It is complete: what its file leaves out is another language's.
#[derive(Clone, Debug)]
pub struct Language {
    /// BCP 47: `vi`, `pt-BR`.
    pub tag: String,
    /// What it calls itself.
    pub name: String,
    /// HTML's `dir`.
    pub dir: &'static str,
    /// The locale by which its dates and numbers are written.
    pub formats: String,
    /// The widget's words, in which the publisher and the terms are named.
    pub interface: Messages,
    /// Those of the server's own pages.
    pub pages: Messages,
    /// Those of mails.
    pub mail: Messages,
    pub(super) counts: Pairs<Counted>,
}

impl Language {
    /// The words of that key with a number in them; the bare number where there is no such key.
    pub fn count(&self, key: &str, count: u64) -> String {
        match self.counts.get(key) {
            Some(counted) => counted.write(count, &self.formats),
            None => crate::number::whole(count, &self.formats),
        }
    }

    /// `words` with `value` in the place of `{name}`. In words that run from right to left it is set apart, so
    /// that what runs the other way takes no mark around it along.
    pub fn fill(&self, words: &str, name: &str, value: &str) -> String {
        let apart =
            if self.dir == "rtl" { format!("\u{2068}{value}\u{2069}") } else { value.to_owned() };
        words.replace(&format!("{{{name}}}"), &apart)
    }
}

/// Its tag, as HTML's `lang` has it.
impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.tag)
    }
}
