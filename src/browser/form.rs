//! Reads a form, and looks for what the server would refuse anyway.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Element, FormData, HtmlFormElement};

use super::dom;
use super::json::{Value, object};
use super::page::Page;
use crate::contract::{Embed, Heading, Settings};
use crate::model::Form;

/// A form, read.
pub(super) struct Letter {
    /// Where it goes, a path on the server.
    pub(super) path: &'static str,
    /// What was typed.
    text: String,
    /// The request's body.
    pub(super) body: String,
    /// One for each text: the same text sent again is the same letter.
    pub(super) key: String,
}

impl Letter {
    /// Whether the reader wrote the same: how long it took them is not what they wrote.
    pub(super) fn says_the_same(&self, other: &Self) -> bool {
        self.path == other.path && self.text == other.text
    }
}

/// Fields to look at again: name and message key.
pub(super) type Errors = Vec<(Rc<str>, Rc<str>)>;

/// Reads the form within `place`. `seconds` is how long it has been open. None where there is no form.
pub(super) fn read(
    place: &Element,
    page: &Page,
    embed: &Embed<Heading>,
    form: Form,
    about: Option<Rc<str>>,
    seconds: u32,
) -> Option<Result<Letter, Errors>> {
    let settings = &embed.settings;
    let (path, required, names) = match form {
        Form::Letter => ("/v1/feedback", &settings.required[..], letter_fields(settings)),
        Form::Mail => ("/v1/mail", &[][..], vec!["to"]),
    };
    let values = values(place, &["form[data-form=", form.name(), "]"].concat(), &names)?;
    let is_required = |name: &str| {
        matches!(name, "consent" | "to") || required.iter().any(|required| required == name)
    };
    let errors: Errors = names
        .iter()
        .zip(&values)
        .filter_map(|(name, value)| {
            Some(((*name).into(), problem(name, value.trim(), is_required(name))?.into()))
        })
        .collect();
    if !errors.is_empty() {
        return Some(Err(errors));
    }
    let (article, url) = (embed.article.id.as_str(), page.text("page"));
    let mut fields = vec![("article", Value::Text(article)), ("page", Value::Text(&url))];
    fields.extend(names.iter().zip(&values).map(|(name, value)| (*name, Value::Text(value))));
    if form == Form::Letter {
        fields.push(("passage", Value::Text(about.as_deref().unwrap_or_default())));
    }
    let text = object(&fields);
    fields.push(("seconds", Value::Number(seconds)));
    Some(Ok(Letter { path, body: object(&fields), text, key: dom::uuid() }))
}

/// The values of a form's fields; an empty text for a field that is not there.
fn values(place: &Element, form: &str, names: &[&str]) -> Option<Vec<String>> {
    let form: HtmlFormElement = place.query_selector(form).ok()??.dyn_into().ok()?;
    let data = FormData::new_with_form(&form).ok()?;
    Some(names.iter().map(|name| data.get(name).as_string().unwrap_or_default()).collect())
}

fn letter_fields(settings: &Settings) -> Vec<&str> {
    let fields = settings.fields.iter().map(String::as_str);
    fields.chain(["consent", "website"]).collect()
}

/// The message key of what is plainly wrong. The server's check is the one that counts.
fn problem(name: &str, value: &str, required: bool) -> Option<&'static str> {
    match name {
        _ if value.is_empty() && !required => None,
        "consent" if value.is_empty() => Some("feedback.error.consent"),
        _ if value.is_empty() => Some("feedback.error.required"),
        "email" | "to" if !looks_like_email(value) => Some("feedback.error.email"),
        _ => None,
    }
}

fn looks_like_email(value: &str) -> bool {
    value.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
}
