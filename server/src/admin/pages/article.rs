//! One article: what readers may see of it, what was read of it, and what can be done about it.

use article_widget::contract::Article;
use yew::prelude::*;

use super::figures::{
    course, exports, part, partners, refusals, shares_and_arrivals, state_badge, tile, tiles_of,
    windows,
};
use super::parts::{Tone, notice};
use super::{Page, Shell};
use crate::admin::article_query::{ARTICLES, article_path};
use crate::admin::inbox_query::{INBOX, InboxQuery};
use crate::admin::period::{self, Period, total};
use crate::revision::Author;
use crate::store::{ArticleReading, ArticleState, Ratings, RevisionSummary};
use crate::visibility::Term;

/// An article's page.
pub struct ArticlePage {
    /// As it stands.
    pub article: Article,
    /// Its state that stands.
    pub revision: RevisionSummary,
    /// What readers may see of it now.
    pub state: ArticleState,
    /// When they may.
    pub term: Term,
    /// The window that is looked at.
    pub period: Period,
    /// What was counted in it.
    pub reading: ArticleReading,
    /// What readers found of it.
    pub ratings: Ratings,
    /// What has just been done.
    pub done: String,
}

impl Page for ArticlePage {
    fn title(&self, _shell: &Shell) -> String {
        self.article.title.clone()
    }

    fn main(&self, shell: &Shell) -> Html {
        let path = article_path(&self.article.id);
        html! {
            <>
                <p class="back"><a href={ARTICLES}>{ shell.words("article.back") }</a></p>
                <h1>{ &self.article.title }</h1>
                <p class="soft">
                    { state_badge(shell, self.state) }{ " " }{ meaning(shell, self.state, self.term) }
                </p>
                { done(shell, &self.done) }
                { self.actions(shell, &path) }
                { windows(shell, &path, &period::EVERY, self.period.window) }
                <ul class="tiles">
                    { tiles_of(shell, &total(&self.reading.hours)) }
                    { self.rated(shell) }
                </ul>
                { self.course(shell, &path) }
                <div class="columns even">
                    <div>
                        { self.partners(shell, &path) }
                        { self.words(shell) }
                        { self.about(shell) }
                    </div>
                    <div>{ self.shares(shell, &path) }{ self.refusals(shell) }</div>
                </div>
            </>
        }
    }
}

impl ArticlePage {
    fn actions(&self, shell: &Shell, path: &str) -> Html {
        let id = self.article.id.as_str();
        let to = |action: &str| [path, action].concat();
        let is_withdrawn = self.state == ArticleState::Withdrawn;
        let feedback = InboxQuery { article: id.to_owned(), ..InboxQuery::default() }.href(INBOX);
        html! {
            <nav class="buttons" aria-label={shell.words("article.actions")}>
                <a class="button" href={to("/edit")}>{ shell.words("article.edit") }</a>
                // Nobody reads a correction of what is withdrawn.
                if !is_withdrawn {
                    <a class="button" href={to("/correct")}>{ shell.words("article.correct") }</a>
                }
                <a class="button" href={to("/revisions")}>{ shell.words("article.revisions") }</a>
                if !is_withdrawn {
                    <a class="button danger" href={to("/withdraw")}>{ shell.words("article.withdraw") }</a>
                }
                <span class="links">
                    <a href={["/a/", id].concat()}>{ shell.words("article.see") }</a>
                    <a href={["/a/", id, "/embed"].concat()}>{ shell.words("article.republish") }</a>
                    <a href={["/v1/articles/", id].concat()}>{ "JSON" }</a>
                    <a href={feedback}>{ shell.words("article.feedback") }</a>
                </span>
            </nav>
        }
    }

    fn rated(&self, shell: &Shell) -> Html {
        let Ratings { useful, not_useful, .. } = &self.ratings;
        if useful + not_useful == 0 {
            return html! {};
        }
        let share = shell.share(*useful, useful + not_useful);
        let figure = format!("{share} / {}", shell.number(useful + not_useful));
        tile(shell, figure, "article.useful", None)
    }

    fn query(&self) -> String {
        format!("window={}", self.period.window.as_str())
    }

    fn course(&self, shell: &Shell, path: &str) -> Html {
        let title = shell.words("article.course");
        let content = html! {
            <>
                { course(shell, title, &self.period, &self.reading.hours) }
                { exports(shell, &[path, "/hours"].concat(), &self.query(), title) }
            </>
        };
        part("course", title, content)
    }

    fn partners(&self, shell: &Shell, path: &str) -> Html {
        let title = shell.words("figures.partners");
        let content = html! {
            <>
                <p class="hint">{ shell.words("figures.partners_hint") }</p>
                { partners(shell, &self.reading.partners) }
                { exports(shell, &[path, "/partners"].concat(), &self.query(), title) }
            </>
        };
        part("partners", title, content)
    }

    fn shares(&self, shell: &Shell, path: &str) -> Html {
        let title = shell.words("figures.shares_title");
        let content = html! {
            <>
                { shares_and_arrivals(shell, &self.reading.shares, &self.reading.arrivals) }
                { exports(shell, &[path, "/shares"].concat(), &self.query(), title) }
                { exports(shell, &[path, "/arrivals"].concat(), &self.query(), shell.words("article.arrivals")) }
            </>
        };
        part("shares", title, content)
    }

    fn refusals(&self, shell: &Shell) -> Html {
        let content = refusals(shell, &total(&self.reading.hours));
        part("refusals", shell.words("figures.refusals"), content)
    }

    /// What readers said of it in a word.
    fn words(&self, shell: &Shell) -> Html {
        if self.ratings.words.is_empty() {
            return html! {};
        }
        let content = html! {
            <ul class="words">
                { for self.ratings.words.iter().map(|word| html! {
                    <li>
                        <q>{ &word.word }</q>{ " " }
                        <span class="soft">{ shell.moment(word.at) }</span>
                    </li>
                }) }
            </ul>
        };
        part("words", shell.words("article.words"), content)
    }

    fn about(&self, shell: &Shell) -> Html {
        let article = &self.article;
        let line = |key: &'static str, value: Option<&str>| match value {
            Some(value) if !value.is_empty() => html! {
                <div><dt>{ shell.words(key) }</dt><dd>{ value }</dd></div>
            },
            _ => html! {},
        };
        let stated = |date: &Option<String>| date.as_deref().map(|date| shell.stated(date));
        let saved = saved(shell, &self.revision);
        let tags = article.tags.join(", ");
        let content = html! {
            <dl>
                { line("article.id", Some(article.id.as_str())) }
                { line("article.section", article.section.as_deref()) }
                { line("article.tags", Some(&tags)) }
                { line("article.language", Some(&article.language)) }
                { line("article.published", stated(&article.published).as_deref()) }
                { line("article.embargo", stated(&article.embargo).as_deref()) }
                { line("article.expires", stated(&article.expires).as_deref()) }
                { line("article.canonical_url", article.canonical_url.as_deref()) }
                { line("article.rights", article.rights.as_deref()) }
                { line("article.saved", Some(&saved)) }
            </dl>
        };
        part("about", shell.words("article.about"), content)
    }
}

/// What a state means, now.
fn meaning(shell: &Shell, state: ArticleState, term: Term) -> String {
    let (words, time) = match state {
        ArticleState::Visible => ("article_meaning.visible", None),
        ArticleState::Embargo => ("article_meaning.embargo", term.embargo),
        ArticleState::Withheld => ("article_meaning.withheld", None),
        ArticleState::Expired => ("article_meaning.expired", term.expires),
        ArticleState::Withdrawn => ("article_meaning.withdrawn", None),
    };
    match time {
        // An embargo that nobody can read.
        Some(i64::MAX) => shell.words("article_meaning.unreadable").to_owned(),
        Some(time) => shell.words(words).replace("{time}", &shell.moment(time)),
        None => shell.words(words).to_owned(),
    }
}

/// When and by whom a state was saved.
pub(super) fn saved(shell: &Shell, revision: &RevisionSummary) -> String {
    let words = shell.words("revisions.saved").replace("{time}", &shell.moment(revision.saved_at));
    words.replace("{name}", &author(shell, &revision.by))
}

/// What whoever changed an article is called.
pub(super) fn author(shell: &Shell, author: &Author) -> String {
    match author.as_str() {
        "" => shell.words("author.unknown").to_owned(),
        "import" => shell.words("author.import").to_owned(),
        "command" => shell.words("author.command").to_owned(),
        other => match other.split_once(':') {
            Some(("api", name)) => shell.words("author.program").replace("{name}", name),
            Some((_, name)) => name.to_owned(),
            None => other.to_owned(),
        },
    }
}

fn done(shell: &Shell, what: &str) -> Html {
    let key = match what {
        "saved" => "article_done.saved",
        "corrected" => "article_done.corrected",
        "restored" => "article_done.restored",
        _ => return html! {},
    };
    notice(Tone::Good, shell.words(key))
}
