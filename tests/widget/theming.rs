//! The tables of docs/theming.md hold what there is in the style and in the components, no more and no less.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(ROOT).join(path)).expect("it is part of the source")
}

/// The cells of the table whose header begins with this word, row by row.
fn table(header: &str) -> Vec<Vec<String>> {
    let text = read("docs/theming.md");
    let start = text.find(&format!("| {header} |")).expect("the document has this table");
    let lines = text[start..].lines().skip(2).take_while(|line| line.starts_with('|'));
    let cells = |line: &str| line.trim_matches('|').split(" | ").map(cell).collect();
    lines.map(cells).collect()
}

fn cell(text: &str) -> String {
    text.trim_matches([' ', '|']).to_owned()
}

/// What stands between backticks.
fn code(cell: &str) -> Option<&str> {
    cell.strip_prefix('`')?.strip_suffix('`')
}

fn names(header: &str) -> BTreeSet<String> {
    table(header).iter().filter_map(|row| code(&row[0])).map(str::to_owned).collect()
}

/// What follows each `before` in `text`, up to the first character that `ends` it.
fn all<'a>(text: &'a str, before: &'a str, ends: &'a [char]) -> impl Iterator<Item = &'a str> {
    text.split(before).skip(1).map(move |rest| rest.split(ends).next().unwrap_or_default())
}

#[test]
fn every_property_of_the_style_is_in_the_table_and_the_other_way_round() {
    let css = read("www/article.css");
    let used = all(&css, "var(--aw-", &[',', ')']).map(|name| format!("--aw-{name}"));
    assert_eq!(used.collect::<BTreeSet<_>>(), names("property"));
}

#[test]
fn the_defaults_in_the_table_are_the_styles() {
    let css = read("www/article.css");
    let mut checked = 0;
    for row in table("property") {
        let name = code(&row[0]).expect("a name");
        let Some(default) = code(&row[2]) else { continue };
        let dark = row.get(3).and_then(|dark| code(dark));
        let written = match dark {
            Some(dark) => format!("var({name}, light-dark({default}, {dark}))"),
            None => format!("var({name}, {default})"),
        };
        assert!(css.contains(&written), "{written}");
        // Where light-dark() is not to be had.
        assert!(css.contains(&format!("var({name}, {default})")), "{name}");
        checked += 1;
    }
    assert!(checked > 10, "{checked}");
}

#[test]
fn every_part_of_the_components_is_in_the_table_and_the_other_way_round() {
    let mut parts = BTreeSet::new();
    for file in fs::read_dir(Path::new(ROOT).join("src/components")).expect("it is there") {
        let text = fs::read_to_string(file.expect("readable").path()).expect("readable");
        for names in all(&text, " part=\"", &['"']) {
            parts.extend(names.split(' ').map(str::to_owned));
        }
    }
    // Of what stands there without the component.
    parts.extend(all(&read("www/inline.js"), "\"part\", \"", &['"']).map(str::to_owned));
    parts.extend(
        all(&read("src/components.rs"), " part=\"", &['"'])
            .flat_map(|names| names.split(' '))
            .map(str::to_owned),
    );
    assert_eq!(parts, names("part"));
}

#[test]
fn what_the_themes_say_is_in_the_tables() {
    let (properties, parts) = (names("property"), names("part"));
    for theme in ["gazette", "harbour", "terrace"] {
        let css = read(&format!("www/themes/{theme}.css"));
        for name in all(&css, "  --aw-", &[':']) {
            assert!(properties.contains(&format!("--aw-{name}")), "{theme}: {name}");
        }
        for name in all(&css, "::part(", &[')']) {
            assert!(parts.contains(name), "{theme}: {name}");
        }
        assert!(read("docs/theming.md").contains(&format!("`{theme}`")), "{theme}");
    }
}

/// The widget's own width decides, and never the window's; and nothing moves by itself.
#[test]
fn the_style_asks_for_no_width_of_the_window_and_moves_nothing() {
    let css = read("www/article.css");
    let asked: Vec<_> = all(&css, "@media", &['{']).collect();
    assert!(asked.len() >= 4, "{asked:?}");
    assert!(asked.iter().all(|query| !query.contains("width")), "{asked:?}");
    for word in ["transition", "animation", "scroll-behavior", "@keyframes", "!important"] {
        assert!(!css.contains(word), "{word}");
    }
}
