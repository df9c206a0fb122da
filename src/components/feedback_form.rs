//! The form in place. Its fields are the browser's own: what is typed lives in them and in no state of
//! ours, so that no rendering can lose it.

use std::rc::Rc;

use yew::prelude::*;

use super::Context;
use crate::model::Action;

/// Kinds of feedback, as on the wire.
const KINDS: [(&str, &str); 4] = [
    ("comment", "feedback.kind.comment"),
    ("error", "feedback.kind.error"),
    ("question", "feedback.kind.question"),
    ("complaint", "feedback.kind.complaint"),
];

type Errors = [(Rc<str>, Rc<str>)];

/// A field for one line of text.
struct Field {
    name: &'static str,
    label: &'static str,
    kind: &'static str,
    autocomplete: &'static str,
    required: bool,
}

const SENDER: [Field; 3] = [
    Field {
        name: "name",
        label: "feedback.name",
        kind: "text",
        autocomplete: "name",
        required: true,
    },
    Field {
        name: "email",
        label: "feedback.email",
        kind: "email",
        autocomplete: "email",
        required: true,
    },
    Field {
        name: "phone",
        label: "feedback.phone",
        kind: "tel",
        autocomplete: "tel",
        required: false,
    },
];

const SUBJECT: Field = Field {
    name: "title",
    label: "feedback.subject",
    kind: "text",
    autocomplete: "off",
    required: true,
};

/// The form, with what is wrong beside each field.
pub(super) fn form(
    context: &Context<'_>,
    errors: &Errors,
    notice: Option<&'static str>,
    busy: bool,
) -> Html {
    let send = context.on.clone();
    let onsubmit = Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        send.emit(Action::SendFeedback);
    });
    html! {
        <form class="aw-panel" part="panel" data-panel="form" novalidate=true {onsubmit}
            aria-labelledby="aw-feedback-title">
            <h3 id="aw-feedback-title" class="aw-panel-title" tabindex="-1">
                { context.words("feedback.title") }
            </h3>
            <p class="aw-hint">
                { [context.words("feedback.intro"), " ", context.words("feedback.required_note")].concat() }
            </p>
            { for SENDER.iter().map(|field| line(context, field, errors)) }
            { kind(context, errors) }
            { line(context, &SUBJECT, errors) }
            { message(context, errors) }
            { consent(context, errors) }
            <p class="aw-form-status" role="status">
                if let Some(notice) = notice { { context.words(notice) } }
            </p>
            <div class="aw-actions">
                <button type="submit" class="aw-button aw-primary" part="button primary" aria-disabled={busy.then_some("true")}>
                    { context.words(if busy { "feedback.sending" } else { "feedback.send" }) }
                </button>
                <button type="button" class="aw-button" part="button" onclick={context.instead(Action::CloseFeedback)}>
                    { context.words("feedback.cancel") }
                </button>
            </div>
        </form>
    }
}

fn line(context: &Context<'_>, field: &Field, errors: &Errors) -> Html {
    let Field { name, label, kind, autocomplete, required } = *field;
    let problem = Problem::of(name, errors);
    html! {
        <div class="aw-field">
            { caption(context, name, label, required) }
            <input class="aw-input" part="input" id={id(name)} {name} type={kind} {autocomplete} maxlength="200"
                aria-required={required.then_some("true")}
                aria-invalid={problem.invalid()} aria-describedby={problem.described_by()} />
            { problem.words(context) }
        </div>
    }
}

fn kind(context: &Context<'_>, errors: &Errors) -> Html {
    let problem = Problem::of("kind", errors);
    html! {
        <div class="aw-field">
            { caption(context, "kind", "feedback.kind", true) }
            <select class="aw-input" part="input" id={id("kind")} name="kind"
                aria-invalid={problem.invalid()} aria-describedby={problem.described_by()}>
                { for KINDS.iter().map(|(value, label)| html! {
                    // Said, for Yew puts children in from the last: a browser would keep that one.
                    <option value={*value} selected={*value == "comment"}>{ context.words(label) }</option>
                }) }
            </select>
            { problem.words(context) }
        </div>
    }
}

fn message(context: &Context<'_>, errors: &Errors) -> Html {
    let problem = Problem::of("message", errors);
    html! {
        <div class="aw-field">
            { caption(context, "message", "feedback.message", true) }
            <textarea class="aw-input" part="input" id={id("message")} name="message" rows="5" maxlength="8000"
                aria-required="true"
                aria-invalid={problem.invalid()} aria-describedby={problem.described_by()} />
            { problem.words(context) }
        </div>
    }
}

fn consent(context: &Context<'_>, errors: &Errors) -> Html {
    let problem = Problem::of("consent", errors);
    html! {
        <div class="aw-field">
            <label class="aw-consent">
                <input type="checkbox" name="consent" id={id("consent")} aria-required="true"
                    value={context.words("feedback.consent.version").to_owned()}
                    aria-invalid={problem.invalid()} aria-describedby={problem.described_by()} />
                <span>{ context.words("feedback.consent") }</span>
            </label>
            { problem.words(context) }
        </div>
    }
}

fn caption(context: &Context<'_>, name: &str, label: &str, required: bool) -> Html {
    html! {
        <label class="aw-label" part="label" for={id(name)}>
            { context.words(label) }
            if required {
                <span aria-hidden="true">{ " *" }</span>
            } else {
                <span class="aw-hint">{ [" (", context.words("feedback.optional"), ")"].concat() }</span>
            }
        </label>
    }
}

fn id(name: &str) -> String {
    ["aw-feedback-", name].concat()
}

/// What is wrong with a field, if anything.
struct Problem<'a> {
    name: &'a str,
    key: Option<&'a str>,
}

impl<'a> Problem<'a> {
    fn of(name: &'a str, errors: &'a Errors) -> Self {
        let key = errors.iter().find(|(field, _)| &**field == name).map(|(_, key)| &**key);
        Self { name, key }
    }

    fn invalid(&self) -> Option<&'static str> {
        self.key.map(|_| "true")
    }

    fn id(&self) -> String {
        [&id(self.name), "-error"].concat()
    }

    fn described_by(&self) -> Option<String> {
        self.key.map(|_| self.id())
    }

    fn words(&self, context: &Context<'_>) -> Html {
        html! {
            if let Some(key) = self.key {
                <p class="aw-error" part="error" id={self.id()}>{ context.embed.messages.get(key) }</p>
            }
        }
    }
}
