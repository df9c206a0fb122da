//! A page of an article as HTML.

use article_widget::contract::Article;
use url::Url;

use super::{ImportError, html, identity, prose, settle};

pub(super) fn read(text: &str, base: Option<&Url>) -> Result<Article, ImportError> {
    let body = html::read(text, base)?;
    let article = settle::settle(Article { body, ..Article::default() }, None);
    let id = match base {
        Some(base) => identity::given(base.as_str()),
        None => identity::of_text(&article.title, None, &prose::read_out(&article.body, 200)),
    };
    Ok(Article { id, ..article })
}
