//! Gửi cho bạn bè: a menu of plain links. It opens and works with no script; a running one adds what
//! only it can do.

use yew::prelude::*;

use super::channels::{CHANNELS, Channel, Kind, find};
use super::{LiveContext, url};
use crate::contract::{Embed, Heading};
use crate::mailto::mailto;
use crate::model::{Action, Copied, Form, Host};

/// Shown on phones alone, by the style.
const TOUCH: Option<&str> = Some("touch");
/// Shown elsewhere.
const MOUSE: Option<&str> = Some("mouse");

/// The button and its menu; nothing where there is nothing to choose.
///
/// To assistive technology it is what it is, a disclosure and a list of links: Tab goes through it. The role
/// `menu` would promise the keys of an application's menu, which nobody needs here.
pub(super) fn share(context: &LiveContext<'_>) -> Html {
    let items = items(context);
    if items.is_empty() {
        return Html::default();
    }
    html! {
        <details class="aw-share" part="share">
            <summary class="aw-button" part="button">{ context.words("share.button") }</summary>
            // Said, for Safari takes a list without marks for none.
            <ul class="aw-menu" part="menu" role="list">{ for items }</ul>
        </details>
    }
}

/// In the publisher's order; or in the partner's, which the loader has put in its place.
fn items(context: &LiveContext<'_>) -> Vec<Html> {
    let names = &context.embed.settings.channels;
    let count = if names.is_empty() { CHANNELS.len() } else { names.len() };
    let channel = |position: usize| match names.get(position) {
        Some(name) => find(name),
        None => Some(&CHANNELS[position]),
    };
    (0..count).filter_map(|position| item(context, channel(position)?)).collect()
}

/// Says what came of copying: always there, so that a screen reader hears it change.
pub(super) fn status(context: &LiveContext<'_>) -> Html {
    let copied = context.live.and_then(|live| live.copied.as_ref());
    html! {
        <p class="aw-status" part="status" role="status">
            if let Some(copied) = copied {
                { copied_words(context, copied) }
            }
        </p>
    }
}

fn copied_words(context: &LiveContext<'_>, copied: &Copied) -> Html {
    match copied {
        Copied::Done => html! { { context.words("share.copied") } },
        Copied::ForZalo => html! { { context.words("share.zalo_copied") } },
        Copied::ByHand(link) => html! {
            <>
                { context.words("share.copy_by_hand") }
                // A field, for a keyboard can select what is in one.
                <input class="aw-input" part="input" readonly=true aria-label={context.words("share.link").to_owned()} value={link.clone()} />
            </>
        },
    }
}

/// The article's page with a share mark: a letter for the channel, and whose page it was shared from.
/// The loader puts the partner's half in place of the `0` that the server writes.
pub(crate) fn marked_url(embed: &Embed<Heading>, host: &Host, letter: &str) -> String {
    marked_below(embed, host, "", letter)
}

/// The same of what lies below the article's page.
fn marked_below(embed: &Embed<Heading>, host: &Host, path: &str, letter: &str) -> String {
    let partner = host.partner.as_deref().unwrap_or("0");
    [&embed.public_url, "/a/", embed.article.id.as_str(), path, "?s=", letter, "-", partner]
        .concat()
}

/// A channel's item, where it can be offered. The loader puts the server's items into a partner's order, by
/// their `data-channel`.
fn item(context: &LiveContext<'_>, channel: &'static Channel) -> Option<Html> {
    let live = context.live;
    let mut device = None;
    let content = match channel.kind {
        Kind::Native => {
            live.filter(|live| live.native_share)?;
            button(context, channel.label, Action::ShareNative)
        }
        Kind::Copy if live.is_some() => button(context, channel.label, Action::ShareCopy),
        Kind::Zalo if live.is_some() => button(context, channel.label, Action::ShareZalo),
        Kind::Messenger => {
            device = if context.embed.settings.facebook_app.is_some() { None } else { TOUCH };
            messenger(context, channel)
        }
        Kind::Qr => qr(context, channel),
        Kind::Email if live.is_some() && context.embed.settings.sends_mail => html! {
            <>
                { anchor(context, channel, href(context, channel), None) }
                { button(context, "mail.button", Action::Toggle(Form::Mail)) }
            </>
        },
        _ => anchor(context, channel, href(context, channel), None),
    };
    Some(
        html! { <li key={channel.name} data-channel={channel.name} data-device={device}>{ content }</li> },
    )
}

/// Where a channel's link leads.
fn href(context: &LiveContext<'_>, channel: &Channel) -> String {
    let (embed, host) = (context.embed, context.host);
    let Heading { title, lede, .. } = &embed.article;
    let marked = marked_url(embed, host, channel.letter);
    match channel.kind {
        // No link leads into Zalo that can be relied on: a page of the publisher's helps.
        Kind::Zalo => {
            let page = marked_below(embed, host, "/share", channel.letter);
            [&page, "&lang=", &embed.lang].concat()
        }
        Kind::Email => mailto(title, lede.as_deref(), &marked),
        Kind::Site(before, None) => [before, &url::encode(&marked)].concat(),
        Kind::Site(before, Some(words)) => {
            [before, &url::encode(&marked), words, &url::encode(title)].concat()
        }
        Kind::Print => [&marked, "#print"].concat(),
        // To the article itself, from where its address can be copied.
        _ => marked,
    }
}

fn button(context: &LiveContext<'_>, label: &'static str, action: Action) -> Html {
    html! {
        <button type="button" class="aw-item" part="menu-item" onclick={context.instead(action)}>
            { context.words(label) }
        </button>
    }
}

/// A link, in a tab of its own where it leads to a page and not to an app.
fn anchor(
    context: &LiveContext<'_>,
    channel: &Channel,
    href: String,
    device: Option<&'static str>,
) -> Html {
    let page = href.starts_with("http");
    let label = if matches!(channel.kind, Kind::Copy) { "share.link" } else { channel.label };
    html! {
        <a class="aw-item" part="menu-item" {href} data-device={device}
            target={page.then_some("_blank")} rel={page.then_some("noopener noreferrer")}
            onclick={told(context, Action::Shared(channel.name))}>
            { context.words(label) }
        </a>
    }
}

/// By its app on phones, which alone know its scheme; elsewhere by Facebook's page, which phones do not have
/// and which asks for the publisher's app. The style shows the one that fits.
fn messenger(context: &LiveContext<'_>, channel: &Channel) -> Html {
    let link = url::encode(&marked_url(context.embed, context.host, channel.letter));
    let app = ["fb-messenger://share?link=", &link].concat();
    let app = anchor(context, channel, app, TOUCH);
    let Some(number) = &context.embed.settings.facebook_app else { return app };
    let back = url::encode(&context.page_url());
    let web = [
        "https://www.facebook.com/dialog/send?app_id=",
        number,
        "&link=",
        &link,
        "&redirect_uri=",
        &back,
    ];
    let web = anchor(context, channel, web.concat(), MOUSE);
    html! { <>{ app }{ web }</> }
}

/// The picture is asked for when the reader opens it: what is closed is not near the viewport.
fn qr(context: &LiveContext<'_>, channel: &Channel) -> Html {
    let label = context.words(channel.label);
    let picture = marked_below(context.embed, context.host, "/qr.svg", channel.letter);
    html! {
        <details class="aw-qr">
            <summary class="aw-item" part="menu-item" onclick={told(context, Action::ShareQr)}>
                { label }
            </summary>
            <img class="aw-code" part="qr" loading="lazy" alt={label.to_owned()} src={picture} />
            <span class="aw-hint" part="hint">{ context.words("share.qr_hint") }</span>
        </details>
    }
}

/// Calls `action` up beside what the element does by itself.
fn told(context: &LiveContext<'_>, action: Action) -> Callback<MouseEvent> {
    let on = context.on.clone();
    Callback::from(move |_| on.emit(action))
}
