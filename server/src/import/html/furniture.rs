//! What systems put into an article's HTML that is not the article: buttons to share, lists of other articles, forms to
//! subscribe.

use dom_query::NodeRef;

/// Classes of such elements, each of a system that is wide-spread: WordPress with Jetpack and its common plugins, Ghost,
/// Substack, Blogger, AMP.
const CLASSES: &[&str] = &[
    "sharedaddy",
    "jp-relatedposts",
    "jp-post-flair",
    "wpcnt",
    "yarpp",
    "yarpp-related",
    "addtoany_share_save_container",
    "heateor_sss_sharing_container",
    "a2a_kit",
    "ez-toc-container",
    "lwptoc",
    "toc_container",
    "wp-block-button",
    "wp-block-search",
    "wp-block-social-links",
    "wp-block-latest-posts",
    "kg-signup-card",
    "kg-button-card",
    "kg-cta-card",
    "subscription-widget-wrap",
    "subscribe-widget",
    "button-wrapper",
    "image-link-expand",
    "post-share-buttons",
    "blog-pager",
    "fb-like",
    "fb-share-button",
    "fb-comments",
    "zalo-share-button",
    "twitter-share-button",
    "adsbygoogle",
    "mw-editsection",
];

/// Whether it is no part of the article.
pub(super) fn is_furniture(node: &NodeRef<'_>) -> bool {
    node.class().is_some_and(|classes| {
        classes.split_ascii_whitespace().any(|class| CLASSES.contains(&class))
    })
}
