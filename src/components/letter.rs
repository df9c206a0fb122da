//! The form of a letter to the editor, with the fields that the publisher asks for.

use std::rc::Rc;

use yew::prelude::*;

use super::FormContext;
use super::field::{Errors, Field, Line, line};
use crate::contract::longest;
use crate::model::FormAction;

/// The fields for one line: name, label, type, autofill name.
const LINES: [(&str, &str, &str, &str); 4] = [
    ("name", "feedback.name", "text", "name"),
    ("email", "feedback.email", "email", "email"),
    ("phone", "feedback.phone", "tel", "tel"),
    ("title", "feedback.subject", "text", "off"),
];

/// What there is between the form's head and its buttons.
pub(super) fn fields(context: &FormContext<'_>, errors: &Errors) -> Html {
    let settings = &context.embed.settings;
    let passage = context.forms.about.as_ref();
    // A list of its own, by keys: what was typed stays in its field where others come or go.
    let fields: Html = settings
        .fields
        .iter()
        .filter_map(|name| {
            let required = settings.required.contains(name);
            match name.as_str() {
                "kind" => Some(kind(context, passage.is_some(), errors)),
                "message" => Some(message(context, errors)),
                _ => text(context, name, required, errors),
            }
        })
        .collect();
    html! {
        <>
            <p class="aw-hint" part="hint">
                { [context.words("feedback.intro"), " ", context.words("feedback.required_note")].concat() }
            </p>
            if let Some(passage) = passage { { about(context, passage) } }
            { fields }
            { consent(context, errors) }
            { trap(context) }
        </>
    }
}

/// The words that the letter is about.
fn about(context: &FormContext<'_>, passage: &Rc<str>) -> Html {
    html! {
        <div class="aw-field">
            <blockquote class="aw-about" part="quote" lang={context.embed.article.language.clone()} dir={context.article_dir()}>{ &**passage }</blockquote>
            <button type="button" class="aw-link" part="link" onclick={context.instead(FormAction::DropPassage)}>
                { context.words("passage.drop") }
            </button>
        </div>
    }
}

/// A field that this version does not know is not shown.
fn text(context: &FormContext<'_>, name: &str, required: bool, errors: &Errors) -> Option<Html> {
    let (name, label, kind, autocomplete) = LINES.into_iter().find(|(known, ..)| *known == name)?;
    Some(line(context, &Line { name, label, kind, autocomplete, required }, errors))
}

fn kind(context: &FormContext<'_>, has_passage: bool, errors: &Errors) -> Html {
    let field = Field::new(context, "kind", true, errors);
    let kinds = &context.embed.settings.kinds;
    let wanted = if has_passage { "error" } else { "comment" };
    let wanted = kinds.iter().find(|kind| *kind == wanted).or(kinds.first());
    field.show(
        "feedback.kind",
        html! {
            <select class="aw-input" part="input" id={field.id()} name="kind"
                aria-invalid={field.invalid()} aria-describedby={field.described_by()}>
                { for kinds.iter().map(|kind| html! {
                    // Said, for Yew puts children in from the last: a browser would keep that one.
                    <option value={kind.clone()} selected={Some(kind) == wanted}>
                        { context.embed.messages.get(&["feedback.kind.", kind].concat()) }
                    </option>
                }) }
            </select>
        },
    )
}

fn message(context: &FormContext<'_>, errors: &Errors) -> Html {
    let field = Field::new(context, "message", true, errors);
    field.show(
        "feedback.message",
        html! {
            <textarea class="aw-input" part="input" id={field.id()} name="message" rows="5" maxlength={longest("message").to_string()}
                aria-required="true" aria-invalid={field.invalid()} aria-describedby={field.described_by()} />
        },
    )
}

fn consent(context: &FormContext<'_>, errors: &Errors) -> Html {
    let field = Field::new(context, "consent", true, errors);
    html! {
        <div class="aw-field">
            <label class="aw-consent" part="consent">
                <input type="checkbox" part="checkbox" name="consent" id={field.id()} aria-required="true"
                    value={context.words("feedback.consent.version").to_owned()}
                    aria-invalid={field.invalid()} aria-describedby={field.described_by()} />
                <span>{ context.words("feedback.consent") }</span>
            </label>
            { field.problem() }
        </div>
    }
}

/// What people leave empty, as its label says: those who see it for want of a style, for to all others it is
/// hidden. Programs that fill in forms do not.
fn trap(context: &FormContext<'_>) -> Html {
    html! {
        <label class="aw-trap" aria-hidden="true">
            { context.words("feedback.trap") }
            <input name="website" type="text" tabindex="-1" autocomplete="off" />
        </label>
    }
}
