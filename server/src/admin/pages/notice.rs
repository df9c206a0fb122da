//! Pages that say one thing.

use axum::http::StatusCode;
use yew::prelude::*;

use super::{Page, Shell};
use crate::admin::next::HOME;

/// Why a page is not answered as asked.
pub struct Notice {
    /// What it is answered with.
    pub status: StatusCode,
}

/// Goes on to another page at once.
pub struct Elsewhere {
    /// That page.
    pub to: String,
}

/// An answer that came after its writer's session was over: it is given back.
pub struct SignedOut {
    /// What was written.
    pub answer: String,
    /// The login.
    pub login: String,
}

impl Page for Notice {
    fn title(&self, shell: &Shell) -> String {
        shell.words(self.key()).to_owned()
    }

    fn main(&self, shell: &Shell) -> Html {
        html! {
            <div class="narrow card">
                <h1>{ shell.words(self.key()) }</h1>
                <p class="on"><a href={HOME}>{ shell.words("problem.home") }</a></p>
            </div>
        }
    }
}

impl Notice {
    fn key(&self) -> &'static str {
        match self.status {
            StatusCode::FORBIDDEN => "problem.403",
            StatusCode::NOT_FOUND => "problem.404",
            StatusCode::PAYLOAD_TOO_LARGE => "problem.413",
            StatusCode::SERVICE_UNAVAILABLE => "problem.503",
            status if status.is_server_error() => "problem.500",
            _ => "problem.400",
        }
    }
}

impl Page for Elsewhere {
    fn title(&self, shell: &Shell) -> String {
        shell.words("elsewhere.title").to_owned()
    }

    fn main(&self, shell: &Shell) -> Html {
        html! {
            <div class="narrow card">
                <h1>{ shell.words("elsewhere.title") }</h1>
                <p class="on"><a href={self.to.clone()}>{ shell.words("elsewhere.link") }</a></p>
            </div>
        }
    }

    fn refresh(&self) -> Option<String> {
        Some(self.to.clone())
    }
}

impl Page for SignedOut {
    fn title(&self, shell: &Shell) -> String {
        shell.words("signed_out.title").to_owned()
    }

    fn main(&self, shell: &Shell) -> Html {
        html! {
            <div class="narrow card">
                <h1>{ shell.words("signed_out.title") }</h1>
                <p>{ shell.words("signed_out.text") }</p>
                <div class="field">
                    <label for="answer">{ shell.words("signed_out.answer") }</label>
                    <textarea id="answer" rows="10" readonly=true value={self.answer.clone()} />
                </div>
                <p><a class="button main" href={self.login.clone()}>{ shell.words("login.button") }</a></p>
            </div>
        }
    }
}
