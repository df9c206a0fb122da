//! The list of letters.

use std::iter;

use yew::prelude::*;

use super::parts::{
    Tab, article_title, badge, done, host, kind_name, sender, state_name, subject, tabs,
};
use super::{Page, Shell};
use crate::admin::inbox_query::{INBOX, InboxQuery};
use crate::forms::KINDS;
use crate::store::{LetterCounts, LetterPage, LetterState, LetterSummary};

/// One page of the list.
pub struct InboxPage {
    /// What was asked for.
    pub query: InboxQuery,
    /// The state among that.
    pub state: Option<LetterState>,
    /// How many there are of each state.
    pub counts: LetterCounts,
    /// What there is.
    pub letters: LetterPage,
}

impl Page for InboxPage {
    fn title(&self, shell: &Shell) -> String {
        shell.words("inbox.title").to_owned()
    }

    fn main(&self, shell: &Shell) -> Html {
        html! {
            <>
                <h1>{ shell.words("inbox.title") }</h1>
                { done(shell, &self.query.done) }
                { self.tabs(shell) }
                { self.search(shell) }
                { self.list(shell) }
                { self.paging(shell) }
                { self.exports(shell) }
            </>
        }
    }
}

impl InboxPage {
    fn tabs(&self, shell: &Shell) -> Html {
        let tab = |name: &'static str, state: Option<LetterState>, count: u64| Tab {
            name,
            href: self.query.with_state(state).href(INBOX),
            is_this: state == self.state,
            count: Some(count.to_string()),
        };
        let usual = tab(shell.words("inbox.usual"), None, self.counts.usual());
        let states = LetterState::ALL.into_iter();
        let states =
            states.map(|state| tab(state_name(shell, state), Some(state), self.counts.of(state)));
        tabs(shell.words("inbox.states"), iter::once(usual).chain(states))
    }

    fn search(&self, shell: &Shell) -> Html {
        let query = &self.query;
        html! {
            <form class="search" role="search" method="get" action={INBOX}>
                if !query.state.is_empty() {
                    <input type="hidden" name="state" value={query.state.clone()} />
                }
                <div class="search-line">
                    <div class="field grow">
                        <label for="q">{ shell.words("inbox.search") }</label>
                        <input id="q" name="q" type="search" maxlength="200" autocomplete="off"
                            value={query.q.clone()} aria-describedby="q-hint" />
                    </div>
                    <button class="main" type="submit">{ shell.words("inbox.search_button") }</button>
                </div>
                <p class="hint" id="q-hint">{ shell.words("inbox.search_hint") }</p>
                <details open={query.has_filters()}>
                    <summary>{ shell.words("inbox.filters") }</summary>
                    { self.filters(shell) }
                </details>
                if query.is_narrow() {
                    <p class="clear">
                        <a href={InboxQuery::default().with_state(self.state).href(INBOX)}>
                            { shell.words("inbox.clear") }
                        </a>
                    </p>
                }
            </form>
        }
    }

    fn filters(&self, shell: &Shell) -> Html {
        let query = &self.query;
        html! {
            <div class="filters">
                <div class="field">
                    <label for="article">{ shell.words("inbox.article") }</label>
                    <input id="article" name="article" type="text" autocomplete="off" maxlength="500"
                        value={query.article.clone()} />
                </div>
                <div class="field">
                    <label for="partner">{ shell.words("inbox.partner") }</label>
                    <input id="partner" name="partner" type="text" autocomplete="off" maxlength="500"
                        inputmode="url" autocapitalize="none" placeholder="https://partner.example"
                        value={query.partner.clone()} />
                </div>
                <div class="field">
                    <label for="kind">{ shell.words("inbox.kind") }</label>
                    <select id="kind" name="kind">
                        <option value="">{ shell.words("inbox.any") }</option>
                        { for KINDS.iter().map(|kind| html! {
                            <option value={*kind} selected={query.kind == *kind}>
                                { kind_name(shell, kind) }
                            </option>
                        }) }
                    </select>
                </div>
            </div>
        }
    }

    fn list(&self, shell: &Shell) -> Html {
        if self.letters.letters.is_empty() {
            let key = if self.query.is_narrow() { "inbox.none" } else { "inbox.empty" };
            return html! { <p class="empty">{ shell.words(key) }</p> };
        }
        html! {
            <ol class="letters" aria-label={shell.words("inbox.list")}>
                { for self.letters.letters.iter().map(|letter| self.letter(shell, letter)) }
            </ol>
        }
    }

    fn letter(&self, shell: &Shell, letter: &LetterSummary) -> Html {
        html! {
            <li class="letter">
                <div class="letter-head">
                    <span class="letter-from">{ sender(shell, &letter.name) }</span>
                    { badge(shell, letter.state) }
                    <span class="soft">{ kind_name(shell, &letter.kind) }</span>
                    <span class="letter-time soft">{ shell.moment(letter.at) }</span>
                </div>
                <h2 class="letter-title">
                    <a href={format!("{INBOX}/{}", letter.no)}>{ subject(shell, &letter.title) }</a>
                </h2>
                <p class="letter-beginning">{ &letter.beginning }</p>
                <p class="letter-about soft">
                    <a href={self.of_article(letter)} title={shell.words("inbox.only_article")}>
                        { article_title(shell, &letter.article_title) }
                    </a>
                    if let Some(host) = host(&letter.page) {
                        { " · " }
                        <a href={self.of_partner(letter)} title={shell.words("inbox.only_partner")}>
                            { host }
                        </a>
                    }
                </p>
            </li>
        }
    }

    /// The same list of that article alone.
    fn of_article(&self, letter: &LetterSummary) -> String {
        InboxQuery { article: letter.article.clone(), ..self.query.newest() }.href(INBOX)
    }

    /// The same list of that partner alone.
    fn of_partner(&self, letter: &LetterSummary) -> String {
        let partner = crate::partners::origin(&letter.page);
        InboxQuery { partner, ..self.query.newest() }.href(INBOX)
    }

    fn paging(&self, shell: &Shell) -> Html {
        let newest = (!self.query.before.is_empty()).then(|| self.query.newest().href(INBOX));
        let older = self.letters.next.map(|no| self.query.after(no).href(INBOX));
        if newest.is_none() && older.is_none() {
            return html! {};
        }
        html! {
            <nav class="paging" aria-label={shell.words("inbox.pages")}>
                if let Some(href) = newest {
                    <a class="button" {href}>{ shell.words("inbox.newest") }</a>
                }
                if let Some(href) = older {
                    <a class="button" rel="next" {href}>{ shell.words("inbox.older") }</a>
                }
            </nav>
        }
    }

    fn exports(&self, shell: &Shell) -> Html {
        if self.letters.letters.is_empty() {
            return html! {};
        }
        let href = |path: &str| self.query.newest().href(path);
        html! {
            <p class="exports soft">
                { shell.words("inbox.export") }{ " " }
                <a href={href("/admin/feedback.csv")} download="">{ "CSV" }</a>{ " · " }
                <a href={href("/admin/feedback.json")} download="">{ "JSON" }</a>
            </p>
        }
    }
}
