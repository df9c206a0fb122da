//! What other sites show in an article: a card that links to it. Nothing of another site is loaded by an article.

use article_widget::contract::{BlockKind, EmbedCard};
use dom_query::NodeRef;
use url::Url;

use super::flow::Flow;
use crate::import::prose::folded;

/// Of a title, in characters.
const TITLE: usize = 200;

/// By the end of the host.
const PROVIDERS: &[(&str, &str)] = &[
    ("youtube.com", "YouTube"),
    ("youtube-nocookie.com", "YouTube"),
    ("youtu.be", "YouTube"),
    ("vimeo.com", "Vimeo"),
    ("dailymotion.com", "Dailymotion"),
    ("facebook.com", "Facebook"),
    ("instagram.com", "Instagram"),
    ("threads.net", "Threads"),
    ("threads.com", "Threads"),
    ("tiktok.com", "TikTok"),
    ("twitter.com", "X"),
    ("x.com", "X"),
    ("bsky.app", "Bluesky"),
    ("reddit.com", "Reddit"),
    ("pinterest.com", "Pinterest"),
    ("zalo.me", "Zalo"),
    ("zingmp3.vn", "Zing MP3"),
    ("spotify.com", "Spotify"),
    ("soundcloud.com", "SoundCloud"),
    ("podcasts.apple.com", "Apple Podcasts"),
    ("google.com/maps", "Google Maps"),
    ("maps.google.com", "Google Maps"),
    ("docs.google.com", "Google Docs"),
    ("datawrapper.de", "Datawrapper"),
    ("dwcdn.net", "Datawrapper"),
    ("flourish.studio", "Flourish"),
    ("infogram.com", "Infogram"),
    ("scribd.com", "Scribd"),
    ("ted.com", "TED"),
];

/// Hosts that show advertising or count readers.
const ADVERTISING: &[&str] = &[
    "doubleclick.net",
    "googlesyndication.com",
    "googletagmanager.com",
    "google-analytics.com",
    "adnxs.com",
    "admicro.vn",
    "taboola.com",
    "outbrain.com",
    "scorecardresearch.com",
    "amazon-adsystem.com",
];

/// Puts an element that shows something of another site.
pub(super) fn put(flow: &mut Flow<'_>, node: &NodeRef<'_>) {
    let tiny = |name: &str| node.attr(name).is_some_and(|value| matches!(&*value, "0" | "1"));
    if tiny("width") || tiny("height") {
        return;
    }
    let Some(url) = address(flow, node) else { return };
    let title =
        ["title", "aria-label"].iter().find_map(|name| node.attr(name)).map(|title| short(&title));
    // Players name themselves so.
    let title =
        title.filter(|title| !title.is_empty() && !title.to_lowercase().contains("video player"));
    card(flow, url, title);
}

/// Puts a quotation or an element that a script of another site would make something of; tells whether it was one.
pub(super) fn of_marked(flow: &mut Flow<'_>, node: &NodeRef<'_>) -> bool {
    const MARKED: [&str; 13] = [
        "twitter-tweet",
        "twitter-video",
        "instagram-media",
        "tiktok-embed",
        "reddit-embed-bq",
        "reddit-card",
        "bluesky-embed",
        "text-post-media",
        "fb-post",
        "fb-video",
        "wp-embedded-content",
        "imgur-embed-pub",
        "kg-bookmark-card",
    ];
    let is_marked = node.class().is_some_and(|classes| {
        classes.split_ascii_whitespace().any(|class| MARKED.contains(&class))
    });
    if !is_marked || node.has_name("iframe") {
        return false;
    }
    let named =
        ["data-href", "data-instgrm-permalink", "cite"].iter().filter_map(|name| node.attr(name));
    let url =
        named.filter_map(|href| flow.links.of_web(&href)).next().or_else(|| last_link(flow, node));
    let Some(url) = url else { return false };
    let says = |inner: &NodeRef<'_>| inner.has_name("p") || inner.has_class("kg-bookmark-title");
    let said = node.descendants_it().find(says).map(|said| short(&said.text()));
    card(flow, url, said.filter(|said| !said.is_empty()));
    true
}

fn card(flow: &mut Flow<'_>, url: String, title: Option<String>) {
    if host_ends_with_any(&url, ADVERTISING) {
        return;
    }
    let url = page_of(&url).unwrap_or(url);
    let again = flow
        .last_block()
        .is_some_and(|block| matches!(&block.kind, BlockKind::Embed(before) if before.url == url));
    if !again {
        flow.block(BlockKind::Embed(EmbedCard { provider: provider(&url), url, title }));
    }
}

/// Whose it is, where it is one of those that readers know.
pub(in crate::import) fn provider(url: &str) -> Option<String> {
    PROVIDERS
        .iter()
        .find(|(end, _)| host_ends_with_any(url, &[end]))
        .map(|(_, name)| (*name).to_owned())
}

/// Ends may have a beginning of the path with them.
fn host_ends_with_any(url: &str, ends: &[&str]) -> bool {
    let Ok(url) = Url::parse(url) else { return false };
    let host = url.host_str().unwrap_or_default();
    ends.iter().any(|end| {
        let (end, path) = end.split_once('/').unwrap_or((end, ""));
        let is_host =
            host.strip_suffix(end).is_some_and(|before| before.is_empty() || before.ends_with('.'));
        is_host && url.path().trim_start_matches('/').starts_with(path)
    })
}

fn address(flow: &Flow<'_>, node: &NodeRef<'_>) -> Option<String> {
    let named = |node: &NodeRef<'_>| {
        let names = ["data-lazy-src", "data-src", "src", "data", "data-href"];
        names.iter().filter_map(|name| node.attr(name)).find_map(|src| flow.links.of_web(&src))
    };
    let of_id = |name: &str, before: &str| {
        let id = node.attr(name)?;
        let is_id = id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
        is_id.then(|| flow.links.of_web(&format!("{before}{id}"))).flatten()
    };
    match node.node_name().as_deref() {
        Some("amp-youtube") => of_id("data-videoid", "https://www.youtube.com/watch?v="),
        Some("lite-youtube") => of_id("videoid", "https://www.youtube.com/watch?v="),
        Some("amp-vimeo") => of_id("data-videoid", "https://vimeo.com/"),
        Some("amp-twitter") => of_id("data-tweetid", "https://x.com/i/status/"),
        Some("amp-instagram") => of_id("data-shortcode", "https://www.instagram.com/p/"),
        _ => named(node).or_else(|| {
            node.descendants_it()
                .filter(|inner| matches!(inner.node_name().as_deref(), Some("source" | "embed")))
                .find_map(|inner| named(&inner))
        }),
    }
}

fn last_link(flow: &Flow<'_>, node: &NodeRef<'_>) -> Option<String> {
    let links = node
        .descendants_it()
        .filter(|inner| inner.has_name("a"))
        .filter_map(|link| link.attr("href"));
    flow.links.of_web(&links.last()?)
}

/// The page that one would send to a friend, of a player that is made to stand in a frame.
fn page_of(player: &str) -> Option<String> {
    let url = Url::parse(player).ok()?;
    let segments: Vec<&str> = url.path_segments()?.collect();
    if host_ends_with_any(player, &["youtube.com", "youtube-nocookie.com"])
        && segments.len() == 2
        && segments[0] == "embed"
    {
        let mut page = Url::parse("https://www.youtube.com/watch").ok()?;
        page.query_pairs_mut().append_pair("v", segments[1]);
        return (segments[1] != "videoseries").then(|| page.into());
    }
    if url.host_str() == Some("player.vimeo.com") && segments.len() == 2 && segments[0] == "video" {
        return Some(format!("https://vimeo.com/{}", segments[1]));
    }
    if host_ends_with_any(player, &["facebook.com/plugins"]) {
        let (_, href) = url.query_pairs().find(|(name, _)| name == "href")?;
        return Url::parse(&href)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https"))
            .map(Into::into);
    }
    None
}

fn short(text: &str) -> String {
    let folded = folded(text);
    match folded.char_indices().nth(TITLE) {
        Some((end, _)) => format!("{}…", folded[..end].trim_end()),
        None => folded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_is_told_by_its_own_host_only() {
        assert_eq!(provider("https://www.youtube.com/watch?v=a").as_deref(), Some("YouTube"));
        assert_eq!(
            provider("https://www.google.com/maps/embed?pb=1").as_deref(),
            Some("Google Maps")
        );
        assert_eq!(provider("https://notyoutube.com/"), None);
        assert_eq!(provider("https://youtube.com.xau.example/"), None);
    }

    #[test]
    fn a_player_leads_to_its_page() {
        let page = |player| page_of(player).unwrap();
        assert_eq!(
            page("https://www.youtube-nocookie.com/embed/aB3-x?rel=0"),
            "https://www.youtube.com/watch?v=aB3-x"
        );
        assert_eq!(page("https://player.vimeo.com/video/77?h=1"), "https://vimeo.com/77");
        let post = "https://www.facebook.com/plugins/post.php?href=https%3A%2F%2Fwww.facebook.com%2Fa%2Fposts%2F1";
        assert_eq!(page(post), "https://www.facebook.com/a/posts/1");
        assert_eq!(
            page_of("https://www.facebook.com/plugins/post.php?href=javascript%3Aalert(1)"),
            None
        );
        assert_eq!(page_of("https://bao.example/embed/1"), None);
    }
}
