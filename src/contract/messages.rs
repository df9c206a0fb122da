//! The words of the interface, which are data.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Words by key, in one language; on the wire a flat object of strings. A list and not a map: some
/// sixty short keys, and a map's code would weigh more in the Wasm than the search costs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Messages(Vec<(String, String)>);

impl Messages {
    /// The words for `key`; the key itself where a newer component asks an older server.
    pub fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.find(key).unwrap_or(key)
    }

    /// The words for `key`, where there are any.
    pub fn find(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == key).map(|(_, words)| words.as_str())
    }

    /// Has `key` mean these words from now on.
    pub fn set(&mut self, key: &str, words: String) {
        match self.0.iter_mut().find(|(known, _)| known == key) {
            Some((_, old)) => *old = words,
            None => self.0.push((key.to_owned(), words)),
        }
    }

    /// Every key with its words, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, words)| (key.as_str(), words.as_str()))
    }
}

impl FromIterator<(String, String)> for Messages {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(pairs: I) -> Self {
        Self(pairs.into_iter().collect())
    }
}

impl Serialize for Messages {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Messages {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;

        impl<'de> Visitor<'de> for Pairs {
            type Value = Messages;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of strings")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Messages, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Messages(pairs))
            }
        }

        deserializer.deserialize_map(Pairs)
    }
}
