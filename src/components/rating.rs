//! Whether the article was of use: links to the publisher's page; with a running script two buttons, and a
//! word for whoever has one.

use yew::prelude::*;

use super::LiveContext;
use crate::model::{Action, Rating};

/// [`longest`](crate::contract::longest) of a word, written out: to print a number would be code in the Wasm.
const LONGEST_WORD: &str = "200";

/// The question, then the word; and beside either how it stands, which a screen reader hears change.
pub(super) fn rating(context: &LiveContext<'_>) -> Html {
    let rating = context.live.map(|live| live.rating).unwrap_or_default();
    // It takes the focus from what it no longer shows.
    let is_over = matches!(rating, Rating::Done | Rating::Refused);
    html! {
        <div class="aw-rating" part="rating" role="group" aria-label={context.words("rating.question").to_owned()}
            tabindex={is_over.then_some("-1")}>
            { match rating {
                Rating::Unsaid | Rating::Sending(_) => question(context, rating),
                Rating::Taken(_) | Rating::Explaining(_) => word(context, rating),
                Rating::Done | Rating::Refused => Html::default(),
            } }
            <p class="aw-rated" part="hint" role="status">
                if let Some(words) = said(rating) { { context.words(words) } }
            </p>
        </div>
    }
}

fn said(rating: Rating) -> Option<&'static str> {
    match rating {
        Rating::Unsaid => None,
        Rating::Sending(_) | Rating::Explaining(_) => Some("feedback.sending"),
        Rating::Taken(_) | Rating::Done => Some("rating.thanks"),
        Rating::Refused => Some("feedback.rejected"),
    }
}

fn question(context: &LiveContext<'_>, rating: Rating) -> Html {
    html! {
        <>
            <p class="aw-hint" part="hint">{ context.words("rating.question") }</p>
            { answer(context, true, rating) }
            { answer(context, false, rating) }
        </>
    }
}

fn answer(context: &LiveContext<'_>, useful: bool, rating: Rating) -> Html {
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

fn word(context: &LiveContext<'_>, rating: Rating) -> Html {
    let busy = matches!(rating, Rating::Explaining(_));
    let send = context.on.clone();
    let onsubmit = Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        send.emit(Action::Explain);
    });
    html! {
        <form class="aw-word" data-form="rating" {onsubmit}>
            <label class="aw-label" part="label" for="aw-rating-word">{ context.words("rating.word") }</label>
            <input class="aw-input" part="input" id="aw-rating-word" name="word" maxlength={LONGEST_WORD} autocomplete="off" />
            <button type="submit" class="aw-button" part="button" aria-disabled={busy.then_some("true")}>
                { context.words("rating.send") }
            </button>
        </form>
    }
}
