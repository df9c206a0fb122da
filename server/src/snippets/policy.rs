//! What a partner's page has to let in, where it has a content security policy.

use std::collections::BTreeSet;

use article_widget::contract::{Article, Block, BlockKind, Figure};
use url::Url;

/// The directives that a page with this article needs.
pub fn policy(article: &Article, public_url: &str) -> String {
    let images: Vec<String> = image_origins(article, public_url).into_iter().collect();
    let images = images.join(" ");
    format!(
        "script-src {public_url} 'wasm-unsafe-eval';\nconnect-src {public_url};\n\
         img-src {images};\nframe-src {public_url};"
    )
}

/// Where its pictures are from, the publisher's server among them: there are QR codes, too.
pub fn image_origins(article: &Article, public_url: &str) -> BTreeSet<String> {
    let mut origins = BTreeSet::from([public_url.to_owned()]);
    article.lead_image.iter().for_each(|figure| add_figure(figure, &mut origins));
    add_blocks(&article.body, &mut origins);
    origins
}

fn add_blocks(blocks: &[Block], origins: &mut BTreeSet<String>) {
    for block in blocks {
        match &block.kind {
            BlockKind::Figure(figure) => add_figure(figure, origins),
            BlockKind::Quote { blocks, .. } => add_blocks(blocks, origins),
            BlockKind::List { items, .. } => {
                items.iter().for_each(|item| add_blocks(item, origins))
            }
            _ => {}
        }
    }
}

fn add_figure(figure: &Figure, origins: &mut BTreeSet<String>) {
    let urls = figure.sources.iter().filter_map(|source| Url::parse(&source.url).ok());
    let web = urls.filter(|url| matches!(url.scheme(), "http" | "https"));
    origins.extend(web.map(|url| url.origin().ascii_serialization()));
}
