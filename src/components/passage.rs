//! What can be done with words of the article that are selected: share them, report an error in them.

use yew::prelude::*;

use super::LiveContext;
use crate::model::Action;

/// The two buttons, at the foot of the window for as long as there is a selection.
pub(super) fn passage(context: &LiveContext<'_>) -> Html {
    let selected = context.live.is_some_and(|live| live.passage.is_some());
    html! {
        if selected {
            <div class="aw-passage" part="passage" role="group" aria-label={context.words("passage.label").to_owned()}>
                <div>
                    { button(context, "passage.share", Action::SharePassage) }
                    if !context.embed.settings.fields.is_empty() {
                        { button(context, "passage.report", Action::ReportPassage) }
                    }
                </div>
            </div>
        }
    }
}

fn button(context: &LiveContext<'_>, words: &'static str, action: Action) -> Html {
    html! {
        <button type="button" class="aw-button aw-primary" part="button primary" onclick={context.instead(action)}>
            { context.words(words) }
        </button>
    }
}
