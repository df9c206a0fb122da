//! How the pages below `/admin` look: functions from data to HTML. They ask nobody for anything.

use yew::prelude::*;

mod erase;
mod inbox;
mod letter;
mod login;
mod notice;
mod parts;
mod shell;

pub use erase::ErasePage;
pub use inbox::InboxPage;
pub use letter::{AnswerForm, LetterView};
pub use login::LoginPage;
pub use notice::{Elsewhere, Notice, SignedOut};
pub use shell::Shell;

/// One page, without what is around it.
pub trait Page: Send + 'static {
    /// For the window's title.
    fn title(&self, shell: &Shell) -> String;
    /// The main part.
    fn main(&self, shell: &Shell) -> Html;
    /// Where the page goes on by itself, at once.
    fn refresh(&self) -> Option<String> {
        None
    }
}
