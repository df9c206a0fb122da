//! One widget in a page: owns the component's props, changes them by what the reader does.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use gloo::events::EventListener;
use gloo::timers::future::TimeoutFuture;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Element;
use yew::prelude::*;

use super::engagement::{Engagement, Report};
use super::fetch::{self, Failure};
use super::form::Letter;
use super::most_read::when_near;
use super::page::Page;
use super::sight::Sight;
use super::{dom, share};
use crate::app::{App, AppProps};
use crate::contract::Embed;
use crate::model::{Action, Host, Live, State};
use crate::read;

/// One widget.
pub(super) struct Widget {
    pub(super) mount: Element,
    pub(super) page: Page,
    props: RefCell<AppProps>,
    app: RefCell<Option<AppHandle<App>>>,
    engagement: RefCell<Option<Rc<Engagement>>>,
    near: RefCell<Option<Sight>>,
    /// The QR code was looked at, which is one share however often it is.
    qr_shown: Cell<bool>,
    online: RefCell<Option<EventListener>>,
    selecting: RefCell<Option<EventListener>>,
    /// What was sent last, to send the same again under the same key.
    pub(super) letter: RefCell<Option<Rc<Letter>>>,
    /// The same of a mail.
    pub(super) mail: RefCell<Option<Rc<Letter>>>,
    /// When the letter's form was opened, in milliseconds since 1970.
    pub(super) opened: Cell<f64>,
    /// Names the reader's rating; stopped, nothing more is sent of it.
    pub(super) rating: RefCell<Option<String>>,
    /// A selection is being looked at.
    pub(super) looking: Cell<bool>,
}

impl Widget {
    /// Renders, or hydrates what is there, and comes alive.
    pub(super) fn start(mount: Element, embed: Option<Rc<Embed>>, page: Page) -> Rc<Self> {
        let widget = Rc::new_cyclic(|this: &Weak<Self>| {
            let this = this.clone();
            let on = Callback::from(move |action| {
                if let Some(widget) = this.upgrade() {
                    widget.act(action);
                }
            });
            let state = match &embed {
                Some(embed) => State::Ready(embed.clone()),
                None => State::Loading(page.lang.clone()),
            };
            let host = Host { partner: page.partner.clone() };
            Self {
                mount,
                page,
                props: RefCell::new(AppProps { state, host, live: None, on }),
                app: RefCell::default(),
                engagement: RefCell::default(),
                near: RefCell::default(),
                qr_shown: Cell::default(),
                online: RefCell::default(),
                selecting: RefCell::default(),
                letter: RefCell::default(),
                mail: RefCell::default(),
                opened: Cell::default(),
                rating: RefCell::default(),
                looking: Cell::default(),
            }
        });
        widget.render(embed.is_some());
        widget
    }

    /// Takes everything away.
    pub(super) fn stop(&self) {
        if let Some(engagement) = self.engagement.take() {
            engagement.stop();
        }
        self.near.take();
        self.online.take();
        self.selecting.take();
        // With the forms goes what they were about to send.
        self.letter.take();
        self.mail.take();
        self.rating.take();
        if let Some(app) = self.app.take() {
            app.destroy();
        }
    }

    fn render(self: &Rc<Self>, ready: bool) {
        let props = self.props.borrow().clone();
        let renderer = yew::Renderer::<App>::with_root_and_props(self.mount.clone(), props);
        let app = if ready && self.page.hydrate { renderer.hydrate() } else { renderer.render() };
        *self.app.borrow_mut() = Some(app);

        let widget = self.clone();
        spawn_local(async move {
            // The first rendering is the server's, to the letter; what is ours comes after it.
            TimeoutFuture::new(0).await;
            if ready { widget.come_alive() } else { widget.load().await }
        });
    }

    /// Another answer in the place of the one that is shown.
    pub(super) fn replace(&self, embed: Embed) {
        self.update(|props| props.state = State::Ready(Rc::new(embed)));
    }

    /// The props as they are now.
    pub(super) fn host(&self) -> Host {
        self.props.borrow().host.clone()
    }

    /// A part of what only a running script shows.
    pub(super) fn look<T>(&self, at: impl FnOnce(&Live) -> T) -> Option<T> {
        self.props.borrow().live.as_ref().map(at)
    }

    fn update(&self, change: impl FnOnce(&mut AppProps)) {
        let mut props = self.props.borrow().clone();
        change(&mut props);
        *self.props.borrow_mut() = props.clone();
        if let Some(app) = &mut *self.app.borrow_mut() {
            app.update(props);
        }
    }

    pub(super) fn live(&self, change: impl FnOnce(&mut Live)) {
        self.update(|props| change(props.live.get_or_insert_default()));
    }

    pub(super) fn embed(&self) -> Option<Rc<Embed>> {
        match &self.props.borrow().state {
            State::Ready(embed) => Some(embed.clone()),
            _ => None,
        }
    }

    /// Asks for the article itself, for a loader that brought none.
    async fn load(self: Rc<Self>) {
        let lang = self.page.lang.clone();
        let answer = fetch::get(&self.page.src).await;
        let answer = answer.and_then(|json| read::embed(json).ok_or(Failure::Refused));
        let state = match answer {
            Ok(embed) => State::Ready(Rc::new(embed)),
            Err(Failure::Busy(_)) if !dom::navigator().on_line() => State::Offline(lang),
            Err(_) => State::Failed(lang),
        };
        let (ready, offline) =
            (matches!(state, State::Ready(_)), matches!(state, State::Offline(_)));
        self.show(state);
        if ready {
            self.come_alive();
        } else if offline {
            let widget = self.clone();
            let listener = EventListener::once(&dom::window(), "online", move |_| widget.retry());
            *self.online.borrow_mut() = Some(listener);
        }
    }

    fn retry(self: &Rc<Self>) {
        let lang = self.page.lang.clone();
        self.show(State::Loading(lang));
        spawn_local(self.clone().load());
    }

    /// A focus on what goes stays within the widget.
    fn show(self: &Rc<Self>, state: State) {
        let has_focus = dom::has_focus(&self.mount, "*");
        self.update(|props| props.state = state);
        if has_focus {
            self.focus_later(".aw-title, .aw-waiting");
        }
    }

    fn come_alive(self: &Rc<Self>) {
        self.live(|live| live.native_share = share::is_native());
        self.watch_most_read();
        self.watch_reading();
        self.watch_selection();
        self.page.notify("ready", "live");
        if self.page.partner.is_none()
            && dom::window().location().hash().is_ok_and(|h| h == "#print")
        {
            // A browser that cannot print, or a reader who will not.
            let _ = dom::window().print();
        }
    }

    fn watch_most_read(self: &Rc<Self>) {
        let this = Rc::downgrade(self);
        let near = when_near(&self.mount, move || {
            if let Some(widget) = this.upgrade() {
                spawn_local(async move { widget.refresh_most_read().await });
            }
        });
        *self.near.borrow_mut() = near;
    }

    async fn refresh_most_read(&self) {
        let Some(embed) = self.embed() else { return };
        let Some(list) = &embed.most_read else { return };
        let window = list.asked.unwrap_or(list.window).as_str();
        let limit = list.items.len().to_string();
        let path =
            ["/v1/most-read?window=", window, "&limit=", &limit, "&words=", &embed.lang].concat();
        let url = self.page.server_url(&embed, &path);
        // No news: the list that is there stays.
        let Ok(json) = fetch::get(&url).await else { return };
        let fresh = read::most_read(json);
        // Whoever is in the list is not to find themselves at another article.
        let is_used = dom::has_focus(&self.mount, ".aw-most-read *");
        if fresh.items.len() == list.items.len() && !is_used {
            self.live(|live| live.most_read = Some(Rc::new(fresh)));
        }
    }

    fn watch_reading(self: &Rc<Self>) {
        let Some(viewed) = self.page.viewed.clone() else { return };
        let widget = Rc::downgrade(self);
        spawn_local(async move {
            let counted = JsFuture::from(viewed).await.is_ok();
            let Some(widget) = widget.upgrade().filter(|_| counted) else { return };
            let Some(embed) = widget.embed() else { return };
            let Ok(Some(text)) = widget.mount.query_selector(".aw-text") else { return };
            let report = Report {
                url: widget.page.server_url(&embed, "/v1/views"),
                article: embed.article.id.as_str().to_owned(),
                view: widget.page.view.clone(),
                page: widget.page.url.clone(),
            };
            *widget.engagement.borrow_mut() = Some(Engagement::start(&text, report));
        });
    }

    fn watch_selection(self: &Rc<Self>) {
        let widget = Rc::downgrade(self);
        let begins = EventListener::new(&self.mount, "selectstart", move |_| {
            if let Some(widget) = widget.upgrade().filter(|widget| !widget.looking.replace(true)) {
                spawn_local(async move { widget.look_at_selection().await });
            }
        });
        *self.selecting.borrow_mut() = Some(begins);
    }

    fn act(self: &Rc<Self>, action: Action) {
        match action {
            Action::ShareNative | Action::ShareCopy | Action::ShareZalo | Action::SharePassage => {
                let widget = self.clone();
                spawn_local(async move { widget.share(action).await });
            }
            Action::ShareQr if self.qr_shown.replace(true) => {}
            Action::ShareQr => self.report_share("qr"),
            Action::Shared(channel) => self.report_share(channel),
            Action::Toggle(form) => self.toggle(form),
            Action::Send(form) => self.send(form),
            Action::Stop(form) => self.stop_sending(form),
            Action::ReportPassage => self.report_passage(),
            Action::DropPassage => self.drop_passage(),
            Action::Rate(useful) => self.rate(useful),
            Action::Explain => self.explain(),
            Action::Retry => self.retry(),
        }
    }

    pub(super) fn report_share(&self, channel: &str) {
        if let Some(embed) = self.embed() {
            share::report(&self.page, &embed, channel);
        }
    }

    /// After the next rendering.
    pub(super) fn focus_later(self: &Rc<Self>, selector: &str) {
        let (widget, selector) = (self.clone(), selector.to_owned());
        spawn_local(async move {
            TimeoutFuture::new(0).await;
            dom::focus(&widget.mount, &selector);
        });
    }
}
