//! An article as the store keeps it: its JSON, verbatim, beside what this version reads in it.

use article_widget::contract::{Article, ArticleId};
use serde_json::value::RawValue;

use crate::revision::RevisionTag;

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
    /// Where it is no JSON, or no article: the path and the reason.
    pub fn from_json(json: &str) -> Result<Self, serde_json::Error> {
        Ok(Self { article: serde_json::from_str(json)?, json: serde_json::from_str(json)? })
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
