//! Schemas of the types on the wire, collected as they are named.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value};

/// What is read and what is written have schemas of their own: a field that may be left out when it is read
/// is always there when it is written.
pub(super) struct Schemas {
    read: SchemaGenerator,
    written: SchemaGenerator,
}

impl Default for Schemas {
    fn default() -> Self {
        let settings = || {
            SchemaSettings::draft2020_12().with(|settings| {
                settings.definitions_path = "/components/schemas".into();
                settings.meta_schema = None;
            })
        };
        Self {
            read: settings().for_deserialize().into_generator(),
            written: settings().for_serialize().into_generator(),
        }
    }
}

impl Schemas {
    /// Of what a request brings.
    pub(super) fn read<T: JsonSchema>(&mut self) -> Value {
        self.read.subschema_for::<T>().to_value()
    }

    /// Of what an answer brings.
    pub(super) fn written<T: JsonSchema>(&mut self) -> Value {
        self.written.subschema_for::<T>().to_value()
    }

    /// The fields of a query, each with its schema, which is never null: it is left out instead.
    pub(super) fn fields<T: JsonSchema>(&mut self) -> Vec<(String, Value)> {
        let mut schema = T::json_schema(&mut self.read).to_value();
        let fields = schema.get_mut("properties").and_then(Value::as_object_mut);
        let fields = std::mem::take(fields.expect("a query is an object"));
        fields.into_iter().map(|(name, schema)| (name, without_null(schema))).collect()
    }

    /// Every schema that was named.
    pub(super) fn finish(mut self) -> Map<String, Value> {
        let mut all = self.read.take_definitions(true);
        for (name, schema) in self.written.take_definitions(true) {
            let before = all.insert(name.clone(), schema.clone());
            // One name stands for one thing.
            assert!(before.is_none_or(|before| before == schema), "two schemas are named {name}");
        }
        all.sort_keys();
        all
    }
}

fn without_null(mut schema: Value) -> Value {
    let Some(fields) = schema.as_object_mut() else { return schema };
    if let Some(Value::Array(kinds)) = fields.get_mut("type") {
        kinds.retain(|kind| kind != "null");
        if let [kind] = kinds.as_slice() {
            let kind = kind.clone();
            fields.insert("type".to_owned(), kind);
        }
    }
    if let Some(Value::Array(options)) = fields.get_mut("anyOf") {
        options.retain(|option| option["type"] != "null");
    }
    schema
}
