//! The login.

use yew::prelude::*;

use super::parts::{Tone, notice};
use super::{Page, Shell};

/// The login's form.
pub struct LoginPage {
    /// Where to go then.
    pub next: String,
    /// The name that was typed.
    pub name: String,
    /// What went wrong: the key of a message.
    pub notice: Option<&'static str>,
    /// Whether there is anybody who may log in.
    pub has_people: bool,
    /// Whether browsers would refuse the cookie.
    pub is_insecure: bool,
}

impl Page for LoginPage {
    fn title(&self, shell: &Shell) -> String {
        shell.words("login.title").to_owned()
    }

    fn main(&self, shell: &Shell) -> Html {
        html! {
            <div class="narrow card">
                <h1>{ shell.words("login.title") }</h1>
                <p class="soft">{ shell.words("login.intro") }</p>
                if self.is_insecure { { notice(Tone::Bad, shell.words("login.insecure")) } }
                if let Some(key) = self.notice { { notice(Tone::Bad, shell.words(key)) } }
                if self.has_people { { self.form(shell) } } else { { nobody(shell) } }
            </div>
        }
    }
}

impl LoginPage {
    fn form(&self, shell: &Shell) -> Html {
        let is_wrong = self.notice.map(|_| "true");
        html! {
            <form method="post" action="/admin/login">
                <input type="hidden" name="next" value={self.next.clone()} />
                <div class="field">
                    <label for="name">{ shell.words("login.name") }</label>
                    <input id="name" name="name" type="text" required=true maxlength="100" autocomplete="username"
                        autocapitalize="none" spellcheck="false" value={self.name.clone()}
                        aria-invalid={is_wrong} />
                </div>
                <div class="field">
                    <label for="password">{ shell.words("login.password") }</label>
                    <input id="password" name="password" type="password" required=true
                        autocomplete="current-password" aria-invalid={is_wrong} />
                </div>
                <button class="main wide" type="submit">{ shell.words("login.button") }</button>
            </form>
        }
    }
}

/// Who could log in is said on the server's own machine alone.
fn nobody(shell: &Shell) -> Html {
    html! {
        <>
            <p>{ shell.words("login.nobody") }</p>
            <pre tabindex="0"><code>{ "article-server user add NAME --role admin --database DATABASE" }</code></pre>
        </>
    }
}
