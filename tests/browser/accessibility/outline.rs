//! What a screen reader makes of an article: Chromium's accessibility tree, written as an outline beside this
//! file. `UPDATE_SNAPSHOTS=1 cargo test --test browser -- outline::` writes it anew; read what changed as one
//! who hears it.

use std::collections::HashMap;
use std::path::Path;

use serde_json::{Value, json};

use super::{click, count_views};
use crate::feedback::open_form;
use crate::scripts::{WATCH, live, saw};
use crate::support::page::{Page, View};
use crate::support::world::World;

const WATCHED: View = View { before: WATCH, ..View::DESKTOP };

const WHY: &str = "no other driver shows what screen readers get";

/// What is told of a node beside its role and its name.
const STATES: [&str; 8] =
    ["level", "expanded", "required", "invalid", "disabled", "checked", "live", "roledescription"];

/// The tree below the first widget, as text: one node a line, what it is before what it says.
async fn outline(page: &Page<'_>) -> String {
    // What is live is laid out last.
    page.widget(0).element(".aw-share summary").await;
    let tree = page.devtools("Accessibility.getFullAXTree", json!({})).await;
    let nodes = tree["nodes"].as_array().expect("a list");
    let by_id: HashMap<&str, &Value> =
        nodes.iter().filter_map(|node| Some((node["nodeId"].as_str()?, node))).collect();
    let article = nodes
        .iter()
        .find(|node| node["role"]["value"] == "article" && node["ignored"] == false)
        .expect("an article");
    let mut text = String::new();
    write(&by_id, article, 0, &mut text);
    text
}

fn write(nodes: &HashMap<&str, &Value>, node: &Value, depth: usize, text: &mut String) {
    let role = node["role"]["value"].as_str().unwrap_or_default();
    let name = node["name"]["value"].as_str().unwrap_or_default().trim();
    // The lines of a text; and what only holds others together.
    let is_told = node["ignored"] == false
        && role != "InlineTextBox"
        && !(matches!(role, "generic" | "none") && name.is_empty())
        && !(role == "StaticText" && name.is_empty());
    if is_told {
        text.push_str(&"  ".repeat(depth));
        text.push_str(if role == "StaticText" { "text" } else { role });
        if !name.is_empty() {
            text.push_str(&format!(" “{name}”"));
        }
        if let Some(described) = node["description"]["value"].as_str().filter(|it| !it.is_empty()) {
            text.push_str(&format!(" described “{described}”"));
        }
        text.push_str(&states(node));
        text.push('\n');
    }
    let below = depth + usize::from(is_told);
    for child in node["childIds"].as_array().into_iter().flatten() {
        let child = child.as_str().and_then(|id| nodes.get(id));
        // A text that says no more than the name above it is not said twice.
        let says_the_same = |child: &Value| {
            is_told
                && child["role"]["value"] == "StaticText"
                && child["name"]["value"].as_str().map(str::trim) == Some(name)
        };
        if let Some(child) = child.filter(|child| !says_the_same(child)) {
            write(nodes, child, below, text);
        }
    }
}

fn states(node: &Value) -> String {
    let properties = node["properties"].as_array().into_iter().flatten();
    let told = properties.filter_map(|property| {
        let name = property["name"].as_str()?;
        let value = &property["value"]["value"];
        let is_plain = *value == false || *value == "false" || value.is_null() || *value == "off";
        if !STATES.contains(&name) || (is_plain && name != "expanded") {
            return None;
        }
        Some(match value {
            Value::Bool(true) => format!(", {name}"),
            Value::String(value) => format!(", {name} {value}"),
            value => format!(", {name} {value}"),
        })
    });
    told.collect()
}

fn assert_outline(name: &str, outline: &str, world: &World) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/browser/accessibility")
        .join(name)
        .with_extension("outline");
    // By its own host the publisher is called where it gave no name.
    let origin = world.publisher.origin();
    let host = origin.trim_start_matches("http://");
    let outline = outline.replace(host, "news.example");
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&file, &outline).expect("the folder is writable");
    }
    let golden = std::fs::read_to_string(&file).unwrap_or_default();
    let at = outline.lines().zip(golden.lines()).position(|(is, was)| is != was);
    let at = at.unwrap_or(golden.lines().count().min(outline.lines().count()));
    assert!(
        outline == golden,
        "{name}, line {}:\n is: {:?}\nwas: {:?}",
        at + 1,
        outline.lines().nth(at),
        golden.lines().nth(at)
    );
}

#[tokio::test]
async fn an_article_is_heard_as_it_is_written() {
    let Some(world) = World::chromium_only(WHY).await else { return };
    count_views(&world).await;
    let page = world.open_in(WATCHED, "short.html").await;
    page.wait_until(&live(1)).await;
    assert_outline("article", &outline(&page).await, &world);
}

#[tokio::test]
async fn a_table_and_what_stands_without_wasm_are_heard() {
    let Some(world) = World::chromium_only(WHY).await else { return };
    let page = world.open_in(WATCHED, "csp-no-wasm.html").await;
    page.wait_until(&saw("ready")).await;
    page.eval("void (seen.length = 0, document.querySelector('article-widget').setAttribute('article', 'ca-phe-vao-vu-hai'))").await;
    page.wait_until(&saw("ready")).await;
    assert_outline("without-wasm", &outline(&page).await, &world);
}

#[tokio::test]
async fn a_menu_and_a_form_are_heard() {
    let Some(world) = World::chromium_only(WHY).await else { return };
    let page = world.open_in(WATCHED, "short.html").await;
    open_form(&page).await;
    click(&page, "form [type=submit]").await;
    page.widget(0).text(".aw-error").await;
    click(&page, ".aw-share summary").await;
    let outline = outline(&page).await;
    // Below the text.
    let from = outline
        .find("DisclosureTriangle")
        .map_or(0, |at| outline[..at].rfind('\n').unwrap_or(0) + 1);
    assert_outline("menu-and-form", &outline[from..], &world);
}
