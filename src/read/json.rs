//! JSON as it comes.

use std::fmt;
use std::mem;

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// Any JSON value.
#[derive(Debug, Default)]
pub enum Json {
    /// `null`, and whatever is not there.
    #[default]
    Null,
    /// `true` or `false`
    Flag(bool),
    /// A number; the contract's are all whole and small.
    Number(u32),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object.
    Object(Object),
}

/// An object, whose fields are taken out of it.
#[derive(Debug, Default)]
pub struct Object(Vec<(String, Json)>);

impl Json {
    /// The string; none where it is something else.
    pub fn text(self) -> Option<String> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The array; an empty one where it is something else.
    pub fn list(self) -> Vec<Json> {
        if let Self::List(list) = self { list } else { Vec::new() }
    }

    /// The object; an empty one where it is something else.
    pub fn object(self) -> Object {
        if let Self::Object(object) = self { object } else { Object::default() }
    }
}

impl Object {
    /// Of these fields.
    pub(crate) fn new(fields: Vec<(String, Json)>) -> Self {
        Self(fields)
    }

    /// Takes the value of a field.
    pub fn take(&mut self, key: &str) -> Json {
        let field = self.0.iter_mut().find(|(name, _)| name == key);
        field.map(|(_, value)| mem::take(value)).unwrap_or_default()
    }

    /// Takes a string; an empty one where there is none.
    pub fn text(&mut self, key: &str) -> String {
        self.maybe(key).unwrap_or_default()
    }

    /// Takes a string.
    pub fn maybe(&mut self, key: &str) -> Option<String> {
        self.take(key).text()
    }

    /// Takes a number; 0 where there is none.
    pub fn number(&mut self, key: &str) -> u32 {
        if let Json::Number(number) = self.take(key) { number } else { 0 }
    }

    /// Takes a flag; false where there is none.
    pub fn flag(&mut self, key: &str) -> bool {
        matches!(self.take(key), Json::Flag(true))
    }

    /// Takes an array.
    pub fn list<T>(&mut self, key: &str, read: fn(Json) -> T) -> Vec<T> {
        self.take(key).list().into_iter().map(read).collect()
    }

    /// Takes an array of strings.
    pub fn texts(&mut self, key: &str) -> Vec<String> {
        self.list(key, |item| item.text().unwrap_or_default())
    }

    /// Takes an object; none where there is none.
    pub fn maybe_object(&mut self, key: &str) -> Option<Object> {
        if let Json::Object(object) = self.take(key) { Some(object) } else { None }
    }

    /// Every field.
    pub fn fields(self) -> Vec<(String, Json)> {
        self.0
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Anything)
    }
}

struct Anything;

impl<'de> Visitor<'de> for Anything {
    type Value = Json;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Json, E> {
        Ok(Json::Flag(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Json, E> {
        Ok(Json::Number(number.clamp(0, u32::MAX.into()) as u32))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Json, E> {
        Ok(Json::Number(number.min(u32::MAX.into()) as u32))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Json, E> {
        // A cast of a float keeps to the bounds.
        Ok(Json::Number(number as u32))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Json, E> {
        Ok(Json::Text(text))
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Json, A::Error> {
        let mut object = Vec::new();
        while let Some(field) = fields.next_entry()? {
            object.push(field);
        }
        Ok(Json::Object(Object(object)))
    }
}
