//! Runs of text.

use yew::prelude::*;

use super::Context;
use super::url;
use crate::contract::Inline;

/// The runs as HTML.
pub(super) fn inlines(context: &Context<'_>, content: &[Inline]) -> Html {
    runs(context, content, true)
}

/// `links`: whether a link may stand here. In a link none may: HTML knows no such thing, and a browser
/// would make another tree of it than the one that is to be hydrated.
fn runs(context: &Context<'_>, content: &[Inline], links: bool) -> Html {
    content.iter().map(|inline| run(context, inline, links)).collect()
}

fn run(context: &Context<'_>, inline: &Inline, links: bool) -> Html {
    let within = |content: &[Inline]| runs(context, content, links);
    match inline {
        Inline::Text(text) => html! { { text } },
        Inline::Strong(content) => html! { <strong>{ within(content) }</strong> },
        Inline::Em(content) => html! { <em>{ within(content) }</em> },
        Inline::Link { url, content } => link(context, url, content, links),
        Inline::Break => html! { <br /> },
        Inline::Sub(content) => html! { <sub>{ within(content) }</sub> },
        Inline::Sup(content) => html! { <sup>{ within(content) }</sup> },
        Inline::Code(text) => html! { <code>{ text }</code> },
        Inline::Unknown(content) => within(content),
    }
}

fn link(context: &Context<'_>, url: &str, content: &[Inline], links: bool) -> Html {
    let content = runs(context, content, false);
    match url::safe(&context.embed.public_url, url).filter(|_| links) {
        Some(href) => html! { <a class="aw-link" part="link" {href}>{ content }</a> },
        None => content,
    }
}
