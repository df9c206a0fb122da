//! The text of an article, where a page was given no HTML of it, or took none; and what stands there until it
//! can be had.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use gloo::events::EventListener;
use gloo::timers::future::TimeoutFuture;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::Element;
use yew::prelude::*;

use super::dom;
use super::fetch::{self, Failure};
use super::page::Page;
use crate::app::{TextPart, TextProps};
use crate::contract::Embed;
use crate::model::{Shared, State};
use crate::read;

/// One text.
pub(super) struct Text {
    mount: Element,
    page: Page,
    on_retry: Callback<()>,
    app: RefCell<Option<AppHandle<TextPart>>>,
    online: RefCell<Option<EventListener>>,
}

impl Text {
    /// Renders what there is; none where `answer` is given and is no such thing.
    pub(super) fn start(mount: Element, answer: JsValue, page: Page) -> Option<Rc<Self>> {
        let state = match answer.is_undefined() {
            true => State::Loading(page.text("lang").into()),
            false => State::Ready(read_whole(answer.clone())?),
        };
        let text = Rc::new_cyclic(|this: &Weak<Self>| {
            let this = this.clone();
            let on_retry = Callback::from(move |()| {
                if let Some(text) = this.upgrade() {
                    text.retry();
                }
            });
            Self { mount, page, on_retry, app: RefCell::default(), online: RefCell::default() }
        });
        let props = TextProps { state, on_retry: text.on_retry.clone() };
        let renderer = yew::Renderer::<TextPart>::with_root_and_props(text.mount.clone(), props);
        *text.app.borrow_mut() = Some(renderer.render());
        if answer.is_undefined() {
            spawn_local(text.clone().load());
        } else {
            spawn_local(text.clone().tell(answer));
        }
        Some(text)
    }

    /// Takes it away.
    pub(super) fn stop(&self) {
        self.online.take();
        if let Some(app) = self.app.take() {
            app.destroy();
        }
    }

    /// A focus on what goes stays within the widget.
    fn show(&self, state: State) {
        let has_focus = dom::has_focus(&self.mount, "*");
        if let Some(app) = &mut *self.app.borrow_mut() {
            app.update(TextProps { state, on_retry: self.on_retry.clone() });
        }
        if has_focus {
            dom::focus_later(&self.mount, ".aw-title, .aw-waiting");
        }
    }

    /// Once it is rendered.
    async fn tell(self: Rc<Self>, answer: JsValue) {
        TimeoutFuture::new(0).await;
        self.page.ready(&answer);
    }

    async fn load(self: Rc<Self>) {
        let lang = || self.page.text("lang").into();
        let failure = match fetch::get(&self.page.text("src")).await {
            Ok(answer) => match read_whole(answer.clone()) {
                Some(embed) => {
                    self.show(State::Ready(embed));
                    return self.tell(answer).await;
                }
                None => Failure::Refused,
            },
            Err(failure) => failure,
        };
        if matches!(failure, Failure::Refused) || dom::navigator().on_line() {
            return self.show(State::Failed(lang()));
        }
        self.show(State::Offline(lang()));
        let text = self.clone();
        let listener = EventListener::once(&dom::window(), "online", move |_| text.retry());
        *self.online.borrow_mut() = Some(listener);
    }

    fn retry(self: &Rc<Self>) {
        self.show(State::Loading(self.page.text("lang").into()));
        spawn_local(self.clone().load());
    }
}

fn read_whole(answer: JsValue) -> Option<Shared<Embed>> {
    read::embed(answer).map(Shared::from)
}
