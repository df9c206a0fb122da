//! What was put right, before the text that was wrong.

use yew::prelude::*;

use super::Context;

/// The notices, oldest first; nothing where there are none.
pub(super) fn corrections(context: &Context<'_>) -> Html {
    let corrections = &context.embed.article.corrections;
    if corrections.is_empty() {
        return Html::default();
    }
    let dates = context.embed.display.corrections.iter().map(Some).chain(std::iter::repeat(None));
    html! {
        <section class="aw-notice" part="notice">
            <h3 class="aw-notice-title" part="heading" lang={context.embed.lang.clone()} dir={context.dir()}>
                { context.words("article.corrections") }
            </h3>
            { for corrections.iter().zip(dates).map(|(correction, date)| html! {
                <p>
                    if let Some(date) = date {
                        <span class="aw-notice-date" lang={context.embed.lang.clone()} dir={context.dir()}>{ date }</span>
                    }
                    { &correction.text }
                </p>
            }) }
        </section>
    }
}
