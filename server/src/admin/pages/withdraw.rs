//! The step before an article is withdrawn, and what there is to do after it.

use article_widget::contract::{Article, ArticleId};
use yew::prelude::*;

use super::parts::{Tone, notice};
use super::{Page, Shell};
use crate::admin::article_query::article_path;
use crate::publishing::Purge;

/// Asks once more.
pub struct WithdrawPage {
    /// As the article stands.
    pub article: Article,
}

/// Says that it is done.
pub struct WithdrawnPage {
    /// Which article.
    pub id: ArticleId,
    /// What caches have to forget.
    pub purge: Purge,
    /// A program is told of that by the server itself.
    pub is_told: bool,
}

impl Page for WithdrawPage {
    fn title(&self, shell: &Shell) -> String {
        shell.words("withdraw.title").to_owned()
    }

    fn main(&self, shell: &Shell) -> Html {
        let path = article_path(&self.article.id);
        html! {
            <div class="narrow card">
                <h1>{ shell.words("withdraw.title") }</h1>
                <p class="quote">{ &self.article.title }</p>
                <p>{ shell.words("withdraw.warning") }</p>
                <form method="post" action={[&path, "/withdraw"].concat()}>
                    <div class="field">
                        <label for="note">{ shell.words("withdraw.note") }</label>
                        <input id="note" name="note" type="text" maxlength="500" autocomplete="off"
                            aria-describedby="note-hint" />
                        <p class="hint" id="note-hint">{ shell.words("withdraw.note_hint") }</p>
                    </div>
                    <div class="buttons">
                        <button class="danger" type="submit">{ shell.words("withdraw.confirm") }</button>
                        <a class="button" href={path}>{ shell.words("withdraw.cancel") }</a>
                    </div>
                </form>
            </div>
        }
    }
}

impl Page for WithdrawnPage {
    fn title(&self, shell: &Shell) -> String {
        shell.words("withdraw.done").to_owned()
    }

    fn main(&self, shell: &Shell) -> Html {
        let hint = if self.is_told { "withdraw.told" } else { "withdraw.not_told" };
        let label = shell.words("withdraw.addresses");
        html! {
            <>
                <h1>{ shell.words("withdraw.done") }</h1>
                { notice(Tone::Good, shell.words("withdraw.reaches")) }
                <section class="card" aria-labelledby="addresses-heading">
                    <h2 id="addresses-heading">{ label }</h2>
                    <p>{ [shell.words(hint), " ", shell.words("withdraw.prefixes")].concat() }</p>
                    <pre tabindex="0" role="group" aria-label={label}><code>{ self.purge.addresses().join("\n") }</code></pre>
                </section>
                <p class="on"><a href={article_path(&self.id)}>{ shell.words("withdraw.back") }</a></p>
            </>
        }
    }
}
