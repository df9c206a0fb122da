//! One visible part per file, each a pure function: what it is given in, HTML out. They never fetch and never read a
//! clock.
//!
//! Functions and not Yew components: one component is enough to render again, and each further one
//! would cost bytes in the Wasm and marks in the HTML.

mod body;
mod channels;
mod corrections;
mod feedback;
mod field;
mod figure;
mod form;
// A running script's alone.
#[cfg(any(test, target_arch = "wasm32"))]
mod fragment;
mod headline;
mod inline;
mod letter;
mod most_read;
mod panels;
mod passage;
mod rating;
mod share;
mod source;
mod url;
mod waiting;

use std::ops::Deref;

use yew::prelude::*;

use crate::contract::{Article, ArticleId, Embed, Heading, Status};
use crate::model::{Action, FormAction, Forms, Host, Live};

#[cfg(target_arch = "wasm32")]
pub(crate) use fragment::{quotation, to_passage};
pub(crate) use panels::panels;
#[cfg(target_arch = "wasm32")]
pub(crate) use share::marked_url;
pub(crate) use url::encode;
pub(crate) use waiting::{Wait, waiting};

/// What every part may look at. `A` is the article, or its heading, beside which the live parts stand.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a, A = Article> {
    pub(crate) embed: &'a Embed<A>,
}

impl<'a, A> Context<'a, A> {
    /// The words for a key, in the interface's language.
    fn words(&self, key: &'a str) -> &'a str {
        self.embed.messages.get(key)
    }

    /// Which way the interface's language is written.
    fn dir(&self) -> &'static str {
        direction(&self.embed.display.dir)
    }

    /// Which way the article's is.
    fn article_dir(&self) -> &'static str {
        direction(&self.embed.display.article_dir)
    }

    /// The page of an article at the publisher.
    fn page_of(&self, id: &ArticleId) -> String {
        [&self.embed.public_url, "/a/", id.as_str()].concat()
    }
}

impl Context<'_> {
    /// The original: the canonical URL, else the article's page at the publisher.
    fn original_url(&self) -> String {
        let canonical = self.embed.article.canonical_url.as_deref();
        canonical
            .and_then(|url| url::safe(&self.embed.public_url, url))
            .unwrap_or_else(|| self.page_of(&self.embed.article.id))
    }
}

impl Context<'_, Heading> {
    /// The article's page at the publisher.
    fn page_url(&self) -> String {
        self.page_of(&self.embed.article.id)
    }
}

/// What the live parts may look at besides.
pub(crate) struct LiveContext<'a> {
    pub(crate) context: Context<'a, Heading>,
    pub(crate) host: &'a Host,
    pub(crate) live: Option<&'a Live>,
    pub(crate) on: &'a Callback<Action>,
}

impl<'a> Deref for LiveContext<'a> {
    type Target = Context<'a, Heading>;

    fn deref(&self) -> &Context<'a, Heading> {
        &self.context
    }
}

impl LiveContext<'_> {
    /// Calls `action` up on a click, instead of what the element would do by itself.
    fn instead(&self, action: Action) -> Callback<MouseEvent> {
        instead(self.on, action)
    }
}

/// What the forms may look at besides.
pub(crate) struct FormContext<'a> {
    pub(crate) context: Context<'a, Heading>,
    pub(crate) forms: &'a Forms,
    pub(crate) on: &'a Callback<FormAction>,
}

impl<'a> Deref for FormContext<'a> {
    type Target = Context<'a, Heading>;

    fn deref(&self) -> &Context<'a, Heading> {
        &self.context
    }
}

impl FormContext<'_> {
    /// Calls `action` up on a click, instead of what the element would do by itself.
    fn instead(&self, action: FormAction) -> Callback<MouseEvent> {
        instead(self.on, action)
    }
}

fn instead<A: Copy + 'static>(on: &Callback<A>, action: A) -> Callback<MouseEvent> {
    let on = on.clone();
    Callback::from(move |event: MouseEvent| {
        event.prevent_default();
        on.emit(action);
    })
}

/// The whole article, or the notice that stands in its place; `live` is what [`live`] made, or nothing, for a
/// browser that puts it there later.
pub(crate) fn article(context: &Context<'_>, live: Html) -> Html {
    let embed = context.embed;
    if embed.article.status == Status::Canceled {
        return withdrawn(context, live);
    }
    html! {
        <article class="aw" part="article" aria-labelledby="aw-title" lang={embed.lang.clone()} dir={context.dir()}>
            { text(context) }
            <div class="aw-live">{ live }</div>
        </article>
    }
}

fn withdrawn(context: &Context<'_>, live: Html) -> Html {
    let lang = &context.embed.lang;
    html! {
        <article class="aw aw-withdrawn" part="article" aria-labelledby="aw-title" lang={lang.clone()} dir={context.dir()}>
            <h2 class="aw-notice" id="aw-title" part="notice">{ context.words("article.withdrawn") }</h2>
            <div class="aw-live">{ live }</div>
        </article>
    }
}

fn text(context: &Context<'_>) -> Html {
    let Article { language, lead_image, .. } = &context.embed.article;
    html! {
        <div class="aw-text" lang={language.clone()} dir={context.article_dir()}>
            { headline::headline(context) }
            { corrections::corrections(context) }
            if let Some(figure) = lead_image {
                { figure::lead(context, figure) }
            }
            { body::body(context) }
            { source::source(context) }
        </div>
    }
}

/// What answers the reader; of an article that was withdrawn the list alone.
pub(crate) fn live(context: &LiveContext<'_>) -> Html {
    if context.embed.article.status == Status::Canceled {
        return most_read::most_read(context);
    }
    html! {
        <>
            { passage::passage(context) }
            <div class="aw-actions" part="actions">
                { share::share(context) }
                if !context.embed.settings.fields.is_empty() { { feedback::button(context) } }
            </div>
            { share::status(context) }
            // Another root's, which nothing here renders into.
            <div class="aw-panels"></div>
            { rating::rating(context) }
            { most_read::most_read(context) }
        </>
    }
}

fn direction(stated: &Option<String>) -> &'static str {
    if stated.is_some() { "rtl" } else { "ltr" }
}
