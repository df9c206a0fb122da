//! A page in a browser of its own, and what a test asks of it. Everything panics with the page's
//! console, for a test has no better use of an error.

use std::marker::PhantomData;
use std::time::{Duration, Instant};

use base64::Engine as _;
use fantoccini::Client;
use fantoccini::actions::{
    InputSource as _, KeyAction, KeyActions, MOUSE_BUTTON_LEFT, PointerAction, TouchActions,
};
use fantoccini::elements::{Element, ElementRef};
use fantoccini::error::CmdError;
use fantoccini::key::Key;
use serde_json::Value;

use super::driver::{Driver, Engine, Eyes, chromium};
use super::world::World;

/// How long a condition may take to become true.
const PATIENCE: Duration = Duration::from_secs(30);
const BETWEEN_TRIES: Duration = Duration::from_millis(25);
/// WebDriver's name for a reference to an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Scrolls to an element until it stays where it is: what opened or got the focus may be moving still.
const SCROLL: &str = "
    const [element] = arguments;
    return (async () => {
      let before;
      for (let i = 0; i < 60; i++) {
        element.scrollIntoView({ block: 'center', behavior: 'instant' });
        const { top } = element.getBoundingClientRect();
        if (top === before) return;
        before = top;
        await new Promise(requestAnimationFrame);
      }
    })()";

/// What a page is looked at with.
#[derive(Clone, Copy)]
pub(crate) struct View {
    /// In CSS pixels.
    pub(crate) width: u32,
    /// In CSS pixels.
    pub(crate) height: u32,
    /// Whether the reader prefers dark pages.
    pub(crate) dark: bool,
    /// Whether it is pointed at with a finger. In WebKit a mouse stands in for it.
    pub(crate) touch: bool,
    /// The size of text that the reader has chosen in the browser's settings, in CSS pixels.
    pub(crate) text: u32,
    /// JavaScript that runs in every document before its own.
    pub(crate) before: &'static str,
}

impl View {
    /// A desktop's window, light.
    pub(crate) const DESKTOP: Self =
        Self { width: 1280, height: 900, dark: false, touch: false, text: 16, before: "" };
    /// A small phone, light.
    pub(crate) const PHONE: Self = Self { width: 360, height: 740, ..Self::DESKTOP };
}

/// An open page. Dropping it ends its browser.
pub(crate) struct Page<'world> {
    /// What is not wrapped here.
    pub(crate) client: Client,
    session: String,
    driver: Driver,
    _world: PhantomData<&'world World>,
}

impl Drop for Page<'_> {
    fn drop(&mut self) {
        self.driver.quit(&self.session);
    }
}

impl<'world> Page<'world> {
    /// Opens `url` in a new browser and waits for the page's `load`.
    pub(crate) async fn open(world: &'world World, url: &str, view: View) -> Self {
        let driver = Driver::start();
        let client =
            driver.browser(&view, &format!("http://{}", world.partner.network.address())).await;
        let session = client.session_id().await.ok().flatten().expect("a new session has an id");
        let page = Self { client, session, driver, _world: PhantomData };
        page.go(url).await;
        page
    }

    /// Goes to `url` in the same browser and waits for the page's `load`.
    pub(crate) async fn go(&self, url: &str) {
        self.client.goto(url).await.unwrap_or_else(|error| panic!("{url}: {error}"));
    }

    /// The value of a JavaScript expression, as JSON; a promise's, once it is kept.
    pub(crate) async fn eval(&self, expression: &str) -> Value {
        self.try_eval(expression).await.unwrap_or_else(|error| panic!("`{expression}`: {error}"))
    }

    async fn try_eval(&self, expression: &str) -> Result<Value, CmdError> {
        // Firefox runs its driver's scripts with a global of their own, whose `window` is the page's.
        let script = format!("return ({expression})").replace("globalThis.", "window.");
        self.client.execute(&script, vec![]).await
    }

    /// Waits until a JavaScript expression is true and gives its value.
    pub(crate) async fn wait_until(&self, condition: &str) -> Value {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let value = match self.try_eval(condition).await {
                // A page that gives way to the next one answers no more; what comes after it does.
                Err(error) if error.to_string().contains("unload event") => Value::Null,
                value => value.unwrap_or_else(|error| panic!("`{condition}`: {error}")),
            };
            if !matches!(value, Value::Null | Value::Bool(false)) {
                return value;
            }
            if Instant::now() > deadline {
                let console = self.console().await.join("\n");
                panic!("not true in {} s: `{condition}`\nconsole:\n{console}", PATIENCE.as_secs());
            }
            tokio::time::sleep(BETWEEN_TRIES).await;
        }
    }

    /// The text of the first element that matches `selector` in the first widget, once it is there.
    pub(crate) async fn shadow_text(&self, selector: &str) -> String {
        self.widget(0).text(selector).await
    }

    /// The `index`th widget of the page.
    pub(crate) fn widget(&self, index: usize) -> Widget<'_> {
        Widget { page: self, index }
    }

    /// What the console has received since the last call, `LEVEL text`; of the document that is looked at
    /// alone, and without what the network says, but in Chromium.
    pub(crate) async fn console(&self) -> Vec<String> {
        if self.driver.engine == Engine::Chromium {
            return chromium::console(&self.client).await;
        }
        let lines = self.eval("globalThis.__console?.() ?? []").await;
        let lines = lines.as_array().into_iter().flatten();
        lines.filter_map(|line| line.as_str().map(str::to_owned)).collect()
    }

    /// Waits until the console has received a line of `level` that contains `text`.
    pub(crate) async fn wait_for_console(&self, level: &str, text: &str) {
        let deadline = Instant::now() + PATIENCE;
        let mut console = Vec::new();
        while Instant::now() < deadline {
            console.extend(self.console().await);
            if console.iter().any(|line| line.starts_with(level) && line.contains(text)) {
                return;
            }
            tokio::time::sleep(BETWEEN_TRIES).await;
        }
        panic!("no {level} `{text}` in {} s; console:\n{}", PATIENCE.as_secs(), console.join("\n"));
    }

    /// Fails if the console has received an error: a script's, a policy's, or a missing file's.
    pub(crate) async fn assert_no_console_error(&self) {
        let mut console = self.console().await;
        console.retain(|line| line.starts_with("SEVERE"));
        assert!(console.is_empty(), "errors in the console:\n{}", console.join("\n"));
    }

    /// Saves the whole page as target/screenshots/NAME.png, with the engine behind the name.
    pub(crate) async fn screenshot(&self, name: &str) {
        let picture = self.driver.picture(&self.client).await;
        let picture = base64::engine::general_purpose::STANDARD
            .decode(picture.as_str().expect("a picture is text"))
            .expect("a picture is base64");
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/target/screenshots");
        std::fs::create_dir_all(folder).expect("target/ is writable");
        let file = format!("{folder}/{name}{}.png", self.driver.engine.suffix());
        std::fs::write(file, picture).expect("target/ is writable");
    }

    /// The page on paper of that size in centimetres, as a PDF in base64.
    pub(crate) async fn print(&self, width: f64, height: f64) -> String {
        self.driver.print(&self.client, width, height).await
    }

    /// Presses keys one after the other, wherever the focus is.
    pub(crate) async fn press(&self, keys: &[Key]) {
        let mut actions = KeyActions::new("keyboard".to_owned());
        for &key in keys {
            let value = char::from(key);
            actions = actions.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        }
        self.client.perform_actions(actions).await.expect("keys can be pressed");
    }

    /// Taps the middle of an element with a finger, where the engine has one, after scrolling to it.
    pub(crate) async fn tap(&self, element: Element) {
        let reference = Value::from_iter([(ELEMENT, element.element_id().to_string())]);
        self.client.execute(SCROLL, vec![reference]).await.expect("it is in the page");
        let place = PointerAction::MoveToElement { element, duration: None, x: 0.0, y: 0.0 };
        let press = PointerAction::Down { button: MOUSE_BUTTON_LEFT };
        let release = PointerAction::Up { button: MOUSE_BUTTON_LEFT };
        let finger = TouchActions::new("finger".to_owned()).then(place).then(press).then(release);
        self.client.perform_actions(finger).await.expect("a finger can do that");
    }

    /// Shows the page as another reader, or a printer, sees it; none of them, where there is nothing in the list.
    /// See [`World::unless_webkit`].
    pub(crate) async fn emulate(&self, eyes: &[Eyes]) {
        self.driver.emulate(&self.client, eyes).await;
    }

    /// Calls a method of the DevTools protocol: see [`World::chromium_only`].
    pub(crate) async fn devtools(&self, method: &str, parameters: Value) -> Value {
        chromium::devtools(&self.client, method, parameters).await
    }
}

/// One widget of a page: an `<article-widget>` and what its shadow root holds.
pub(crate) struct Widget<'page> {
    page: &'page Page<'page>,
    index: usize,
}

impl Widget<'_> {
    /// A JavaScript expression for the first element that matches, null or undefined if none does.
    pub(crate) fn find(&self, selector: &str) -> String {
        let index = self.index;
        let selector = Value::from(selector);
        format!(
            "document.querySelectorAll('article-widget')[{index}]?.shadowRoot?.querySelector({selector})"
        )
    }

    /// The text of the first element that matches, once it is there.
    pub(crate) async fn text(&self, selector: &str) -> String {
        let text = self.page.wait_until(&format!("{}?.textContent", self.find(selector))).await;
        text.as_str().unwrap_or_default().trim().to_owned()
    }

    /// The first element that matches, once it is there and laid out: to be clicked or typed into as a
    /// reader does it.
    pub(crate) async fn element(&self, selector: &str) -> Element {
        let laid_out = "(element) => (element?.getClientRects().length ? element : null)";
        let found = self.page.wait_until(&format!("({laid_out})({})", self.find(selector))).await;
        let id = found[ELEMENT].as_str().expect("an element has a reference").to_owned();
        Element::from_element_id(self.page.client.clone(), ElementRef::from(id))
    }
}
