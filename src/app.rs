//! The root component.

use std::rc::Rc;

use yew::prelude::*;

use crate::contract::Embed;

/// Everything the component is given.
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct AppProps {
    /// What there is to show.
    pub state: State,
    /// What the page around it says. On the server: the default.
    #[prop_or_default]
    pub host: Host,
}

/// What there is to show.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// An article, usable or withdrawn.
    Ready(Rc<Embed>),
}

/// What the page around the widget says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Host {
    /// The partner's share mark; "0" on the publisher's own pages.
    pub partner: Option<Rc<str>>,
}

/// The widget.
#[component]
pub fn App(props: &AppProps) -> Html {
    let State::Ready(embed) = &props.state;
    html! { <article class="aw">{ &embed.article.title }</article> }
}
