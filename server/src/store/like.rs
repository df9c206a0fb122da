//! Patterns for `like … escape '\'`.

/// Whatever contains the text.
pub(in crate::store) fn containing(text: &str) -> String {
    format!("%{}%", escape(text))
}

/// Whatever begins with the text.
pub(in crate::store) fn beginning(text: &str) -> String {
    format!("{}%", escape(text))
}

/// What stands for others stands for itself.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_for_others_stands_for_itself() {
        assert_eq!(containing(r"100%_\"), r"%100\%\_\\%");
        assert_eq!(beginning("a_"), r"a\_%");
    }
}
