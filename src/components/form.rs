//! A form in place: head, fields, what it has to say, buttons.

use yew::prelude::*;

use super::FormContext;
use super::field::{Errors, Line, line};
use super::letter;
use crate::model::{Form, FormAction};

/// The form, with what is wrong beside each field.
pub(super) fn form(
    context: &FormContext<'_>,
    form: Form,
    errors: &Errors,
    notice: Option<&'static str>,
    busy: bool,
) -> Html {
    let send = context.on.clone();
    let onsubmit = Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        send.emit(FormAction::Send(form));
    });
    let (title, label) = match form {
        Form::Letter => ("feedback.title", "feedback.send"),
        Form::Mail => ("mail.title", "mail.send"),
    };
    let heading = ["aw-", form.name(), "-heading"].concat();
    html! {
        <form class="aw-panel" part="panel" data-form={form.name()} novalidate=true {onsubmit}
            hidden={context.forms.sheet(form).is_away} aria-labelledby={heading.clone()}>
            <h3 id={heading} class="aw-panel-title" part="panel-title">{ context.words(title) }</h3>
            // What is on its way is not changed any more.
            <fieldset class="aw-fields" role="none" disabled={busy}>
                { match form {
                    Form::Letter => letter::fields(context, errors),
                    Form::Mail => mail(context, errors),
                } }
            </fieldset>
            <p class="aw-form-status" part="status" role="status">
                if let Some(notice) = notice.or(busy.then_some("feedback.sending")) { { context.words(notice) } }
            </p>
            <div class="aw-actions">
                <button type="submit" class="aw-button aw-primary" part="button primary" aria-disabled={busy.then_some("true")}>
                    { context.words(label) }
                </button>
                if busy {
                    { button(context, "feedback.stop", FormAction::Stop(form)) }
                } else {
                    { button(context, "feedback.cancel", FormAction::Toggle(form)) }
                }
            </div>
        </form>
    }
}

/// A button below a form.
pub(super) fn button(context: &FormContext<'_>, words: &'static str, action: FormAction) -> Html {
    html! {
        <button type="button" class="aw-button" part="button" onclick={context.instead(action)}>
            { context.words(words) }
        </button>
    }
}

fn mail(context: &FormContext<'_>, errors: &Errors) -> Html {
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
            <p class="aw-hint" part="hint">{ context.words("mail.intro") }</p>
            { line(context, &to, errors) }
        </>
    }
}
