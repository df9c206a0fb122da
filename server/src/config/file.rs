//! Reading the file of settings. What is wrong with it is said without a value: one may be a password.

use std::path::Path;

use super::{ConfigError, Options};

pub(super) fn read(path: &Path) -> Result<Options, ConfigError> {
    let text =
        std::fs::read_to_string(path).map_err(|error| ConfigError::Read(path.to_owned(), error))?;
    toml::from_str(&text).map_err(|error| ConfigError::Parse {
        path: path.to_owned(),
        line: error.span().map_or(1, |span| line(&text, span.start)),
        reason: reason(error.message()),
    })
}

/// Counted from 1.
fn line(text: &str, position: usize) -> usize {
    1 + text.bytes().take(position).filter(|byte| *byte == b'\n').count()
}

/// The parser's message. Of what it says about a value only what was expected is left: serde quotes the value
/// between the two.
fn reason(message: &str) -> String {
    let about_a_value = ["invalid type", "invalid value", "invalid length", "unknown variant"];
    let Some(kind) = about_a_value.into_iter().find(|kind| message.starts_with(kind)) else {
        return message.to_owned();
    };
    // The value may hold the same words.
    let expected = message.rsplit_once(", expected ").map(|(_, expected)| expected);
    expected.map_or_else(|| kind.to_owned(), |expected| format!("{kind}, expected {expected}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of a file with this as its second line.
    fn error(line: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.toml");
        std::fs::write(&path, format!("language = \"vi\"\n{line}\nlog = \"warn\"\n")).unwrap();
        let error = anyhow::Error::from(read(&path).unwrap_err());
        assert!(!format!("{error:?}").contains("t0p"), "neither it nor its causes: {error:?}");
        error.to_string().replace(&path.display().to_string(), "settings.toml")
    }

    #[test]
    fn a_line_with_a_password_in_it_is_named_and_not_quoted() {
        for (line, said) in [
            ("smtp = smtps://user:t0p-secret@mail.news.example", "string values must be quoted"),
            ("smtp = \"smtps://user:t0p-secret@mail.news.example", "invalid basic string"),
            ("smtp = [\"smtps://user:t0p-secret@mail.news.example\"]", "invalid type, expected a"),
            ("mail-editors = \"t0p, expected a word\"", "invalid type, expected a sequence"),
            ("partners = \"t0p-secret\"", "unknown variant, expected `open` or `closed`"),
            ("feedback-days = \"t0p-secret\"", "invalid type, expected u32"),
            ("feedback-days = -7", "invalid value, expected u32"),
            ("listen = \"t0p-secret\"", "invalid socket address syntax"),
            ("trusted-proxies = [\"t0p-secret\"]", "invalid IP address syntax"),
            ("language = \"t0p-secret\"", "duplicate key"),
            ("smpt = \"smtps://user:t0p-secret@mail.news.example\"", "unknown field `smpt`"),
            ("t0p", "key with no value"),
        ] {
            let error = error(line);
            let said = format!("settings.toml, line 2: {said}");
            assert!(error.starts_with(&said), "{line}: {error}");
        }
    }
}
