//! Phản hồi: a link to the publisher's own form page; with a running script the form in place.

use yew::prelude::*;

use super::Context;
use super::form::{close, form};
use crate::contract::FeedbackReceipt;
use crate::model::{Action, Form, Panel};

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
    let is_letter = matches!(live.panel, Panel::Form { form: Form::Letter(_), .. });
    let open = !live.is_away && (is_letter || matches!(live.panel, Panel::Received(_)));
    html! {
        <button type="button" class="aw-button" part="button" data-open="feedback"
            aria-expanded={if open { "true" } else { "false" }}
            onclick={context.instead(Action::ToggleLetter)}>
            { label }
        </button>
    }
}

/// The form, or the thanks for it.
pub(super) fn panel(context: &Context<'_>) -> Html {
    match context.live.map(|live| &live.panel) {
        None | Some(Panel::Empty) => Html::default(),
        Some(Panel::Form { form: kind, errors, notice, busy }) => {
            form(context, kind, errors, *notice, *busy)
        }
        Some(Panel::Received(receipt)) => {
            thanks(context, "feedback.thanks", received(context, receipt))
        }
        Some(Panel::Accepted) => thanks(context, "mail.accepted", Html::default()),
    }
}

fn thanks(context: &Context<'_>, words: &'static str, more: Html) -> Html {
    html! {
        <section class="aw-panel" part="panel" data-panel="thanks" tabindex="-1" hidden={context.is_away()}>
            <p><strong>{ context.words(words) }</strong></p>
            { more }
            { close(context) }
        </section>
    }
}

fn received(context: &Context<'_>, receipt: &FeedbackReceipt) -> Html {
    html! {
        <>
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
        </>
    }
}
