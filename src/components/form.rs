//! A form in place: head, fields, what it has to say, buttons.

use yew::prelude::*;

use super::Context;
use super::field::{Errors, Line, line};
use super::letter;
use crate::model::{Action, Form};

/// The form, with what is wrong beside each field.
pub(super) fn form(
    context: &Context<'_>,
    form: &Form,
    errors: &Errors,
    notice: Option<&'static str>,
    busy: bool,
) -> Html {
    let send = context.on.clone();
    let onsubmit = Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        send.emit(Action::SendForm);
    });
    let (title, label) = match form {
        Form::Letter(_) => ("feedback.title", "feedback.send"),
        Form::Mail => ("mail.title", "mail.send"),
    };
    html! {
        <form class="aw-panel" part="panel" data-panel="form" novalidate=true {onsubmit}
            hidden={context.is_away()} aria-labelledby="aw-feedback-title">
            <h3 id="aw-feedback-title" class="aw-panel-title" tabindex="-1">{ context.words(title) }</h3>
            { match form {
                Form::Letter(passage) => letter::fields(context, passage.as_ref(), errors),
                Form::Mail => mail(context, errors),
            } }
            <p class="aw-form-status" role="status">
                if let Some(notice) = notice { { context.words(notice) } }
            </p>
            <div class="aw-actions">
                <button type="submit" class="aw-button aw-primary" part="button primary" aria-disabled={busy.then_some("true")}>
                    { context.words(if busy { "feedback.sending" } else { label }) }
                </button>
                { close(context) }
            </div>
        </form>
    }
}

/// Puts the panel away.
pub(super) fn close(context: &Context<'_>) -> Html {
    html! {
        <button type="button" class="aw-button" part="button" onclick={context.instead(Action::ClosePanel)}>
            { context.words("feedback.cancel") }
        </button>
    }
}

fn mail(context: &Context<'_>, errors: &Errors) -> Html {
    let to = Line {
        name: "to",
        label: "mail.to",
        kind: "email",
        // A friend's, not the reader's own.
        autocomplete: "off",
        required: true,
    };
    html! {
        <>
            <p class="aw-hint">{ context.words("mail.intro") }</p>
            { line(context, &to, errors) }
        </>
    }
}
