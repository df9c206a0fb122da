//! `/v1/most-read`: the list by itself.

use article_widget::contract::Window;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::cache::Policy;
use crate::embeds::MOST_READ;
use crate::most_read::{self, By, Filter};
use crate::partners;
use crate::problem::Problem;
use crate::query;
use crate::state::AppState;

/// No name in a filter is longer, in bytes.
const NAME: usize = 256;

/// Which list. A filter that we do not have is refused: a list is never something else than it says.
#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MostReadQuery {
    /// `1h`, `24h`, `7d`, `30d`, `all` or `rising`; `24h` where it is left out.
    #[schemars(with = "Option<Window>")]
    window: Option<String>,
    /// `views`, or `deep`: by the share of views that were read deeply.
    #[schemars(extend("enum" = ["views", "deep"]))]
    by: Option<String>,
    /// At most this many, 1 to 100.
    #[schemars(range(min = 1, max = 100))]
    limit: Option<u16>,
    /// Articles in this language alone: a BCP 47 tag, of which the language counts.
    lang: Option<String>,
    /// Articles of this section alone, as the publisher prints it.
    section: Option<String>,
    /// Counts only what was read on the pages of this origin.
    partner: Option<String>,
    /// Has each item say its views in words of this language (`views_text`), where the publisher shows them to
    /// readers: a BCP 47 tag.
    words: Option<String>,
}

impl MostReadQuery {
    fn read(self) -> Result<most_read::Query, Problem> {
        let window = query::window(self.window.as_deref())?.unwrap_or_default();
        let by = match self.by.as_deref() {
            None | Some("views") => By::Views,
            Some("deep") => By::Deep,
            Some(_) => return Err(invalid("by", "views or deep")),
        };
        let language = name("lang", self.lang)?.map(|tag| most_read::language(&tag).to_lowercase());
        let partner = name("partner", self.partner)?;
        let filter = Filter {
            section: name("section", self.section)?,
            language,
            partner: partner.as_deref().map(origin).transpose()?,
        };
        Ok(most_read::Query { window, by, filter })
    }
}

/// `GET /v1/most-read?window&by&limit&lang&section&partner`
pub async fn get_most_read(
    State(state): State<AppState>,
    query: Result<Query<MostReadQuery>, QueryRejection>,
) -> Result<Response, Problem> {
    let Query(query) = query?;
    let limit = query::limit(query.limit, MOST_READ)?;
    let words = query.words.clone();
    let query = query.read()?;
    let mut list = state.most_read.get(&query, limit.into()).await?;
    if let (Some(list), Some(words)) = (&mut list, words) {
        state.renderer.tell_views(list, &state.renderer.language_of(&words));
    }
    Ok((Policy::MostRead, Json(list.unwrap_or_else(|| query.empty(state.clock.now()))))
        .into_response())
}

fn name(field: &'static str, name: Option<String>) -> Result<Option<String>, Problem> {
    match name {
        Some(name) if name.is_empty() || name.len() > NAME => Err(invalid(field, "1 to 256 bytes")),
        name => Ok(name),
    }
}

fn origin(text: &str) -> Result<String, Problem> {
    Some(partners::origin(text))
        .filter(|origin| !origin.is_empty())
        .ok_or_else(|| invalid("partner", "an origin, as https://partner.example"))
}

fn invalid(field: &'static str, detail: &str) -> Problem {
    Problem::Invalid { field, detail: detail.to_owned() }
}
