//! Xem nhiều nhất: the list, which always says what it counts.

use yew::prelude::*;

use super::LiveContext;
use crate::contract::{MostRead, MostReadItem, Window};

/// The list; nothing where there is too little to rank.
pub(super) fn most_read(context: &LiveContext<'_>) -> Html {
    let fresh = context.live.and_then(|live| live.most_read.as_deref());
    let list = fresh.or(context.embed.most_read.as_ref()).filter(|list| !list.items.is_empty());
    html! {
        if let Some(list) = list {
            { listed(context, list) }
        }
    }
}

fn listed(context: &LiveContext<'_>, list: &MostRead) -> Html {
    html! {
        <aside class="aw-most-read" part="most-read" aria-labelledby="aw-most-read-title">
            <h3 class="aw-most-read-title" part="panel-title" id="aw-most-read-title">
                { context.words("most_read.title") }
            </h3>
            <p class="aw-hint" part="hint">{ context.words(window_key(list.window)) }</p>
            // Said, for Safari takes a list without marks for none.
            <ol class="aw-ranks" role="list">{ for list.items.iter().map(|item| rank(context, item)) }</ol>
        </aside>
    }
}

fn rank(context: &LiveContext<'_>, item: &MostReadItem) -> Html {
    let current = (item.id == context.embed.article.id).then_some("true");
    let other = Some(&item.language).filter(|it| !it.is_empty() && **it != context.embed.lang);
    html! {
        <li>
            <a class="aw-rank" part="rank" href={item.url.clone()} aria-current={current} lang={other.cloned()}>
                <bdi>{ item.title.as_str() }</bdi>
            </a>
            if let Some(views) = &item.views_text {
                <p class="aw-hint" part="views">{ views.as_str() }</p>
            }
        </li>
    }
}

fn window_key(window: Window) -> &'static str {
    match window {
        Window::Rising => "most_read.rising",
        Window::Hour => "most_read.1h",
        Window::Day => "most_read.24h",
        Window::Week => "most_read.7d",
        Window::Month => "most_read.30d",
        Window::All => "most_read.all",
    }
}
