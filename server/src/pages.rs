//! The publisher's pages for readers: plain HTML, complete without a script. Templates in `pages/`.

use article_widget::contract::{Embed, Messages, Status};
use askama::Template;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::cache::Policy;
use crate::embeds::Page;
use crate::messages::Language;
use crate::problem::Problem;

mod form;
mod head;
mod json_ld;
pub mod problem;
mod receipt;
mod republish;
mod share;
mod summary;
pub mod unsubscribe;

pub use self::form::{FormPage, Notice};
use self::head::Head;
pub(crate) use self::head::absolute;
pub use self::receipt::{RatedPage, ReceiptPage, ThanksPage};
pub use self::republish::{Choices, Material, PreviewPage, Report, RepublishPage, Theme, forms};
pub use self::share::SharePage;

/// What a page may load and do: its Content Security Policy.
pub enum Content {
    /// An article: the widget of this publisher, and pictures from anywhere.
    Article {
        /// The publisher's server, as readers reach it.
        publisher: String,
        /// Whose pages may frame it, as CSP sources; none where anybody's may.
        framed_by: Option<String>,
    },
    /// What partners are given: a preview beside it, and scripts of the publisher's.
    Republish {
        /// The publisher's server, as readers reach it.
        publisher: String,
    },
    /// A preview of an article as a partner's page would have it. It reaches all that an article does, but for
    /// what counts: nobody reads there.
    Preview {
        /// The publisher's server, as readers reach it.
        publisher: String,
    },
    /// A form: nothing but itself.
    Form,
    /// What stands in a frame in place of an article.
    Notice {
        /// Whose pages may frame it, as CSP sources; none where anybody's may.
        framed_by: Option<String>,
    },
}

/// An article on its own page.
#[derive(Template)]
#[template(path = "article.html")]
struct ArticlePage<'a> {
    /// What is rendered, and its HTML.
    embed: &'a Embed,
    /// The interface's language, where the URL names it: the widget is told, too.
    asked: Option<&'a str>,
    /// For whoever lists or shares the page.
    head: Head<'a>,
    /// The name of whose page it is.
    publisher: &'a str,
    /// For the page around the article.
    words: &'a Messages,
    language: &'a Language,
}

/// An article as the document of a frame in a page of somebody else's.
#[derive(Template)]
#[template(path = "frame.html")]
struct FramePage<'a> {
    page: ArticlePage<'a>,
    language: &'a Language,
    /// The release whose script speaks to the page around.
    version: &'a str,
}

impl<'a> ArticlePage<'a> {
    fn new(
        embed: &'a Embed,
        language: &'a Language,
        asked: Option<&'a str>,
        publisher: &'a str,
    ) -> Self {
        Self {
            embed,
            asked,
            head: Head::new(embed, asked, publisher),
            publisher,
            words: &embed.messages,
            language,
        }
    }

    fn is_withdrawn(&self) -> bool {
        self.embed.article.status == Status::Canceled
    }

    /// The article's, or the words that stand in its place.
    fn title(&self) -> &str {
        match self.embed.article.title.as_str() {
            "" => self.words.get("article.withdrawn"),
            title => title,
        }
    }
}

impl Content {
    fn header(&self) -> (HeaderName, HeaderValue) {
        let policy = match self {
            Self::Article { publisher, framed_by } => format!(
                "default-src 'none'; script-src 'self' {publisher} 'wasm-unsafe-eval'; \
                 connect-src 'self' {publisher}; style-src 'unsafe-inline'; \
                 img-src http: https: data:; form-action 'self'; base-uri 'none'{}",
                frame_ancestors(framed_by.as_deref())
            ),
            Self::Republish { publisher } => format!(
                "default-src 'none'; script-src 'self' {publisher}; style-src 'unsafe-inline'; \
                 img-src data:; frame-src 'self' {publisher}; form-action 'self'; base-uri 'none'; \
                 frame-ancestors 'none'"
            ),
            Self::Preview { publisher } => format!(
                "default-src 'none'; script-src {publisher} 'wasm-unsafe-eval'; connect-src \
                 {publisher}/v/ {publisher}/v1/embed/ {publisher}/v1/most-read \
                 {publisher}/v1/feedback {publisher}/v1/mail; style-src 'unsafe-inline'; \
                 img-src http: https: data:; form-action 'none'; base-uri 'none'; \
                 frame-ancestors 'self' {publisher}"
            ),
            Self::Notice { framed_by } => format!(
                "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'{}",
                frame_ancestors(framed_by.as_deref())
            ),
            Self::Form => "default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
                 form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
                .to_owned(),
        };
        let value = HeaderValue::from_str(&policy).expect("a public URL is ASCII");
        (CONTENT_SECURITY_POLICY, value)
    }
}

/// The directive where there is one. No source stands for pages without an origin, as previews of CMSs and
/// the web views of apps are.
fn frame_ancestors(framed_by: Option<&str>) -> String {
    framed_by.map(|sources| format!("; frame-ancestors {sources}")).unwrap_or_default()
}

/// A page for this one request.
///
/// # Errors
/// [`Problem::Internal`] where the template fails.
pub fn answer(
    status: StatusCode,
    policy: Policy,
    content: Content,
    template: &impl Template,
) -> Result<Response, Problem> {
    let html = render(template)?;
    Ok((status, policy, [content.header(), html_type()], html).into_response())
}

/// An article's page, as HTML. `asked` is the interface's language, where the URL names it; `publisher` is
/// a name.
///
/// # Errors
/// [`Problem::Internal`] where the template fails.
pub fn article(
    embed: &Embed,
    language: &Language,
    asked: Option<&str>,
    publisher: &str,
) -> Result<String, Problem> {
    render(&ArticlePage::new(embed, language, asked, publisher))
}

/// The same as the document of a frame, with the script of the release `version`.
///
/// # Errors
/// [`Problem::Internal`] where the template fails.
pub fn frame(
    embed: &Embed,
    language: &Language,
    asked: Option<&str>,
    publisher: &str,
    version: &str,
) -> Result<String, Problem> {
    let page = ArticlePage::new(embed, language, asked, publisher);
    render(&FramePage { page, language, version })
}

/// An article's page that was made before.
pub fn finished(page: &Page, policy: Policy, content: Content, headers: &HeaderMap) -> Response {
    let answer = (page.status, [content.header(), html_type()], page.html.negotiate(headers));
    if page.status.is_success() {
        page.html.tag().or_not_modified(headers, policy, answer)
    } else {
        (policy, answer).into_response()
    }
}

fn render(template: &impl Template) -> Result<String, Problem> {
    template.render().map_err(|error| Problem::Internal(error.into()))
}

fn html_type() -> (HeaderName, HeaderValue) {
    (CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))
}
