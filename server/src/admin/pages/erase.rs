//! The step before a letter is erased: there is no way back.

use yew::prelude::*;

use super::parts::{sender, subject};
use super::{Page, Shell};
use crate::admin::inbox_query::INBOX;
use crate::store::Letter;

/// Asks once more.
pub struct ErasePage {
    /// The letter.
    pub letter: Letter,
}

impl Page for ErasePage {
    fn title(&self, shell: &Shell) -> String {
        shell.words("erase.title").to_owned()
    }

    fn main(&self, shell: &Shell) -> Html {
        let letter = &self.letter;
        let path = format!("{INBOX}/{}", letter.no);
        let question = shell.words("erase.question").replace("{reference}", &letter.reference);
        let question = question.replace("{name}", sender(shell, &letter.report.name));
        html! {
            <div class="narrow card">
                <h1>{ shell.words("erase.title") }</h1>
                <p>{ question }</p>
                <p class="quote">{ subject(shell, &letter.report.title) }</p>
                <p>{ shell.words("erase.warning") }</p>
                <form class="buttons" method="post" action={[&path, "/erase"].concat()}>
                    <input type="hidden" name="seen" value={letter.revision().as_str().to_owned()} />
                    <button class="danger" type="submit">{ shell.words("erase.confirm") }</button>
                    <a class="button" href={path}>{ shell.words("erase.cancel") }</a>
                </form>
            </div>
        }
    }
}
