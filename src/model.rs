//! What the components show and what they tell: the types of their props and actions.

use std::ops::Deref;
use std::rc::Rc;

use crate::contract::{Embed, FeedbackReceipt, MostRead};

/// What nobody changes in place. Two are equal where they are the very same: to compare them word by word would be code
/// in the Wasm.
#[derive(Debug)]
pub struct Shared<T>(Rc<T>);

impl<T> From<T> for Shared<T> {
    fn from(value: T) -> Self {
        Self(Rc::new(value))
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// What there is to read.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// On its way. The text's language, for no words have come yet.
    Loading(Rc<str>),
    /// An article, usable or withdrawn.
    Ready(Shared<Embed>),
    /// It could not be had; the reader may ask again.
    Failed(Rc<str>),
    /// There is no network; it is asked for again when there is.
    Offline(Rc<str>),
}

/// What the page around the widget says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Host {
    /// The partner's half of a share mark; none on the publisher's own pages.
    pub partner: Option<Rc<str>>,
}

/// What only a running script can offer.
#[derive(Clone, Debug, Default)]
pub struct Live {
    /// The browser has a share dialog of its own.
    pub native_share: bool,
    /// What came of copying the link.
    pub copied: Option<Copied>,
    /// The words of the article that are selected now.
    pub passage: Option<Rc<str>>,
    /// Whether the article was of use.
    pub rating: Rating,
    /// The most-read list, asked for again.
    pub most_read: Option<Rc<MostRead>>,
}

/// What came of copying the link.
#[derive(Clone, Debug)]
pub enum Copied {
    /// It is on the clipboard.
    Done,
    /// It is there to be pasted into Zalo.
    ForZalo,
    /// The browser allows it to nobody: the link, for the reader to copy.
    ByHand(String),
}

/// What is written in place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A letter to the editor.
    Letter,
    /// The address of a friend, to whom the publisher sends the article.
    Mail,
}

/// One form, and what became of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// What is shown.
    pub panel: Panel,
    /// It is put away, with whatever was typed in it.
    pub is_away: bool,
}

/// What a sheet shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Panel {
    /// Nothing yet.
    #[default]
    Empty,
    /// A form to be filled in.
    Form {
        /// Fields to look at again: name and message key.
        errors: Vec<(Rc<str>, Rc<str>)>,
        /// What the form as a whole has to say: a message key.
        notice: Option<&'static str>,
        /// On its way, or about to be tried again: nothing in it can be changed.
        busy: bool,
    },
    /// The letter was taken.
    Received(FeedbackReceipt),
    /// The article will be sent.
    Accepted,
}

/// What is written in place, as far as it has come.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Forms {
    /// The letter to the editor.
    pub letter: Sheet,
    /// The mail to a friend.
    pub mail: Sheet,
    /// The words of the article that the letter is about.
    pub about: Option<Rc<str>>,
}

impl Forms {
    /// The sheet of that form.
    pub fn sheet(&self, form: Form) -> &Sheet {
        match form {
            Form::Letter => &self.letter,
            Form::Mail => &self.mail,
        }
    }

    /// The same, to be changed.
    pub fn sheet_mut(&mut self, form: Form) -> &mut Sheet {
        match form {
            Form::Letter => &mut self.letter,
            Form::Mail => &mut self.mail,
        }
    }
}

impl Form {
    /// The form of that name.
    pub fn named(name: &str) -> Self {
        if name == "mail" { Self::Mail } else { Self::Letter }
    }

    /// What its element and its fields' ids begin with.
    pub fn name(self) -> &'static str {
        match self {
            Self::Letter => "letter",
            Self::Mail => "mail",
        }
    }
}

/// Whether the article was of use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rating {
    /// Not said.
    #[default]
    Unsaid,
    /// Said, and on its way.
    Sending(bool),
    /// Taken: there may be a word on why.
    Taken(bool),
    /// The word is on its way.
    Explaining(bool),
    /// All is said.
    Done,
    /// The server does not want it.
    Refused,
}

/// What the reader did beside the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Asked for the browser's own share dialog.
    ShareNative,
    /// Asked for the link.
    ShareCopy,
    /// Asked for Zalo.
    ShareZalo,
    /// Opened the QR code, or closed it.
    ShareQr,
    /// Followed a share link of this channel; the link does the sharing.
    Shared(&'static str),
    /// Shared the words that are selected.
    SharePassage,
    /// Reported an error in the words that are selected.
    ReportPassage,
    /// Asked for a form, or put it away.
    Toggle(Form),
    /// Said whether the article was of use.
    Rate(bool),
    /// Sent a word on why.
    Explain,
}

/// What the reader did in a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormAction {
    /// Put it away.
    Toggle(Form),
    /// Sent it.
    Send(Form),
    /// Wants no more tries to send it.
    Stop(Form),
    /// Took back that the letter is about a passage.
    DropPassage,
}
