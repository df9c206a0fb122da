//! Phản hồi: a link to the publisher's own form page; with a running script a button for the form in place.

use yew::prelude::*;

use super::LiveContext;
use crate::model::{Action, Form};

/// The button, which is a link for as long as no script runs.
///
/// Whether its form is open is said by the form, which is another root's: it changes `aria-expanded`, which
/// stays the same here.
pub(super) fn button(context: &LiveContext<'_>) -> Html {
    let label = context.words("feedback.button");
    if context.live.is_none() {
        let href = [&context.page_url(), "/feedback"].concat();
        return html! {
            <a class="aw-button" part="button" data-open="feedback" target="_blank" rel="noopener" {href}>
                { label }
            </a>
        };
    }
    html! {
        <button type="button" class="aw-button" part="button" data-open="feedback" aria-expanded="false"
            onclick={context.instead(Action::Toggle(Form::Letter))}>
            { label }
        </button>
    }
}
