//! One widget in a page: owns the component's props, changes them by what the reader does.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use gloo::events::EventListener;
use gloo::timers::future::TimeoutFuture;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Element;
use yew::prelude::*;

use super::engagement::{Engagement, Report};
use super::feedback::{self, Letter};
use super::fetch::{self, Failure};
use super::most_read::when_near;
use super::page::Page;
use super::sight::Sight;
use super::{dom, share};
use crate::app::{App, AppProps};
use crate::components::marked_url;
use crate::contract::{Embed, FeedbackReceipt, MostRead};
use crate::model::{Action, Copied, Feedback, Host, Live, State};

/// Waits between two tries to send a letter, in milliseconds; the last one again and again.
const PATIENCE: [u32; 4] = [2_000, 5_000, 15_000, 30_000];

/// One widget.
pub(super) struct Widget {
    mount: Element,
    page: Page,
    props: RefCell<AppProps>,
    app: RefCell<Option<AppHandle<App>>>,
    engagement: RefCell<Option<Rc<Engagement>>>,
    near: RefCell<Option<Sight>>,
    /// The QR code was looked at, which is one share however often it is.
    qr_shown: Cell<bool>,
    online: RefCell<Option<EventListener>>,
    /// What was sent last, to send the same again under the same key.
    letter: RefCell<Option<Rc<Letter>>>,
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
                letter: RefCell::default(),
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
        // With the form goes what it was about to send.
        self.letter.take();
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

    fn update(&self, change: impl FnOnce(&mut AppProps)) {
        let mut props = self.props.borrow().clone();
        change(&mut props);
        *self.props.borrow_mut() = props.clone();
        if let Some(app) = &mut *self.app.borrow_mut() {
            app.update(props);
        }
    }

    fn live(&self, change: impl FnOnce(&mut Live)) {
        self.update(|props| change(props.live.get_or_insert_default()));
    }

    fn embed(&self) -> Option<Rc<Embed>> {
        match &self.props.borrow().state {
            State::Ready(embed) => Some(embed.clone()),
            _ => None,
        }
    }

    /// Asks for the article itself, for a loader that brought none.
    async fn load(self: Rc<Self>) {
        let lang = self.page.lang.clone();
        let state = match fetch::get::<Embed>(&self.page.src).await {
            Ok(embed) => State::Ready(Rc::new(embed)),
            Err(Failure::Network) if !dom::navigator().on_line() => State::Offline(lang),
            Err(_) => State::Failed(lang),
        };
        let (ready, offline) =
            (matches!(state, State::Ready(_)), matches!(state, State::Offline(_)));
        self.update(|props| props.state = state);
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
        self.update(|props| props.state = State::Loading(lang));
        spawn_local(self.clone().load());
    }

    fn come_alive(self: &Rc<Self>) {
        self.live(|live| live.native_share = share::is_native());
        self.watch_most_read();
        self.watch_reading();
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
        let path = ["/v1/most-read?window=", window, "&limit=", &limit].concat();
        let url = self.page.server_url(&embed, &path);
        // No news: the list that is there stays.
        if let Ok(fresh) = fetch::get::<MostRead>(&url).await
            && fresh.items.len() == list.items.len()
        {
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

    fn act(self: &Rc<Self>, action: Action) {
        match action {
            Action::ShareNative | Action::ShareCopy | Action::ShareZalo => {
                let widget = self.clone();
                spawn_local(async move { widget.share(action).await });
            }
            Action::ShareQr if self.qr_shown.replace(true) => {}
            Action::ShareQr => self.report_share("qr"),
            Action::Shared(channel) => self.report_share(channel),
            Action::OpenFeedback => self.open_feedback(),
            Action::CloseFeedback => self.close_feedback(),
            Action::SendFeedback => self.send_feedback(),
            Action::Retry => self.retry(),
        }
    }

    async fn share(self: Rc<Self>, action: Action) {
        let Some(embed) = self.embed() else { return };
        let (channel, letter, copied) = match action {
            Action::ShareNative => ("native", "n", None),
            // Zalo is in the dialog's list; where there is no dialog, its readers paste.
            Action::ShareZalo if share::is_native() => ("zalo", "z", None),
            Action::ShareZalo => ("zalo", "z", Some(Copied::ForZalo)),
            _ => ("copy", "c", Some(Copied::Done)),
        };
        let url = marked_url(&embed, &self.props.borrow().host, letter);
        let done = match copied {
            None => share::native(&embed.article.title, &url).await,
            Some(copied) => self.copy(url, copied).await,
        };
        if done {
            self.report_share(channel);
        }
    }

    /// Copies, and says what came of it below the menu's button, where the focus goes: the loader has closed
    /// the menu.
    async fn copy(&self, url: String, copied: Copied) -> bool {
        // Said anew, also where it was said before: a screen reader hears only what changes.
        self.live(|live| live.copied = None);
        let done = share::copy(&self.mount, &url).await;
        self.live(|live| live.copied = Some(if done { copied } else { Copied::ByHand(url) }));
        dom::focus(&self.mount, ".aw-share>summary");
        done
    }

    fn report_share(&self, channel: &str) {
        if let Some(embed) = self.embed() {
            share::report(&self.page, &embed, channel);
        }
    }

    fn open_feedback(self: &Rc<Self>) {
        if matches!(self.props.borrow().live, Some(Live { feedback: Feedback::Open { .. }, .. })) {
            return self.close_feedback();
        }
        self.show_feedback(Vec::new(), None, false);
        self.focus_later("[data-panel=form] input");
    }

    fn close_feedback(self: &Rc<Self>) {
        self.letter.take();
        self.live(|live| live.feedback = Feedback::Closed);
        self.focus_later("[data-open=feedback]");
    }

    fn show_feedback(&self, errors: feedback::Errors, notice: Option<&'static str>, busy: bool) {
        self.live(|live| live.feedback = Feedback::Open { errors, notice, busy });
    }

    /// After the next rendering.
    fn focus_later(self: &Rc<Self>, selector: &'static str) {
        let widget = self.clone();
        spawn_local(async move {
            TimeoutFuture::new(0).await;
            dom::focus(&widget.mount, selector);
        });
    }

    fn is_sending(&self) -> bool {
        let props = self.props.borrow();
        let feedback = props.live.as_ref().map(|live| &live.feedback);
        matches!(feedback, Some(Feedback::Open { busy: true, .. }))
    }

    fn send_feedback(self: &Rc<Self>) {
        let Some(embed) = self.embed().filter(|_| !self.is_sending()) else { return };
        match feedback::read(&self.mount, &self.page, embed.article.id.as_str()) {
            None => {}
            Some(Err(errors)) => {
                self.show_feedback(errors, Some("feedback.failed"), false);
                self.focus_later("[aria-invalid]");
            }
            Some(Ok(letter)) => {
                let letter = self.same_or_new(letter);
                self.show_feedback(Vec::new(), None, true);
                let url = self.page.server_url(&embed, "/v1/feedback");
                let widget = self.clone();
                spawn_local(async move { widget.deliver(&url, letter).await });
            }
        }
    }

    /// The letter sent before, where this one says the same: it keeps its key.
    fn same_or_new(&self, letter: Letter) -> Rc<Letter> {
        let mut last = self.letter.borrow_mut();
        match &*last {
            Some(sent) if sent.body == letter.body => sent.clone(),
            _ => last.insert(Rc::new(letter)).clone(),
        }
    }

    /// Whether this is still the letter that the reader wants sent.
    fn is_wanted(&self, letter: &Rc<Letter>) -> bool {
        self.letter.borrow().as_ref().is_some_and(|wanted| Rc::ptr_eq(wanted, letter))
            && self.is_sending()
    }

    /// Tries until it is taken or refused, for as long as the reader wants it.
    async fn deliver(self: Rc<Self>, url: &str, letter: Rc<Letter>) {
        for tries in 0.. {
            let answer = taken(url, &letter).await;
            if !self.is_wanted(&letter) {
                return;
            }
            match answer {
                Ok(receipt) => return self.thank(receipt),
                Err(Failure::Invalid(errors)) => {
                    self.show_feedback(errors, Some("feedback.failed"), false);
                    return self.focus_later("[aria-invalid]");
                }
                Err(Failure::Refused) => {
                    return self.show_feedback(Vec::new(), Some("feedback.rejected"), false);
                }
                Err(Failure::Network | Failure::Busy) => {
                    self.show_feedback(Vec::new(), Some("feedback.waiting"), true);
                }
            }
            TimeoutFuture::new(PATIENCE[tries.min(PATIENCE.len() - 1)]).await;
            if !self.is_wanted(&letter) {
                return;
            }
        }
    }

    fn thank(self: &Rc<Self>, receipt: FeedbackReceipt) {
        self.letter.take();
        self.page.notify("feedback", &receipt.reference);
        self.live(|live| live.feedback = Feedback::Sent(receipt));
        self.focus_later("[data-panel=thanks]");
    }
}

async fn taken(url: &str, letter: &Letter) -> Result<FeedbackReceipt, Failure> {
    fetch::json(fetch::post(url, &letter.body, &letter.key).await?).await
}
