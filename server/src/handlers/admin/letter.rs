//! `/admin/feedback/{no}`: one letter, and what is done about it.

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::answers::{again, back, signed_out};
use crate::admin::inbox_query::INBOX;
use crate::admin::pages::{AnswerForm, ErasePage, LetterView, Shell};
use crate::admin::render;
use crate::admin::visitor::{Administrator, LoggedIn};
use crate::body::Text;
use crate::feedback;
use crate::forms;
use crate::problem::Problem;
use crate::state::{AppState, Server};
use crate::store::{Answer, Change, Letter, LetterNo, LetterState, NewDelivery, Revision};

/// No button's form is longer, in bytes.
const BUTTON: usize = 1 << 10;
/// No answer's form is longer, in bytes: a form escapes each byte of a letter with a diacritic.
const ANSWER_FORM: usize = 96 << 10;
/// No answer is longer, in characters.
const ANSWER: usize = 8_000;

/// How a letter is asked for.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct LetterQuery {
    /// What has just been done.
    done: String,
}

/// What a button sends.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Pressed {
    /// The revision that its page was made from.
    seen: String,
    state: String,
}

/// What the answer's form sends.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Written {
    seen: String,
    answer: String,
}

type PathNo = Result<Path<LetterNo>, PathRejection>;

/// `GET /admin/feedback/{no}`
pub async fn get_letter(
    State(state): State<AppState>,
    visitor: LoggedIn,
    no: PathNo,
    query: Result<Query<LetterQuery>, QueryRejection>,
) -> Result<Response, Problem> {
    let letter = letter(&state, no?.0).await?;
    let view = LetterView { done: query?.0.done, ..view(&state, &visitor, letter) };
    Ok(render::page(view, visitor.shell).await)
}

/// `POST /admin/feedback/{no}/state`
pub async fn post_state(
    State(state): State<AppState>,
    visitor: LoggedIn,
    no: PathNo,
    body: Text<BUTTON>,
) -> Result<Response, Problem> {
    let (Path(no), pressed) = (no?, body.form::<Pressed>()?);
    // Nobody holds a letter back by hand.
    let mark = LetterState::parse(&pressed.state).filter(|mark| *mark != LetterState::Held);
    let invalid = || Problem::Invalid { field: "state", detail: "no such mark".to_owned() };
    let mark = mark.ok_or_else(invalid)?;
    let seen = Revision::from_form(&pressed.seen);
    let reference = letter(&state, no).await?.reference;
    let announce = state.announcer.of_feedback(&reference, state.clock.now());
    match state.store.mark_letter(no, &seen, mark, &announce).await? {
        Change::Made => {
            state.outbox.wake();
            Ok(back(&format!("{INBOX}/{no}?done=marked")))
        }
        Change::Overtaken => overtaken(&state, visitor, no).await,
        Change::NoLetter => Err(Problem::NotFound),
    }
}

/// `POST /admin/feedback/{no}/answer`
pub async fn post_answer(
    State(state): State<AppState>,
    shell: Shell,
    visitor: Result<LoggedIn, Response>,
    no: PathNo,
    body: Text<ANSWER_FORM>,
) -> Result<Response, Problem> {
    let (Path(no), written) = (no?, body.form::<Written>()?);
    let visitor = match visitor {
        Ok(visitor) => visitor,
        Err(refusal) => return Ok(signed_out(shell, refusal, written.answer).await),
    };
    let letter = letter(&state, no).await?;
    let answer = Answer {
        text: forms::text(&written.answer),
        at: state.clock.now(),
        by: visitor.person.name.clone(),
    };
    if let Some(problem) = wrong(&answer.text) {
        let form = AnswerForm { text: answer.text, problem: Some(problem) };
        let view = LetterView { form, ..view(&state, &visitor, letter) };
        return Ok(again(StatusCode::UNPROCESSABLE_ENTITY, view, visitor.shell).await);
    }
    let seen = Revision::from_form(&written.seen);
    let tell = tell(&state, &letter, answer.at);
    let announce = state.announcer.of_feedback(&letter.reference, answer.at);
    match state.store.answer_letter(no, &seen, &answer, tell.as_ref(), &announce).await? {
        Change::Made => {
            state.outbox.wake();
            Ok(back(&format!("{INBOX}/{no}?done=answered")))
        }
        Change::NoLetter => Err(Problem::NotFound),
        Change::Overtaken => {
            let letter = self::letter(&state, no).await?;
            let view = LetterView {
                problem: Some("letter.overtaken_answer"),
                form: AnswerForm { text: answer.text, problem: None },
                ..view(&state, &visitor, letter)
            };
            Ok(again(StatusCode::CONFLICT, view, visitor.shell).await)
        }
    }
}

/// `GET /admin/feedback/{no}/erase`
pub async fn get_erasure(
    State(state): State<AppState>,
    Administrator(visitor): Administrator,
    no: PathNo,
) -> Result<Response, Problem> {
    let letter = letter(&state, no?.0).await?;
    Ok(render::page(ErasePage { letter }, visitor.shell).await)
}

/// `POST /admin/feedback/{no}/erase`
pub async fn post_erasure(
    State(state): State<AppState>,
    Administrator(visitor): Administrator,
    no: PathNo,
    body: Text<BUTTON>,
) -> Result<Response, Problem> {
    let (Path(no), pressed) = (no?, body.form::<Pressed>()?);
    let seen = Revision::from_form(&pressed.seen);
    match state.store.letter_secret(no, &seen).await? {
        Some(secret_hash) => {
            feedback::erase(&state, &secret_hash).await?;
            Ok(back(&format!("{INBOX}?done=erased")))
        }
        None => overtaken(&state, visitor, no).await,
    }
}

async fn letter(server: &Server, no: LetterNo) -> Result<Letter, Problem> {
    server.store.letter(no).await?.ok_or(Problem::NotFound)
}

/// What is wrong with an answer: the key of a message.
fn wrong(text: &str) -> Option<&'static str> {
    if text.is_empty() {
        Some("letter.empty_answer")
    } else if text.chars().count() > ANSWER {
        Some("letter.long_answer")
    } else {
        None
    }
}

/// What the sender is told of an answer: in the language of the consent that they gave, whichever text of it
/// that was.
fn tell(server: &Server, letter: &Letter, at: i64) -> Option<NewDelivery> {
    let language = server.renderer.language_of(&letter.report.consent);
    server.announcer.of_answer(&letter.reference, &letter.report.email, &language.tag, at)
}

fn view(server: &Server, visitor: &LoggedIn, letter: Letter) -> LetterView {
    LetterView {
        is_mailed: tell(server, &letter, letter.at).is_some(),
        letter,
        may_erase: visitor.person.role.may_erase(),
        done: String::new(),
        problem: None,
        form: AnswerForm::default(),
    }
}

/// The letter as somebody else has left it meanwhile.
async fn overtaken(server: &Server, visitor: LoggedIn, no: LetterNo) -> Result<Response, Problem> {
    let letter = letter(server, no).await?;
    let view = LetterView { problem: Some("letter.overtaken"), ..view(server, &visitor, letter) };
    Ok(again(StatusCode::CONFLICT, view, visitor.shell).await)
}
