//! The source line and the rights line.

use yew::prelude::*;

use super::{Context, url};
use crate::contract::Source;

/// Both, where there are any.
pub(super) fn source(context: &Context<'_>) -> Html {
    let article = &context.embed.article;
    html! {
        <>
            if let Some(source) = &article.source {
                { line(context, source) }
            }
            if let Some(rights) = &article.rights {
                <p class="aw-rights" part="rights">{ rights }</p>
            }
        </>
    }
}

fn line(context: &Context<'_>, source: &Source) -> Html {
    let href = source.url.as_deref().and_then(|url| url::safe(&context.embed.public_url, url));
    let name = match href {
        Some(href) => html! { <a class="aw-link" part="link" {href}>{ &source.name }</a> },
        None => html! { { &source.name } },
    };
    html! {
        <p class="aw-source" part="source" lang={context.embed.lang.clone()} dir={context.dir()}>
            { [context.words("article.source"), ": "].concat() }
            <span lang={context.embed.article.language.clone()} dir={context.article_dir()}>{ name }</span>
            if let Some(date) = &context.embed.display.source_date {
                { dated(context.words("article.source_date"), date) }
            }
        </p>
    }
}

/// ", ngày 6/1/2016": the word before the date is empty in languages that have none.
fn dated(word: &str, date: &str) -> String {
    let space = if word.is_empty() { "" } else { " " };
    [", ", word, space, date].concat()
}
