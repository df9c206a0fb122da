//! `/admin/articles/{id}/edit` and `/correct`: what the publisher's people change of an article. Whoever was
//! overtaken, or logged out over it, gets back what they typed.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::answers::{again, back, signed_out};
use super::article::{read_id, stands};
use crate::admin::article_query::article_path;
use crate::admin::edit_form::EditForm;
use crate::admin::pages::{CorrectPage, EditPage, Shell};
use crate::admin::render;
use crate::admin::visitor::LoggedIn;
use crate::body::Text;
use crate::problem::Problem;
use crate::revision::{Author, Expected, RevisionTag};
use crate::state::{AppState, Server};
use crate::store::ArticleRevision;

/// No form is longer, in bytes: a form escapes each byte of a letter with a diacritic.
const FORM: usize = 96 << 10;

/// What the form of an article's metadata sends.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Edited {
    /// Names the state that its page was made from.
    seen: String,
    #[serde(flatten)]
    form: EditForm,
}

/// What the form of a correction sends.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Corrected {
    seen: String,
    text: String,
}

type PathId = Result<Path<String>, PathRejection>;

/// `GET /admin/articles/{id}/edit`
pub async fn get_edit(
    State(state): State<AppState>,
    visitor: LoggedIn,
    id: PathId,
) -> Result<Response, Problem> {
    let article = stands(&state, &id?.0).await?;
    let form = EditForm::of(article.article.article(), &state.renderer.calendar);
    Ok(render::page(edit_page(&state, &article, form), visitor.shell).await)
}

/// `POST /admin/articles/{id}/edit`
pub async fn post_edit(
    State(state): State<AppState>,
    shell: Shell,
    visitor: Result<LoggedIn, Response>,
    id: PathId,
    body: Text<FORM>,
) -> Result<Response, Problem> {
    let (Path(id), edited) = (id?, body.form::<Edited>()?);
    let form = edited.form.tidied();
    let visitor = match visitor {
        Ok(visitor) => visitor,
        Err(refusal) => return Ok(signed_out(shell, refusal, form.as_text()).await),
    };
    let (id, calendar) = (read_id(&id)?, &state.renderer.calendar);
    let (who, expected) = (Author::person(&visitor.person.name), seen(&edited.seen));
    let edit = |draft: &mut _, article: &_| form.apply(draft, article, calendar);
    let problem = match state.publishing.edit(&id, expected, &who, edit).await {
        Ok(_) => return Ok(back(&format!("{}?done=saved", article_path(&id)))),
        Err(problem) => problem,
    };
    let page = edit_page(&state, &stands(&state, id.as_str()).await?, form);
    let (status, page) = match problem {
        Problem::NotAsExpected => (StatusCode::CONFLICT, EditPage { is_overtaken: true, ..page }),
        Problem::Article(wrong) => wrong_field(page, wrong.field, &edited.seen),
        Problem::Invalid { field, .. } => wrong_field(page, field.to_owned(), &edited.seen),
        other => return Err(other),
    };
    Ok(again(status, page, visitor.shell).await)
}

/// `GET /admin/articles/{id}/correct`
pub async fn get_correct(
    State(state): State<AppState>,
    visitor: LoggedIn,
    id: PathId,
) -> Result<Response, Problem> {
    let article = stands(&state, &id?.0).await?;
    Ok(render::page(correct_page(&article, String::new(), None), visitor.shell).await)
}

/// `POST /admin/articles/{id}/correct`
pub async fn post_correct(
    State(state): State<AppState>,
    shell: Shell,
    visitor: Result<LoggedIn, Response>,
    id: PathId,
    body: Text<FORM>,
) -> Result<Response, Problem> {
    let (Path(id), corrected) = (id?, body.form::<Corrected>()?);
    let text = corrected.text.replace("\r\n", "\n");
    let visitor = match visitor {
        Ok(visitor) => visitor,
        Err(refusal) => return Ok(signed_out(shell, refusal, text).await),
    };
    let (id, who) = (read_id(&id)?, Author::person(&visitor.person.name));
    let problem = match state.publishing.correct(&id, &text, seen(&corrected.seen), &who).await {
        Ok(_) => return Ok(back(&format!("{}?done=corrected", article_path(&id)))),
        Err(problem) => problem,
    };
    let (status, problem) = match problem {
        Problem::NotAsExpected => (StatusCode::CONFLICT, "correct.overtaken"),
        Problem::Invalid { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "correct.wrong"),
        other => return Err(other),
    };
    let page = correct_page(&stands(&state, id.as_str()).await?, text, Some(problem));
    Ok(again(status, page, visitor.shell).await)
}

/// What a form expects to find: nothing ever is what a form without a state expects.
pub fn seen(tag: &str) -> Expected {
    Expected::OneOf(RevisionTag::parse(tag).into_iter().collect())
}

fn edit_page(server: &Server, stands: &ArticleRevision, form: EditForm) -> EditPage {
    EditPage {
        id: stands.article.id().clone(),
        seen: stands.summary.tag.to_string(),
        stands: EditForm::of(stands.article.article(), &server.renderer.calendar),
        form,
        wrong: None,
        is_overtaken: false,
    }
}

/// The form still says which state it was made from: somebody may have overtaken it meanwhile.
fn wrong_field(page: EditPage, field: String, seen: &str) -> (StatusCode, EditPage) {
    let page = EditPage { wrong: Some(field), seen: seen.to_owned(), ..page };
    (StatusCode::UNPROCESSABLE_ENTITY, page)
}

fn correct_page(
    stands: &ArticleRevision,
    text: String,
    problem: Option<&'static str>,
) -> CorrectPage {
    let (article, seen) = (stands.article.article().clone(), stands.summary.tag.to_string());
    CorrectPage { article, seen, text, problem }
}
