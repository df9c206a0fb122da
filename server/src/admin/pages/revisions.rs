//! What an article said before, and putting it back.

use article_widget::contract::{ArticleId, Status};
use yew::prelude::*;

use super::article::saved;
use super::parts::{Tone, notice};
use super::{Page, Shell};
use crate::admin::article_query::article_path;
use crate::admin::revision_diff::FieldChange;
use crate::revision::Purpose;
use crate::store::RevisionSummary;

/// States of an article.
pub struct RevisionsPage {
    /// Which article.
    pub id: ArticleId,
    /// Its title now.
    pub title: String,
    /// The newest first.
    pub revisions: Vec<RevisionSummary>,
    /// The number that the next page begins before.
    pub next: Option<u32>,
    /// What went wrong: the key of a message.
    pub problem: Option<&'static str>,
}

/// One state, beside the one before it.
pub struct RevisionPage {
    /// Which article.
    pub id: ArticleId,
    /// Its title now.
    pub title: String,
    /// The state.
    pub revision: RevisionSummary,
    /// Names the state that stands.
    pub seen: String,
    /// What it changed of the state before it; none where that one is not kept.
    pub changes: Option<Vec<FieldChange>>,
    /// What putting it back would change of the state that stands.
    pub restoring: Vec<FieldChange>,
}

impl Page for RevisionsPage {
    fn title(&self, shell: &Shell) -> String {
        format!("{}: {}", shell.words("revisions.title"), self.title)
    }

    fn main(&self, shell: &Shell) -> Html {
        let path = article_path(&self.id);
        html! {
            <>
                <p class="back"><a href={path.clone()}>{ &self.title }</a></p>
                <h1>{ shell.words("revisions.title") }</h1>
                if let Some(key) = self.problem { { notice(Tone::Bad, shell.words(key)) } }
                <ol class="entries" aria-label={shell.words("revisions.title")}>
                    { for self.revisions.iter().map(|revision| entry(shell, &path, revision)) }
                </ol>
                if let Some(next) = self.next {
                    <nav class="paging" aria-label={shell.words("articles.pages")}>
                        <a class="button" rel="next" href={format!("{path}/revisions?before={next}")}>
                            { shell.words("revisions.older") }
                        </a>
                    </nav>
                }
            </>
        }
    }
}

fn entry(shell: &Shell, path: &str, revision: &RevisionSummary) -> Html {
    html! {
        <li class="entry">
            <div class="entry-text">
                <h2 class="entry-title">
                    <a href={format!("{path}/revisions/{}", revision.number)}>
                        { name(shell, revision.number) }{ ": " }{ &revision.title }
                    </a>
                </h2>
                <p class="entry-about soft">
                    if revision.is_current {
                        <span class="badge answered">{ shell.words("revisions.current") }</span>
                    }
                    { status(shell, revision.status) }
                    <span>{ saved(shell, revision) }</span>
                    if let Some(purpose) = purpose(shell, revision) { <span>{ purpose }</span> }
                </p>
            </div>
        </li>
    }
}

fn name(shell: &Shell, number: u32) -> String {
    shell.words("revisions.number").replace("{number}", &shell.number(number.into()))
}

/// What it was made for; none where nobody said, and it goes without saying.
fn purpose(shell: &Shell, revision: &RevisionSummary) -> Option<String> {
    match Purpose::of(&revision.note) {
        Purpose::Correction => Some(shell.words("revisions.corrected").to_owned()),
        Purpose::Restored(number) => {
            let number = shell.number(number.into());
            Some(shell.words("revisions.restored").replace("{number}", &number))
        }
        Purpose::Said("") => {
            let is_edit = revision.by.is_person() && revision.status != Status::Canceled;
            is_edit.then(|| shell.words("revisions.edited").to_owned())
        }
        Purpose::Said(words) => Some(words.to_owned()),
    }
}

/// What the publisher said of it then, where that is not that readers may see it.
fn status(shell: &Shell, status: Status) -> Html {
    let key = match status {
        Status::Usable => return html! {},
        Status::Withheld => "article_state.withheld",
        Status::Canceled => "article_state.withdrawn",
    };
    html! { <span class="badge held">{ shell.words(key) }</span> }
}

impl Page for RevisionPage {
    fn title(&self, shell: &Shell) -> String {
        format!("{}: {}", name(shell, self.revision.number), self.title)
    }

    fn main(&self, shell: &Shell) -> Html {
        let path = [&article_path(&self.id), "/revisions"].concat();
        let revision = &self.revision;
        html! {
            <>
                <p class="back"><a href={path.clone()}>{ shell.words("revisions.title") }</a></p>
                <h1>{ name(shell, revision.number) }{ ": " }{ &revision.title }</h1>
                <p class="entry-about soft">
                    <span>{ saved(shell, revision) }</span>
                    if let Some(purpose) = purpose(shell, revision) { <span>{ purpose }</span> }
                </p>
                <section class="card" aria-labelledby="changes-heading">
                    <h2 id="changes-heading">{ shell.words("revisions.changes") }</h2>
                    { self.changes(shell) }
                </section>
                if !revision.is_current { { self.restore(shell, &path) } }
            </>
        }
    }
}

impl RevisionPage {
    fn changes(&self, shell: &Shell) -> Html {
        match &self.changes {
            None => html! { <p class="soft">{ shell.words("revisions.first") }</p> },
            Some(changes) => table(shell, changes),
        }
    }

    fn restore(&self, shell: &Shell, path: &str) -> Html {
        let action = format!("{path}/{}/restore", self.revision.number);
        html! {
            <section class="card" aria-labelledby="restore-heading">
                <h2 id="restore-heading">{ shell.words("revisions.restoring") }</h2>
                { table(shell, &self.restoring) }
                if !self.restoring.is_empty() {
                    <form method="post" {action}>
                        <input type="hidden" name="seen" value={self.seen.clone()} />
                        <button class="main" type="submit">{ shell.words("revisions.restore") }</button>
                    </form>
                }
            </section>
        }
    }
}

/// Field by field: what it said, and what it says then.
fn table(shell: &Shell, changes: &[FieldChange]) -> Html {
    if changes.is_empty() {
        return html! { <p class="soft">{ shell.words("revisions.same") }</p> };
    }
    html! {
        <dl class="changes">
            { for changes.iter().map(|change| html! {
                <div>
                    <dt>{ field_name(shell, &change.field) }</dt>
                    if !change.before.is_empty() {
                        <dd>
                            <span class="hidden">{ shell.words("revisions.before") }</span>
                            <del>{ value(shell, &change.field, &change.before) }</del>
                        </dd>
                    }
                    if !change.after.is_empty() {
                        <dd>
                            <span class="hidden">{ shell.words("revisions.after") }</span>
                            <ins>{ value(shell, &change.field, &change.after) }</ins>
                        </dd>
                    }
                </div>
            }) }
        </dl>
    }
}

/// What a field said, as the rest of the pages has it.
fn value(shell: &Shell, field: &str, value: &str) -> String {
    match field {
        "status" => shell.words_of(&format!("edit.{value}"), value).to_owned(),
        "published" | "updated" | "embargo" | "expires" => shell.stated(value),
        _ => value.to_owned(),
    }
}

/// A field's name; of one that the form does not have, as the article's JSON calls it.
fn field_name<'a>(shell: &Shell, field: &'a str) -> &'a str {
    shell.words_of(&format!("field.{field}"), field)
}
