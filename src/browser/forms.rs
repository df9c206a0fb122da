//! The forms of one widget: owns their props, opens them and puts them away.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use gloo::timers::future::TimeoutFuture;
use wasm_bindgen_futures::spawn_local;
use web_sys::Element;
use yew::prelude::*;

use super::dom;
use super::form::{Errors, Letter};
use super::page::Page;
use crate::app::{FormsPart, FormsProps};
use crate::contract::{Embed, Heading};
use crate::model::{Form, FormAction, Forms, Panel, Shared, Sheet};

/// The forms of one widget.
pub(super) struct FormsRoot {
    /// Where they stand.
    pub(super) place: Element,
    pub(super) page: Page,
    props: RefCell<FormsProps>,
    app: RefCell<Option<AppHandle<FormsPart>>>,
    /// What was sent last, to send the same again under the same key.
    letter: RefCell<Option<Rc<Letter>>>,
    /// The same of a mail.
    mail: RefCell<Option<Rc<Letter>>>,
    /// When the letter's form was opened, in milliseconds since 1970.
    opened: Cell<f64>,
}

impl FormsRoot {
    /// Renders into `place`: nothing yet.
    pub(super) fn start(place: Element, embed: Embed<Heading>, page: Page) -> Rc<Self> {
        let root = Rc::new_cyclic(|this: &Weak<Self>| {
            let this = this.clone();
            let on = Callback::from(move |action| {
                if let Some(root) = this.upgrade() {
                    root.act(action);
                }
            });
            let props = FormsProps { embed: Shared::from(embed), forms: Forms::default(), on };
            Self {
                place,
                page,
                props: RefCell::new(props),
                app: RefCell::default(),
                letter: RefCell::default(),
                mail: RefCell::default(),
                opened: Cell::default(),
            }
        });
        let props = root.props.borrow().clone();
        let renderer = yew::Renderer::<FormsPart>::with_root_and_props(root.place.clone(), props);
        *root.app.borrow_mut() = Some(renderer.render());
        root
    }

    /// Takes everything away, and with the forms what they were about to send.
    pub(super) fn stop(&self) {
        self.letter.take();
        self.mail.take();
        if let Some(app) = self.app.take() {
            app.destroy();
        }
    }

    /// Opens the form of that name, or puts it away. With words of the article it opens, to be about them.
    pub(super) fn toggle_named(self: &Rc<Self>, name: &str, passage: Option<String>) {
        match passage {
            Some(passage) => self.report(passage.into()),
            None => self.toggle(Form::named(name)),
        }
    }

    fn act(self: &Rc<Self>, action: FormAction) {
        match action {
            FormAction::Toggle(form) => self.toggle(form),
            FormAction::Send(form) => self.send(form),
            FormAction::Stop(form) => self.stop_sending(form),
            FormAction::DropPassage => self.drop_passage(),
        }
    }

    /// Opens a form, with what was typed in it; or puts it away. What is on its way goes on.
    fn toggle(self: &Rc<Self>, form: Form) {
        let is_open = self.look(|forms| is_open(forms.sheet(form)));
        if is_open {
            self.change(|forms| put_away(forms.sheet_mut(form)));
            return dom::focus_later(
                &self.article(),
                match form {
                    Form::Letter => "[data-open=feedback]",
                    Form::Mail => ".aw-share>summary",
                },
            );
        }
        self.open(form);
        self.focus_in(form, ":is(input, select, textarea)");
    }

    fn open(&self, form: Form) {
        if self.look(|forms| forms.sheet(form).panel == Panel::Empty) {
            if matches!(form, Form::Letter) {
                self.opened.set(js_sys::Date::now());
            }
            self.say(form, Vec::new(), None, false);
        }
        self.change(|forms| forms.sheet_mut(form).is_away = false);
    }

    fn report(self: &Rc<Self>, passage: Rc<str>) {
        if self.is_sending(Form::Letter) {
            return;
        }
        if self.look(|forms| matches!(forms.letter.panel, Panel::Received(_))) {
            self.change(|forms| forms.letter = Sheet::default());
        }
        self.open(Form::Letter);
        self.change(|forms| forms.about = Some(passage));
        // In a form that was open before, the kind is the browser's to keep.
        let place = self.place.clone();
        spawn_local(async move {
            TimeoutFuture::new(0).await;
            dom::set(&place, "select[name=kind]", "value", &"error".into());
            dom::focus(&place, "[data-form=letter] textarea");
        });
    }

    fn drop_passage(self: &Rc<Self>) {
        self.change(|forms| forms.about = None);
        self.focus_in(Form::Letter, "textarea");
    }

    /// Wants no more tries. What has left cannot be taken back.
    fn stop_sending(self: &Rc<Self>, form: Form) {
        self.letters(form).take();
        self.say(form, Vec::new(), Some("feedback.stopped"), false);
        self.focus_in(form, "[type=submit]");
    }

    /// Another answer in the place of the one that is known.
    pub(super) fn replace(&self, embed: Embed<Heading>) {
        self.update(|props| props.embed = embed.into());
    }

    pub(super) fn embed(&self) -> Shared<Embed<Heading>> {
        self.props.borrow().embed.clone()
    }

    /// A part of what is shown.
    pub(super) fn look<T>(&self, at: impl FnOnce(&Forms) -> T) -> T {
        at(&self.props.borrow().forms)
    }

    pub(super) fn change(&self, change: impl FnOnce(&mut Forms)) {
        self.update(|props| change(&mut props.forms));
    }

    fn update(&self, change: impl FnOnce(&mut FormsProps)) {
        let mut props = self.props.borrow().clone();
        change(&mut props);
        *self.props.borrow_mut() = props.clone();
        let expanded = is_open(&props.forms.letter);
        if let Some(app) = &mut *self.app.borrow_mut() {
            app.update(props);
        }
        let expanded = if expanded { "true" } else { "false" };
        dom::set_attribute(&self.article(), "[data-open=feedback]", "aria-expanded", expanded);
    }

    /// The letter that is on its way, to send the same again under the same key.
    pub(super) fn letters(&self, form: Form) -> &RefCell<Option<Rc<Letter>>> {
        match form {
            Form::Letter => &self.letter,
            Form::Mail => &self.mail,
        }
    }

    /// For how many seconds the letter's form has been open.
    pub(super) fn seconds_open(&self) -> u32 {
        ((js_sys::Date::now() - self.opened.get()) / 1_000.0) as u32
    }

    pub(super) fn say(&self, form: Form, errors: Errors, notice: Option<&'static str>, busy: bool) {
        self.change(|forms| forms.sheet_mut(form).panel = Panel::Form { errors, notice, busy });
    }

    pub(super) fn is_sending(&self, form: Form) -> bool {
        self.look(|forms| matches!(forms.sheet(form).panel, Panel::Form { busy: true, .. }))
    }

    /// After the next rendering.
    pub(super) fn focus_in(&self, form: Form, selector: &str) {
        dom::focus_later(&self.place, &["[data-form=", form.name(), "] ", selector].concat());
    }

    /// The whole widget, where the buttons are that open a form.
    fn article(&self) -> Element {
        dom::article(&self.place)
    }
}

fn is_open(sheet: &Sheet) -> bool {
    sheet.panel != Panel::Empty && !sheet.is_away
}

/// What was typed stays in it; thanks are said once.
fn put_away(sheet: &mut Sheet) {
    match sheet.panel {
        Panel::Received(_) | Panel::Accepted => *sheet = Sheet::default(),
        _ => sheet.is_away = true,
    }
}
