//! One widget in a page: owns the props of its live part, changes them by what the reader does.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use gloo::events::EventListener;
use gloo::timers::future::TimeoutFuture;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Element;
use yew::prelude::*;

use super::engagement::{Engagement, Report};
use super::fetch;
use super::most_read::when_near;
use super::page::Page;
use super::sight::Sight;
use super::{dom, passage, share};
use crate::RENDER;
use crate::app::{LivePart, LiveProps};
use crate::contract::{Embed, Heading};
use crate::model::{Action, Form, Host, Live, Shared};
use crate::read;

/// One widget.
pub(super) struct Widget {
    /// The live part.
    pub(super) place: Element,
    /// What it is a part of.
    article: Element,
    pub(super) page: Page,
    pub(super) embed: Shared<Embed<Heading>>,
    props: RefCell<LiveProps>,
    app: RefCell<Option<AppHandle<LivePart>>>,
    engagement: RefCell<Option<Rc<Engagement>>>,
    near: RefCell<Option<Sight>>,
    selecting: RefCell<Option<EventListener>>,
    /// The QR code was looked at, which is one share however often it is.
    qr_shown: Cell<bool>,
    /// Names the reader's rating; stopped, nothing more is sent of it.
    pub(super) rating: RefCell<Option<String>>,
    /// A selection is being looked at.
    looking: Cell<bool>,
}

impl Widget {
    /// Hydrates what is in `place`, where it is our own rendering, or renders; and comes alive.
    pub(super) fn start(place: Element, embed: Embed<Heading>, page: Page) -> Rc<Self> {
        let embed = Shared::from(embed);
        let widget = Rc::new_cyclic(|this: &Weak<Self>| {
            let this = this.clone();
            let on = Callback::from(move |action| {
                if let Some(widget) = this.upgrade() {
                    widget.act(action);
                }
            });
            let host = Host { partner: page.partner().map(Rc::from) };
            Self {
                article: dom::article(&place),
                place,
                page,
                embed: embed.clone(),
                props: RefCell::new(LiveProps { embed, host, live: None, on }),
                app: RefCell::default(),
                engagement: RefCell::default(),
                near: RefCell::default(),
                selecting: RefCell::default(),
                qr_shown: Cell::default(),
                rating: RefCell::default(),
                looking: Cell::default(),
            }
        });
        widget.render();
        widget
    }

    /// Takes everything away.
    pub(super) fn stop(&self) {
        if let Some(engagement) = self.engagement.take() {
            engagement.stop();
        }
        self.near.take();
        self.selecting.take();
        self.rating.take();
        if let Some(app) = self.app.take() {
            app.destroy();
        }
        // Yew keeps the elements of its roots for good. This one is not to keep the page around it.
        self.place.remove();
    }

    fn render(self: &Rc<Self>) {
        let props = self.props.borrow().clone();
        let renderer = yew::Renderer::<LivePart>::with_root_and_props(self.place.clone(), props);
        let is_ours = self.page.hydrate() && self.embed.render == RENDER;
        let app = if is_ours { renderer.hydrate() } else { renderer.render() };
        *self.app.borrow_mut() = Some(app);

        let widget = self.clone();
        spawn_local(async move {
            // The first rendering is the server's, to the letter; what is ours comes after it.
            TimeoutFuture::new(0).await;
            if !widget.is_over() {
                widget.come_alive();
            }
        });
    }

    /// Whether it was stopped.
    fn is_over(&self) -> bool {
        self.app.borrow().is_none()
    }

    /// The props as they are now.
    pub(super) fn host(&self) -> Host {
        self.props.borrow().host.clone()
    }

    /// A part of what only a running script shows.
    pub(super) fn look<T>(&self, at: impl FnOnce(&Live) -> T) -> Option<T> {
        self.props.borrow().live.as_deref().map(at)
    }

    /// Changes what only a running script shows.
    pub(super) fn live(&self, change: impl FnOnce(&mut Live)) {
        let mut live = self.look(Live::clone).unwrap_or_default();
        change(&mut live);
        let props = LiveProps { live: Some(live.into()), ..self.props.borrow().clone() };
        *self.props.borrow_mut() = props.clone();
        if let Some(app) = &mut *self.app.borrow_mut() {
            app.update(props);
        }
    }

    fn come_alive(self: &Rc<Self>) {
        self.live(|live| live.native_share = share::is_native());
        self.watch_most_read();
        self.watch_reading();
        self.watch_selection();
        self.page.notify("ready", "live");
        if self.host().partner.is_none()
            && dom::window().location().hash().is_ok_and(|h| h == "#print")
        {
            // A browser that cannot print, or a reader who will not.
            let _ = dom::window().print();
        }
    }

    fn watch_most_read(self: &Rc<Self>) {
        let this = Rc::downgrade(self);
        let near = when_near(&self.place, move || {
            if let Some(widget) = this.upgrade() {
                spawn_local(async move { widget.refresh_most_read().await });
            }
        });
        *self.near.borrow_mut() = near;
    }

    async fn refresh_most_read(&self) {
        let Some(list) = &self.embed.most_read else { return };
        let window = list.asked.unwrap_or(list.window).as_str();
        let limit = list.items.len().to_string();
        let lang = &self.embed.lang;
        let path = ["/v1/most-read?window=", window, "&limit=", &limit, "&words=", lang].concat();
        // No news: the list that is there stays.
        let Ok(json) = fetch::get(&self.page.server_url(&self.embed, &path)).await else { return };
        let fresh = read::most_read(json);
        // Whoever is in the list is not to find themselves at another article.
        let is_used = dom::has_focus(&self.place, ".aw-most-read *");
        if fresh.items.len() == list.items.len() && !is_used {
            self.live(|live| live.most_read = Some(Rc::new(fresh)));
        }
    }

    fn watch_reading(self: &Rc<Self>) {
        let Some(viewed) = self.page.viewed() else { return };
        let widget = Rc::downgrade(self);
        spawn_local(async move {
            let counted = JsFuture::from(viewed).await.is_ok();
            let Some(widget) = widget.upgrade().filter(|it| counted && !it.is_over()) else {
                return;
            };
            let Ok(Some(text)) = widget.article.query_selector(".aw-text") else { return };
            let report = Report {
                url: widget.page.server_url(&widget.embed, "/v1/views"),
                article: widget.embed.article.id.as_str().to_owned(),
                view: widget.page.text("view"),
                page: widget.page.text("page"),
            };
            *widget.engagement.borrow_mut() = Some(Engagement::start(&text, report));
        });
    }

    fn watch_selection(self: &Rc<Self>) {
        let widget = Rc::downgrade(self);
        let begins = EventListener::new(&self.article, "selectstart", move |_| {
            if let Some(widget) = widget.upgrade().filter(|widget| !widget.looking.replace(true)) {
                spawn_local(async move { widget.look_at_selection().await });
            }
        });
        *self.selecting.borrow_mut() = Some(begins);
    }

    /// Until it is gone.
    async fn look_at_selection(&self) {
        while !self.is_over() {
            TimeoutFuture::new(passage::LOOK).await;
            let passage = passage::selected(&self.article);
            let is_gone = passage.is_none();
            if self.look(|live| live.passage != passage) == Some(true) {
                self.live(|live| live.passage = passage);
            }
            if is_gone {
                break;
            }
        }
        self.looking.set(false);
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
            Action::Toggle(form) => self.page.form(form.name(), None),
            Action::ReportPassage => {
                let passage = self.look(|live| live.passage.clone()).flatten();
                self.page.form(Form::Letter.name(), passage.as_deref());
            }
            Action::Rate(useful) => self.rate(useful),
            Action::Explain => self.explain(),
        }
    }

    /// Tells the publisher and the page.
    pub(super) fn report_share(&self, channel: &str) {
        share::report(&self.page, &self.embed, channel);
    }
}
