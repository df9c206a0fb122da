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
        let mut schema = block::Wire::json_schema(generator);
        let about = "One block of the text. `kind` is `paragraph`, `heading`, `list`, `quote`, `figure`, `table`, \
                     `preformatted`, `embed` or `rule`; of one that is not known `fallback` is shown.";
        schema.insert("description".to_owned(), about.into());
        schema
    }
}

impl JsonSchema for Inline {
    fn schema_name() -> Cow<'static, str> {
        "Inline".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let object = inline::Wire::json_schema(generator);
        json_schema!({
            "description": "What stands inside a line: plain text, or an object whose `kind` is `strong`, `em`, \
                            `link`, `break`, `sub`, `sup` or `code`.",
            "anyOf": [{ "type": "string" }, object],
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
