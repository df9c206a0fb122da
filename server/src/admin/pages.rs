//! How the pages below `/admin` look: functions from data to HTML. They ask nobody for anything.

use yew::prelude::*;

mod article;
mod articles;
mod chart;
mod correct;
mod edit;
mod erase;
mod feeds;
mod figures;
mod home;
mod inbox;
mod letter;
mod login;
mod notice;
mod partners;
mod parts;
mod reading;
mod revisions;
mod shell;
mod withdraw;

pub use article::ArticlePage;
pub use articles::{ARTICLES_ON_A_PAGE, ArticlesPage};
pub use correct::CorrectPage;
pub use edit::EditPage;
pub use erase::ErasePage;
pub use feeds::FeedsPage;
pub use home::{HomePage, Waiting};
pub use inbox::InboxPage;
pub use letter::{AnswerForm, LetterView};
pub use login::LoginPage;
pub use notice::{Elsewhere, Notice, SignedOut};
pub use partners::{PARTNERS_ON_A_PAGE, PartnerQuery, PartnersPage};
pub use reading::ReadingPage;
pub use revisions::{RevisionPage, RevisionsPage};
pub use shell::Shell;
pub use withdraw::{WithdrawPage, WithdrawnPage};

/// Where the figures of all articles are.
pub const READING: &str = "/admin/reading";
/// Where partners are.
pub const PARTNERS: &str = "/admin/partners";
/// Where feeds are.
pub const FEEDS: &str = "/admin/feeds";

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
