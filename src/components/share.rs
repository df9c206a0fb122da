//! Gửi cho bạn bè: a menu of plain links. It opens and works with no script; a running one adds what
//! only it can do.

use yew::prelude::*;

use super::{Context, url};
use crate::contract::Embed;
use crate::model::{Action, Copied, Host};

/// The button and its menu.
pub(super) fn share(context: &Context<'_>) -> Html {
    let native = context.live.is_some_and(|live| live.native_share);
    html! {
        <details class="aw-share" part="share">
            <summary class="aw-button" part="button">{ context.words("share.button") }</summary>
            <ul class="aw-menu" part="menu">
                if native {
                    <li>
                        <button type="button" class="aw-item" part="menu-item"
                            onclick={context.instead(Action::ShareNative)}>
                            { context.words("share.native") }
                        </button>
                    </li>
                }
                { copy(context) }
                { for CHANNELS.iter().map(|channel| link(context, channel)) }
            </ul>
        </details>
    }
}

/// Says what came of copying: always there, so that a screen reader hears it change.
pub(super) fn status(context: &Context<'_>) -> Html {
    let copied = context.live.and_then(|live| live.copied.as_ref());
    html! {
        <p class="aw-status" part="status" role="status">
            if let Some(copied) = copied {
                { copied_words(context, copied) }
            }
        </p>
    }
}

fn copied_words(context: &Context<'_>, copied: &Copied) -> Html {
    match copied {
        Copied::Done => html! { { context.words("share.copied") } },
        Copied::ByHand(link) => html! {
            <>
                { context.words("share.copy_by_hand") }
                <span class="aw-permalink">{ link }</span>
            </>
        },
    }
}

/// A way to share by following a link.
struct Channel {
    /// Its name in reports.
    name: &'static str,
    /// Its letter in the share mark.
    letter: &'static str,
    /// The message key of its label.
    label: &'static str,
    /// Where the reader is sent with the article.
    url: fn(&Shared) -> String,
}

/// What is shared.
struct Shared {
    /// The article's page, with the share mark.
    link: String,
    /// The same, percent-encoded.
    encoded: String,
    /// The title, percent-encoded.
    title: String,
}

const CHANNELS: [Channel; 6] = [
    Channel {
        name: "email",
        letter: "e",
        label: "share.email",
        url: |it| {
            ["mailto:?subject=", &it.title, "&body=", &it.title, "%0D%0A", &it.encoded].concat()
        },
    },
    Channel {
        name: "facebook",
        letter: "f",
        label: "share.facebook",
        url: |it| ["https://www.facebook.com/sharer/sharer.php?u=", &it.encoded].concat(),
    },
    Channel {
        name: "x",
        letter: "x",
        label: "share.x",
        url: |it| ["https://x.com/intent/post?url=", &it.encoded, "&text=", &it.title].concat(),
    },
    Channel {
        name: "telegram",
        letter: "t",
        label: "share.telegram",
        url: |it| ["https://t.me/share/url?url=", &it.encoded, "&text=", &it.title].concat(),
    },
    Channel {
        name: "whatsapp",
        letter: "w",
        label: "share.whatsapp",
        url: |it| ["https://wa.me/?text=", &it.title, "%20", &it.encoded].concat(),
    },
    // The article alone on its own page, which prints better than the page around the widget.
    Channel {
        name: "print",
        letter: "p",
        label: "share.print",
        url: |it| [&it.link, "#print"].concat(),
    },
];

fn link(context: &Context<'_>, channel: &Channel) -> Html {
    let link = marked_url(context.embed, context.host, channel.letter);
    let encoded = url::encode(&link);
    let title = url::encode(&context.embed.article.title);
    let href = (channel.url)(&Shared { link, encoded, title });
    let on = context.on.clone();
    let name = channel.name;
    let mail = name == "email";
    html! {
        <li>
            <a class="aw-item" part="menu-item" {href} data-channel={name}
                target={(!mail).then_some("_blank")} rel={(!mail).then_some("noopener noreferrer")}
                onclick={Callback::from(move |_: MouseEvent| on.emit(Action::Shared(name)))}>
                { context.words(channel.label) }
            </a>
        </li>
    }
}

/// The article's page with a share mark: a letter for the channel, and whose page it was shared from.
/// The loader puts the partner's half in place of the `0` that the server writes.
pub(crate) fn marked_url(embed: &Embed, host: &Host, letter: &str) -> String {
    let partner = host.partner.as_deref().unwrap_or("0");
    [&embed.public_url, "/a/", embed.article.id.as_str(), "?s=", letter, "-", partner].concat()
}

/// Without a script a link to the article, from where its address can be copied.
fn copy(context: &Context<'_>) -> Html {
    let item = if context.live.is_some() {
        html! {
            <button type="button" class="aw-item" part="menu-item" data-channel="copy"
                onclick={context.instead(Action::ShareCopy)}>
                { context.words("share.copy") }
            </button>
        }
    } else {
        let href = marked_url(context.embed, context.host, "c");
        html! {
            <a class="aw-item" part="menu-item" {href} data-channel="copy">
                { context.words("share.link") }
            </a>
        }
    };
    html! { <li>{ item }</li> }
}
