//! Whether the article was of use: links to the publisher's page; with a running script two buttons, and a
//! word for whoever has one.

use yew::prelude::*;

use super::Context;
use crate::contract::longest;
use crate::model::{Action, Rating};

/// The question, then the word, then thanks.
pub(super) fn rating(context: &Context<'_>) -> Html {
    let rating = context.live.map(|live| live.rating).unwrap_or_default();
    html! {
        <div class="aw-rating" part="rating" role="group" aria-label={context.words("rating.question").to_owned()}>
            { match rating {
                Rating::Unsaid | Rating::Sending(_) => question(context, rating),
                Rating::Taken(_) => word(context, false),
                Rating::Explaining(_) => word(context, true),
                Rating::Done => said(context, "rating.thanks"),
                Rating::Refused => said(context, "feedback.rejected"),
            } }
        </div>
    }
}

fn said(context: &Context<'_>, words: &'static str) -> Html {
    html! { <p class="aw-rated" part="hint" role="status" tabindex="-1">{ context.words(words) }</p> }
}

fn question(context: &Context<'_>, rating: Rating) -> Html {
    html! {
        <>
            <p class="aw-hint" part="hint">{ context.words("rating.question") }</p>
            { answer(context, true, rating) }
            { answer(context, false, rating) }
        </>
    }
}

fn answer(context: &Context<'_>, useful: bool, rating: Rating) -> Html {
    let label = context.words(if useful { "rating.yes" } else { "rating.no" });
    if context.live.is_none() {
        let choice = if useful { "true" } else { "false" };
        let href = [&context.page_url(), "/feedback?useful=", choice, "#rating"].concat();
        return html! {
            <a class="aw-button" part="button" target="_blank" rel="noopener" {href}>{ label }</a>
        };
    }
    let pressed = rating == Rating::Sending(useful);
    html! {
        <button type="button" class="aw-button" part="button" aria-disabled={pressed.then_some("true")}
            onclick={context.instead(Action::Rate(useful))}>
            { label }
        </button>
    }
}

fn word(context: &Context<'_>, busy: bool) -> Html {
    let send = context.on.clone();
    let onsubmit = Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        send.emit(Action::Explain);
    });
    html! {
        <form class="aw-word" data-form="rating" {onsubmit}>
            { said(context, "rating.thanks") }
            <label class="aw-label" part="label" for="aw-rating-word">{ context.words("rating.word") }</label>
            <input class="aw-input" part="input" id="aw-rating-word" name="word" maxlength={longest("word").to_string()} autocomplete="off" />
            <button type="submit" class="aw-button" part="button" aria-disabled={busy.then_some("true")}>
                { context.words(if busy { "feedback.sending" } else { "rating.send" }) }
            </button>
        </form>
    }
}
