//! How long and how far an article is read: visible seconds in steps of five, while someone scrolls,
//! moves or types; and the depth. Sent under the view's id when the page is left.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use web_sys::Element;

use super::json::{Value, object};
use super::{activity, dom, fetch};

const STEP_SECONDS: u32 = 5;

/// The reading of one view.
pub(super) struct Engagement {
    text: Element,
    report: Report,
    seconds: Cell<u32>,
    depth: Cell<u32>,
    sent: Cell<(u32, u32)>,
    signs: RefCell<Vec<EventListener>>,
    step: RefCell<Option<Timeout>>,
    leaving: RefCell<Option<EventListener>>,
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
    pub(super) fn start(text: Element, report: Report) -> Rc<Self> {
        let this = Rc::new(Self {
            text,
            report,
            seconds: Cell::default(),
            depth: Cell::default(),
            sent: Cell::default(),
            signs: RefCell::default(),
            step: RefCell::default(),
            leaving: RefCell::default(),
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
        if dom::is_visible() && self.note_depth() {
            self.seconds.set(self.seconds.get() + STEP_SECONDS);
        }
        self.listen();
    }

    /// Raises the depth to what the window now shows: whether it shows any of the text.
    fn note_depth(&self) -> bool {
        let area = self.text.get_bounding_client_rect();
        let height = dom::window().inner_height().ok().and_then(|height| height.as_f64());
        let Some(height) = height.filter(|_| area.height() > 0.0) else { return false };
        if area.bottom() <= 0.0 || area.top() >= height {
            return false;
        }
        let share = ((height - area.top()) / area.height() * 100.0).clamp(0.0, 100.0);
        self.depth.set(self.depth.get().max(share as u32));
        true
    }

    fn send(&self) {
        let now = (self.seconds.get(), self.depth.get());
        if now == self.sent.replace(now) {
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
        fetch::beacon(&report.url, &body);
    }
}
