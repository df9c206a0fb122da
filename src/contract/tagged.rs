//! Objects whose `kind` says what their other fields are. In JSON it may stand behind them.

use std::marker::PhantomData;
use std::vec;

use serde::de::value::{MapAccessDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{self, DeserializeSeed, IntoDeserializer, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, forward_to_deserialize_any};

use crate::read::Json;

/// Such an object, read up to its `kind`, which is empty where there is none.
pub(super) struct Tagged<A> {
    pub(super) kind: String,
    /// What stood before it.
    before: Vec<(String, Json)>,
    rest: A,
}

impl<'de, A: MapAccess<'de>> Tagged<A> {
    /// Reads up to the `kind`. Where it comes first, as we write it, nothing is held in memory.
    pub(super) fn begin(mut rest: A) -> Result<Self, A::Error> {
        let mut before = Vec::new();
        while let Some(key) = rest.next_key::<String>()? {
            if key == "kind" {
                return Ok(Self { kind: rest.next_value()?, before, rest });
            }
            before.push((key, rest.next_value()?));
        }
        Ok(Self { kind: String::new(), before, rest })
    }

    /// All of it as a type that says what each field has to be.
    pub(super) fn strictly<T: Deserialize<'de>>(self) -> Result<T, A::Error> {
        let kind = ("kind".to_owned(), Json::Text(self.kind));
        let before: Vec<_> = std::iter::once(kind).chain(self.before).collect();
        let chained = Chained { before: before.into_iter(), value: None, rest: self.rest };
        T::deserialize(MapAccessDeserializer::new(chained))
    }

    /// All of it, whatever its fields hold: a kind of a later version may use our names for something else.
    pub(super) fn leniently(mut self) -> Result<Json, A::Error> {
        let mut fields = self.before;
        fields.push(("kind".to_owned(), Json::Text(self.kind)));
        while let Some(field) = self.rest.next_entry()? {
            fields.push(field);
        }
        Ok(Json::Object(fields))
    }
}

/// What was held, then what still comes.
struct Chained<A> {
    before: vec::IntoIter<(String, Json)>,
    value: Option<Json>,
    rest: A,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Chained<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        match self.before.next() {
            Some((key, value)) => {
                self.value = Some(value);
                seed.deserialize(key.into_deserializer()).map(Some)
            }
            None => self.rest.next_key_seed(seed),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        match self.value.take() {
            Some(value) => seed.deserialize(Held(value, PhantomData)),
            None => self.rest.next_value_seed(seed),
        }
    }
}

/// A value that was held, to be read as a type after all.
struct Held<E>(Json, PhantomData<E>);

impl<'de, E: de::Error> IntoDeserializer<'de, E> for Held<E> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de, E: de::Error> Deserializer<'de> for Held<E> {
    type Error = E;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        let held = |value| Held(value, PhantomData);
        match self.0 {
            Json::Null => visitor.visit_unit(),
            Json::Flag(flag) => visitor.visit_bool(flag),
            Json::Number(number) => visitor.visit_u32(number),
            Json::Text(text) => visitor.visit_string(text),
            Json::List(list) => visitor.visit_seq(SeqDeserializer::new(list.into_iter().map(held))),
            Json::Object(fields) => {
                let fields = fields.into_iter().map(|(key, value)| (key, held(value)));
                visitor.visit_map(MapDeserializer::new(fields))
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        match self.0 {
            Json::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use serde_json::{Value, json};

    use crate::contract::{Block, BlockKind, Inline};
    use crate::read;

    fn block(json: &str) -> Result<Block, serde_json::Error> {
        serde_json::from_str(json)
    }

    #[test]
    fn a_kind_of_tomorrow_may_use_our_names_for_something_else() {
        let names = [
            "level", "ordered", "content", "items", "blocks", "rows", "sources", "alt", "caption",
            "credit", "text", "url", "title", "provider",
        ];
        for name in names {
            for value in ["5", "-1.5", "true", "null", r#""x""#, r#"[[5],{"a":1}]"#, r#"{"a":[1]}"#]
            {
                let before =
                    format!(r#"{{"{name}":{value},"kind":"poll","fallback":"Bình chọn"}}"#);
                let after = format!(r#"{{"kind":"poll","{name}":{value},"fallback":"Bình chọn"}}"#);
                for json in [before, after] {
                    let read = block(&json).unwrap_or_else(|error| panic!("{json}: {error}"));
                    assert_eq!(read.kind, BlockKind::Unknown, "{json}");
                    assert_eq!(read.fallback.as_deref(), Some("Bình chọn"), "{json}");
                }
            }
        }
        assert_eq!(block(r#"{"kind":"poll","fallback":{"a":1}}"#).unwrap().fallback, None);
    }

    /// The HTML of the one is what the other hydrates.
    #[test]
    fn what_is_not_known_is_read_as_the_browser_reads_it() {
        for text in [json!("x"), json!(5), json!(null), json!({ "a": 1 })] {
            let content = json!(["a", 5, { "kind": "strong", "content": 5 }, { "kind": "em" }]);
            for content in [content, json!({}), json!(["b"])] {
                let inline = json!({ "content": content, "kind": "mention", "text": text });
                let line = json!({ "kind": "paragraph", "content": [inline] }).to_string();
                let browser: read::Json = serde_json::from_str(&line).unwrap();
                assert_eq!(block(&line).unwrap(), read::block(browser), "{line}");
            }
        }
    }

    #[test]
    fn a_known_kind_is_read_alike_wherever_its_name_stands() {
        let block_of = |kind: &str, fields: Value| {
            let fields = fields.to_string();
            let first = format!(r#"{{"kind":"{kind}",{}"#, &fields[1..]);
            let last = format!(r#"{},"kind":"{kind}"}}"#, &fields[..fields.len() - 1]);
            (block(&first), block(&last))
        };
        let link = json!({ "content": ["b"], "kind": "link", "url": "https://a.example" });
        for (kind, fields) in [
            ("paragraph", json!({ "content": ["a", link] })),
            ("heading", json!({ "level": 3, "content": ["a"], "fallback": null })),
            (
                "list",
                json!({ "items": [[{ "content": ["x"], "kind": "paragraph" }]], "ordered": true }),
            ),
            ("quote", json!({ "blocks": [{ "content": ["x"], "kind": "paragraph" }] })),
            ("figure", json!({ "sources": [{ "url": "/media/a.jpg", "width": 640 }], "alt": "A" })),
            ("table", json!({ "rows": [[{ "header": true, "columns": 2, "content": ["x"] }]] })),
            ("preformatted", json!({ "text": "a\n b" })),
            ("embed", json!({ "url": "https://a.example", "title": null })),
            ("rule", json!({ "later": { "a": [1.5] } })),
        ] {
            let (first, last) = block_of(kind, fields);
            let first = first.unwrap();
            assert_ne!(first.kind, BlockKind::Unknown, "{kind}");
            assert_eq!(first, last.unwrap(), "{kind}");
        }
        for (kind, fields) in [
            ("paragraph", json!({ "content": 5 })),
            ("paragraph", json!({ "content": [{ "content": 5, "kind": "strong" }] })),
            ("table", json!({ "rows": [5] })),
            ("embed", json!({ "url": ["x"] })),
        ] {
            let (first, last) = block_of(kind, fields);
            assert!(first.is_err() && last.is_err(), "{kind}: what is ours has to be right");
        }
        let text: Inline = serde_json::from_str(r#"{"text":"a","kind":"code"}"#).unwrap();
        assert_eq!(text, Inline::Code("a".to_owned()));
    }
}
