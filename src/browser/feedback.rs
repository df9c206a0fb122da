//! Reads the form, looks for what the server would refuse anyway, and sends it until it is taken.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Element, FormData, HtmlFormElement};

use super::json::{Value, object};
use super::{dom, page::Page};

/// A form, read.
pub(super) struct Letter {
    /// The request's body.
    pub(super) body: String,
    /// One for each text: the same text sent again is the same feedback.
    pub(super) key: String,
}

/// Fields to look at again: name and message key.
pub(super) type Errors = Vec<(Rc<str>, Rc<str>)>;

const FIELDS: [&str; 7] = ["kind", "name", "email", "phone", "title", "message", "consent"];

/// Reads the form within `mount`. None where there is no form.
pub(super) fn read(mount: &Element, page: &Page, article: &str) -> Option<Result<Letter, Errors>> {
    let form = mount.query_selector("form[data-panel=form]").ok()??;
    let form: HtmlFormElement = form.dyn_into().ok()?;
    let data = FormData::new_with_form(&form).ok()?;
    let values = FIELDS.map(|field| data.get(field).as_string().unwrap_or_default());

    let errors: Errors = FIELDS
        .iter()
        .zip(&values)
        .filter_map(|(field, value)| Some(((*field).into(), problem(field, value.trim())?.into())))
        .collect();
    if !errors.is_empty() {
        return Some(Err(errors));
    }
    let mut fields = vec![("article", Value::Text(article)), ("page", Value::Text(&page.url))];
    fields.extend(FIELDS.iter().zip(&values).map(|(field, value)| (*field, Value::Text(value))));
    Some(Ok(Letter { body: object(&fields), key: dom::uuid() }))
}

/// The message key of what is plainly wrong. The server's check is the one that counts.
fn problem(field: &str, value: &str) -> Option<&'static str> {
    match field {
        "phone" => None,
        "consent" if value.is_empty() => Some("feedback.error.consent"),
        _ if value.is_empty() => Some("feedback.error.required"),
        "email" if !looks_like_email(value) => Some("feedback.error.email"),
        _ => None,
    }
}

fn looks_like_email(value: &str) -> bool {
    value.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
}
