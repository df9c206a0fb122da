//! How an operation is described: step by step, with names that tell what it takes and gives.

use article_widget::contract::ArticleId;
use axum::http::StatusCode;
use schemars::JsonSchema;
use serde_json::{Map, Value, json};

use super::schemas::Schemas;
use crate::problem::{self, Details};
use crate::token::Scope;

/// The operations so far.
#[derive(Default)]
pub(super) struct Description {
    schemas: Schemas,
    paths: Map<String, Value>,
}

/// One operation. It is there when [`add`](Self::add) is called.
pub(super) struct Operation<'a> {
    description: &'a mut Description,
    method: &'static str,
    path: &'static str,
    parameters: Vec<Value>,
    body: Option<Value>,
    responses: Map<String, Value>,
    fields: Map<String, Value>,
}

impl Description {
    /// Begins one: `id` is its name for programs, `summary` for people.
    pub(super) fn operation(
        &mut self,
        method: &'static str,
        path: &'static str,
        [tag, id, summary]: [&str; 3],
    ) -> Operation<'_> {
        let fields = json!({ "operationId": id, "summary": summary, "tags": [tag] });
        let Value::Object(fields) = fields else { unreachable!("it is written as an object") };
        let names = path.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0));
        let parameters = names.map(|name| path_parameter(name, &mut self.schemas)).collect();
        Operation {
            description: self,
            method,
            path,
            parameters,
            body: None,
            responses: Map::new(),
            fields,
        }
    }

    /// All paths, and the schemas that they name.
    pub(super) fn finish(self) -> (Map<String, Value>, Map<String, Value>) {
        (self.paths, self.schemas.finish())
    }
}

impl Operation<'_> {
    /// Takes these parameters in its query.
    pub(super) fn query<T: JsonSchema>(mut self) -> Self {
        for (name, mut schema) in self.description.schemas.fields::<T>() {
            let about = schema.as_object_mut().and_then(|schema| schema.remove("description"));
            let mut parameter = json!({ "name": name, "in": "query", "schema": schema });
            if let Some(about) = about {
                parameter["description"] = about;
            }
            self.parameters.push(parameter);
        }
        self
    }

    /// Takes this header.
    pub(super) fn header(mut self, name: &str, is_required: bool, about: &str) -> Self {
        let schema = match name {
            "Idempotency-Key" => json!({ "type": "string", "format": "uuid" }),
            _ => json!({ "type": "string" }),
        };
        self.parameters.push(json!({
            "name": name, "in": "header", "required": is_required, "description": about,
            "schema": schema,
        }));
        self
    }

    /// Takes JSON.
    pub(super) fn json_body<T: JsonSchema>(self) -> Self {
        let schema = self.description.schemas.read::<T>();
        self.body(json!({ "application/json": { "schema": schema } }))
    }

    /// Takes JSON that has the fields of two types.
    pub(super) fn json_body_of_both<T: JsonSchema, U: JsonSchema>(self) -> Self {
        let schemas = &mut self.description.schemas;
        let both = json!({ "allOf": [schemas.read::<T>(), schemas.read::<U>()] });
        self.body(json!({ "application/json": { "schema": both } }))
    }

    /// Takes JSON that calls itself plain text, so that browsers send no preflight, or calls itself what it
    /// is.
    pub(super) fn beacon<T: JsonSchema>(self) -> Self {
        let schema = self.description.schemas.read::<T>();
        let text = json!({ "type": "string", "contentMediaType": "application/json" });
        self.body(json!({
            "application/json": { "schema": schema },
            "text/plain": { "schema": text },
        }))
    }

    /// Takes an HTML form.
    pub(super) fn form<T: JsonSchema>(self) -> Self {
        let schema = self.description.schemas.read::<T>();
        self.body(json!({ "application/x-www-form-urlencoded": { "schema": schema } }))
    }

    /// Takes a body that says nothing.
    pub(super) fn any_body(self) -> Self {
        let empty = json!({ "type": "object" });
        let mut this =
            self.body(json!({ "application/x-www-form-urlencoded": { "schema": empty } }));
        if let Some(body) = &mut this.body {
            body["required"] = false.into();
        }
        this
    }

    /// Needs a token of this scope.
    pub(super) fn token(mut self, scope: Scope) -> Self {
        let security = json!([{ "token": [scope.as_str()] }]);
        self.fields.insert("security".to_owned(), security);
        self.problems(&[401, 403])
    }

    /// Answers with JSON.
    pub(super) fn json<T: JsonSchema>(self, status: u16, about: &str) -> Self {
        let schema = self.description.schemas.written::<T>();
        self.content(status, about, &["application/json"], &schema)
    }

    /// Answers with anything of these media types.
    pub(super) fn media(self, status: u16, about: &str, types: &[&str]) -> Self {
        self.content(status, about, types, &json!({}))
    }

    /// Answers without content.
    pub(super) fn empty(mut self, status: u16, about: &str) -> Self {
        self.responses.insert(status.to_string(), json!({ "description": about }));
        self
    }

    /// What is given is named by an entity tag: 304 where it is known.
    pub(super) fn tagged(self) -> Self {
        let about = "Names what is given; to be sent back as If-None-Match.";
        self.with_header(200, "ETag", about).empty(304, "It is known already.")
    }

    /// Answers of that status have this header.
    pub(super) fn with_header(mut self, status: u16, name: &str, about: &str) -> Self {
        if let Some(response) = self.responses.get_mut(&status.to_string()) {
            response["headers"][name] =
                json!({ "description": about, "schema": { "type": "string" } });
        }
        self
    }

    /// Refuses with problem details of these statuses.
    pub(super) fn problems(self, statuses: &[u16]) -> Self {
        let schema = self.description.schemas.written::<Details<'_>>();
        statuses.iter().fold(self, |operation, status| {
            operation.content(*status, reason(*status), &[problem::TYPE], &schema)
        })
    }

    /// The same for whoever asks for pages: a page that says so.
    pub(super) fn page_problems(self, statuses: &[u16]) -> Self {
        let schema = self.description.schemas.written::<Details<'_>>();
        statuses.iter().fold(self, |mut operation, status| {
            operation = operation.content(*status, reason(*status), &[problem::TYPE], &schema);
            operation.responses[&status.to_string()]["content"]["text/html"] = json!({});
            operation
        })
    }

    /// Puts it into the description.
    pub(super) fn add(self) {
        let Self { description, method, path, parameters, body, responses, mut fields } = self;
        if !parameters.is_empty() {
            fields.insert("parameters".to_owned(), parameters.into());
        }
        if let Some(body) = body {
            fields.insert("requestBody".to_owned(), body);
        }
        fields.insert("responses".to_owned(), responses.into());
        let of_path = description.paths.entry(path).or_insert_with(|| json!({}));
        of_path[method] = fields.into();
    }

    fn body(mut self, content: Value) -> Self {
        self.body = Some(json!({ "required": true, "content": content }));
        self.problems(&[400, 408, 413])
    }

    fn content(mut self, status: u16, about: &str, types: &[&str], schema: &Value) -> Self {
        let of_type = |kind: &&str| ((*kind).to_owned(), json!({ "schema": schema }));
        let content: Map<String, Value> = types.iter().map(of_type).collect();
        let response = json!({ "description": about, "content": content });
        self.responses.insert(status.to_string(), response);
        self
    }
}

fn reason(status: u16) -> &'static str {
    let status = StatusCode::from_u16(status).expect("a status has three digits");
    status.canonical_reason().unwrap_or_default()
}

fn path_parameter(name: &str, schemas: &mut Schemas) -> Value {
    let (schema, about) = match name {
        "id" => (schemas.read::<ArticleId>(), "The article's id"),
        "number" => {
            (json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX }), "Counted from 1")
        }
        "secret" => (json!({ "type": "string" }), "What the sender alone knows"),
        "token" => (json!({ "type": "string" }), "What stands in the mail"),
        "version" => (json!({ "type": "string" }), "A release of the widget"),
        _ => (json!({ "type": "string" }), "A file's name"),
    };
    json!({ "name": name, "in": "path", "required": true, "description": about, "schema": schema })
}
