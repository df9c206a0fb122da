//! Runs of text.

use yew::prelude::*;

use super::Context;
use super::url;
use crate::contract::Inline;

/// The runs as HTML.
pub(super) fn inlines(context: &Context<'_>, content: &[Inline]) -> Html {
    content.iter().map(|inline| one(context, inline)).collect()
}

fn one(context: &Context<'_>, inline: &Inline) -> Html {
    let within = |content: &[Inline]| inlines(context, content);
    match inline {
        Inline::Text(text) => html! { { text } },
        Inline::Strong(content) => html! { <strong>{ within(content) }</strong> },
        Inline::Em(content) => html! { <em>{ within(content) }</em> },
        Inline::Link { url, content } => match url::safe(&context.embed.public_url, url) {
            Some(href) => html! { <a class="aw-link" part="link" {href}>{ within(content) }</a> },
            None => within(content),
        },
        Inline::Break => html! { <br /> },
        Inline::Sub(content) => html! { <sub>{ within(content) }</sub> },
        Inline::Sup(content) => html! { <sup>{ within(content) }</sup> },
        Inline::Code(text) => html! { <code>{ text }</code> },
        Inline::Unknown(content) => within(content),
    }
}
