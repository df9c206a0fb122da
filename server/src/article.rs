//! An article as the store keeps it: its JSON, verbatim, beside what this version reads in it.

use article_widget::contract::{Article, ArticleId};
use serde_json::value::RawValue;

use crate::malformed::{self, Malformed};
use crate::revision::RevisionTag;

/// No article's JSON nests deeper: browsers and databases give up at some depth, each at its own.
const DEEPEST: usize = 128;

/// An article and the JSON it was read from. Blocks and fields that this version does not know are
/// kept in [`json`](Self::json), which is what is stored and served.
#[derive(Clone, Debug)]
pub struct StoredArticle {
    article: Article,
    json: Box<RawValue>,
}

impl StoredArticle {
    /// Reads contract JSON.
    ///
    /// # Errors
    /// Where it is no JSON, or no article, or nests too deep: the field and the reason.
    pub fn from_json(json: &str) -> Result<Self, Malformed> {
        if depth(json) > DEEPEST {
            let reason = format!("it nests deeper than {DEEPEST} levels");
            return Err(Malformed { field: None, reason });
        }
        Ok(Self { article: malformed::read(json)?, json: malformed::read(json)? })
    }

    /// Writes the article as contract JSON.
    pub fn from_article(article: Article) -> Self {
        let json = serde_json::value::to_raw_value(&article).expect("an article is always JSON");
        Self { article, json }
    }

    /// What this version reads in it.
    pub fn article(&self) -> &Article {
        &self.article
    }

    /// Its JSON, verbatim.
    pub fn json(&self) -> &RawValue {
        &self.json
    }

    /// What names this state of it.
    pub fn tag(&self) -> RevisionTag {
        RevisionTag::of(self.json.get())
    }

    /// Its id.
    pub fn id(&self) -> &ArticleId {
        &self.article.id
    }
}

/// JSON without line breaks, which can only stand between two tokens, where a space is as good. Other white
/// space stays as it is.
pub fn one_line(json: String) -> String {
    if json.contains(['\n', '\r']) { json.replace(['\n', '\r'], " ") } else { json }
}

/// How deep the JSON nests. The parser looks at that only where it reads, and not where it passes over a field
/// that nobody knows.
fn depth(json: &str) -> usize {
    let (mut depth, mut deepest, mut is_in_string) = (0_usize, 0, false);
    let mut bytes = json.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => is_in_string = !is_in_string,
            b'\\' if is_in_string => drop(bytes.next()),
            b'[' | b'{' if !is_in_string => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !is_in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nests_too_deep_is_no_article_also_where_nobody_reads_it() {
        let article = |depth: usize| {
            let (open, close) = ("[".repeat(depth), "]".repeat(depth));
            let json =
                format!(r#"{{"id":"a","title":"[[[\"[","language":"vi","x":{open}{close}}}"#);
            StoredArticle::from_json(&json)
        };
        assert!(article(DEEPEST - 1).is_ok());
        assert!(article(DEEPEST).unwrap_err().to_string().contains("128 levels"));
    }
}
