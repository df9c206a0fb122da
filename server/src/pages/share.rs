//! The page that helps to share an article where no script does: its link to copy, a QR code, a mail.

use article_widget::contract::{ArticleId, Messages};
use askama::Template;

use crate::messages::Language;

/// The page.
#[derive(Template)]
#[template(path = "share.html")]
pub struct SharePage<'a> {
    /// The interface's language.
    pub language: &'a Language,
    /// The words of the server's own pages.
    pub own: &'a Messages,
    /// The article's.
    pub id: &'a ArticleId,
    /// The article's.
    pub title: &'a str,
    /// That of the article, whose words are not in the interface's.
    pub title_language: &'a str,
    /// What is to be copied.
    pub link: &'a str,
    /// An SVG picture.
    pub qr: &'a str,
    /// A link that begins a mail.
    pub mail: &'a str,
}
