//! The root component. Data goes one way: [`AppProps`] in, HTML out, [`Action`]s up to whoever owns
//! the props: nobody on the server, `browser` in a page.

use yew::prelude::*;

use crate::components::{self, Context};
use crate::model::{Action, Host, Live, State};

/// Everything the component is given.
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct AppProps {
    /// What there is to show.
    pub state: State,
    /// What the page around it says. On the server: the default.
    #[prop_or_default]
    pub host: Host,
    /// What only a running script can offer. Absent on the server, and in the first rendering in a
    /// browser, so that the two are the same.
    #[prop_or_default]
    pub live: Option<Live>,
    /// Where the reader's actions go.
    #[prop_or_default]
    pub on: Callback<Action>,
}

/// The widget.
#[component]
pub fn App(props: &AppProps) -> Html {
    match &props.state {
        State::Ready(embed) => components::article(&Context {
            embed,
            host: &props.host,
            live: props.live.as_ref(),
            on: &props.on,
        }),
        State::Loading(lang) => components::waiting(lang, components::Wait::Loading, &props.on),
        State::Failed(lang) => components::waiting(lang, components::Wait::Failed, &props.on),
        State::Offline(lang) => components::waiting(lang, components::Wait::Offline, &props.on),
    }
}
