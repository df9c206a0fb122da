//! How long and how far an article is read: visible seconds in steps of five, while someone scrolls,
//! moves or types; and the depth. Sent under the view's id when the page is left.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use js_sys::Date;
use web_sys::{Element, IntersectionObserverEntry};

use super::json::{Value, object};
use super::sight::Sight;
use super::{activity, dom, fetch};

const STEP_SECONDS: u32 = 5;
/// A view ends after twelve hours, in milliseconds: after a day the server no longer knows its id, and
/// would count it again.
const LONGEST: f64 = 12.0 * 3_600_000.0;
/// In how many steps the depth is told.
const DEPTHS: u32 = 50;

/// The reading of one view.
pub(super) struct Engagement {
    report: Report,
    /// Milliseconds since 1970.
    began: f64,
    in_view: Cell<bool>,
    seconds: Cell<u32>,
    depth: Cell<u32>,
    sent: Cell<(u32, u32)>,
    signs: RefCell<Vec<EventListener>>,
    step: RefCell<Option<Timeout>>,
    leaving: RefCell<Option<EventListener>>,
    sight: RefCell<Option<Sight>>,
}

/// What a report says besides.
pub(super) struct Report {
    pub(super) url: String,
    pub(super) article: String,
    pub(super) view: String,
    pub(super) page: String,
}

impl Engagement {
    /// Watches the text of a view that was counted.
    pub(super) fn start(text: &Element, report: Report) -> Rc<Self> {
        let this = Rc::new(Self {
            report,
            began: Date::now(),
            in_view: Cell::default(),
            seconds: Cell::default(),
            depth: Cell::default(),
            sent: Cell::default(),
            signs: RefCell::default(),
            step: RefCell::default(),
            leaving: RefCell::default(),
            sight: RefCell::default(),
        });
        let looking = Rc::downgrade(&this);
        let steps = (0..=DEPTHS).map(|step| f64::from(step) / f64::from(DEPTHS));
        *this.sight.borrow_mut() = Sight::watch(text, steps, "0px", move |entry| {
            if let Some(this) = looking.upgrade() {
                this.note(entry);
            }
        });
        let leaving = Rc::downgrade(&this);
        if let Some(document) = dom::window().document() {
            let listener = EventListener::new(&document, "visibilitychange", move |_| {
                if let Some(this) = leaving.upgrade()
                    && !dom::is_visible()
                {
                    this.send();
                }
            });
            *this.leaving.borrow_mut() = Some(listener);
        }
        this.listen();
        this
    }

    /// The view is over.
    pub(super) fn stop(&self) {
        self.send();
        self.signs.borrow_mut().clear();
        self.step.borrow_mut().take();
        self.leaving.borrow_mut().take();
        self.sight.borrow_mut().take();
    }

    fn listen(self: &Rc<Self>) {
        let this = Rc::downgrade(self);
        *self.signs.borrow_mut() = activity::listen(move || {
            if let Some(this) = this.upgrade() {
                this.begin_step();
            }
        });
    }

    /// A step counts when its five seconds began with a sign of life.
    fn begin_step(self: &Rc<Self>) {
        let mut step = self.step.borrow_mut();
        if step.is_some() {
            return;
        }
        let this = Rc::downgrade(self);
        *step = Some(Timeout::new(STEP_SECONDS * 1000, move || {
            if let Some(this) = this.upgrade() {
                this.end_step();
            }
        }));
    }

    fn end_step(self: &Rc<Self>) {
        // The timer is running its callback, so it is forgotten and not dropped.
        if let Some(step) = self.step.borrow_mut().take() {
            step.forget();
        }
        if self.is_over() {
            return self.stop();
        }
        if dom::is_visible() && self.in_view.get() {
            self.seconds.set(self.seconds.get() + STEP_SECONDS);
        }
        self.listen();
    }

    /// Raises the depth to what the window now shows.
    fn note(&self, entry: &IntersectionObserverEntry) {
        let (text, seen) = (entry.bounding_client_rect(), entry.intersection_rect());
        self.in_view.set(seen.height() > 0.0);
        if self.in_view.get() {
            let share = (seen.bottom() - text.top()) / text.height() * 100.0;
            self.depth.set(self.depth.get().max(share.clamp(0.0, 100.0) as u32));
        }
    }

    fn is_over(&self) -> bool {
        Date::now() - self.began > LONGEST
    }

    fn send(&self) {
        let now = (self.seconds.get(), self.depth.get());
        if self.is_over() || now == self.sent.replace(now) {
            return;
        }
        let report = &self.report;
        let body = object(&[
            ("article", Value::Text(&report.article)),
            ("view", Value::Text(&report.view)),
            ("page", Value::Text(&report.page)),
            ("seconds", Value::Number(now.0)),
            ("depth", Value::Number(now.1)),
        ]);
        fetch::report(report.url.clone(), body, fetch::ONCE);
    }
}
