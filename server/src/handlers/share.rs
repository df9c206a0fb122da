//! `/a/{id}/share`: helps to share an article where no script does; `/a/{id}/qr.svg`: its QR code. Both only
//! show: a share that a script does not report is seen when somebody arrives by it.

use article_widget::contract::ArticleId;
use article_widget::mailto::mailto;
use axum::extract::State;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::asked::Asked;
use crate::cache::EntityTag;
use crate::pages::{self, Content, SharePage};
use crate::problem::Problem;
use crate::qr;
use crate::share_mark::ShareMark;
use crate::state::{AppState, Server};
use crate::store::Channel;

/// How either was asked for.
#[derive(JsonSchema, Deserialize)]
pub struct ShareQuery {
    /// The share mark; one that is none is as none.
    s: Option<String>,
    lang: Option<String>,
}

impl ShareQuery {
    fn mark(&self) -> ShareMark {
        let mark = self.s.as_deref().and_then(ShareMark::parse);
        mark.unwrap_or_else(|| ShareMark::own(Channel::Page))
    }
}

/// `GET /a/{id}/share?s&lang`
pub async fn get_share_page(
    State(state): State<AppState>,
    Asked { id, query }: Asked<ShareQuery>,
) -> Result<Response, Problem> {
    let stored = state.visible_article(&id).await?;
    let (article, mark) = (stored.article(), query.mark());
    let mail = link(&state, &article.id, &mark.by(Channel::Email));
    let language = state.renderer.language(query.lang.as_deref(), article);
    let page = SharePage {
        language: &language,
        own: &language.pages,
        id: &article.id,
        title: &article.title,
        title_language: &article.language,
        link: &link(&state, &article.id, &mark),
        qr: &picture(&state, &article.id, &mark, &article.title)?,
        mail: &mailto(&article.title, article.lede.as_deref(), &mail),
    };
    pages::answer(StatusCode::OK, state.policy([&stored]), Content::Form, &page)
}

/// `GET /a/{id}/qr.svg?s`
pub async fn get_qr(
    State(state): State<AppState>,
    Asked { id, query }: Asked<ShareQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let stored = state.visible_article(&id).await?;
    let article = stored.article();
    let svg = picture(&state, &article.id, &query.mark(), &article.title)?;
    let headed = [
        (CONTENT_TYPE, HeaderValue::from_static("image/svg+xml")),
        // It may be opened as a document, too.
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'")),
    ];
    let tag = EntityTag::of(svg.as_bytes());
    Ok(tag.or_not_modified(&headers, state.policy([&stored]), (headed, svg)))
}

fn picture(
    server: &Server,
    id: &ArticleId,
    mark: &ShareMark,
    title: &str,
) -> Result<String, Problem> {
    let link = link(server, id, &mark.by(Channel::Qr));
    qr::svg(&link, title).map_err(|error| Problem::Internal(error.into()))
}

fn link(server: &Server, id: &ArticleId, mark: &ShareMark) -> String {
    format!("{}/a/{id}?s={mark}", server.renderer.public_url)
}
