//! Whose pages show articles, and whether they may.

use std::iter;

use article_widget::contract::Window;
use serde::{Deserialize, Serialize};
use yew::prelude::*;

use super::figures::{exports, origin, window_name};
use super::parts::{Tab, Tone, notice, tabs};
use super::{PARTNERS, Page, Shell};
use crate::admin::period;
use crate::partners::Registry;
use crate::store::{Counters, Partner, Standing};

/// Partners on a page.
pub const PARTNERS_ON_A_PAGE: usize = 50;

/// A list's query; what is empty asks for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PartnerQuery {
    /// The name of a standing.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub standing: String,
    /// A part of an origin.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub q: String,
    /// The name of the window that views are told of.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub window: String,
    /// Which page, from 1.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub page: String,
    /// What has just been done.
    #[serde(skip_serializing)]
    pub done: String,
}

/// One page of the list.
pub struct PartnersPage {
    /// What was asked for.
    pub query: PartnerQuery,
    /// The standing among that.
    pub standing: Option<Standing>,
    /// The window that views are told of.
    pub window: Window,
    /// How many there are of each of [`Standing::ALL`].
    pub counts: [u64; 3],
    /// Which page, from 0.
    pub page: usize,
    /// How many match.
    pub found: usize,
    /// What there is, with what was counted of each.
    pub partners: Vec<(Partner, Counters)>,
    /// Who is a partner that the publisher has said nothing of.
    pub registry: Registry,
}

impl PartnerQuery {
    /// The address of what is asked for.
    pub fn href(&self) -> String {
        let query = serde_urlencoded::to_string(self).expect("strings are always a query");
        if query.is_empty() { PARTNERS.to_owned() } else { format!("{PARTNERS}?{query}") }
    }

    fn with_standing(&self, standing: Option<Standing>) -> Self {
        let standing = standing.map(Standing::as_str).unwrap_or_default().to_owned();
        Self { standing, ..self.on_page(0) }
    }

    fn on_page(&self, page: usize) -> Self {
        let page = if page == 0 { String::new() } else { (page + 1).to_string() };
        Self { page, done: String::new(), ..self.clone() }
    }
}

impl Page for PartnersPage {
    fn title(&self, shell: &Shell) -> String {
        shell.words("partners.title").to_owned()
    }

    fn main(&self, shell: &Shell) -> Html {
        let registry = match self.registry {
            Registry::Open => "partners.open",
            Registry::Closed => "partners.closed",
        };
        html! {
            <>
                <h1>{ shell.words("partners.title") }</h1>
                <p class="soft">{ shell.words(registry) }</p>
                if !self.query.done.is_empty() { { notice(Tone::Good, shell.words("partners.done")) } }
                { self.tabs(shell) }
                { self.search(shell) }
                { self.list(shell) }
                { self.paging(shell) }
                if self.found > 0 { { self.exports(shell) } }
            </>
        }
    }
}

impl PartnersPage {
    fn tabs(&self, shell: &Shell) -> Html {
        let tab = |name: &'static str, standing: Option<Standing>, count: u64| Tab {
            name,
            href: self.query.with_standing(standing).href(),
            is_this: standing == self.standing,
            count: Some(shell.number(count)),
        };
        let all = tab(shell.words("articles.all"), None, self.counts.iter().sum());
        let standings = Standing::ALL.into_iter().zip(self.counts);
        let standings = standings
            .map(|(standing, count)| tab(standing_name(shell, standing), Some(standing), count));
        tabs(shell.words("partners.standings"), iter::once(all).chain(standings))
    }

    fn search(&self, shell: &Shell) -> Html {
        let query = &self.query;
        html! {
            <form class="search" role="search" method="get" action={PARTNERS}>
                if !query.standing.is_empty() {
                    <input type="hidden" name="standing" value={query.standing.clone()} />
                }
                <div class="search-line">
                    <div class="field grow">
                        <label for="q">{ shell.words("partners.search") }</label>
                        <input id="q" name="q" type="search" maxlength="300" autocomplete="off"
                            autocapitalize="none" value={query.q.clone()} />
                    </div>
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
                    <button class="main" type="submit">{ shell.words("articles.search_button") }</button>
                </div>
            </form>
        }
    }

    fn list(&self, shell: &Shell) -> Html {
        if self.partners.is_empty() {
            return html! { <p class="empty">{ shell.words("partners.none") }</p> };
        }
        html! {
            <ol class="entries" aria-label={shell.words("partners.title")}>
                { for self.partners.iter().map(|(partner, counted)| self.entry(shell, partner, counted)) }
            </ol>
        }
    }

    fn entry(&self, shell: &Shell, partner: &Partner, counted: &Counters) -> Html {
        let seen = shell.words("partners.seen").replace("{time}", &shell.day(partner.first_seen));
        let visit = shell.words("partners.visit");
        let name = origin(shell, &partner.origin).to_owned();
        html! {
            <li class="entry">
                <div class="entry-text">
                    <h2 class="entry-title plain">{ &name }</h2>
                    <p class="entry-about soft">
                        <span class={["badge ", partner.standing.as_str()].concat()}>
                            { standing_name(shell, partner.standing) }
                        </span>
                        <span>{ seen }</span>
                        if counted.refused.unknown > 0 {
                            <span>
                                { shell.words("partners.refused").replace("{count}", &shell.number(counted.refused.unknown)) }
                            </span>
                        }
                        <a href={partner.origin.clone()} rel="noreferrer" aria-label={format!("{visit}: {name}")}>
                            { visit }
                        </a>
                    </p>
                </div>
                <p class="entry-views">
                    <strong>{ shell.number(counted.views) }</strong>
                    <span class="soft">{ shell.views_unit(counted.views.into()) }</span>
                </p>
                { self.buttons(shell, partner, &name) }
            </li>
        }
    }

    fn buttons(&self, shell: &Shell, partner: &Partner, name: &str) -> Html {
        let offered = [
            (Standing::Allowed, "partners.allow"),
            (Standing::Blocked, "partners.block"),
            (Standing::New, "partners.forget"),
        ];
        let offered = offered.into_iter().filter(|(standing, _)| *standing != partner.standing);
        html! {
            <form class="buttons small" method="post" action={[PARTNERS, "/standing"].concat()}>
                <input type="hidden" name="origin" value={partner.origin.clone()} />
                <input type="hidden" name="back" value={self.query.href()} />
                { for offered.map(|(standing, key)| html! {
                    <button class="quiet" type="submit" name="standing" value={standing.as_str()}
                        aria-label={format!("{}: {name}", shell.words(key))}>
                        { shell.words(key) }
                    </button>
                }) }
            </form>
        }
    }

    fn paging(&self, shell: &Shell) -> Html {
        let pages = self.found.div_ceil(PARTNERS_ON_A_PAGE).max(1);
        if pages == 1 && self.page == 0 {
            return html! {};
        }
        let number = |number: usize| shell.number(number as u64);
        let words = shell.words("articles.page").replace("{page}", &number(self.page + 1));
        let to = |page: usize| self.query.on_page(page).href();
        html! {
            <nav class="paging" aria-label={shell.words("articles.pages")}>
                if self.page > 0 {
                    <a class="button" rel="prev" href={to(self.page - 1)}>{ shell.words("articles.previous") }</a>
                }
                <span class="soft">{ words.replace("{pages}", &number(pages)) }</span>
                if self.page + 1 < pages {
                    <a class="button" rel="next" href={to(self.page + 1)}>{ shell.words("articles.next") }</a>
                }
            </nav>
        }
    }

    fn exports(&self, shell: &Shell) -> Html {
        let query = self.query.on_page(0).href();
        let query = query.split_once('?').map_or("", |(_, query)| query);
        exports(shell, PARTNERS, query, shell.words("partners.title"))
    }
}

fn standing_name(shell: &Shell, standing: Standing) -> &'static str {
    shell.words(match standing {
        Standing::New => "standing.new",
        Standing::Allowed => "standing.allowed",
        Standing::Blocked => "standing.blocked",
    })
}
