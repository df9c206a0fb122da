//! What may stand in words.

use std::sync::LazyLock;

use regex::Regex;

use super::{Forms, OTHER, counted};

/// No words are longer, in characters: three times the longest of ours.
const LONGEST: usize = 2_000;

/// Where something is filled in.
static PLACE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\{[^{}]*\}"));
/// What a browser would take for markup.
static MARKUP: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"<[A-Za-z/!?][^<>]*>?|&#?[0-9A-Za-z]+;"));

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("it is part of the program")
}

/// What is wrong with words that stand for those of `model`.
pub(super) fn words(words: &str, model: &str, may_be_empty: bool) -> Option<String> {
    if words.trim().is_empty() {
        return (!may_be_empty).then(|| "is empty".to_owned());
    }
    plain(words, model).or_else(|| places(words, &of(model), &[]))
}

/// What is wrong with the forms of words with a number, in a language that tells `categories` apart.
pub(super) fn forms(forms: &Forms, categories: &[&str]) -> Vec<String> {
    let mut wrong: Vec<String> = Vec::new();
    wrong.extend(forms.twice().map(|category| format!("{category:?} stands there twice")));
    if forms.get(OTHER).is_none() {
        wrong.push(format!("{OTHER:?} is missing"));
    }
    for (category, words) in &forms.0 {
        if !categories.contains(&category.as_str()) {
            let all = categories.join(", ");
            wrong.push(format!("{category:?} is none of its forms in this language ({all})"));
        } else if words.trim().is_empty() {
            wrong.push(format!("{category:?} is empty"));
        } else {
            // "One view" needs no number; what stands for many does.
            let needed: &[&str] = if category == OTHER { &[counted::COUNT] } else { &[] };
            wrong.extend(plain(words, "").or_else(|| places(words, needed, &[counted::COUNT])));
        }
    }
    wrong
}

fn plain(words: &str, model: &str) -> Option<String> {
    if words.chars().count() > LONGEST {
        return Some(format!("is longer than {LONGEST} characters"));
    }
    // Marks that turn the direction of all that follows them.
    let turns = |c: char| ('\u{202a}'..='\u{202e}').contains(&c);
    if words.contains(|c: char| c.is_control() || turns(c)) {
        return Some("holds a control character".to_owned());
    }
    let tag = |found: &str| {
        found.trim_start_matches(['<', '/']).split([' ', '>']).next().unwrap_or_default().to_owned()
    };
    let of_model: Vec<String> = MARKUP.find_iter(model).map(|found| tag(found.as_str())).collect();
    let strange = MARKUP.find_iter(words).find(|found| !of_model.contains(&tag(found.as_str())));
    strange.map(|found| format!("holds HTML ({}), which is shown as it stands", found.as_str()))
}

/// Every place that is needed stands in the words, and none that is neither needed nor allowed.
fn places(words: &str, needed: &[&str], allowed: &[&str]) -> Option<String> {
    let own = of(words);
    if let Some(missing) = needed.iter().find(|place| !own.contains(place)) {
        return Some(format!("{missing} has to stand in it"));
    }
    if let Some(strange) = own.iter().find(|place| ![needed, allowed].concat().contains(place)) {
        return Some(format!("nothing stands in for {strange} here"));
    }
    let rest = PLACE.replace_all(words, "");
    rest.contains(['{', '}']).then(|| "holds a brace that is not part of a pair".to_owned())
}

fn of(words: &str) -> Vec<&str> {
    PLACE.find_iter(words).map(|place| place.as_str()).collect()
}
