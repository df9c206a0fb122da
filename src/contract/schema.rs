//! JSON Schemas of the types whose form on the wire is not their own.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::{ArticleId, Block, Inline, Messages, block, inline};

impl JsonSchema for ArticleId {
    fn schema_name() -> Cow<'static, str> {
        "ArticleId".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "Stable within the publisher.",
            "type": "string",
            "pattern": "^[A-Za-z0-9][A-Za-z0-9._~-]{0,127}$",
        })
    }
}

impl JsonSchema for Block {
    fn schema_name() -> Cow<'static, str> {
        "Block".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "One block of the text. Of a kind that is not known `fallback` is shown.",
            "anyOf": [
                known(block::Wire::json_schema(generator), &block::KINDS),
                unknown(&block::KINDS),
            ],
        })
    }
}

impl JsonSchema for Inline {
    fn schema_name() -> Cow<'static, str> {
        "Inline".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "What stands inside a line: plain text, or an object. Of a kind that is not known its \
                            `text` is shown, else its `content`.",
            "anyOf": [
                { "type": "string" },
                known(inline::Wire::json_schema(generator), &inline::KINDS),
                unknown(&inline::KINDS),
            ],
        })
    }
}

impl JsonSchema for Messages {
    fn schema_name() -> Cow<'static, str> {
        "Messages".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "Words of the interface by key, in one language.",
            "type": "object",
            "additionalProperties": { "type": "string" },
        })
    }
}

/// Of these kinds every field is what it has to be.
fn known(mut wire: Schema, kinds: &[&str]) -> Schema {
    if let Some(kind) = wire.pointer_mut("/properties/kind") {
        *kind = json_schema!({ "type": "string", "enum": kinds }).to_value();
    }
    wire.remove("description");
    wire.insert("required".to_owned(), ["kind"].as_slice().into());
    wire
}

/// Any other kind, whose fields may be anything.
fn unknown(kinds: &[&str]) -> Schema {
    json_schema!({
        "type": "object",
        "properties": { "kind": { "type": "string", "not": { "enum": kinds } } },
    })
}
