//! `/a/{id}/embed`: what a partner's webmaster pastes, sees and has checked. Complete without a script.

use article_widget::contract::{Article, ArticleId};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Redirect, Response};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::asked::Asked;
use crate::body::Text;
use crate::cache::Policy;
use crate::checker::{self, CheckError, Checked};
use crate::client::Client;
use crate::messages::{Language, Languages};
use crate::metrics::Refusal;
use crate::pages::{self, Choices, Content, Material, PreviewPage, Report, RepublishPage, Theme};
use crate::problem::Problem;
use crate::snippets::{self, Subject};
use crate::state::{AppState, Server};
use crate::visibility::Visibility;

/// No form with an address is longer, in bytes.
const FORM: usize = 8 << 10;

/// What was chosen.
#[derive(Default, JsonSchema, Deserialize)]
pub struct RepublishQuery {
    /// The page's language.
    lang: Option<String>,
    theme: Option<String>,
    /// The widget's language; any but ours is the article's.
    widget_lang: Option<String>,
}

/// What is to be checked.
#[derive(JsonSchema, Deserialize)]
pub struct CheckForm {
    /// What was chosen.
    #[serde(flatten)]
    chosen: RepublishQuery,
    /// A page's address.
    #[serde(default)]
    page: String,
}

/// What a check came to, and what was typed for it.
struct Outcome<'a> {
    page: &'a str,
    checked: Result<Checked, CheckError>,
}

impl RepublishQuery {
    fn choices<'a>(&self, languages: &'a Languages) -> Choices<'a> {
        Choices {
            theme: Theme::read(self.theme.as_deref()),
            language: self.language(languages).map(|language| language.tag.as_str()),
        }
    }

    fn language<'a>(&self, languages: &'a Languages) -> Option<&'a Language> {
        Some(languages.find(self.widget_lang.as_deref()?)?)
    }
}

type PathId = Result<Path<String>, PathRejection>;

/// `GET /a/{id}/embed?lang&theme&widget_lang`
pub async fn get_page(
    State(state): State<AppState>,
    Asked { id, query }: Asked<RepublishQuery>,
) -> Result<Response, Problem> {
    let stored = state.shown(state.visible_article(&id).await?).await?.article;
    page(&state, stored.article(), &query, state.policy([&stored]), None).await
}

/// `GET /a/{id}/embed/preview?lang&theme&widget_lang`
pub async fn get_preview(
    State(state): State<AppState>,
    Asked { id, query }: Asked<RepublishQuery>,
) -> Result<Response, Problem> {
    let stored = state.visible_article(&id).await?;
    let languages = state.renderer.languages.now();
    let (article, choices) = (stored.article(), query.choices(&languages));
    let subject = subject(&state, article, choices);
    let preview = PreviewPage {
        language: &state.renderer.language(query.lang.as_deref(), article),
        title: &article.title,
        theme: choices.theme,
        snippet: subject.full().map_err(failed)?,
    };
    let content = Content::Preview { publisher: state.renderer.public_url.clone() };
    pages::answer(StatusCode::OK, state.policy([&stored]), content, &preview)
}

/// `GET /a/{id}/embed/check`: where reloading the result leads, once it is forgotten.
pub async fn get_check(id: PathId) -> Result<Redirect, Problem> {
    let Path(id) = id?;
    let id = ArticleId::parse(&id).map_err(|_| Problem::NoArticle)?;
    Ok(Redirect::to(&format!("/a/{id}/embed#check")))
}

/// `POST /a/{id}/embed/check`: looks at a partner's page. It changes nothing, and is no GET for what it costs.
pub async fn post_check(
    State(state): State<AppState>,
    id: PathId,
    client: Client,
    body: Text<FORM>,
) -> Result<Response, Problem> {
    let Path(id) = id?;
    let form: CheckForm = body.form()?;
    // What it waits for is another's server: meanwhile it is none of the writes that are worked on.
    drop(body);
    let stored = state.shown(state.visible_article(&id).await?).await?.article;
    let article = stored.article();
    let checked = checker::check(&state, &client, article, &form.page).await;
    if matches!(checked, Err(CheckError::TooMany)) {
        state.metrics.refusals.count(Refusal::CheckRate);
    }
    let outcome = Outcome { page: &form.page, checked };
    page(&state, article, &form.chosen, Policy::NoStore, Some(outcome)).await
}

async fn page(
    server: &Server,
    article: &Article,
    query: &RepublishQuery,
    policy: Policy,
    outcome: Option<Outcome<'_>>,
) -> Result<Response, Problem> {
    let renderer = &server.renderer;
    let languages = renderer.languages.now();
    let choices = query.choices(&languages);
    let language = renderer.language(query.lang.as_deref(), article);
    let own = &language.pages;
    let subject = subject(server, article, choices);
    let version = server.assets.version();
    let integrity = server.assets.integrity("embed.js").ok_or(Problem::NotFound)?;
    let licence = server.licence.as_deref();
    let licensed = match licence {
        Some(licence) => Some((html(server, article).await, licence)),
        None => None,
    };
    let release = (version, integrity.as_str());
    let material = Material { subject, article, release, licensed, own };
    let checked = outcome.as_ref().map(|outcome| (outcome.page, &outcome.checked));
    let template = RepublishPage {
        language: &language,
        own,
        languages: &languages,
        forms: pages::forms(&material).map_err(failed)?,
        subject,
        choices,
        title_language: &article.language,
        licence,
        rights: article.rights.as_deref(),
        policy: snippets::policy(article, &renderer.public_url),
        script: format!("{}/v/{version}/republish.js", renderer.public_url),
        page: checked.map_or("", |(page, _)| page),
        report: checked.map(|(_, checked)| report(checked, &language)),
    };
    let status = checked.map_or(StatusCode::OK, |(_, checked)| status(checked));
    let content = Content::Republish { publisher: renderer.public_url.clone() };
    pages::answer(status, policy, content, &template)
}

/// The component's, in the article's language.
async fn html(server: &Server, article: &Article) -> String {
    let language = server.renderer.language(None, article);
    server.renderer.embed(article, Visibility::Visible, None, &language).await.html
}

fn subject<'a>(server: &'a Server, article: &'a Article, choices: Choices<'a>) -> Subject<'a> {
    Subject {
        public_url: &server.renderer.public_url,
        id: &article.id,
        title: &article.title,
        language: choices.language,
        theme: choices.theme(),
    }
}

fn report<'a>(checked: &'a Result<Checked, CheckError>, language: &Language) -> Report<'a> {
    match checked {
        Ok(checked) => Report::Checked(checked),
        Err(error) => {
            let words = language.pages.get(error.key());
            Report::Failed(match error {
                CheckError::Status(status) => language.fill(words, "status", &status.to_string()),
                _ => words.to_owned(),
            })
        }
    }
}

fn status(checked: &Result<Checked, CheckError>) -> StatusCode {
    match checked {
        Err(CheckError::TooMany) => StatusCode::TOO_MANY_REQUESTS,
        Err(CheckError::Url) => StatusCode::UNPROCESSABLE_ENTITY,
        Err(CheckError::Problem(problem)) => {
            problem.log();
            problem.status()
        }
        // That another's page cannot be had is an answer.
        _ => StatusCode::OK,
    }
}

fn failed(error: askama::Error) -> Problem {
    Problem::Internal(error.into())
}
