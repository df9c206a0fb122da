//! Feeds that articles come from, and how they do.

use yew::prelude::*;

use super::figures::exports;
use super::{FEEDS, Page, Shell};
use crate::clock::UnixSeconds;
use crate::store::Feed;

/// Every feed.
pub struct FeedsPage {
    /// Those in trouble first.
    pub feeds: Vec<Feed>,
}

impl Page for FeedsPage {
    fn title(&self, shell: &Shell) -> String {
        shell.words("feeds.title").to_owned()
    }

    fn main(&self, shell: &Shell) -> Html {
        html! {
            <>
                <h1>{ shell.words("feeds.title") }</h1>
                if self.feeds.is_empty() {
                    <p class="empty">{ shell.words("feeds.none") }</p>
                } else {
                    <ul class="entries">{ for self.feeds.iter().map(|feed| entry(shell, feed)) }</ul>
                    { exports(shell, FEEDS, "", shell.words("feeds.title")) }
                }
            </>
        }
    }
}

fn entry(shell: &Shell, feed: &Feed) -> Html {
    let is_good = feed.problem.is_none();
    let (class, state) = match feed.good_at {
        _ if !is_good => ("badge bad", "feeds.failing"),
        Some(_) => ("badge answered", "feeds.good"),
        None => ("badge", "feeds.waiting"),
    };
    html! {
        <li class="entry">
            <div class="entry-text">
                <h2 class="entry-title plain">{ &feed.url }</h2>
                <p class="entry-about soft">
                    <span {class}>{ shell.words(state) }</span>
                    { time(shell, "feeds.good_at", feed.good_at) }
                    { time(shell, "feeds.tried_at", feed.tried_at) }
                    { time(shell, "feeds.due_at", Some(feed.due_at)) }
                </p>
                if let Some(problem) = &feed.problem {
                    <p class="error">{ problem }</p>
                    <p class="soft">{ count(shell, "feeds.failures", feed.failures.into()) }</p>
                }
                if feed.good_at.is_some() { { brought(shell, feed) } }
            </div>
        </li>
    }
}

/// What came of a feed that was read at least once.
fn brought(shell: &Shell, feed: &Feed) -> Html {
    html! {
        <p class="entry-about soft">
            <span>{ shell.counted(["feeds.article", "feeds.articles"], feed.articles.into()) }</span>
            <span>{ count(shell, "feeds.created", feed.created) }</span>
            <span>{ shell.counted(["feeds.update", "feeds.updated"], feed.updated) }</span>
            if feed.kept > 0 {
                <span>{ shell.counted(["feeds.kept_one", "feeds.kept"], feed.kept.into()) }</span>
            }
        </p>
    }
}

fn count(shell: &Shell, key: &'static str, count: u64) -> String {
    shell.words(key).replace("{count}", &shell.number(count))
}

fn time(shell: &Shell, key: &'static str, at: Option<UnixSeconds>) -> Html {
    match at {
        Some(at) => {
            html! { <span>{ shell.words(key).replace("{time}", &shell.exact_moment(at)) }</span> }
        }
        None => html! {},
    }
}
