//! An article's JSON while it is edited: field by field, so that what nobody touches stays byte for byte,
//! also what only a later version knows.

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use crate::article::StoredArticle;
use crate::problem::Problem;

/// An article that is being edited.
pub struct Draft {
    before: StoredArticle,
    fields: IndexMap<String, Box<RawValue>>,
    is_changed: bool,
}

impl Draft {
    /// Begins with an article as it stands.
    ///
    /// # Errors
    /// [`Problem::Internal`] where it is no object: what is stored always is one.
    pub fn of(article: &StoredArticle) -> Result<Self, Problem> {
        let fields = serde_json::from_str(article.json().get());
        let fields = fields.map_err(|error| Problem::Internal(error.into()))?;
        Ok(Self { before: article.clone(), fields, is_changed: false })
    }

    /// Gives a field a value.
    pub fn set<T: Serialize + ?Sized>(&mut self, field: &str, value: &T) {
        self.put(field, raw(value));
    }

    /// Gives a field a value, or takes it out.
    pub fn set_or_remove<T: Serialize + ?Sized>(&mut self, field: &str, value: Option<&T>) {
        match value {
            Some(value) => self.set(field, value),
            // What stands behind it stays in its order.
            None => self.is_changed |= self.fields.shift_remove(field).is_some(),
        }
    }

    /// Puts a value at the end of a list.
    ///
    /// # Errors
    /// [`Problem::Internal`] where the field holds no list.
    pub fn push<T: Serialize + ?Sized>(&mut self, field: &str, value: &T) -> Result<(), Problem> {
        let list = self.fields.get(field).map_or("[]", |list| list.get());
        let list: Result<Vec<Box<RawValue>>, _> = serde_json::from_str(list);
        let mut list = list.map_err(|error| Problem::Internal(error.into()))?;
        list.push(raw(value));
        self.set(field, &list);
        Ok(())
    }

    /// The article as edited; as it stood, byte for byte, where nothing has changed.
    ///
    /// # Errors
    /// [`Problem::Malformed`] where it is no article any more.
    pub fn finish(self) -> Result<StoredArticle, Problem> {
        if !self.is_changed {
            return Ok(self.before);
        }
        Ok(StoredArticle::from_json(raw(&self.fields).get())?)
    }

    fn put(&mut self, field: &str, value: Box<RawValue>) {
        let is_same = self.fields.get(field).is_some_and(|old| old.get() == value.get());
        if !is_same {
            self.fields.insert(field.to_owned(), value);
            self.is_changed = true;
        }
    }
}

fn raw<T: Serialize + ?Sized>(value: &T) -> Box<RawValue> {
    to_raw_value(value).expect("what the contract holds is always JSON")
}

#[cfg(test)]
mod tests {
    use article_widget::contract::Correction;

    use super::*;

    const JSON: &str = r#"{"id":"a", "title":"Gió","language":"vi","of_tomorrow":{"n": 1e400,"z":12345678901234567890123},"embargo":"2024-01-01"}"#;

    fn draft() -> Draft {
        Draft::of(&StoredArticle::from_json(JSON).unwrap()).unwrap()
    }

    #[test]
    fn what_is_not_touched_stays_to_the_byte() {
        let mut draft = draft();
        draft.set("title", "Gió to");
        draft.set_or_remove::<str>("embargo", None);
        draft
            .push("corrections", &Correction { at: "2024-11-27".into(), text: "x".into() })
            .unwrap();
        let json = draft.finish().unwrap().json().get().to_owned();
        assert_eq!(
            json,
            r#"{"id":"a","title":"Gió to","language":"vi","of_tomorrow":{"n": 1e400,"z":12345678901234567890123},"corrections":[{"at":"2024-11-27","text":"x"}]}"#
        );
    }

    #[test]
    fn an_edit_that_changes_nothing_gives_what_was_there() {
        let mut draft = draft();
        draft.set("title", "Gió");
        draft.set_or_remove::<str>("expires", None);
        assert_eq!(draft.finish().unwrap().json().get(), JSON);
    }
}
