//! What there is to see today.

use article_widget::contract::{MostRead, Window};
use yew::prelude::*;

use super::chart::{Chart, sparkline};
use super::figures::{bars, bins, exports, tile, window_name};
use super::{FEEDS, PARTNERS, Page, READING, Shell};
use crate::admin::article_query::article_path;
use crate::admin::inbox_query::{INBOX, InboxQuery};
use crate::admin::period::{Bin, Step};
use crate::store::LetterState;

/// Today at a glance.
pub struct HomePage {
    /// Of each of the last 24 hours, and of this one.
    pub hours: Vec<Bin>,
    /// What is read most now, over whichever window holds enough.
    pub most_read: Option<MostRead>,
    /// Of each article of that list, by hour.
    pub courses: Vec<Vec<u64>>,
    /// What waits for somebody.
    pub waiting: Waiting,
}

/// What waits for somebody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Letters that nobody has looked at.
    pub new_letters: u64,
    /// Letters that somebody has to look at first.
    pub held_letters: u64,
    /// Partners that the publisher has said nothing of.
    pub new_partners: u64,
    /// Feeds whose last try failed.
    pub troubled_feeds: u64,
    /// Pictures whose sizes are not made yet.
    pub pictures: u64,
}

impl Page for HomePage {
    fn title(&self, shell: &Shell) -> String {
        shell.words("home.title").to_owned()
    }

    fn main(&self, shell: &Shell) -> Html {
        html! {
            <>
                <h1>{ shell.words("home.title") }</h1>
                { self.tiles(shell) }
                { self.course(shell) }
                { self.most_read(shell) }
            </>
        }
    }
}

impl HomePage {
    fn tiles(&self, shell: &Shell) -> Html {
        let views = |bin: &Bin| bin.counters.views;
        let day: u64 = self.hours.iter().map(views).sum();
        let hour = self.hours.last().map_or(0, views);
        let letters =
            |state: LetterState| InboxQuery::default().with_state(Some(state)).href(INBOX);
        let waiting = &self.waiting;
        let link = |figure: u64, key: &'static str, href: String| {
            tile(shell, shell.number(figure), key, Some(href))
        };
        html! {
            <ul class="tiles">
                { link(hour, "home.views_hour", READING.to_owned()) }
                { link(day, "home.views_day", READING.to_owned()) }
                { link(waiting.new_letters, "home.new_letters", letters(LetterState::New)) }
                { link(waiting.held_letters, "home.held_letters", letters(LetterState::Held)) }
                { link(waiting.new_partners, "home.new_partners", [PARTNERS, "?standing=new"].concat()) }
                { link(waiting.troubled_feeds, "home.troubled_feeds", FEEDS.to_owned()) }
                { tile(shell, shell.number(waiting.pictures), "home.pictures", None) }
            </ul>
        }
    }

    fn course(&self, shell: &Shell) -> Html {
        let title = shell.words("home.course");
        let chart = Chart {
            id: "course",
            title,
            names: (shell.words("figures.views_unit"), None),
            bars: bars(shell, &self.hours, Step::Hour, false),
        };
        html! {
            <section class="card" aria-labelledby="course-heading">
                <h2 id="course-heading">{ title }</h2>
                { chart.figure(shell) }
                { bins(shell, title, &self.hours, Step::Hour) }
            </section>
        }
    }

    fn most_read(&self, shell: &Shell) -> Html {
        let window = self.most_read.as_ref().map_or(Window::Hour, |list| list.window);
        let query = format!("window={}", window.as_str());
        html! {
            <section class="card" aria-labelledby="most-read-heading">
                <h2 id="most-read-heading">{ shell.words("home.most_read") }</h2>
                <p class="soft">
                    { shell.words("home.ranking_hint").replace("{window}", window_name(shell, window)) }
                </p>
                { self.ranking(shell) }
                { exports(shell, &[READING, "/most-read"].concat(), &query, shell.words("home.most_read")) }
            </section>
        }
    }

    fn ranking(&self, shell: &Shell) -> Html {
        let Some(list) = &self.most_read else {
            return html! { <p class="soft">{ shell.words("home.too_little") }</p> };
        };
        html! {
            <ol class="ranking">
                { for list.items.iter().zip(&self.courses).map(|(item, course)| html! {
                    <li>
                        <a href={article_path(&item.id)}>{ &item.title }</a>
                        { sparkline(shell, shell.words("home.course"), course) }
                        <span class="ranking-views">
                            <strong>{ shell.number(item.views) }</strong>
                            <span class="hidden">{ [" ", shell.views_unit(item.views)].concat() }</span>
                        </span>
                    </li>
                }) }
            </ol>
        }
    }
}
