//! What a widget does with forms: opens them, sends what is typed until it is taken, says how it stands.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::timers::future::TimeoutFuture;
use wasm_bindgen_futures::spawn_local;

use super::fetch::{self, Failure};
use super::form::{self, Letter};
use super::widget::Widget;
use super::{dom, passage};
use crate::model::{Form, Panel, Sheet};
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
    /// Opens a form, with what was typed in it; or puts it away. What is on its way goes on.
    pub(super) fn toggle(self: &Rc<Self>, form: Form) {
        let sheet = self.look(|live| live.sheet(form).clone()).unwrap_or_default();
        if sheet.panel != Panel::Empty && !sheet.is_away {
            self.live(|live| put_away(live.sheet_mut(form)));
            return self.focus_later(match form {
                Form::Letter => "[data-open=feedback]",
                Form::Mail => ".aw-share>summary",
            });
        }
        self.open(form);
        self.focus_in(form, ":is(input, select, textarea)");
    }

    fn open(&self, form: Form) {
        if self.look(|live| live.sheet(form).panel == Panel::Empty).unwrap_or(true) {
            if matches!(form, Form::Letter) {
                self.opened.set(js_sys::Date::now());
            }
            self.say(form, Vec::new(), None, false);
        }
        self.live(|live| live.sheet_mut(form).is_away = false);
    }

    /// Wants no more tries. What has left cannot be taken back.
    pub(super) fn stop_sending(self: &Rc<Self>, form: Form) {
        self.letters(form).take();
        self.say(form, Vec::new(), Some("feedback.stopped"), false);
        self.focus_in(form, "[type=submit]");
    }

    pub(super) fn report_passage(self: &Rc<Self>) {
        let Some(passage) = self.look(|live| live.passage.clone()).flatten() else { return };
        if self.is_sending(Form::Letter) {
            return;
        }
        if self.look(|live| matches!(live.letter.panel, Panel::Received(_))).unwrap_or_default() {
            self.live(|live| live.letter = Sheet::default());
        }
        self.open(Form::Letter);
        self.live(|live| live.about = Some(passage));
        // In a form that was open before, the kind is the browser's to keep.
        let widget = self.clone();
        spawn_local(async move {
            TimeoutFuture::new(0).await;
            dom::set(&widget.mount, "select[name=kind]", "value", &"error".into());
            dom::focus(&widget.mount, "[data-form=letter] textarea");
        });
    }

    pub(super) fn drop_passage(self: &Rc<Self>) {
        self.live(|live| live.about = None);
        self.focus_in(Form::Letter, "textarea");
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

    fn focus_in(self: &Rc<Self>, form: Form, selector: &str) {
        self.focus_later(&["[data-form=", form.name(), "] ", selector].concat());
    }

    /// The letter that is on its way, to send the same again under the same key.
    fn letters(&self, form: Form) -> &RefCell<Option<Rc<Letter>>> {
        match form {
            Form::Letter => &self.letter,
            Form::Mail => &self.mail,
        }
    }

    fn say(&self, form: Form, errors: form::Errors, notice: Option<&'static str>, busy: bool) {
        self.live(|live| live.sheet_mut(form).panel = Panel::Form { errors, notice, busy });
    }

    fn is_sending(&self, form: Form) -> bool {
        self.look(|live| matches!(live.sheet(form).panel, Panel::Form { busy: true, .. }))
            .unwrap_or_default()
    }

    pub(super) fn send(self: &Rc<Self>, form: Form) {
        let Some(embed) = self.embed().filter(|_| !self.is_sending(form)) else { return };
        let about = self.look(|live| live.about.clone()).flatten();
        let seconds = (js_sys::Date::now() - self.opened.get()) / 1_000.0;
        match form::read(&self.mount, &self.page, &embed, form, about, seconds as u32) {
            None => {}
            Some(Err(errors)) => self.refuse(form, errors),
            Some(Ok(letter)) => {
                let letter = self.same_or_new(form, letter);
                self.say(form, Vec::new(), None, true);
                // From the field that Enter was pressed in, which nothing can be typed into any more.
                self.focus_in(form, "[type=submit]");
                let url = self.page.server_url(&embed, letter.path);
                let widget = self.clone();
                spawn_local(async move { widget.deliver(form, &url, letter).await });
            }
        }
    }

    fn refuse(self: &Rc<Self>, form: Form, errors: form::Errors) {
        self.say(form, errors, Some("feedback.failed"), false);
        self.focus_in(form, "[aria-invalid]");
    }

    /// The letter sent before, where this one says the same: it keeps its key.
    fn same_or_new(&self, form: Form, letter: Letter) -> Rc<Letter> {
        let mut last = self.letters(form).borrow_mut();
        match &*last {
            Some(sent) if sent.says_the_same(&letter) => sent.clone(),
            _ => last.insert(Rc::new(letter)).clone(),
        }
    }

    /// Whether this is still the letter that the reader wants sent.
    fn is_wanted(&self, form: Form, letter: &Rc<Letter>) -> bool {
        self.letters(form).borrow().as_ref().is_some_and(|wanted| Rc::ptr_eq(wanted, letter))
            && self.is_sending(form)
    }

    /// Tries until it is taken or refused, for as long as the reader wants it.
    async fn deliver(self: Rc<Self>, form: Form, url: &str, letter: Rc<Letter>) {
        let mut proof = None;
        let mut tries = 0;
        loop {
            let sent = fetch::post(url, &letter.body, &letter.key, proof.as_deref()).await;
            let answer = match sent {
                Ok(response) => fetch::json(response).await,
                Err(failure) => Err(failure),
            };
            if !self.is_wanted(form, &letter) {
                return;
            }
            match answer {
                Ok(answer) => return self.thank(form, answer),
                Err(Failure::Invalid(errors)) => {
                    self.catch_up().await;
                    return self.refuse(form, errors);
                }
                Err(Failure::Refused) => {
                    return self.say(form, Vec::new(), Some("feedback.rejected"), false);
                }
                Err(Failure::Unproven(challenge)) => {
                    self.say(form, Vec::new(), Some("feedback.proving"), true);
                    proof = challenge.solve(|| self.is_wanted(form, &letter)).await;
                }
                Err(Failure::Busy(wait)) => {
                    self.say(form, Vec::new(), Some("feedback.waiting"), true);
                    wait_after(&mut tries, wait).await;
                }
            }
            if !self.is_wanted(form, &letter) {
                return;
            }
        }
    }

    /// The server asks for something that the form may not have yet: other fields, another consent than the
    /// one that was given.
    async fn catch_up(&self) {
        let Some(old) = self.embed() else { return };
        let answer = fetch::get(&self.page.src).await;
        let Some(mut new) = answer.ok().and_then(read::embed) else { return };
        const CONSENT: &str = "feedback.consent.version";
        if new.messages.get(CONSENT) != old.messages.get(CONSENT) {
            dom::set(&self.mount, "[name=consent]", "checked", &false.into());
        }
        // The partner's choice, which the loader made.
        new.settings.channels.clone_from(&old.settings.channels);
        self.replace(new);
    }

    fn thank(self: &Rc<Self>, form: Form, answer: Json) {
        self.letters(form).take();
        let panel = match form {
            Form::Letter => read::receipt(answer).map(Panel::Received),
            Form::Mail => read::is_accepted(answer).then_some(Panel::Accepted),
        };
        let Some(panel) = panel else {
            return self.say(form, Vec::new(), Some("feedback.rejected"), false);
        };
        match &panel {
            Panel::Received(receipt) => self.page.notify("feedback", &receipt.reference),
            // The server counts what it sends.
            _ => self.page.notify("share", "sent"),
        }
        self.live(|live| {
            live.about = None;
            *live.sheet_mut(form) = Sheet { panel, is_away: false };
        });
        self.focus_later(&["[data-thanks=", form.name(), "]"].concat());
    }
}

/// What was typed stays in it; thanks are said once.
fn put_away(sheet: &mut Sheet) {
    match sheet.panel {
        Panel::Received(_) | Panel::Accepted => *sheet = Sheet::default(),
        _ => sheet.is_away = true,
    }
}
