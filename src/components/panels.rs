//! The forms in place, and the thanks for them.

use yew::prelude::*;

use super::FormContext;
use super::form::{button, form as show};
use crate::contract::FeedbackReceipt;
use crate::model::{Form, FormAction, Panel};

/// The forms, or the thanks for them. Each keeps its place, and with it what was typed.
pub(crate) fn panels(context: &FormContext<'_>) -> Html {
    html! {
        <>
            { panel(context, Form::Letter) }
            { panel(context, Form::Mail) }
        </>
    }
}

fn panel(context: &FormContext<'_>, form: Form) -> Html {
    match &context.forms.sheet(form).panel {
        Panel::Empty => Html::default(),
        Panel::Form { errors, notice, busy } => show(context, form, errors, *notice, *busy),
        Panel::Received(receipt) => {
            thanks(context, form, "feedback.thanks", received(context, receipt))
        }
        Panel::Accepted => thanks(context, form, "mail.accepted", Html::default()),
    }
}

fn thanks(context: &FormContext<'_>, form: Form, words: &'static str, more: Html) -> Html {
    // It takes the focus, and is said by its name.
    let name = ["aw-", form.name(), "-thanks"].concat();
    html! {
        <div class="aw-panel" part="panel" data-thanks={form.name()} tabindex="-1" hidden={context.forms.sheet(form).is_away}
            role="group" aria-labelledby={name.clone()}>
            <p id={name}><strong>{ context.words(words) }</strong></p>
            { more }
            { button(context, "feedback.cancel", FormAction::Toggle(form)) }
        </div>
    }
}

fn received(context: &FormContext<'_>, receipt: &FeedbackReceipt) -> Html {
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
