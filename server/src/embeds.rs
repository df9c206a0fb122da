//! Finished answers of `/v1/embed`, compressed: what makes a hot article cost nothing.

use std::sync::Arc;
use std::time::Duration;

use article_widget::contract::{ArticleId, Window};
use moka::future::Cache;

use crate::encoding::Encoded;
use crate::problem::Problem;
use crate::render;
use crate::state::Server;

/// No answer is older. With what HTTP caches add, a correction is everywhere within a minute.
const FRESH: Duration = Duration::from_secs(10);
/// What all answers together may hold in memory, in bytes.
const MOST_BYTES: u64 = 64 << 20;

/// Articles in a most-read list, unless another number is asked for.
pub const MOST_READ: usize = 10;

/// What an answer depends on, and nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// The article.
    pub id: ArticleId,
    /// The interface's language, where one that we know was asked for.
    pub language: Option<&'static str>,
    /// The most-read list's window; none for no list.
    pub window: Option<Window>,
}

/// The answers. While one is made, whoever asks for it waits for that one.
pub struct Embeds(Cache<Key, Encoded>);

impl Default for Embeds {
    fn default() -> Self {
        let weight = |_: &Key, answer: &Encoded| answer.weight().try_into().unwrap_or(u32::MAX);
        Self(Cache::builder().max_capacity(MOST_BYTES).weigher(weight).time_to_live(FRESH).build())
    }
}

impl Embeds {
    /// The answer, made where it is not kept.
    ///
    /// # Errors
    /// Where there is no article that readers may know of, or the store failed.
    pub async fn get(&self, server: &Server, key: Key) -> Result<Encoded, Arc<Problem>> {
        self.0.try_get_with(key.clone(), make(server, key)).await
    }
}

async fn make(server: &Server, key: Key) -> Result<Encoded, Problem> {
    let (stored, visibility) = server.article(key.id.as_str()).await?;
    let most_read = match key.window {
        Some(window) => server.most_read.get(window, MOST_READ).await?,
        None => None,
    };
    let language = server.renderer.language(key.language, stored.article());
    let embed = server.renderer.embed(stored.article(), visibility, most_read, language).await;
    let embed = render::verbatim(embed, &stored, visibility);
    let json = serde_json::to_vec(&embed).map_err(|error| Problem::Internal(error.into()))?;
    Ok(Encoded::compress(json))
}
