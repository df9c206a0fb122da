//! What a widget does with forms: opens them, sends what is typed until it is taken, says how it stands.

use std::rc::Rc;

use gloo::timers::future::TimeoutFuture;
use wasm_bindgen_futures::spawn_local;

use super::fetch::{self, Failure};
use super::form::{self, Letter};
use super::widget::Widget;
use super::{dom, passage};
use crate::model::{Form, Panel};
use crate::read::{self, Json};

/// Waits between two tries to send something, in milliseconds; the last one again and again.
const PATIENCE: [u32; 4] = [2_000, 5_000, 15_000, 30_000];

/// No wait is longer, in seconds, whatever a server says.
const LONGEST_WAIT: u32 = 3_600;

/// The wait after so many tries, of which there is one more now; longer where the server asks for it, in
/// seconds.
pub(super) async fn wait_after(tries: &mut usize, asked: u32) {
    let patience = PATIENCE[(*tries).min(PATIENCE.len() - 1)];
    *tries += 1;
    TimeoutFuture::new(patience.max(asked.min(LONGEST_WAIT) * 1_000)).await;
}

impl Widget {
    pub(super) fn toggle_letter(self: &Rc<Self>) {
        let is_open = self.look(|live| {
            let is_letter = match live.panel {
                Panel::Form { form: Form::Letter(_), .. } | Panel::Received(_) => true,
                Panel::Form { form: Form::Mail, .. } | Panel::Empty | Panel::Accepted => false,
            };
            is_letter && !live.is_away
        });
        match is_open {
            Some(true) => self.close_panel(),
            _ => self.open_form(Form::Letter(None)),
        }
    }

    /// Opens a form; the one that was put away, with what was typed in it, where it is the same.
    pub(super) fn open_form(self: &Rc<Self>, form: Form) {
        let kept = self.form().filter(|kept| {
            matches!(
                (kept, &form),
                (Form::Letter(_), Form::Letter(None)) | (Form::Mail, Form::Mail)
            )
        });
        if kept.is_none() {
            self.opened.set(js_sys::Date::now());
            self.show_form(form, Vec::new(), None, false);
        }
        self.live(|live| live.is_away = false);
        self.focus_later("[data-panel=form] :is(input, select, textarea)");
    }

    /// What is typed stays in it. What was about to be sent is not.
    pub(super) fn close_panel(self: &Rc<Self>) {
        self.letter.take();
        self.live(|live| {
            live.is_away = true;
            match &mut live.panel {
                Panel::Form { notice, busy, .. } => (*notice, *busy) = (None, false),
                done => *done = Panel::Empty,
            }
        });
        self.focus_later("[data-open=feedback]");
    }

    pub(super) fn report_passage(self: &Rc<Self>) {
        let Some(passage) = self.look(|live| live.passage.clone()).flatten() else { return };
        let is_letter = matches!(self.form(), Some(Form::Letter(_)));
        if !is_letter {
            self.opened.set(js_sys::Date::now());
        }
        self.live(|live| live.is_away = false);
        self.show_form(Form::Letter(Some(passage)), Vec::new(), None, false);
        // In a form that was open before, the kind is the browser's to keep.
        let widget = self.clone();
        spawn_local(async move {
            TimeoutFuture::new(0).await;
            dom::set_value(&widget.mount, "select[name=kind]", "error");
            dom::focus(&widget.mount, "[data-panel=form] textarea");
        });
    }

    pub(super) fn drop_passage(self: &Rc<Self>) {
        self.live(|live| {
            if let Panel::Form { form: form @ Form::Letter(_), .. } = &mut live.panel {
                *form = Form::Letter(None);
            }
        });
        self.focus_later("[data-panel=form] textarea");
    }

    pub(super) async fn look_at_selection(self: Rc<Self>) {
        loop {
            TimeoutFuture::new(passage::LOOK).await;
            let passage = passage::selected(&self.mount);
            let was = self.look(|live| live.passage.clone()).flatten();
            if passage != was {
                self.live(|live| live.passage = passage.clone());
            }
            if passage.is_none() {
                self.looking.set(false);
                return;
            }
        }
    }

    fn form(&self) -> Option<Form> {
        self.look(|live| match &live.panel {
            Panel::Form { form, .. } => Some(form.clone()),
            _ => None,
        })
        .flatten()
    }

    fn show_form(
        &self,
        form: Form,
        errors: form::Errors,
        notice: Option<&'static str>,
        busy: bool,
    ) {
        self.live(|live| live.panel = Panel::Form { form, errors, notice, busy });
    }

    /// The same form with something else to say.
    fn say(&self, errors: form::Errors, notice: Option<&'static str>, busy: bool) {
        if let Some(form) = self.form() {
            self.show_form(form, errors, notice, busy);
        }
    }

    fn is_sending(&self) -> bool {
        self.look(|live| matches!(live.panel, Panel::Form { busy: true, .. })).unwrap_or_default()
    }

    pub(super) fn send_form(self: &Rc<Self>) {
        let (Some(embed), Some(form)) = (self.embed(), self.form()) else { return };
        if self.is_sending() {
            return;
        }
        let seconds = (js_sys::Date::now() - self.opened.get()) / 1_000.0;
        match form::read(&self.mount, &self.page, &embed, &form, seconds as u32) {
            None => {}
            Some(Err(errors)) => {
                self.say(errors, Some("feedback.failed"), false);
                self.focus_later("[aria-invalid]");
            }
            Some(Ok(letter)) => {
                let letter = self.same_or_new(letter);
                self.say(Vec::new(), None, true);
                let url = self.page.server_url(&embed, letter.path);
                let widget = self.clone();
                spawn_local(async move { widget.deliver(&url, letter).await });
            }
        }
    }

    /// The letter sent before, where this one says the same: it keeps its key.
    fn same_or_new(&self, letter: Letter) -> Rc<Letter> {
        let mut last = self.letter.borrow_mut();
        match &*last {
            Some(sent) if sent.says_the_same(&letter) => sent.clone(),
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
        let mut proof = None;
        let mut tries = 0;
        loop {
            let sent = fetch::post(url, &letter.body, &letter.key, proof.as_deref()).await;
            let answer = match sent {
                Ok(response) => fetch::json(response).await,
                Err(failure) => Err(failure),
            };
            if !self.is_wanted(&letter) {
                return;
            }
            match answer {
                Ok(answer) => return self.thank(answer),
                Err(Failure::Invalid(errors)) => {
                    self.say(errors, Some("feedback.failed"), false);
                    return self.focus_later("[aria-invalid]");
                }
                Err(Failure::Refused) => {
                    return self.say(Vec::new(), Some("feedback.rejected"), false);
                }
                Err(Failure::Unproven(challenge)) => {
                    self.say(Vec::new(), Some("feedback.proving"), true);
                    proof = challenge.solve(|| self.is_wanted(&letter)).await;
                }
                Err(Failure::Busy(wait)) => {
                    self.say(Vec::new(), Some("feedback.waiting"), true);
                    wait_after(&mut tries, wait).await;
                }
            }
            if !self.is_wanted(&letter) {
                return;
            }
        }
    }

    fn thank(self: &Rc<Self>, answer: Json) {
        self.letter.take();
        let panel = match self.form() {
            Some(Form::Mail) => Some(Panel::Accepted),
            _ => read::receipt(answer).map(Panel::Received),
        };
        let Some(panel) = panel else {
            return self.say(Vec::new(), Some("feedback.rejected"), false);
        };
        match &panel {
            Panel::Received(receipt) => self.page.notify("feedback", &receipt.reference),
            // The server counts what it sends.
            _ => self.page.notify("share", "sent"),
        }
        self.live(|live| live.panel = panel);
        self.focus_later("[data-panel=thanks]");
    }
}
