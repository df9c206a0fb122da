//! What a host may say of the looks, by custom properties, parts, attributes and `color-scheme`: it comes true;
//! and no colour that it takes makes a word unreadable.

use serde_json::{Value, json};

use crate::feedback::{open_form, submit};
use crate::scripts::{WATCH, live};
use crate::support::page::{Page, View};
use crate::support::world::World;

const WATCHED: View = View { before: WATCH, ..View::DESKTOP };
const WIDGET: &str =
    "<article-widget src='https://news.example' article='ca-phe-vao-vu-hai'></article-widget>
    <script async src='https://news.example/embed.js'></script>";
const LIGHT: &str = "rgb(255, 255, 255)";
const DARK: &str = "rgb(24, 22, 20)";

/// What has words or is a picture or a field, without a part of its own or one around it that says how it looks.
const UNSTYLED: &str = "
    globalThis.unstyled = (root) => {
      // These hold others, and say nothing of how words look.
      const holders = ['article', 'figure', 'actions', 'share', 'menu', 'panel', 'rating', 'passage', 'most-read'];
      const shows = (element) =>
        /^(IMG|INPUT|TEXTAREA|SELECT|HR|PRE|TABLE)$/.test(element.tagName) ||
        [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
      const isStyled = (element) => {
        const part = element.closest('[part]')?.getAttribute('part').split(' ') ?? [];
        return part.length > 0 && !part.every((name) => holders.includes(name));
      };
      return [...root.querySelectorAll('*')]
        .filter((element) => !element.closest('.aw-trap') && shows(element) && !isStyled(element))
        .map((element) => element.outerHTML.slice(0, 120));
    };";

/// The least contrast of any visible words with the ground that they stand on, and which words those are; by
/// WCAG's formula, of the colours as the browser paints them.
const CONTRAST: &str = "
    globalThis.contrast = (root) => {
      const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
      const painted = (colour, ground) => {
        for (const style of [ground, colour]) {
          context.fillStyle = style;
          context.fillRect(0, 0, 1, 1);
        }
        return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
      };
      const luminance = (rgb) => {
        const [r, g, b] = rgb.map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const ground = (element) => {
        if (!(element instanceof Element)) return 'white';
        return `rgb(${painted(getComputedStyle(element).backgroundColor, ground(element.parentNode))})`;
      };
      const ratio = (element, pseudo) => {
        const [a, b] = [getComputedStyle(element, pseudo).color, ground(element)].map((colour) => luminance(painted(colour, 'white')));
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      };
      const found = [...root.querySelectorAll('*')]
        .filter((element) => element.getClientRects().length && !element.closest('[aria-disabled]'))
        .flatMap((element) => {
          const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
          const ranked = element.matches('.aw-ranks li');
          return own || ranked ? [{ ratio: ratio(element, ranked ? '::before' : null), words: element.className + ': ' + element.textContent.trim().slice(0, 40) }] : [];
        });
      return { count: found.length, least: found.sort((a, b) => a.ratio - b.ratio)[0] };
    };";

async fn open<'world>(world: &'world World, view: View, html: &str) -> Page<'world> {
    world.write_page("theming-test.html", &format!("<!doctype html>{html}"));
    let page = world.open_in(view, "theming-test.html").await;
    page.widget(0).text(".aw-title").await;
    page
}

/// A computed value of the first element that matches.
async fn computed(page: &Page<'_>, selector: &str, property: &str) -> String {
    let style = format!("getComputedStyle({})", page.widget(0).find(selector));
    let value = page.eval(&format!("{style}.getPropertyValue('{property}')")).await;
    value.as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn everything_visible_has_a_part() {
    let world = World::start().await;
    let before = [WATCH, UNSTYLED].concat().leak();
    let page = open(&world, View { before, ..View::DESKTOP }, WIDGET).await;
    let all = "fetch('https://news.example/v1/articles').then((answer) => answer.json()).then((list) => Promise.all(
        list.articles.map(({ id }) => fetch(`https://news.example/v1/embed/${id}`).then((answer) => answer.json()))
      )).then((embeds) => embeds.map(({ article, html }) => {
        const parsed = new DOMParser().parseFromString(html, 'text/html');
        return [article.id, unstyled(parsed.body)];
      }))";
    let samples = page.eval(&all.replace("https://news.example", &world.publisher.origin())).await;
    let samples = samples.as_array().expect("a list");
    assert_eq!(samples.len(), world.publisher.titles().len());
    for sample in samples {
        assert_eq!(sample[1], json!([]), "{}", sample[0]);
    }

    // And what only a running script shows.
    page.wait_until(&live(1)).await;
    let shown = "unstyled(document.querySelector('article-widget').shadowRoot)";
    open_form(&page).await;
    submit(&page).await;
    page.widget(0).text(".aw-error").await;
    assert_eq!(page.eval(shown).await, json!([]), "a form with errors");
    page.widget(0).element(".aw-rating button").await.click().await.expect("it can be clicked");
    page.widget(0).element("#aw-rating-word").await;
    assert_eq!(page.eval(shown).await, json!([]), "a word on the rating");
}

#[tokio::test]
async fn what_has_no_part_is_found() {
    let world = World::start().await;
    let before = [WATCH, UNSTYLED].concat().leak();
    let page = open(&world, View { before, ..View::DESKTOP }, WIDGET).await;
    let article = page.widget(0).find(".aw");
    page.eval(&format!("void {article}.append(document.createElement('input'))")).await;
    let found = page.eval("unstyled(document.querySelector('article-widget').shadowRoot)").await;
    assert_eq!(found, json!(["<input>"]));
}

/// Property, value, an element, and what has to be computed of it.
const PROPERTIES: [(&str, &str, &str, &str, &str); 21] = [
    ("--aw-ink", "#123456", ".aw", "color", "rgb(18, 52, 86)"),
    ("--aw-paper", "#fedcba", ".aw", "background-color", "rgb(254, 220, 186)"),
    ("--aw-muted", "#123456", ".aw-caption", "color", "rgb(18, 52, 86)"),
    ("--aw-line", "#123456", ".aw td", "border-bottom-color", "rgb(18, 52, 86)"),
    ("--aw-wash", "#fedcba", ".aw-image", "background-color", "rgb(254, 220, 186)"),
    ("--aw-accent", "#123456", ".aw", "border-top-color", "rgb(18, 52, 86)"),
    ("--aw-link", "#123456", ".aw-body .aw-link", "color", "rgb(18, 52, 86)"),
    ("--aw-button", "#123456", ".aw-primary", "background-color", "rgb(18, 52, 86)"),
    ("--aw-button-ink", "#123456", ".aw-primary", "color", "rgb(18, 52, 86)"),
    ("--aw-error", "#123456", ".aw-error", "color", "rgb(18, 52, 86)"),
    ("--aw-font-title", "monospace", ".aw-title", "font-family", "monospace"),
    ("--aw-font-text", "monospace", ".aw-body p", "font-family", "monospace"),
    ("--aw-title-weight", "300", ".aw-title", "font-weight", "300"),
    ("--aw-size", "24px", ".aw", "font-size", "24px"),
    ("--aw-line-height", "2", ".aw-body", "line-height", "34px"),
    ("--aw-measure", "100%", ".aw", "padding-left", "32px"),
    ("--aw-space", "7px", ".aw-body p", "margin-bottom", "7px"),
    ("--aw-padding", "0", ".aw", "padding-bottom", "0px"),
    ("--aw-radius", "9px", ".aw-input", "border-radius", "9px"),
    ("--aw-button-radius", "9px", ".aw-button", "border-radius", "9px"),
    ("--aw-image-radius", "9px", ".aw-image", "border-radius", "9px"),
];

#[tokio::test]
async fn each_property_does_what_the_table_says() {
    let world = World::start().await;
    let page = open(&world, WATCHED, WIDGET).await;
    page.wait_until(&live(1)).await;
    open_form(&page).await;
    submit(&page).await;
    page.widget(0).text(".aw-error").await;
    for (name, value, selector, property, expected) in PROPERTIES {
        let set = |value: &str| {
            format!(
                "void document.querySelector('article-widget').style.setProperty('{name}', '{value}')"
            )
        };
        assert_ne!(computed(&page, selector, property).await, expected, "{name} unset");
        page.eval(&set(value)).await;
        assert_eq!(computed(&page, selector, property).await, expected, "{name}");
        page.eval(&set("")).await;
    }
    // The ring, and the numbers, which are a pseudo-element's.
    page.eval(
        "void document.querySelector('article-widget').style.setProperty('--aw-focus', '#123456')",
    )
    .await;
    let input = page.widget(0).find(".aw-input[name=phone]");
    page.eval(&format!("void {input}.focus()")).await;
    assert_eq!(computed(&page, ".aw-input[name=phone]", "outline-color").await, "rgb(18, 52, 86)");
}

#[tokio::test]
async fn the_page_says_whether_it_is_light_or_dark() {
    let world = World::start().await;
    let reader = View { dark: true, ..WATCHED };
    for (style, expected) in [
        ("", LIGHT),
        ("<style>:root { color-scheme: light }</style>", LIGHT),
        ("<style>:root { color-scheme: light dark }</style>", DARK),
        ("<meta name='color-scheme' content='light dark'>", DARK),
        ("<style>article-widget { color-scheme: dark }</style>", DARK),
    ] {
        let page = open(&world, reader, &format!("{style}{WIDGET}")).await;
        assert_eq!(computed(&page, ".aw", "background-color").await, expected, "{style}");
    }
    let style = "<style>:root { color-scheme: light } .night { color-scheme: dark }</style>";
    let page = open(&world, WATCHED, &format!("{style}{WIDGET}")).await;
    let attribute = |value: &str| {
        format!("void document.querySelector('article-widget').setAttribute('theme', '{value}')")
    };
    page.eval("void document.body.classList.add('night')").await;
    assert_eq!(computed(&page, ".aw", "background-color").await, DARK, "switched by a class");
    page.eval(&attribute("light")).await;
    assert_eq!(computed(&page, ".aw", "background-color").await, LIGHT, "against the page");
    page.eval("void document.body.classList.remove('night')").await;
    page.eval(&attribute("dark")).await;
    assert_eq!(computed(&page, ".aw", "background-color").await, DARK, "against the page");
    assert_eq!(computed(&page, ".aw", "color-scheme").await, "dark", "fields and scrollbars too");
}

#[tokio::test]
async fn font_and_size_of_the_page_are_had_on_request() {
    let world = World::start().await;
    let style = "<style>html { font-size: 62.5% } body { font: italic 700 22px/3 cursive }</style>";
    let page = open(&world, WATCHED, &format!("{style}{WIDGET}")).await;
    let text = |property| computed(&page, ".aw-body p", property);
    assert!(text("font-family").await.starts_with("system-ui"));
    assert_eq!(text("font-size").await, "17px", "of the reader's 16");
    assert_eq!(text("font-style").await, "normal");

    page.eval("void document.querySelector('article-widget').setAttribute('font', 'host')").await;
    page.eval(
        "void document.querySelector('article-widget').style.setProperty('--aw-size', '1em')",
    )
    .await;
    assert_eq!(text("font-family").await, "cursive");
    assert_eq!(computed(&page, ".aw-title", "font-family").await, "cursive");
    assert_eq!(computed(&page, ".aw-button", "font-family").await, "cursive");
    assert_eq!(computed(&page, ".aw", "font-size").await, "22px");
    assert_eq!(text("font-style").await, "normal", "the family and nothing else");
    assert_eq!(text("font-weight").await, "400");
    page.eval("void document.querySelector('article-widget').style.setProperty('--aw-font-title', 'fantasy')").await;
    assert_eq!(computed(&page, ".aw-title", "font-family").await, "fantasy");
    assert_eq!(text("font-family").await, "cursive");
}

#[tokio::test]
async fn what_the_page_hands_down_ends_at_the_widget() {
    let world = World::start().await;
    let style = "<style>* { letter-spacing: 9px !important; text-transform: uppercase !important;
        cursor: wait !important; text-align: right !important; word-spacing: 9px !important;
        white-space: nowrap !important; text-indent: 9px !important; font-variant: small-caps !important;
        color: red !important; line-height: 3 !important; -webkit-user-select: none !important;
        user-select: none !important; text-shadow: 1px 1px red !important; list-style: none !important }</style>";
    let page = open(&world, WATCHED, &format!("{style}{WIDGET}")).await;
    for (selector, property, expected) in [
        (".aw-body p", "letter-spacing", "normal"),
        (".aw-body p", "text-transform", "none"),
        (".aw-body p", "cursor", "auto"),
        (".aw-body p", "text-align", "start"),
        (".aw-body p", "word-spacing", "0px"),
        (".aw-body p", "text-indent", "0px"),
        (".aw-body p", "font-variant-caps", "normal"),
        (".aw-body p", "color", "rgb(27, 26, 24)"),
        (".aw-body p", "text-shadow", "none"),
        (".aw-body ul", "list-style-type", "disc"),
    ] {
        assert_eq!(computed(&page, selector, property).await, expected, "{property}");
    }
    // Its words can be selected, also where the page's cannot.
    assert_eq!(computed(&page, ".aw-mount", "-webkit-user-select").await, "text");
}

#[tokio::test]
async fn the_element_is_the_pages_to_place_and_to_hide() {
    let world = World::start().await;
    let page = open(&world, WATCHED, WIDGET).await;
    let look = |style: &str| {
        format!(
            "(() => {{ const element = document.querySelector('article-widget'); element.style.cssText = '{style}';
                const {{ width, height, left }} = element.getBoundingClientRect();
                const {{ visibility }} = getComputedStyle(element.shadowRoot.querySelector('.aw-title'));
                return {{ width, height: Math.min(height, 1), left, visibility }}; }})()"
        )
    };
    let seen = page.eval(&look("width: 300px; margin-left: 40px")).await;
    assert_eq!(
        (&seen["width"], &seen["left"]),
        (&json!(300), &json!(48)),
        "with the body's margin"
    );
    let seen = page.eval(&look("display: none")).await;
    assert_eq!(seen["height"], 0);
    let seen = page.eval(&look("visibility: hidden")).await;
    assert_eq!(seen["visibility"], "hidden");
    page.eval("void document.querySelector('article-widget').toggleAttribute('hidden')").await;
    assert_eq!(page.eval(&look("")).await["height"], 0);
}

/// The least contrast in the page, with a form open.
async fn least_contrast(page: &Page<'_>) -> Value {
    let seen = page.eval("contrast(document.querySelector('article-widget').shadowRoot)").await;
    assert!(seen["count"].as_u64() > Some(30), "it looked at something: {seen}");
    seen["least"].clone()
}

fn assert_readable(least: &Value, what: &str) {
    assert!(least["ratio"].as_f64() >= Some(4.5), "{what}: {least}");
}

/// With the menu and a form with errors open, in a page of the publisher's list of themes.
async fn open_all<'world>(world: &'world World) -> Page<'world> {
    let before = [WATCH, CONTRAST].concat().leak();
    let page = world.open_in(View { before, ..View::DESKTOP }, "theming.html").await;
    page.wait_until(&live(1)).await;
    page.widget(0).element(".aw-share summary").await.click().await.expect("it can be clicked");
    open_form(&page).await;
    submit(&page).await;
    page.widget(0).text(".aw-error").await;
    page
}

/// Chooses in the form of `theming.html` as a person does.
async fn choose(page: &Page<'_>, field: &str, value: &str) {
    page.eval(&format!(
        "(() => {{ const field = document.forms[0].elements['{field}'];
            if (field.type === 'checkbox') field.checked = {value:?} === 'on'; else field.value = '{value}';
            field.dispatchEvent(new Event('input', {{ bubbles: true }})); }})()"
    ))
    .await;
}

#[tokio::test]
async fn every_theme_can_be_read_in_light_and_dark() {
    let world = World::start().await;
    let page = open_all(&world).await;
    let mut papers = Vec::new();
    for theme in ["", "gazette", "harbour", "terrace"] {
        choose(&page, "theme", theme).await;
        for scheme in ["", "night"] {
            choose(&page, "scheme", scheme).await;
            let accent = format!("getComputedStyle({}).borderTopColor", page.widget(0).find(".aw"));
            let inks = format!("getComputedStyle({}).color", page.widget(0).find(".aw"));
            if !theme.is_empty() {
                // Its sheet is there.
                page.wait_until(&format!("!{papers:?}.includes({inks} + {accent})")).await;
            }
            let seen = page.eval(&format!("{inks} + {accent}")).await;
            papers.push(seen.as_str().unwrap_or_default().to_owned());
            assert_readable(&least_contrast(&page).await, &format!("{theme} {scheme}"));
            let name = if theme.is_empty() { "default" } else { theme };
            page.screenshot(&format!(
                "theme-{name}-{}",
                if scheme.is_empty() { "day" } else { scheme }
            ))
            .await;
        }
    }
    page.assert_no_console_error().await;
}

#[tokio::test]
async fn any_accent_can_be_read() {
    let world = World::start().await;
    let page = open_all(&world).await;
    choose(&page, "accented", "on").await;
    for accent in [
        "#ffff00", "#ffffff", "#000000", "#00ff00", "#0000ff", "#ff00ff", "#808080", "#ff6a00",
        "#3d85c6",
    ] {
        choose(&page, "accent", accent).await;
        let button = computed(&page, ".aw-primary", "background-color").await;
        assert_ne!(button, "rgb(155, 28, 31)", "it is taken");
        for scheme in ["", "night"] {
            choose(&page, "scheme", scheme).await;
            assert_readable(&least_contrast(&page).await, &format!("{accent} {scheme}"));
        }
    }
}

#[tokio::test]
async fn a_contrast_that_is_too_low_is_found() {
    let world = World::start().await;
    let page = open_all(&world).await;
    page.eval(
        "void document.querySelector('article-widget').style.setProperty('--aw-muted', '#999')",
    )
    .await;
    assert!(least_contrast(&page).await["ratio"].as_f64() < Some(3.0));
}

#[tokio::test]
async fn a_part_is_the_pages_to_style() {
    let world = World::start().await;
    let style = "<style>article-widget::part(title) { text-transform: uppercase } article-widget::part(image) { border: 3px solid red }</style>";
    let page = open(&world, WATCHED, &format!("{style}{WIDGET}")).await;
    assert_eq!(computed(&page, ".aw-title", "text-transform").await, "uppercase");
    assert_eq!(computed(&page, ".aw-image", "border-top-width").await, "3px");
}

#[tokio::test]
async fn the_short_snippet_takes_the_font_too() {
    let world = World::start().await;
    let script =
        "<body style='font-family: cursive'><script async src='https://news.example/embed.js'
        data-article='ca-phe-vao-vu-hai' data-font='host'></script>";
    let page = open(&world, WATCHED, script).await;
    assert_eq!(computed(&page, ".aw-title", "font-family").await, "cursive");
}

/// As one that knows neither `light-dark()` nor relative colours takes the style.
#[tokio::test]
async fn an_older_browser_shows_it_light_and_readable() {
    const OLD: &str = "
        const { replaceSync } = CSSStyleSheet.prototype;
        globalThis.replaced = 0;
        CSSStyleSheet.prototype.replaceSync = function (css) {
          const condition = /light-dark\\(oklch\\(from red l c h\\), ?red\\)/;
          replaced += condition.test(css);
          return replaceSync.call(this, css.replace(condition, 'no-such-colour'));
        };";
    let world = World::start().await;
    let before = [WATCH, CONTRAST, OLD].concat().leak();
    let style = "<style>:root { color-scheme: light dark }</style>";
    let page =
        open(&world, View { before, dark: true, ..View::DESKTOP }, &format!("{style}{WIDGET}"))
            .await;
    assert_eq!(page.eval("replaced").await, 1);
    page.wait_until(&live(1)).await;
    open_form(&page).await;
    submit(&page).await;
    page.widget(0).text(".aw-error").await;
    assert_eq!(computed(&page, ".aw", "background-color").await, LIGHT);
    assert_eq!(computed(&page, ".aw", "color").await, "rgb(27, 26, 24)");
    assert_readable(&least_contrast(&page).await, "an older browser");
}
