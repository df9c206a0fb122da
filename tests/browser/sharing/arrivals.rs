//! Where shared links lead, and what is counted of them.

use super::{DIALOG, watched};
use crate::scripts::{live, saw};
use crate::support::page::View;
use crate::support::world::World;

/// The publisher's page that helps where no script does, as a reader of L1 comes to it.
#[tokio::test]
async fn the_share_page_shows_link_and_code_under_its_policy() {
    let world = World::start().await;
    let url = format!("{}/a/cho-dem-pho-nui/share?s=z-abc12", world.publisher.origin());
    for (name, view) in [
        ("320", View { width: 320, ..View::PHONE }),
        ("dark", View { dark: true, ..View::PHONE }),
        ("desktop", View::DESKTOP),
    ] {
        let page = world.open_in(view, &url).await;
        let link = page.eval("document.querySelector('#link').value").await;
        assert_eq!(link, format!("{}/a/cho-dem-pho-nui?s=z-abc12", world.publisher.origin()));
        let code = "document.querySelector('.code svg').getBoundingClientRect()";
        let size = page.eval(&format!("[{code}.width, {code}.height]")).await;
        assert!(size[0].as_f64().is_some_and(|width| width > 200.0), "{size}");
        assert_eq!(size[0], size[1]);
        assert_eq!(page.eval("document.documentElement.scrollWidth > innerWidth").await, false);
        page.screenshot(&format!("share-page-{name}")).await;
        page.assert_no_console_error().await;
    }
}

/// From the menu in a partner's page over the link to the publisher's page, its view, and the figures.
#[tokio::test]
async fn every_way_leads_back_to_an_arrival_that_is_counted() {
    const ARTICLES: [(&str, &str, &str); 12] = [
        ("native", "n", "banh-can-goc-pho-sau-gio-chieu"),
        ("copy", "c", "ca-phe-vao-vu-hai"),
        ("zalo", "z", "cam-bien-do-am-san-phoi"),
        ("facebook", "f", "cau-noi-hai-bo-krong-lam"),
        ("messenger", "m", "cho-dem-pho-nui"),
        ("email", "e", "chuyen-tau-len-doi-thong"),
        ("x", "x", "dem-chim-tren-ho-ea-ngan"),
        ("telegram", "t", "giai-chay-duong-doi-hoa-quy"),
        ("whatsapp", "w", "giu-am-dung-cach-mua-gio-lanh"),
        ("linkedin", "l", "lang-gom-gia-lo-do-lua"),
        ("qr", "q", "mua-trai-mua-cac-ho-day-nuoc"),
        ("print", "p", "thu-vien-tren-thuyen"),
    ];
    /// What the browser hands out: to its dialog, to its clipboard.
    const HANDED_OUT: &str = "
        globalThis.clipboard = [];
        Object.defineProperty(Navigator.prototype, 'clipboard', { value: {
          writeText: async (text) => { clipboard.push(text); },
        } });
        // No article of the partner's page is seen, so that the reader is new to each.
        globalThis.IntersectionObserver = class { observe() {} disconnect() {} };
        globalThis.print = () => {};";
    let world = World::start().await;
    let widget = |article: &str| {
        format!("<article-widget src='https://news.example' article='{article}'></article-widget>")
    };
    let widgets: String = ARTICLES.iter().map(|(.., article)| widget(article)).collect();
    let loader = "<script async src='https://news.example/embed.js'></script>";
    world.write_page("all.html", &["<!doctype html>", &widgets, loader].concat());
    let page =
        world.open_in(watched(View::DESKTOP, &[DIALOG, HANDED_OUT].concat()), "all.html").await;
    page.wait_until(&live(ARTICLES.len())).await;

    let mut links = Vec::new();
    for (index, (channel, ..)) in ARTICLES.into_iter().enumerate() {
        let item = page.widget(index).find(&format!("[data-channel={channel}]"));
        let link = match channel {
            "native" | "zalo" => {
                page.eval(&format!("{item}.querySelector('button').click()")).await;
                page.wait_until("globalThis.dialogs.at(-1)?.url").await
            }
            "copy" => {
                page.eval(&format!("{item}.querySelector('button').click()")).await;
                page.wait_until("globalThis.clipboard.at(-1)").await
            }
            "qr" => {
                page.eval(&format!("{item}.querySelector('img').src.replace('/qr.svg', '')")).await
            }
            _ => page.eval(&format!("{item}.querySelector('a').href")).await,
        };
        page.eval("void (globalThis.dialogs = [])").await;
        links.push(page_link(link.as_str().expect("a link")));
    }
    drop(page);

    let token = world.publisher.stats_token().await;
    for ((channel, letter, article), link) in ARTICLES.into_iter().zip(links) {
        let page = world.open_in(watched(View::PHONE, "globalThis.print = () => {};"), &link).await;
        page.wait_until(&saw("view")).await;
        let stats = format!(
            "fetch('/v1/articles/{article}/stats', {{ headers: {{ authorization: 'Bearer {token}' }} }})\
             .then((answer) => answer.json())"
        );
        let arrivals = page.eval(&stats).await["arrivals"].clone();
        let mark = arrivals[0]["mark"].as_str().unwrap_or_default().to_owned();
        assert!(
            mark.starts_with(&format!("{letter}-")) && mark != format!("{letter}-0"),
            "{channel}: {arrivals}"
        );
        assert_eq!(arrivals[0]["views"], 1, "{channel}: {arrivals}");
    }
}

/// The article's page that a link leads to, or carries to another site.
fn page_link(link: &str) -> String {
    if link.contains("/a/") {
        return link.to_owned();
    }
    let start = link.find("http%3A%2F%2F").expect("it carries the article's page");
    let carried = link[start..].split('&').next().unwrap_or_default();
    let carried = carried.split_once("%20").map_or(carried, |(link, _)| link);
    carried.replace("%3A", ":").replace("%2F", "/").replace("%3F", "?").replace("%3D", "=")
}
