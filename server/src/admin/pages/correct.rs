//! Telling readers of something that was put right.

use article_widget::contract::Article;
use yew::prelude::*;

use super::parts::{Tone, notice};
use super::{Page, Shell};
use crate::admin::article_query::article_path;
use crate::publishing::LONGEST_CORRECTION;

/// The form of a correction.
pub struct CorrectPage {
    /// As the article stands.
    pub article: Article,
    /// Names the state that the form was made from.
    pub seen: String,
    /// What was typed.
    pub text: String,
    /// What is wrong: the key of a message.
    pub problem: Option<&'static str>,
}

impl Page for CorrectPage {
    fn title(&self, shell: &Shell) -> String {
        format!("{}: {}", shell.words("correct.title"), self.article.title)
    }

    fn main(&self, shell: &Shell) -> Html {
        let path = article_path(&self.article.id);
        html! {
            <>
                <p class="back"><a href={path.clone()}>{ &self.article.title }</a></p>
                <h1>{ shell.words("correct.title") }</h1>
                if let Some(key) = self.problem { { notice(Tone::Bad, shell.words(key)) } }
                <form class="card" method="post" action={[&path, "/correct"].concat()}>
                    <input type="hidden" name="seen" value={self.seen.clone()} />
                    <div class="field">
                        <label for="text">{ shell.words("correct.text") }</label>
                        <textarea id="text" name="text" rows="5" required=true
                            maxlength={LONGEST_CORRECTION.to_string()} value={self.text.clone()}
                            aria-describedby="text-hint" aria-invalid={self.problem.map(|_| "true")} />
                        <p class="hint" id="text-hint">{ shell.words("correct.hint") }</p>
                    </div>
                    <div class="buttons">
                        <button class="main" type="submit">{ shell.words("correct.save") }</button>
                        <a class="button" href={path}>{ shell.words("edit.cancel") }</a>
                    </div>
                </form>
                { self.earlier(shell) }
            </>
        }
    }
}

impl CorrectPage {
    fn earlier(&self, shell: &Shell) -> Html {
        if self.article.corrections.is_empty() {
            return html! {};
        }
        html! {
            <section class="card" aria-labelledby="earlier-heading">
                <h2 id="earlier-heading">{ shell.words("correct.earlier") }</h2>
                <ul class="words">
                    { for self.article.corrections.iter().rev().map(|correction| html! {
                        <li>
                            { &correction.text }{ " " }
                            <span class="soft">{ shell.stated(&correction.at) }</span>
                        </li>
                    }) }
                </ul>
            </section>
        }
    }
}
