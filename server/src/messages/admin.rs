//! The words of the pages below `/admin`. Away from the interface's, for those go to every reader of
//! every article; and in no publisher's file, for the pages speak the built-in languages alone.

use std::sync::OnceLock;

use article_widget::contract::Messages;

use super::LANGUAGES;

const FILES: [&str; LANGUAGES.len()] =
    [include_str!("admin/vi.json"), include_str!("admin/en.json")];

/// The words in `language`, one of [`LANGUAGES`]; the first language's for any other.
pub fn of(language: &str) -> &'static Messages {
    static READ: OnceLock<[Messages; LANGUAGES.len()]> = OnceLock::new();
    let read = |file| serde_json::from_str(file).expect("the files are part of the program");
    let place = LANGUAGES.into_iter().position(|known| known == language).unwrap_or_default();
    &READ.get_or_init(|| FILES.map(read))[place]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use regex::Regex;

    use super::*;

    #[test]
    fn every_language_has_the_same_keys() {
        let keys = |language| -> Vec<&str> { of(language).iter().map(|(key, _)| key).collect() };
        for language in LANGUAGES {
            assert_eq!(keys(language), keys(LANGUAGES[0]), "{language}");
            assert!(of(language).iter().all(|(_, words)| !words.is_empty()), "{language}");
            let places = |language, key| places(of(language).get(key));
            for key in keys(language) {
                assert_eq!(places(language, key), places(LANGUAGES[0], key), "{language}, {key}");
            }
        }
    }

    #[test]
    fn the_pages_use_every_key_and_no_other() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let code = [read(&root.join("admin")), read(&root.join("handlers/admin"))].concat();
        let words = of(LANGUAGES[0]);
        let groups: Vec<&str> = words.iter().filter_map(|(key, _)| key.split('.').next()).collect();
        let literals = Regex::new(r#""([a-z_]+)\.([a-z0-9_]+)""#).unwrap();
        for literal in literals.captures_iter(&code).filter(|found| groups.contains(&&found[1])) {
            let key = format!("{}.{}", &literal[1], &literal[2]);
            assert!(words.find(&key).is_some(), "{key} has no words");
        }
        for (key, _) in words.iter() {
            let group = key.split('.').next().unwrap();
            let is_made = code.contains(&format!("\"{group}.{{"));
            assert!(code.contains(&format!("\"{key}\"")) || is_made, "{key} is not used");
        }
    }

    /// What is filled in, whatever its order.
    fn places(words: &str) -> BTreeSet<&str> {
        let starts = words.split('{').skip(1);
        starts.filter_map(|rest| rest.split('}').next()).collect()
    }

    /// All code in the folder.
    fn read(folder: &Path) -> String {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let parts = entries.map(|path| {
            if path.is_dir() { read(&path) } else { std::fs::read_to_string(path).unwrap() }
        });
        parts.collect()
    }
}
