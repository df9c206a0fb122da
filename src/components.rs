//! One visible part per file, each a pure function: what it is given in, HTML out, actions up. They
//! never fetch and never read a clock.
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
mod passage;
mod rating;
mod share;
mod source;
mod url;
mod waiting;

use yew::prelude::*;

use crate::contract::{Embed, Status};
use crate::model::{Action, Form, Host, Live};

#[cfg(target_arch = "wasm32")]
pub(crate) use fragment::{quotation, to_passage};
#[cfg(target_arch = "wasm32")]
pub(crate) use share::marked_url;
pub(crate) use url::encode;
pub(crate) use waiting::{Wait, waiting};

/// What every part may look at.
pub(crate) struct Context<'a> {
    pub(crate) embed: &'a Embed,
    pub(crate) host: &'a Host,
    pub(crate) live: Option<&'a Live>,
    pub(crate) on: &'a Callback<Action>,
}

impl<'a> Context<'a> {
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

    /// Whether the form is put away, with what was typed in it.
    fn is_away(&self, form: Form) -> bool {
        self.live.is_some_and(|live| live.sheet(form).is_away)
    }

    /// The article's page at the publisher.
    fn page_url(&self) -> String {
        [&self.embed.public_url, "/a/", self.embed.article.id.as_str()].concat()
    }

    /// The original: the canonical URL, else the article's page at the publisher.
    fn original_url(&self) -> String {
        let canonical = self.embed.article.canonical_url.as_deref();
        canonical
            .and_then(|url| url::safe(&self.embed.public_url, url))
            .unwrap_or_else(|| self.page_url())
    }

    /// Calls `action` up on a click, instead of what the element would do by itself.
    fn instead(&self, action: Action) -> Callback<MouseEvent> {
        let on = self.on.clone();
        Callback::from(move |event: MouseEvent| {
            event.prevent_default();
            on.emit(action);
        })
    }
}

/// The whole article, or the notice that stands in its place.
pub(crate) fn article(context: &Context<'_>) -> Html {
    let embed = context.embed;
    if embed.article.status == Status::Canceled {
        return withdrawn(context);
    }
    html! {
        <article class="aw" part="article" aria-labelledby="aw-title" lang={embed.lang.clone()} dir={context.dir()}>
            <div class="aw-text" lang={embed.article.language.clone()} dir={context.article_dir()}>
                { headline::headline(context) }
                { corrections::corrections(context) }
                if let Some(figure) = &embed.article.lead_image {
                    { figure::lead(context, figure) }
                }
                { body::body(context) }
                { source::source(context) }
                { passage::passage(context) }
            </div>
            <div class="aw-actions" part="actions">
                { share::share(context) }
                if !embed.settings.fields.is_empty() { { feedback::button(context) } }
            </div>
            { share::status(context) }
            { feedback::panels(context) }
            { rating::rating(context) }
            { most_read::most_read(context) }
        </article>
    }
}

fn withdrawn(context: &Context<'_>) -> Html {
    html! {
        <article class="aw aw-withdrawn" part="article" lang={context.embed.lang.clone()}
            aria-labelledby="aw-title" dir={context.dir()}>
            <h2 class="aw-notice" id="aw-title" part="notice">{ context.words("article.withdrawn") }</h2>
            { most_read::most_read(context) }
        </article>
    }
}

fn direction(stated: &Option<String>) -> &'static str {
    if stated.is_some() { "rtl" } else { "ltr" }
}
