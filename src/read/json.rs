//! JSON as a tree, read by serde: on the server, where a value has to be held until its kind is known, and in
//! tests.

use std::fmt;
use std::mem;

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::Value;

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
    Object(Vec<(String, Json)>),
}

impl Value for Json {
    fn text(self) -> Option<String> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    fn number(self) -> u32 {
        if let Self::Number(number) = self { number } else { 0 }
    }

    fn flag(self) -> bool {
        matches!(self, Self::Flag(true))
    }

    fn list(self) -> Vec<Self> {
        if let Self::List(list) = self { list } else { Vec::new() }
    }

    fn is_object(&self) -> bool {
        matches!(self, Self::Object(_))
    }

    fn take(&mut self, key: &str) -> Self {
        let Self::Object(fields) = self else { return Self::Null };
        let field = fields.iter_mut().find(|(name, _)| name == key);
        field.map(|(_, value)| mem::take(value)).unwrap_or_default()
    }

    fn fields(self) -> Vec<(String, Self)> {
        if let Self::Object(fields) = self { fields } else { Vec::new() }
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
        Ok(Json::Object(object))
    }
}
