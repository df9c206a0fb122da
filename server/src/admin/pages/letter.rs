//! One letter: all that its sender wrote, and what can be done about it.

use yew::prelude::*;

use super::parts::{
    Tone, article_title, badge, done, host, kind_name, notice, sender, state_name, subject,
};
use super::{Page, Shell};
use crate::admin::inbox_query::INBOX;
use crate::store::{Letter, LetterState, Suspicion};

/// No answer is longer, in characters.
const LONGEST_ANSWER: &str = "8000";

/// The marks that there are, with the words on their buttons.
const MARKS: [(LetterState, &str); 4] = [
    (LetterState::New, "letter.mark_new"),
    (LetterState::Open, "letter.mark_open"),
    (LetterState::Answered, "letter.mark_answered"),
    (LetterState::Spam, "letter.mark_spam"),
];

/// A letter's page.
pub struct LetterView {
    /// The letter.
    pub letter: Letter,
    /// Whether its sender is told of an answer by mail.
    pub is_mailed: bool,
    /// Whether whoever looks may erase it.
    pub may_erase: bool,
    /// What has just been done.
    pub done: String,
    /// What went wrong with the letter as a whole: the key of a message.
    pub problem: Option<&'static str>,
    /// The answer's form.
    pub form: AnswerForm,
}

/// The answer's form, as it was left.
#[derive(Default)]
pub struct AnswerForm {
    /// What was typed.
    pub text: String,
    /// What is wrong with it: the key of a message.
    pub problem: Option<&'static str>,
}

impl Page for LetterView {
    fn title(&self, shell: &Shell) -> String {
        subject(shell, &self.letter.report.title).to_owned()
    }

    fn main(&self, shell: &Shell) -> Html {
        let letter = &self.letter;
        html! {
            <>
                <p class="back"><a href={INBOX}>{ shell.words("letter.back") }</a></p>
                <h1>{ subject(shell, &letter.report.title) }</h1>
                <p class="soft">
                    { badge(shell, letter.state) }{ " " }
                    { [sender(shell, &letter.report.name), " · ", &shell.moment(letter.at)].concat() }
                </p>
                { done(shell, &self.done) }
                if let Some(key) = self.problem { { notice(Tone::Bad, shell.words(key)) } }
                <div class="columns">
                    <div>
                        { self.message(shell) }
                        { self.answer(shell) }
                    </div>
                    <div>
                        { self.about(shell) }
                        { self.marks(shell) }
                        if self.may_erase { { self.erase(shell) } }
                    </div>
                </div>
            </>
        }
    }
}

impl LetterView {
    fn path(&self, action: &str) -> String {
        format!("{INBOX}/{}{action}", self.letter.no)
    }

    /// Says what a form was made from.
    fn seen(&self) -> Html {
        let revision = self.letter.revision().as_str().to_owned();
        html! { <input type="hidden" name="seen" value={revision} /> }
    }

    fn message(&self, shell: &Shell) -> Html {
        let report = &self.letter.report;
        html! {
            <section class="card" aria-labelledby="message-title">
                <h2 id="message-title">{ shell.words("letter.message") }</h2>
                if !report.passage.is_empty() {
                    <figure class="passage">
                        <figcaption class="soft">{ shell.words("letter.passage") }</figcaption>
                        <blockquote>{ &report.passage }</blockquote>
                    </figure>
                }
                <p class="text">{ &report.message }</p>
            </section>
        }
    }

    fn answer(&self, shell: &Shell) -> Html {
        html! {
            <section class="card" aria-labelledby="answer-title">
                <h2 id="answer-title">{ shell.words("letter.answer") }</h2>
                { self.given_answer(shell) }
                { self.answer_form(shell) }
            </section>
        }
    }

    fn given_answer(&self, shell: &Shell) -> Html {
        let Some(answer) = &self.letter.answer else { return html! {} };
        let words = shell.words("letter.answered");
        let words = words.replace("{time}", &shell.moment(answer.at)).replace("{name}", &answer.by);
        html! {
            <>
                <p class="soft">{ words }</p>
                <p class="text given">{ &answer.text }</p>
            </>
        }
    }

    fn answer_form(&self, shell: &Shell) -> Html {
        let (label, button) = match self.letter.answer {
            None => ("letter.your_answer", "letter.send_answer"),
            Some(_) => ("letter.another_answer", "letter.send_another"),
        };
        let told = if self.is_mailed { "letter.told_by_mail" } else { "letter.told_by_link" };
        let problem = self.form.problem;
        let described =
            if problem.is_some() { "answer-problem answer-hint" } else { "answer-hint" };
        html! {
            <form method="post" action={self.path("/answer")}>
                { self.seen() }
                <div class="field">
                    <label for="answer">{ shell.words(label) }</label>
                    <textarea id="answer" name="answer" rows="8" required=true maxlength={LONGEST_ANSWER}
                        aria-describedby={described} aria-invalid={problem.map(|_| "true")}
                        value={self.form.text.clone()} />
                    if let Some(key) = problem {
                        <p class="error" id="answer-problem">{ shell.words(key) }</p>
                    }
                    <p class="hint" id="answer-hint">{ shell.words(told) }</p>
                </div>
                <button class="main" type="submit">{ shell.words(button) }</button>
            </form>
        }
    }

    fn about(&self, shell: &Shell) -> Html {
        let letter = &self.letter;
        let report = &letter.report;
        let consent = shell.words("letter.consent_at").replace("{time}", &shell.moment(letter.at));
        let consent = consent.replace("{version}", &report.consent);
        let line = |key: &'static str, value: Html| line(shell, key, value);
        let text = |key: &'static str, value: &str| match value {
            "" => html! {},
            value => line(key, html! { value }),
        };
        html! {
            <section class="card" aria-labelledby="about-title">
                <h2 id="about-title">{ shell.words("letter.about") }</h2>
                <dl>
                    { line("letter.state", badge(shell, letter.state)) }
                    { text("letter.held", letter.held.map_or("", |why| held(shell, why))) }
                    { text("letter.kind", kind_name(shell, &report.kind)) }
                    { text("letter.reference", &letter.reference) }
                    { text("letter.received", &shell.moment(letter.at)) }
                    { text("letter.name", &report.name) }
                    if !report.email.is_empty() { { line("letter.email", email(&report.email)) } }
                    if !report.phone.is_empty() { { line("letter.phone", phone(&report.phone)) } }
                    { line("letter.article", article(shell, letter)) }
                    if !report.page.is_empty() { { line("letter.page", page(&report.page)) } }
                    { text("letter.consent", &consent) }
                </dl>
            </section>
        }
    }

    fn marks(&self, shell: &Shell) -> Html {
        let others = MARKS.iter().filter(|(state, _)| *state != self.letter.state);
        let words = |state: LetterState, key| match (state, &self.letter.answer) {
            // It was answered here.
            (LetterState::Answered, Some(_)) => state_name(shell, state),
            _ => shell.words(key),
        };
        html! {
            <section class="card" aria-labelledby="marks-title">
                <h2 id="marks-title">{ shell.words("letter.mark") }</h2>
                <form class="buttons" method="post" action={self.path("/state")}>
                    { self.seen() }
                    { for others.map(|(state, key)| html! {
                        <button type="submit" name="state" value={state.as_str()}>
                            { words(*state, *key) }
                        </button>
                    }) }
                </form>
            </section>
        }
    }

    fn erase(&self, shell: &Shell) -> Html {
        html! {
            <p class="erase">
                <a class="danger" href={self.path("/erase")}>{ shell.words("letter.erase") }</a>
            </p>
        }
    }
}

fn line(shell: &Shell, key: &'static str, value: Html) -> Html {
    html! {
        <div>
            <dt>{ shell.words(key) }</dt>
            <dd>{ value }</dd>
        </div>
    }
}

/// Why a letter was held.
fn held(shell: &Shell, why: Suspicion) -> &str {
    shell.words_of(&format!("held.{}", why.as_str()), why.as_str())
}

/// A link where the address says nothing else to a mail program than an address.
fn email(address: &str) -> Html {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "@.-_+".contains(c);
    if address.chars().all(is_plain) {
        html! { <a href={["mailto:", address].concat()}>{ address }</a> }
    } else {
        html! { address }
    }
}

fn phone(number: &str) -> Html {
    let is_dialled = |c: &char| c.is_ascii_digit() || *c == '+';
    let dialled: String = number.chars().filter(is_dialled).collect();
    html! { <a href={["tel:", &dialled].concat()}>{ number }</a> }
}

fn article(shell: &Shell, letter: &Letter) -> Html {
    let title = article_title(shell, &letter.article_title);
    html! { <a href={["/a/", &letter.report.article].concat()} rel="noreferrer">{ title }</a> }
}

/// A link to a page of the web, and to nothing else.
fn page(url: &str) -> Html {
    if host(url).is_some() {
        html! { <a href={url.to_owned()} rel="noreferrer noopener nofollow">{ url }</a> }
    } else {
        html! { url }
    }
}
