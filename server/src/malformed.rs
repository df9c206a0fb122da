//! JSON of others that is not what was expected: in which field, and why.

use serde::Deserialize;
use serde_json::Deserializer;
use serde_json::error::Category;

/// What is wrong with it.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{reason}", field.as_ref().map(|field| format!("{field}: ")).unwrap_or_default())]
pub struct Malformed {
    /// The field's path, as `bylines[0].name`; none where it is the whole.
    pub field: Option<String>,
    /// Why.
    pub reason: String,
}

/// Reads JSON.
///
/// # Errors
/// Where it is none, or says something else than what is read.
pub fn read<'json, T: Deserialize<'json>>(json: &'json str) -> Result<T, Malformed> {
    // Keeping the path in mind takes time, and so is done only for what has failed.
    serde_json::from_str(json)
        .map_err(|error| Malformed { field: field::<T>(json), ..error.into() })
}

/// The field that cannot be read.
fn field<'json, T: Deserialize<'json>>(json: &'json str) -> Option<String> {
    let read = serde_path_to_error::deserialize::<_, T>(&mut Deserializer::from_str(json));
    let path = read.err().filter(|error| error.inner().is_data())?.path().to_string();
    // The whole is a point.
    (path != ".").then_some(path)
}

impl From<serde_json::Error> for Malformed {
    fn from(error: serde_json::Error) -> Self {
        let said = error.to_string();
        let reason = match error.classify() {
            // Where a program wrote it on one line, the place says nothing that the field does not say better.
            Category::Data => {
                let place = format!(" at line {} column {}", error.line(), error.column());
                said.strip_suffix(&place).unwrap_or(&said).to_owned()
            }
            _ => format!("this is no JSON: {said}"),
        };
        Self { field: None, reason }
    }
}

#[cfg(test)]
mod tests {
    use article_widget::contract::Article;

    use super::*;

    fn wrong(json: &str) -> String {
        read::<Article>(json).unwrap_err().to_string()
    }

    #[test]
    fn the_field_is_named_and_not_its_column() {
        assert_eq!(
            wrong(r#"{"id":"a","corrections":[{"text":"x"},{"text":["sai"]}]}"#),
            "corrections[1].text: invalid type: sequence, expected a string"
        );
        assert_eq!(wrong(r#"{"title":7}"#), "title: invalid type: integer `7`, expected a string");
        assert_eq!(wrong("7"), "invalid type: integer `7`, expected struct Article");
    }

    #[test]
    fn of_what_is_no_json_the_place_is_told() {
        let told = wrong(r#"{"id":"a","title":}"#);
        assert_eq!(told, "this is no JSON: expected value at line 1 column 19");
        assert!(wrong(r#"{"id":"a"} x"#).starts_with("this is no JSON: trailing characters"));
    }
}
