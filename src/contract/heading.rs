//! What is needed of an article by what stands beside its text.

use super::{Article, ArticleId, Embed, Status};

/// What names an article, and whether it may be read. Crosses no wire: a browser reads so much of an answer where the
/// text is there already.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heading {
    /// The article's.
    pub id: ArticleId,
    /// The article's.
    pub title: String,
    /// The article's.
    pub lede: Option<String>,
    /// The article's.
    pub language: String,
    /// The article's.
    pub status: Status,
}

impl From<&Article> for Heading {
    fn from(article: &Article) -> Self {
        Self {
            id: article.id.clone(),
            title: article.title.clone(),
            lede: article.lede.clone(),
            language: article.language.clone(),
            status: article.status,
        }
    }
}

impl From<&Embed> for Embed<Heading> {
    fn from(embed: &Embed) -> Self {
        Self {
            article: Heading::from(&embed.article),
            most_read: embed.most_read.clone(),
            public_url: embed.public_url.clone(),
            lang: embed.lang.clone(),
            messages: embed.messages.clone(),
            display: embed.display.clone(),
            settings: embed.settings.clone(),
            html: String::new(),
            css: String::new(),
            render: embed.render.clone(),
        }
    }
}
