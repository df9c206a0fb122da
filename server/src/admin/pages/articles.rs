//! The list of articles.

use std::iter;

use article_widget::contract::Window;
use yew::prelude::*;

use super::figures::{article_state, exports, state_badge, window_name};
use super::parts::{Tab, tabs};
use super::{Page, Shell};
use crate::admin::article_query::{ARTICLES, ArticleQuery, SORTS, article_path};
use crate::admin::period;
use crate::clock::UnixSeconds;
use crate::most_read::Sum;
use crate::store::{ArticleCounts, ArticleGroups, ArticleState, ArticleSummary};

/// Articles on a page.
pub const ARTICLES_ON_A_PAGE: u32 = 50;

/// One page of the list.
pub struct ArticlesPage {
    /// What was asked for.
    pub query: ArticleQuery,
    /// The state among that.
    pub state: Option<ArticleState>,
    /// The window that views are told of.
    pub window: Window,
    /// Which page, from 0.
    pub page: u32,
    /// How many there are of each state.
    pub counts: ArticleCounts,
    /// What articles can be told apart by.
    pub groups: ArticleGroups,
    /// What there is, with what was counted of each.
    pub articles: Vec<(ArticleSummary, Sum)>,
    /// When states are told of.
    pub now: UnixSeconds,
}

impl Page for ArticlesPage {
    fn title(&self, shell: &Shell) -> String {
        shell.words("articles.title").to_owned()
    }

    fn main(&self, shell: &Shell) -> Html {
        html! {
            <>
                <h1>{ shell.words("articles.title") }</h1>
                { self.tabs(shell) }
                { self.search(shell) }
                { self.list(shell) }
                { self.paging(shell) }
                if !self.articles.is_empty() {
                    { exports(shell, ARTICLES, &self.query_text(), shell.words("articles.title")) }
                }
            </>
        }
    }
}

impl ArticlesPage {
    fn query_text(&self) -> String {
        self.query.on_page(0).href("").trim_start_matches('?').to_owned()
    }

    fn tabs(&self, shell: &Shell) -> Html {
        let tab = |name: &'static str, state: Option<ArticleState>, count: u64| Tab {
            name,
            href: self.query.with_state(state).href(ARTICLES),
            is_this: state == self.state,
            count: Some(shell.number(count)),
        };
        let all = tab(shell.words("articles.all"), None, self.counts.all());
        let states = ArticleState::ALL.into_iter();
        let states = states
            .map(|state| tab(article_state(shell, state), Some(state), self.counts.of(state)));
        tabs(shell.words("articles.states"), iter::once(all).chain(states))
    }

    fn search(&self, shell: &Shell) -> Html {
        let query = &self.query;
        html! {
            <form class="search" role="search" method="get" action={ARTICLES}>
                if !query.state.is_empty() {
                    <input type="hidden" name="state" value={query.state.clone()} />
                }
                <div class="search-line">
                    <div class="field grow">
                        <label for="q">{ shell.words("articles.search") }</label>
                        <input id="q" name="q" type="search" maxlength="200" autocomplete="off"
                            value={query.q.clone()} aria-describedby="q-hint" />
                    </div>
                    <button class="main" type="submit">{ shell.words("articles.search_button") }</button>
                </div>
                <p class="hint" id="q-hint">{ shell.words("articles.search_hint") }</p>
                <div class="filters short">
                    { self.sorts(shell) }
                    { self.windows(shell) }
                    { self.group(shell, "section", "articles.section", &self.groups.sections, &query.section) }
                    { self.group(shell, "language", "articles.language", &self.groups.languages, &query.language) }
                    <button type="submit">{ shell.words("articles.apply") }</button>
                </div>
                if query.is_narrow() {
                    <p class="clear">
                        <a href={query.widened().href(ARTICLES)}>{ shell.words("articles.clear") }</a>
                    </p>
                }
            </form>
        }
    }

    fn sorts(&self, shell: &Shell) -> Html {
        let name = |sort: &str| shell.words_of(&format!("sort.{sort}"), "").to_owned();
        html! {
            <div class="field">
                <label for="sort">{ shell.words("articles.sort") }</label>
                <select id="sort" name="sort">
                    { for SORTS.iter().map(|(sort, _)| html! {
                        <option value={*sort} selected={self.query.sort == *sort}>{ name(sort) }</option>
                    }) }
                </select>
            </div>
        }
    }

    fn windows(&self, shell: &Shell) -> Html {
        html! {
            <div class="field">
                <label for="window">{ shell.words("articles.window") }</label>
                <select id="window" name="window">
                    { for period::EVERY.iter().map(|window| html! {
                        <option value={window.as_str()} selected={self.window == *window}>
                            { window_name(shell, *window) }
                        </option>
                    }) }
                </select>
            </div>
        }
    }

    fn group(
        &self,
        shell: &Shell,
        name: &'static str,
        label: &'static str,
        values: &[String],
        asked: &str,
    ) -> Html {
        // What was asked for is among them also where nothing has it any more.
        let is_gone = !asked.is_empty() && values.iter().all(|value| value != asked);
        let values = values.iter().map(String::as_str).chain(is_gone.then_some(asked));
        html! {
            <div class="field">
                <label for={name}>{ shell.words(label) }</label>
                <select id={name} {name}>
                    <option value="">{ shell.words("articles.any") }</option>
                    { for values.map(|value| html! {
                        <option value={value.to_owned()} selected={value == asked}>{ value }</option>
                    }) }
                </select>
            </div>
        }
    }

    fn list(&self, shell: &Shell) -> Html {
        if self.articles.is_empty() {
            let is_narrow = self.query.is_narrow() || self.page > 0;
            let key = if is_narrow { "articles.none" } else { "articles.empty" };
            return html! { <p class="empty">{ shell.words(key) }</p> };
        }
        html! {
            <ol class="entries" aria-label={shell.words("articles.list")}>
                { for self.articles.iter().map(|(article, sum)| self.entry(shell, article, *sum)) }
            </ol>
        }
    }

    fn entry(&self, shell: &Shell, article: &ArticleSummary, sum: Sum) -> Html {
        let published = article
            .published
            .as_deref()
            .map(|date| shell.words("articles.published").replace("{time}", &shell.stated(date)));
        let changed =
            shell.words("articles.changed").replace("{time}", &shell.moment(article.updated_at));
        html! {
            <li class="entry">
                <div class="entry-text">
                    <h2 class="entry-title">
                        <a href={article_path(&article.id)}>{ &article.title }</a>
                    </h2>
                    <p class="entry-about soft">
                        { state_badge(shell, article.state(self.now)) }
                        if !article.section.is_empty() { <span>{ &article.section }</span> }
                        if let Some(published) = published { <span>{ published }</span> }
                        <span>{ changed }</span>
                        <span class="entry-id">{ article.id.to_string() }</span>
                    </p>
                </div>
                <p class="entry-views">
                    <strong>{ shell.number(sum.views.into()) }</strong>
                    <span class="soft">{ shell.views_unit(sum.views.into()) }</span>
                </p>
            </li>
        }
    }

    fn paging(&self, shell: &Shell) -> Html {
        let found = self.state.map_or(self.counts.all(), |state| self.counts.of(state));
        let pages = found.div_ceil(ARTICLES_ON_A_PAGE.into()).max(1);
        let this = u64::from(self.page) + 1;
        if pages == 1 && self.page == 0 {
            return html! {};
        }
        let words = shell.words("articles.page").replace("{page}", &shell.number(this));
        let to = |page: u32| self.query.on_page(page).href(ARTICLES);
        html! {
            <nav class="paging" aria-label={shell.words("articles.pages")}>
                if self.page > 0 {
                    <a class="button" rel="prev" href={to(self.page - 1)}>{ shell.words("articles.previous") }</a>
                }
                <span class="soft">{ words.replace("{pages}", &shell.number(pages)) }</span>
                if this < pages {
                    <a class="button" rel="next" href={to(self.page + 1)}>{ shell.words("articles.next") }</a>
                }
            </nav>
        }
    }
}
