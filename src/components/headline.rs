//! Dateline, kicker, title, lede, bylines and times.

use yew::prelude::*;

use super::Context;
use super::url;
use crate::contract::Byline;

/// The head of the article.
pub(super) fn headline(context: &Context<'_>) -> Html {
    let article = &context.embed.article;
    html! {
        <header class="aw-head">
            if let Some(dateline) = &context.embed.display.dateline {
                <p class="aw-dateline" part="dateline" lang={context.embed.lang.clone()} dir={context.dir()}>{ dateline }</p>
            }
            if let Some(kicker) = &article.kicker {
                <p class="aw-kicker" part="kicker">{ kicker }</p>
            }
            <h2 class="aw-title" id="aw-title" part="title" tabindex="-1">{ &article.title }</h2>
            if let Some(lede) = &article.lede {
                <p class="aw-lede" part="lede">{ lede }</p>
            }
            { bylines(context, &article.bylines) }
            { times(context) }
        </header>
    }
}

fn bylines(context: &Context<'_>, bylines: &[Byline]) -> Html {
    if bylines.is_empty() {
        return Html::default();
    }
    html! { <p class="aw-byline" part="byline">{ for bylines.iter().map(|one| byline(context, one)) }</p> }
}

fn byline(context: &Context<'_>, byline: &Byline) -> Html {
    let href = byline.url.as_deref().and_then(|url| url::safe(&context.embed.public_url, url));
    html! {
        <span class="aw-author">
            if let Some(href) = href {
                <a class="aw-link" part="link" {href}>{ &byline.name }</a>
            } else {
                { &byline.name }
            }
            if let Some(role) = &byline.role {
                <span class="aw-role">{ role }</span>
            }
        </span>
    }
}

fn times(context: &Context<'_>) -> Html {
    let display = &context.embed.display;
    if display.published.is_none() && display.updated.is_none() {
        return Html::default();
    }
    html! {
        <p class="aw-times" part="times" lang={context.embed.lang.clone()} dir={context.dir()}>
            { time(context.words("article.published"), display.published.as_ref()) }
            { time(context.words("article.updated"), display.updated.as_ref()) }
        </p>
    }
}

fn time(label: &str, written: Option<&String>) -> Html {
    html! {
        if let Some(written) = written {
            <span>{ [label, " ", written].concat() }</span>
        }
    }
}
