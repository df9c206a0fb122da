//! The description of the HTTP interface: OpenAPI 3.1.
//!
//! Bodies and parameters follow from the types that handlers read and write. Which of them an address takes,
//! and which statuses it answers with, is written down here; a test holds that to the router, and another
//! has a program send what is described and compare what comes back.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};

use operation::Description;

mod counting;
mod letters;
mod operating;
mod operation;
mod pages;
mod publishing;
mod reading;
mod schemas;

/// The whole document.
pub fn document() -> Value {
    let mut description = Description::default();
    reading::describe(&mut description);
    counting::describe(&mut description);
    letters::describe(&mut description);
    publishing::describe(&mut description);
    pages::describe(&mut description);
    operating::describe(&mut description);
    let (paths, schemas) = description.finish();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "article-server",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "Articles for partners' pages, what is counted of them, and what readers write.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "tags": [
            { "name": "reading", "description": "What a partner's page asks for." },
            { "name": "counting", "description": "What a partner's page reports." },
            { "name": "letters", "description": "What readers write." },
            { "name": "publishing", "description": "For the publisher's own programs, by token." },
            { "name": "pages", "description": "Pages of HTML, for people." },
            { "name": "operating", "description": "For whoever runs the server." },
        ],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A token of `article-server token create`.",
                },
            },
        },
    })
}

/// The document as it is served and kept beside the code: indented, and with a line end.
pub fn text() -> String {
    let mut text = serde_json::to_string_pretty(&document()).expect("a value is always JSON");
    text.push('\n');
    text
}

/// Stands for an article that is passed on as its publisher gave it: with the fields that were given, and
/// not with all that this version would write.
pub(crate) struct GivenArticle;

impl JsonSchema for GivenArticle {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "GivenArticle".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "$ref": "#/components/schemas/Article" })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// As they stand in the router's code, without the editors' pages: every method with its path.
    fn routed() -> BTreeSet<String> {
        let code = include_str!("router.rs");
        let mut found = BTreeSet::new();
        for route in code.split(".route(").skip(1) {
            let path = route.split('"').nth(1).unwrap();
            let end = route.find("\n        .").unwrap_or(route.len());
            for method in ["get", "post", "put", "delete"] {
                let is_taken = |before: &str| route[..end].contains(&format!("{before}{method}("));
                if [" ", ".", "\n"].into_iter().any(is_taken) {
                    found.insert(format!("{method} {path}"));
                }
            }
        }
        found.retain(|route| !route.contains(" /admin"));
        found
    }

    fn described() -> BTreeSet<String> {
        let document = document();
        let paths = document["paths"].as_object().unwrap().iter();
        let routes = paths.flat_map(|(path, methods)| {
            let methods = methods.as_object().unwrap().keys();
            methods.map(move |method| format!("{method} {path}"))
        });
        routes.collect()
    }

    #[test]
    fn what_the_router_has_is_described_and_nothing_else() {
        let (routed, described) = (routed(), described());
        let missing: Vec<_> = routed.difference(&described).collect();
        let stale: Vec<_> = described.difference(&routed).collect();
        assert!(routed.len() > 30, "the router's code is read: {routed:?}");
        assert!(
            missing.is_empty() && stale.is_empty(),
            "not described {missing:?}, gone {stale:?}"
        );
    }

    #[test]
    fn every_schema_that_is_named_is_there_and_every_operation_has_a_name_of_its_own() {
        let document = document();
        let text = document.to_string();
        let schemas = document["components"]["schemas"].as_object().unwrap();
        for name in text.split("#/components/schemas/").skip(1) {
            let name = name.split('"').next().unwrap();
            assert!(schemas.contains_key(name), "{name}");
        }
        let ids: Vec<_> = text.split("\"operationId\":\"").skip(1).collect();
        let ids: Vec<_> = ids.iter().map(|rest| rest.split('"').next().unwrap()).collect();
        assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len(), "{ids:?}");
    }

    #[test]
    fn the_document_beside_the_code_is_that_of_the_code() {
        let kept = include_str!("../../docs/openapi.json");
        assert_eq!(kept, text(), "article-server openapi > docs/openapi.json");
    }
}
