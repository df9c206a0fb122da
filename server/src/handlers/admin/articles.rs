//! `/admin/articles`: the list of articles, and the same as files.

use std::cmp::Reverse;
use std::io;
use std::sync::Arc;

use article_widget::contract::Window;
use axum::body::{Body, Bytes};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use futures_util::stream;

use super::files;
use crate::admin::article_query::{ArticleQuery, Sort};
use crate::admin::pages::{ARTICLES_ON_A_PAGE, ArticlesPage};
use crate::admin::visitor::LoggedIn;
use crate::admin::{render, tables};
use crate::cache::Policy;
use crate::export::{self, Format};
use crate::most_read::Sum;
use crate::problem::Problem;
use crate::state::{AppState, Server};
use crate::store::{ArticleNo, ArticleOrder, ArticleSummary, FoundArticles};

/// Sections, and languages, that a list can be narrowed to.
const GROUPS: u32 = 200;
/// Articles in a piece of a file.
const PIECE: usize = 1_000;

type Asked = Result<Query<ArticleQuery>, QueryRejection>;

/// `GET /admin/articles?state&q&section&language&sort&window&page`
pub async fn get_articles(
    State(state): State<AppState>,
    visitor: LoggedIn,
    query: Asked,
) -> Result<Response, Problem> {
    let Query(query) = query?;
    let (window, page) = (query.window()?, query.page()?);
    let found = find(&state, &query, page * ARTICLES_ON_A_PAGE, ARTICLES_ON_A_PAGE).await?;
    let page = ArticlesPage {
        state: query.filter()?.state,
        window,
        page,
        counts: found.counts,
        groups: state.store.article_groups(GROUPS).await?,
        articles: rows(&state, found.articles, window).await?,
        now: state.clock.now(),
        query,
    };
    Ok(render::page(page, visitor.shell).await)
}

/// `GET /admin/articles.csv`
pub async fn get_csv(
    State(state): State<AppState>,
    _visitor: LoggedIn,
    query: Asked,
) -> Result<Response, Problem> {
    file(state, &query?.0, Format::Csv).await
}

/// `GET /admin/articles.json`
pub async fn get_json(
    State(state): State<AppState>,
    _visitor: LoggedIn,
    query: Asked,
) -> Result<Response, Problem> {
    file(state, &query?.0, Format::Json).await
}

/// Those that match, some of them after the first `skipped`.
async fn find(
    server: &Server,
    query: &ArticleQuery,
    skipped: u32,
    limit: u32,
) -> Result<FoundArticles, Problem> {
    let (filter, now) = (query.filter()?, server.clock.now());
    let order = match query.sort()? {
        Sort::By(order) => order,
        Sort::Views => return by_views(server, query, skipped, limit).await,
    };
    Ok(server.store.find_articles(&filter, now, order, skipped, limit).await?)
}

/// The same by what was read most: the sums are in memory, so all that match are asked for. Of equals the
/// one that was changed later is first.
async fn by_views(
    server: &Server,
    query: &ArticleQuery,
    skipped: u32,
    limit: u32,
) -> Result<FoundArticles, Problem> {
    let (filter, now) = (query.filter()?, server.clock.now());
    let order = ArticleOrder::Changed;
    let found = server.store.find_articles(&filter, now, order, 0, u32::MAX).await?;
    let sums = server.most_read.views(found.articles.clone(), query.window()?).await?;
    let mut articles: Vec<_> = found.articles.into_iter().zip(sums).collect();
    articles.sort_by_key(|(_, sum)| Reverse(sum.views));
    let page = articles.into_iter().skip(skipped as usize).take(limit as usize);
    let articles = page.map(|(article, _)| article).collect();
    Ok(FoundArticles { counts: found.counts, articles })
}

/// What is shown of these articles.
async fn rows(
    server: &Server,
    articles: Vec<ArticleNo>,
    window: Window,
) -> Result<Vec<(ArticleSummary, Sum)>, Problem> {
    let summaries = server.store.article_summaries(&articles).await?;
    let found = summaries.iter().map(|article| article.no).collect();
    let sums = server.most_read.views(found, window).await?;
    Ok(summaries.into_iter().zip(sums).collect())
}

/// All that match, written piece by piece: a long list takes no more memory than its numbers.
async fn file(state: AppState, query: &ArticleQuery, format: Format) -> Result<Response, Problem> {
    let window = query.window()?;
    let articles: Arc<[ArticleNo]> = find(&state, query, 0, u32::MAX).await?.articles.into();
    let headers = files::headers(&state, "articles", format);
    let pieces = stream::try_unfold(Some(0), move |begin| {
        let (state, articles) = (state.clone(), articles.clone());
        async move {
            let Some(begin) = begin else { return Ok(None) };
            let end = (begin + PIECE).min(articles.len());
            let is_last = end == articles.len();
            let piece = &articles[begin..end];
            let text = piece_of(&state, piece, window, format, begin == 0, is_last).await?;
            Ok::<_, io::Error>(Some((text, (!is_last).then_some(end))))
        }
    });
    Ok((Policy::Private, headers, Body::from_stream(pieces)).into_response())
}

/// Where the store fails the file breaks off, so that nobody takes half a list for the whole.
async fn piece_of(
    server: &Server,
    articles: &[ArticleNo],
    window: Window,
    format: Format,
    is_first: bool,
    is_last: bool,
) -> io::Result<Bytes> {
    let rows = rows(server, articles.to_vec(), window).await.map_err(|problem| {
        problem.log();
        io::Error::other("the store failed")
    })?;
    let rows = tables::articles(&rows, server.clock.now());
    Ok(export::piece(format, tables::ARTICLES, &rows, is_first, is_last)?.into())
}
