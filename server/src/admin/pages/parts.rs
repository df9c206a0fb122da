//! What several pages show alike.

use yew::prelude::*;

use super::Shell;
use crate::partners;
use crate::store::LetterState;

/// What a page says first, to whoever sees it and whoever hears it.
#[derive(Clone, Copy)]
pub(super) enum Tone {
    /// It is done.
    Good,
    /// It is not.
    Bad,
}

/// Something that has just happened.
pub(super) fn notice(tone: Tone, words: &'static str) -> Html {
    match tone {
        Tone::Good => html! { <p class="notice good" role="status">{ words }</p> },
        Tone::Bad => html! { <p class="notice bad" role="alert">{ words }</p> },
    }
}

/// What was done, where an address says that something was.
pub(super) fn done(shell: &Shell, what: &str) -> Html {
    let key = match what {
        "marked" => "done.marked",
        "answered" => "done.answered",
        "erased" => "done.erased",
        _ => return html! {},
    };
    notice(Tone::Good, shell.words(key))
}

/// One way to look at a list.
pub(super) struct Tab {
    /// What it is called.
    pub(super) name: &'static str,
    /// Where it is.
    pub(super) href: String,
    /// It is the one that is looked at.
    pub(super) is_this: bool,
    /// How many there are in it, written out.
    pub(super) count: Option<String>,
}

/// The ways to look at a list.
pub(super) fn tabs(label: &'static str, tabs: impl IntoIterator<Item = Tab>) -> Html {
    let tab = |Tab { name, href, is_this, count }| {
        html! {
            <li>
                <a {href} aria-current={is_this.then_some("page")}>
                    { name }
                    if let Some(count) = count {
                        { " " }<span class="count">{ count }</span>
                    }
                </a>
            </li>
        }
    };
    html! {
        <nav aria-label={label}>
            <ul class="tabs">{ for tabs.into_iter().map(tab) }</ul>
        </nav>
    }
}

/// A state's name on a patch of its colour.
pub(super) fn badge(shell: &Shell, state: LetterState) -> Html {
    html! {
        <span class={["badge ", state.as_str()].concat()}>{ state_name(shell, state) }</span>
    }
}

/// A state's name.
pub(super) fn state_name(shell: &Shell, state: LetterState) -> &'static str {
    shell.words(match state {
        LetterState::Held => "state.held",
        LetterState::New => "state.new",
        LetterState::Open => "state.open",
        LetterState::Answered => "state.answered",
        LetterState::Spam => "state.spam",
    })
}

/// A kind's name; of a kind that no version here knows, as it is kept.
pub(super) fn kind_name<'a>(shell: &Shell, kind: &'a str) -> &'a str {
    shell.words_of(&format!("kind.{kind}"), kind)
}

/// What somebody is called who may have left no name.
pub(super) fn sender<'a>(shell: &Shell, name: &'a str) -> &'a str {
    if name.is_empty() { shell.words("letter.nameless") } else { name }
}

/// What a letter is called that may have no title.
pub(super) fn subject<'a>(shell: &Shell, title: &'a str) -> &'a str {
    if title.is_empty() { shell.words("letter.untitled") } else { title }
}

/// What an article is called that may have been withdrawn.
pub(super) fn article_title<'a>(shell: &Shell, title: &'a str) -> &'a str {
    if title.is_empty() { shell.words("letter.withdrawn_article") } else { title }
}

/// The host of a page; none where there is no page.
pub(super) fn host(page: &str) -> Option<String> {
    let origin = partners::origin(page);
    origin.split_once("://").map(|(_, host)| host.to_owned())
}
