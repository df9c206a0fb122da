//! The root components. Data goes one way: props in, HTML out, what the reader does up to whoever owns the props:
//! nobody on the server, `browser` in a page.
//!
//! An article never changes while it is read; what stands below it does. So a server renders [`App`], which is
//! all of it, and a browser takes over [`LivePart`] alone. Few readers write: [`FormsPart`] comes to whoever
//! reaches for a form, and [`TextPart`] where a page takes no HTML. Those two are a Wasm module of their own.

use yew::prelude::*;

use crate::components::{self, Context, FormContext, LiveContext};
use crate::contract::{Embed, Heading};
use crate::model::{Action, FormAction, Forms, Host, Live, Shared, State};

/// What the whole is given.
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct AppProps {
    /// The answer for a loader, but for the HTML that is rendered of it.
    pub embed: Shared<Embed>,
}

/// The whole widget, as a server renders it.
#[component]
pub fn App(props: &AppProps) -> Html {
    let embed = &props.embed;
    components::article(
        &Context { embed },
        html! { <LivePart embed={Shared::from(Embed::from(&**embed))} /> },
    )
}

/// What the text is given.
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct TextProps {
    /// What there is to show.
    pub state: State,
    /// Called where the reader asks again for what could not be had.
    pub on_retry: Callback<()>,
}

/// What is read, for a browser that was given no HTML: with an empty place where [`LivePart`] goes.
#[component]
pub fn TextPart(props: &TextProps) -> Html {
    let TextProps { state, on_retry } = props;
    match state {
        State::Ready(embed) => components::article(&Context { embed }, Html::default()),
        State::Loading(lang) => components::waiting(lang, components::Wait::Loading, on_retry),
        State::Failed(lang) => components::waiting(lang, components::Wait::Failed, on_retry),
        State::Offline(lang) => components::waiting(lang, components::Wait::Offline, on_retry),
    }
}

/// What the live part is given.
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct LiveProps {
    /// Of it all, words, settings, the most-read list, and what names the article.
    pub embed: Shared<Embed<Heading>>,
    /// What the page around it says. On the server: the default.
    #[prop_or_default]
    pub host: Host,
    /// What only a running script can offer. Absent on the server, and in the first rendering in a
    /// browser, so that the two are the same.
    #[prop_or_default]
    pub live: Option<Shared<Live>>,
    /// Where the reader's actions go.
    #[prop_or_default]
    pub on: Callback<Action>,
}

/// What answers the reader. Every reader gets its code, and Yew's of a component that is a function is longer.
#[derive(Debug)]
pub struct LivePart;

impl Component for LivePart {
    type Message = ();
    type Properties = LiveProps;

    fn create(_: &yew::Context<Self>) -> Self {
        Self
    }

    fn view(&self, context: &yew::Context<Self>) -> Html {
        let LiveProps { embed, host, live, on } = context.props();
        let context = Context { embed };
        components::live(&LiveContext { context, host, live: live.as_deref(), on })
    }
}

/// What the forms are given.
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct FormsProps {
    /// Of it all, words, settings, and the article's language.
    pub embed: Shared<Embed<Heading>>,
    /// How far they have come.
    pub forms: Forms,
    /// Where the reader's actions go.
    pub on: Callback<FormAction>,
}

/// The forms, in the place that [`LivePart`] keeps for them.
#[component]
pub fn FormsPart(props: &FormsProps) -> Html {
    let FormsProps { embed, forms, on } = props;
    components::panels(&FormContext { context: Context { embed }, forms, on })
}
