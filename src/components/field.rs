//! A field of a form, its label, and what is wrong with it beside it. What is typed lives in the browser's
//! own fields and in no state of ours, so that no rendering can lose it.

use std::rc::Rc;

use yew::prelude::*;

use super::FormContext;
use crate::contract::longest;

/// Fields to look at again: name and message key.
pub(super) type Errors = [(Rc<str>, Rc<str>)];

/// A field for one line of text.
pub(super) struct Line<'a> {
    /// Its name on the wire.
    pub(super) name: &'a str,
    /// The message key of its label.
    pub(super) label: &'a str,
    /// HTML's type of input.
    pub(super) kind: &'static str,
    /// HTML's autofill name.
    pub(super) autocomplete: &'static str,
    /// Must be filled in.
    pub(super) required: bool,
}

/// What every field has: label above, problem below.
pub(super) struct Field<'a> {
    context: &'a FormContext<'a>,
    name: &'a str,
    required: bool,
    problem: Option<&'a str>,
}

/// One line of text.
pub(super) fn line(context: &FormContext<'_>, line: &Line<'_>, errors: &Errors) -> Html {
    let field = Field::new(context, line.name, line.required, errors);
    field.show(
        line.label,
        html! {
            <input class="aw-input" part="input" id={field.id()} name={line.name.to_owned()}
                type={line.kind} autocomplete={line.autocomplete} maxlength={longest(line.name).to_string()}
                aria-required={field.required()} aria-invalid={field.invalid()}
                aria-describedby={field.described_by()} />
        },
    )
}

impl<'a> Field<'a> {
    /// The field of that name, with what is wrong with it.
    pub(super) fn new(
        context: &'a FormContext<'a>,
        name: &'a str,
        required: bool,
        errors: &'a Errors,
    ) -> Self {
        let problem = errors.iter().find(|(field, _)| &**field == name).map(|(_, key)| &**key);
        Self { context, name, required, problem }
    }

    /// `input` with its label and its problem.
    pub(super) fn show(&self, label: &str, input: Html) -> Html {
        html! {
            <div class="aw-field" key={self.name}>
                <label class="aw-label" part="label" for={self.id()}>
                    { self.context.embed.messages.get(label) }
                    if self.required {
                        <span aria-hidden="true">{ " *" }</span>
                    } else {
                        <span class="aw-hint" part="hint">
                            { [" (", self.context.words("feedback.optional"), ")"].concat() }
                        </span>
                    }
                </label>
                { input }
                { self.problem() }
            </div>
        }
    }

    /// What is wrong, in words.
    pub(super) fn problem(&self) -> Html {
        html! {
            if let Some(key) = self.problem {
                <p class="aw-error" part="error" id={self.problem_id()}>
                    { self.context.embed.messages.get(key) }
                </p>
            }
        }
    }

    /// Its id, in this shadow root.
    pub(super) fn id(&self) -> String {
        ["aw-feedback-", self.name].concat()
    }

    /// For `aria-required`.
    pub(super) fn required(&self) -> Option<&'static str> {
        self.required.then_some("true")
    }

    /// For `aria-invalid`.
    pub(super) fn invalid(&self) -> Option<&'static str> {
        self.problem.map(|_| "true")
    }

    /// For `aria-describedby`.
    pub(super) fn described_by(&self) -> Option<String> {
        self.problem.map(|_| self.problem_id())
    }

    fn problem_id(&self) -> String {
        [&self.id(), "-error"].concat()
    }
}
