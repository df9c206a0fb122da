//! The share menu, as the server and as a running script renders it.

use article_server::store::Channel;
use article_widget::app::{LivePart, LiveProps};
use article_widget::contract::{Article, Embed, Heading, Settings};
use article_widget::model::{Copied, Host, Live, Shared};
use yew::ServerRenderer;

use crate::render::{article, embed};

/// The HTML, without the marks that Yew leaves for hydration.
pub(crate) async fn render(
    embed: Embed,
    live: impl FnOnce() -> Option<Live> + Send + 'static,
) -> String {
    let embed = Embed::<Heading>::from(&embed);
    render_beside(embed, live).await
}

/// The same of what a browser reads.
pub(crate) async fn render_beside(
    embed: Embed<Heading>,
    live: impl FnOnce() -> Option<Live> + Send + 'static,
) -> String {
    let props = move || LiveProps {
        embed: embed.into(),
        host: Host::default(),
        live: live().map(Shared::from),
        on: yew::Callback::default(),
    };
    ServerRenderer::<LivePart>::with_props(props).hydratable(false).render().await
}

fn with(settings: Settings) -> Embed {
    Embed { settings, ..embed(article()) }
}

fn channels(names: &[&str]) -> Settings {
    Settings {
        channels: names.iter().map(|&name| name.to_owned()).collect(),
        ..embed(article()).settings
    }
}

/// Names of the menu's items, in its order.
fn order(html: &str) -> Vec<&str> {
    let items = html.split("<li data-channel=\"").skip(1);
    items.filter_map(|item| item.split_once('"')).map(|(name, _)| name).collect()
}

/// The item of a channel.
fn item<'a>(html: &'a str, channel: &str) -> &'a str {
    let start = html.find(&format!("<li data-channel=\"{channel}\"")).expect("it is offered");
    let length = html[start..].find("</li>").expect("it ends");
    &html[start..start + length]
}

#[tokio::test]
async fn the_menu_offers_what_the_server_counts_in_its_order_and_by_its_letters() {
    let live = || Some(Live { native_share: true, ..Live::default() });
    let html = render(with(Settings::default()), live).await;
    let offered: Vec<_> = Channel::OFFERED.into_iter().map(Channel::as_str).collect();
    assert_eq!(order(&html), offered);

    // Without a script there is no dialog to open, and every other way is a link.
    let html = render(with(Settings::default()), || None).await;
    assert_eq!(order(&html), offered[1..]);
    for channel in Channel::OFFERED.into_iter().skip(1) {
        let letter = channel.letter();
        let marks = [format!("?s={letter}-0"), format!("%3Fs%3D{letter}-0")];
        let item = item(&html, channel.as_str());
        assert!(marks.iter().any(|mark| item.contains(mark)), "{item}");
    }
}

#[tokio::test]
async fn publishers_choose_ways_and_order_and_no_way_is_no_button() {
    let html = render(with(channels(&["zalo", "smoke", "copy"])), || None).await;
    assert_eq!(order(&html), ["zalo", "copy"]);
    for none in [&["off"][..], &["native"]] {
        let html = render(with(channels(none)), || None).await;
        assert!(!html.contains("aw-share") && html.contains("Phản hồi"), "{html}");
    }
}

#[tokio::test]
async fn links_lead_where_each_way_wants_them() {
    let titled = Article { title: "Cà phê & mưa".into(), ..article() };
    let html = render(Embed { article: titled, ..with(Settings::default()) }, || None).await;
    let page = "https%3A%2F%2Fnews.example%2Fa%2Fa-1%3Fs%3D";
    let title = "C%C3%A0%20ph%C3%AA%20%26%20m%C6%B0a";
    for (channel, href) in [
        ("copy", "https://news.example/a/a-1?s=c-0".to_owned()),
        ("zalo", "https://news.example/a/a-1/share?s=z-0&amp;lang=vi".to_owned()),
        ("facebook", format!("https://www.facebook.com/sharer/sharer.php?u={page}f-0")),
        ("x", format!("https://x.com/intent/post?url={page}x-0&amp;text={title}")),
        ("telegram", format!("https://t.me/share/url?url={page}t-0&amp;text={title}")),
        ("whatsapp", format!("https://wa.me/?text={page}w-0%20{title}")),
        ("linkedin", format!("https://www.linkedin.com/sharing/share-offsite/?url={page}l-0")),
        ("print", "https://news.example/a/a-1?s=p-0#print".to_owned()),
    ] {
        let item = item(&html, channel);
        assert!(item.contains(&format!("href=\"{href}\"")), "{href} in {item}");
        assert!(item.contains("target=\"_blank\" rel=\"noopener noreferrer\""), "{item}");
    }
    let mail = item(&html, "email");
    assert!(mail.contains(&format!("href=\"mailto:?subject={title}&amp;body=")), "{mail}");
    assert!(!mail.contains("target="), "a mail needs no tab: {mail}");
}

#[tokio::test]
async fn messenger_is_its_app_on_phones_and_facebooks_page_elsewhere() {
    let html = render(with(Settings::default()), || None).await;
    let app = item(&html, "messenger");
    let link = "https%3A%2F%2Fnews.example%2Fa%2Fa-1%3Fs%3Dm-0";
    assert!(app.starts_with("<li data-channel=\"messenger\" data-device=\"touch\">"), "{app}");
    assert!(app.contains(&format!("href=\"fb-messenger://share?link={link}\"")), "{app}");
    assert!(!app.contains("target="), "{app}");

    let settings = Settings { facebook_app: Some("42".to_owned()), ..Settings::default() };
    let html = render(with(settings), || None).await;
    let both = item(&html, "messenger");
    assert!(both.starts_with("<li data-channel=\"messenger\">"), "{both}");
    let back = "https%3A%2F%2Fnews.example%2Fa%2Fa-1";
    let web = format!(
        "href=\"https://www.facebook.com/dialog/send?app_id=42&amp;link={link}&amp;redirect_uri={back}\""
    );
    assert!(both.contains(&web) && both.contains("data-device=\"mouse\""), "{both}");
    assert!(both.contains("data-device=\"touch\""), "{both}");
}

#[tokio::test]
async fn a_qr_code_is_folded_away_and_not_loaded_before_it_is_near() {
    let html = render(with(Settings::default()), || None).await;
    let qr = item(&html, "qr");
    assert!(qr.contains("<details class=\"aw-qr\"><summary"), "{qr}");
    assert!(qr.contains("loading=\"lazy\" alt=\"Mã QR\""), "{qr}");
    assert!(qr.contains("src=\"https://news.example/a/a-1/qr.svg?s=q-0\""), "{qr}");
}

#[tokio::test]
async fn a_running_script_acts_in_place_and_says_what_came_of_it() {
    for (copied, words) in [
        (Copied::Done, "Đã sao chép liên kết."),
        (Copied::ForZalo, "Hãy dán vào cuộc trò chuyện Zalo."),
        (Copied::ByHand("https://news.example/a/a-1?s=c-0".into()), "?s=c-0"),
    ] {
        let live = || Some(Live { copied: Some(copied), ..Live::default() });
        let html = render(with(Settings::default()), live).await;
        for channel in ["copy", "zalo"] {
            assert!(item(&html, channel).contains("<button type=\"button\""), "{html}");
        }
        let status = html.split_once("class=\"aw-status\"").expect("a status").1;
        assert!(status.split("</p>").next().is_some_and(|status| status.contains(words)), "{html}");
    }
}
