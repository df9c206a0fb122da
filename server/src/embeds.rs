//! Finished answers of `/v1/embed` and `/a/{id}`, compressed: what makes a hot article cost nothing.

use std::sync::Arc;

use article_widget::contract::{ArticleId, Embed, Window};
use axum::http::StatusCode;
use prometheus_client::encoding::EncodeLabelSet;
use tokio::task::spawn_blocking;

use crate::article::StoredArticle;
use crate::cache::EntityTag;
use crate::clock::UnixSeconds;
use crate::encoding::Encoded;
use crate::images::Shown;
use crate::messages::{Language, LiveLanguages};
use crate::metrics::{Catalogue, Counters};
use crate::most_read::Query;
use crate::pages;
use crate::problem::Problem;
use crate::render;
use crate::state::Server;
use crate::visibility::Visibility;

mod kept;

use kept::{Finished, Found, Kept};

/// Articles in a most-read list, unless another number is asked for.
pub const MOST_READ: u16 = 10;

/// What an answer depends on, and nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// The article.
    pub id: ArticleId,
    /// The interface's language, where one that we know was asked for: its own tag.
    pub language: Option<Arc<str>>,
    /// The most-read list's window; none for no list.
    pub window: Option<Window>,
}

/// An article's page, finished.
#[derive(Clone, Debug)]
pub struct Page {
    /// 200, or 410 where the article has been withdrawn.
    pub status: StatusCode,
    /// The HTML.
    pub html: Encoded,
    /// From when on it is not right any more.
    pub end: Option<UnixSeconds>,
}

/// The answer to a loader, finished.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The JSON.
    pub json: Encoded,
    /// From when on it is not right any more.
    pub end: Option<UnixSeconds>,
}

/// The answers. While one is made, whoever asks for it waits for that one.
pub struct Embeds {
    languages: LiveLanguages,
    answers: Kept<Answer>,
    pages: Kept<Page>,
    frames: Kept<Page>,
    lookups: Lookups,
}

/// How often an answer was kept already, by its kind.
#[derive(Default)]
pub struct Lookups(Counters<Lookup>);

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Lookup {
    cache: &'static str,
    result: &'static str,
}

/// For a command that answers nobody.
impl Default for Embeds {
    fn default() -> Self {
        Self::new(LiveLanguages::default())
    }
}

impl Embeds {
    /// None yet; in these languages.
    pub fn new(languages: LiveLanguages) -> Self {
        let lookups = Lookups::default();
        Self { languages, answers: Kept::new(), pages: Kept::new(), frames: Kept::new(), lookups }
    }

    /// The answer, made where it is not kept.
    ///
    /// # Errors
    /// Where there is no article that readers may know of, or the store failed.
    pub async fn get(&self, server: &Server, key: Key) -> Result<Answer, Arc<Problem>> {
        let (kept, found) = self.answers.get(server, key, make_answer).await?;
        self.lookups.count("embed", found);
        Ok(kept)
    }

    /// The article's page, made where it is not kept.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn get_page(&self, server: &Server, key: Key) -> Result<Page, Arc<Problem>> {
        let (kept, found) = self.pages.get(server, key, make_page).await?;
        self.lookups.count("page", found);
        Ok(kept)
    }

    /// The same as the document of a frame.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn get_frame(&self, server: &Server, key: Key) -> Result<Page, Arc<Problem>> {
        let (kept, found) = self.frames.get(server, key, make_frame).await?;
        self.lookups.count("frame", found);
        Ok(kept)
    }

    /// How often an answer was kept already.
    pub fn lookups(&self) -> &Lookups {
        &self.lookups
    }

    /// Makes what shows this article anew for whoever asks next. An answer that is being made at this moment
    /// may still be of the state before, and is kept no longer than others.
    pub async fn forget(&self, id: &ArticleId) {
        let languages = self.languages.now();
        let tags = languages.iter().map(|language| Some(language.tag.as_str().into()));
        for language in tags.chain([None]) {
            for window in Window::ALL.into_iter().map(Some).chain([None]) {
                let key = Key { id: id.clone(), language: language.clone(), window };
                self.answers.forget(&key).await;
                self.pages.forget(&key).await;
                self.frames.forget(&key).await;
            }
        }
    }

    /// Makes all of it anew, where the words have changed.
    pub fn forget_all(&self) {
        self.answers.forget_all();
        self.pages.forget_all();
        self.frames.forget_all();
    }
}

impl Lookups {
    fn count(&self, cache: &'static str, found: Found) {
        let result = match found {
            Found::Kept => "hit",
            Found::Made => "miss",
            Found::Last => "last",
        };
        self.0.get_or_create(&Lookup { cache, result }).inc();
    }

    pub(crate) fn name(&self, catalogue: &mut Catalogue<'_>) {
        let help = "Answers that were kept finished, had to be made, or were the last ones while the store was away";
        catalogue.add("article_cache_lookups", help, self.0.clone());
    }
}

impl Finished for Answer {
    fn content(&self) -> &Encoded {
        &self.json
    }

    fn end(&self) -> Option<UnixSeconds> {
        self.end
    }
}

impl Finished for Page {
    fn content(&self) -> &Encoded {
        &self.html
    }

    fn end(&self) -> Option<UnixSeconds> {
        self.end
    }
}

async fn make_answer(server: &Server, key: Key) -> Result<Answer, Problem> {
    let (stored, visibility, embed, _) = render(server, &key).await?;
    let end = end(server, &stored, visibility);
    let embed = render::verbatim(embed, &stored, visibility);
    let json =
        |embed: &_| serde_json::to_vec(embed).map_err(|error| Problem::Internal(error.into()));
    let (content, tagged) = (json(&embed)?, json(&without_time(embed))?);
    let json = compress(move || Encoded::compress_tagged(content, EntityTag::of(&tagged))).await?;
    Ok(Answer { json, end })
}

async fn make_page(server: &Server, key: Key) -> Result<Page, Problem> {
    let (stored, visibility, embed, language) = render(server, &key).await?;
    let end = end(server, &stored, visibility);
    let status = match visibility {
        Visibility::Visible => StatusCode::OK,
        Visibility::Hidden | Visibility::Withdrawn => StatusCode::GONE,
    };
    let asked = key.language.as_deref();
    let html = pages::article(&embed, &language, asked, &server.renderer.publisher)?;
    page(status, end, html).await
}

/// A page of somebody else's is better off with a notice than with an error.
async fn make_frame(server: &Server, key: Key) -> Result<Page, Problem> {
    let (stored, visibility, embed, language) = render(server, &key).await?;
    let end = end(server, &stored, visibility);
    let (publisher, version) = (&server.renderer.publisher, server.assets.version());
    let html = pages::frame(&embed, &language, key.language.as_deref(), publisher, version)?;
    page(StatusCode::OK, end, html).await
}

async fn page(status: StatusCode, end: Option<UnixSeconds>, html: String) -> Result<Page, Problem> {
    let html = compress(move || Encoded::compress(html.into_bytes())).await?;
    Ok(Page { status, html, end })
}

async fn render(
    server: &Server,
    key: &Key,
) -> Result<(StoredArticle, Visibility, Embed, Arc<Language>), Problem> {
    let (stored, visibility) = server.article(key.id.as_str()).await?;
    let Shown { article: stored, css } = server.shown(stored).await?;
    let most_read = match key.window {
        Some(window) => {
            let query = Query { window, ..Query::default() };
            // Readers come for the article: it does not wait for a list that cannot be made.
            server.most_read.get(&query, MOST_READ.into()).await.unwrap_or_else(|error| {
                tracing::error!(%error, "an article is shown without the most-read list");
                None
            })
        }
        None => None,
    };
    let language = server.renderer.language(key.language.as_deref(), stored.article());
    let mut embed = server.renderer.embed(stored.article(), visibility, most_read, &language).await;
    if visibility == Visibility::Visible {
        embed.css.push_str(&css);
    }
    Ok((stored, visibility, embed, language))
}

/// When an article that is seen now is seen no more. That of a notice does not come.
fn end(server: &Server, article: &StoredArticle, now: Visibility) -> Option<UnixSeconds> {
    server.end(article).filter(|_| now == Visibility::Visible)
}

/// What names the answer: a list that was computed again and came out the same is the same answer.
fn without_time<A>(mut embed: Embed<A>) -> Embed<A> {
    if let Some(list) = &mut embed.most_read {
        list.computed_at.clear();
    }
    embed
}

/// Compressing takes a millisecond or more: not on a thread that serves others.
async fn compress(work: impl FnOnce() -> Encoded + Send + 'static) -> Result<Encoded, Problem> {
    spawn_blocking(work).await.map_err(|error| Problem::Internal(error.into()))
}

#[cfg(test)]
mod tests {
    use article_widget::contract::{MostRead, MostReadItem};

    use super::*;

    fn tag(computed_at: &str, views: u64) -> String {
        let items = vec![MostReadItem { views, ..MostReadItem::default() }];
        let list = MostRead { computed_at: computed_at.into(), items, ..MostRead::default() };
        let embed = Embed {
            article: (),
            most_read: Some(list),
            public_url: String::new(),
            lang: String::new(),
            messages: Default::default(),
            display: Default::default(),
            settings: Default::default(),
            html: String::new(),
            css: String::new(),
            render: String::new(),
        };
        let json = serde_json::to_vec(&without_time(embed)).unwrap();
        format!("{:?}", EntityTag::of(&json))
    }

    #[test]
    fn a_list_computed_again_is_the_same_answer_until_its_views_change() {
        assert_eq!(tag("2024-11-27T12:00:00Z", 1), tag("2024-11-27T12:00:10Z", 1));
        assert_ne!(tag("2024-11-27T12:00:00Z", 1), tag("2024-11-27T12:00:00Z", 2));
    }
}
