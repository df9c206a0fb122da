//! Sends what is typed in a form until it is taken, and says how it stands.

use std::rc::Rc;

use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::Response;

use super::dom;
use super::fetch::{self, Failure};
use super::form::{self, Errors, Letter};
use super::forms::FormsRoot;
use super::patience::wait_after;
use super::proof::Challenge;
use crate::model::{Form, Panel, Sheet};
use crate::read::{self, Value};

/// What the server says to what was sent.
enum Answer {
    /// It has it; and what it says of it.
    Taken(JsValue),
    /// It did not come, or cannot be dealt with now: to be sent again, after so many seconds.
    Busy(u32),
    /// It is not wanted.
    Refused,
    /// Fields of the form were refused.
    Invalid(Errors),
    /// A proof of work is wanted first.
    Unproven(Challenge),
}

impl Answer {
    async fn read(response: Option<Response>) -> Self {
        let Some(response) = response else { return Self::Busy(0) };
        match response.status() {
            422 => Self::Invalid(errors(&response).await),
            429 | 503 => match challenge(&response).await {
                Some(challenge) => Self::Unproven(challenge),
                None => Self::judged(response).await,
            },
            _ => Self::judged(response).await,
        }
    }

    async fn judged(response: Response) -> Self {
        match fetch::judge(Some(response)) {
            Ok(response) => fetch::json(&response).await.map_or(Self::Refused, Self::Taken),
            Err(Failure::Busy(wait)) => Self::Busy(wait),
            Err(Failure::Refused) => Self::Refused,
        }
    }
}

/// What the server says is wrong: `{"errors": [{"field", "message"}], …}`.
async fn errors(response: &Response) -> Errors {
    let problem = fetch::json(response).await.unwrap_or_default();
    problem.object().list("errors", |error| {
        let mut error = error.object();
        (error.text("field").into(), error.text("message").into())
    })
}

/// The proof that the server wants: `{"proof": {…}, …}`.
async fn challenge(response: &Response) -> Option<Challenge> {
    let problem = fetch::json(response).await.unwrap_or_default();
    Challenge::read(problem.object().maybe_object("proof")?)
}

impl FormsRoot {
    pub(super) fn send(self: &Rc<Self>, form: Form) {
        if self.is_sending(form) {
            return;
        }
        let embed = self.embed();
        let about = self.look(|forms| forms.about.clone());
        let seconds = self.seconds_open();
        match form::read(&self.place, &self.page, &embed, form, about, seconds) {
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
            let answer = Answer::read(sent).await;
            if !self.is_wanted(form, &letter) {
                return;
            }
            match answer {
                Answer::Taken(answer) => return self.thank(form, answer),
                Answer::Invalid(errors) => {
                    self.catch_up().await;
                    return self.refuse(form, errors);
                }
                Answer::Refused => {
                    return self.say(form, Vec::new(), Some("feedback.rejected"), false);
                }
                Answer::Unproven(challenge) => {
                    self.say(form, Vec::new(), Some("feedback.proving"), true);
                    proof = challenge.solve(|| self.is_wanted(form, &letter)).await;
                }
                Answer::Busy(wait) => {
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
        let old = self.embed();
        let answer = fetch::get(&self.page.text("src")).await;
        let Some(mut new) = answer.ok().and_then(read::live) else { return };
        const CONSENT: &str = "feedback.consent.version";
        if new.messages.get(CONSENT) != old.messages.get(CONSENT) {
            dom::set(&self.place, "[name=consent]", "checked", &false.into());
        }
        // The partner's choice, which the loader made.
        new.settings.channels.clone_from(&old.settings.channels);
        self.replace(new);
    }

    fn thank(self: &Rc<Self>, form: Form, answer: JsValue) {
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
        self.change(|forms| {
            forms.about = None;
            *forms.sheet_mut(form) = Sheet { panel, is_away: false };
        });
        dom::focus_later(&self.place, &["[data-thanks=", form.name(), "]"].concat());
    }
}
