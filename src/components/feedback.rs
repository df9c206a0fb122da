//! Phản hồi: a link to the publisher's own form page; with a running script the form in place.

use yew::prelude::*;

use super::Context;
use super::feedback_form::form;
use crate::contract::FeedbackReceipt;
use crate::model::{Action, Feedback};

/// The button, which is a link for as long as no script runs.
pub(super) fn button(context: &Context<'_>) -> Html {
    let label = context.words("feedback.button");
    let Some(live) = context.live else {
        let href = [&context.page_url(), "/feedback"].concat();
        return html! {
            <a class="aw-button" part="button" data-open="feedback" target="_blank" rel="noopener" {href}>
                { label }
            </a>
        };
    };
    let open = live.feedback != Feedback::Closed;
    html! {
        <button type="button" class="aw-button" part="button" data-open="feedback"
            aria-expanded={if open { "true" } else { "false" }}
            onclick={context.instead(Action::OpenFeedback)}>
            { label }
        </button>
    }
}

/// The form, or the thanks for it.
pub(super) fn panel(context: &Context<'_>) -> Html {
    match context.live.map(|live| &live.feedback) {
        None | Some(Feedback::Closed) => Html::default(),
        Some(Feedback::Open { errors, notice, busy }) => form(context, errors, *notice, *busy),
        Some(Feedback::Sent(receipt)) => thanks(context, receipt),
    }
}

fn thanks(context: &Context<'_>, receipt: &FeedbackReceipt) -> Html {
    html! {
        <section class="aw-panel" part="panel" data-panel="thanks" tabindex="-1">
            <p><strong>{ context.words("feedback.thanks") }</strong></p>
            <p>
                { [context.words("feedback.reference"), ": "].concat() }
                <strong class="aw-reference">{ &receipt.reference }</strong>
            </p>
            <p>
                { [context.words("feedback.private_link"), ": "].concat() }
                <a class="aw-link aw-permalink" rel="noreferrer" target="_blank" href={receipt.url.clone()}>
                    { &receipt.url }
                </a>
            </p>
            <button type="button" class="aw-button" part="button" onclick={context.instead(Action::CloseFeedback)}>
                { context.words("feedback.cancel") }
            </button>
        </section>
    }
}
