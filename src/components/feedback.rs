//! Phản hồi: a link to the publisher's own form page; with a running script the form in place.

use yew::prelude::*;

use super::Context;
use super::form::{button as plain_button, form as show};
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
    let open = !live.letter.is_away && live.letter.panel != Panel::Empty;
    html! {
        <button type="button" class="aw-button" part="button" data-open="feedback"
            aria-expanded={if open { "true" } else { "false" }}
            onclick={context.instead(Action::Toggle(Form::Letter))}>
            { label }
        </button>
    }
}

/// The forms, or the thanks for them. Each keeps its place, and with it what was typed.
pub(super) fn panels(context: &Context<'_>) -> Html {
    html! {
        <>
            { panel(context, Form::Letter) }
            { panel(context, Form::Mail) }
        </>
    }
}

fn panel(context: &Context<'_>, form: Form) -> Html {
    match context.live.map(|live| &live.sheet(form).panel) {
        None | Some(Panel::Empty) => Html::default(),
        Some(Panel::Form { errors, notice, busy }) => show(context, form, errors, *notice, *busy),
        Some(Panel::Received(receipt)) => {
            thanks(context, form, "feedback.thanks", received(context, receipt))
        }
        Some(Panel::Accepted) => thanks(context, form, "mail.accepted", Html::default()),
    }
}

fn thanks(context: &Context<'_>, form: Form, words: &'static str, more: Html) -> Html {
    // It takes the focus, and is said by its name.
    let name = ["aw-", form.name(), "-thanks"].concat();
    html! {
        <div class="aw-panel" part="panel" data-thanks={form.name()} tabindex="-1" hidden={context.is_away(form)}
            role="group" aria-labelledby={name.clone()}>
            <p id={name}><strong>{ context.words(words) }</strong></p>
            { more }
            { plain_button(context, "feedback.cancel", Action::Toggle(form)) }
        </div>
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
                <a class="aw-link aw-permalink" part="link" rel="noreferrer" target="_blank" href={receipt.url.clone()}>
                    { &receipt.url }
                </a>
            </p>
        </>
    }
}
