//! What every format leaves to be settled once its fields are read: an article that says the same thing twice
//! says it once, and one that lacks a title or a text takes it from what it has.

use article_widget::contract::{Article, Block, BlockKind, Figure, ImageSource, Inline};
use url::Url;

use super::prose;

/// A title that is taken from the text is no longer, in characters.
const TITLE: usize = 80;
/// That much of a summary is compared with the text, in bytes.
const COMPARED: usize = 4_000;

/// Settles title, lede, lead image and text. The summary may be HTML's plain text, cut or not.
pub(super) fn settle(mut article: Article, summary: Option<String>) -> Article {
    drop_title(&mut article);
    let summary = summary.and_then(|summary| prose::line(&summary));
    match summary {
        Some(summary) if !says_anything(&article.body) => {
            article.body.insert(0, prose::paragraph(vec![Inline::Text(summary)]));
        }
        Some(summary) if !begins_with(&article.body, &summary) => article.lede = Some(summary),
        _ => {}
    }
    if article.title.is_empty() {
        let text = prose::read_out(&article.body, COMPARED);
        article.title = prose::shortened(&text, TITLE);
    }
    lift_lead(&mut article);
    article
}

/// A picture with its files, where there are any. The same file once; what is not of the largest one's shape is
/// another cut of it and would be shown in its place.
pub(super) fn picture(sources: Vec<ImageSource>, mut figure: Figure) -> Option<Figure> {
    let largest = sources.iter().max_by_key(|source| source.width).cloned()?;
    let mut kept: Vec<ImageSource> = Vec::new();
    for source in sources {
        let is_known =
            kept.iter().any(|other| other.url == source.url || is_as_wide(other, &source));
        if !is_known && is_same_shape(&source, &largest) {
            kept.push(source);
        }
    }
    figure.sources = kept;
    Some(figure)
}

/// One file of a picture.
pub(super) fn source(url: String, width: u32, height: u32) -> ImageSource {
    ImageSource { url, width, height, media_type: None }
}

/// An absolute http or https URL, read from where the article is. None for anything else.
pub(super) fn web(url: &str, base: Option<&Url>) -> Option<String> {
    let url = url.trim();
    let url = match base {
        Some(base) => base.join(url),
        None => Url::parse(url),
    };
    url.ok().filter(|url| matches!(url.scheme(), "http" | "https")).map(String::from)
}

/// The host of a URL, for a source without a name.
pub(super) fn host(url: &str) -> Option<String> {
    Url::parse(url).ok()?.host_str().map(|host| host.trim_start_matches("www.").to_owned())
}

/// Whether one of the figures shows that picture.
pub(super) fn shows(blocks: &[Block], figure: &Figure) -> bool {
    blocks
        .iter()
        .any(|block| matches!(&block.kind, BlockKind::Figure(other) if is_same(other, figure)))
}

fn is_as_wide(one: &ImageSource, other: &ImageSource) -> bool {
    one.width != 0 && one.width == other.width
}

/// Within two per cent, for sizes are rounded. Where one is not known there is but the one file to show.
fn is_same_shape(one: &ImageSource, largest: &ImageSource) -> bool {
    if one.url == largest.url {
        return true;
    }
    let (across, down) = (
        u64::from(one.width) * u64::from(largest.height),
        u64::from(one.height) * u64::from(largest.width),
    );
    across != 0 && down != 0 && across.abs_diff(down) * 50 <= across
}

/// The headline above the text is the title again in what most systems send out.
fn drop_title(article: &mut Article) {
    let first = article.body.first().map(|block| &block.kind);
    let says = match first {
        Some(BlockKind::Heading { content, .. } | BlockKind::Paragraph(content)) => {
            prose::of_inlines(content)
        }
        _ => return,
    };
    let is_heading = matches!(first, Some(BlockKind::Heading { level: 2, .. }));
    if says == article.title || (article.title.is_empty() && is_heading) {
        article.title = says;
        article.body.remove(0);
    }
}

fn says_anything(blocks: &[Block]) -> bool {
    !prose::read_out(blocks, 1).is_empty()
}

/// Whether the summary is but the text's beginning, as systems cut it where nobody has written one.
fn begins_with(blocks: &[Block], summary: &str) -> bool {
    let cut = summary.trim_end_matches(|c: char| c.is_whitespace() || ".…[]()".contains(c));
    let bare = |text: &str| text.split_whitespace().collect::<String>();
    bare(&prose::read_out(blocks, COMPARED.max(cut.len() * 2))).starts_with(&bare(cut))
}

/// The lead image that also begins the text is shown once, with what either says of it.
fn lift_lead(article: &mut Article) {
    let Some(lead) = &mut article.lead_image else { return };
    let Some(BlockKind::Figure(first)) = article.body.first_mut().map(|block| &mut block.kind)
    else {
        return;
    };
    if !is_same(lead, first) {
        return;
    }
    if lead.caption.is_empty() {
        lead.caption = std::mem::take(&mut first.caption);
    }
    lead.credit = lead.credit.take().or(first.credit.take());
    lead.alt = lead.alt.take().or(first.alt.take());
    article.body.remove(0);
}

/// Whether they share a file, whatever its size.
fn is_same(one: &Figure, other: &Figure) -> bool {
    let files = |figure: &Figure| -> Vec<String> {
        figure.sources.iter().map(|source| file(&source.url).to_owned()).collect()
    };
    let others = files(other);
    files(one).iter().any(|file| others.contains(file))
}

/// A file's address without query and without the size that WordPress puts into its name: `a-300x200.jpg`.
fn file(url: &str) -> &str {
    let url = url.split(['?', '#']).next().unwrap_or(url);
    let stem = url.rsplit_once('.').map_or(url, |(stem, _)| stem);
    let is_size = |size: &str| {
        let numbers = size.split_once('x');
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        numbers.is_some_and(|(width, height)| is_number(width) && is_number(height))
    };
    match stem.rsplit_once('-') {
        Some((stem, size)) if is_size(size) || size == "scaled" => stem,
        _ => stem,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn article(title: &str, body: &[Block]) -> Article {
        Article { title: title.to_owned(), body: body.to_vec(), ..Article::default() }
    }

    fn says(text: &str) -> Block {
        prose::paragraph(vec![Inline::Text(text.to_owned())])
    }

    fn figure(url: &str) -> Figure {
        Figure { sources: vec![source(url.to_owned(), 0, 0)], ..Figure::default() }
    }

    #[test]
    fn a_summary_is_the_lede_the_text_or_nothing() {
        let text = says("Chợ nổi họp từ bốn giờ sáng. Ghe thuyền về đông.");
        let body = [text.clone()];
        let written = settle(article("Chợ nổi", &body), Some("Một buổi sáng.".to_owned()));
        assert_eq!(written.lede.as_deref(), Some("Một buổi sáng."));
        let cut = settle(article("Chợ nổi", &body), Some("Chợ nổi họp từ bốn […]".to_owned()));
        assert_eq!((cut.lede, cut.body.len()), (None, 1));
        let alone = settle(article("Chợ nổi", &[]), Some("Một buổi sáng.".to_owned()));
        assert_eq!((alone.lede, alone.body), (None, vec![says("Một buổi sáng.")]));
    }

    #[test]
    fn a_title_stands_once_and_is_taken_from_the_text_where_it_is_missing() {
        let repeated = settle(article("Chợ nổi", &[says("Chợ nổi"), says("Sáng sớm.")]), None);
        assert_eq!(repeated.body, [says("Sáng sớm.")]);
        let long = "Ghe thuyền từ các nhánh sông đổ về chợ khi trời còn chưa sáng hẳn, đèn dầu lấp lánh khắp mặt nước.";
        let untitled = settle(article("", &[says(long)]), None);
        assert_eq!(
            untitled.title,
            "Ghe thuyền từ các nhánh sông đổ về chợ khi trời còn chưa sáng hẳn, đèn dầu lấp…"
        );
        assert_eq!(untitled.body.len(), 1);
    }

    #[test]
    fn a_lead_image_is_not_shown_again_below_itself() {
        let mut first = figure("https://a.example/cho-noi-300x200.jpg?w=2");
        first.credit = Some("Ảnh: An".to_owned());
        let body = [BlockKind::Figure(first).into(), says("Sáng sớm.")];
        let lead = Some(figure("https://a.example/cho-noi.jpg"));
        let settled = settle(Article { lead_image: lead, ..article("Chợ nổi", &body) }, None);
        assert_eq!(settled.body, [says("Sáng sớm.")]);
        assert_eq!(settled.lead_image.unwrap().credit.as_deref(), Some("Ảnh: An"));
    }

    #[test]
    fn a_picture_is_one_picture_in_sizes() {
        let sizes = vec![
            source("https://a.example/1".into(), 1600, 900),
            source("https://a.example/2".into(), 800, 451),
            source("https://a.example/3".into(), 800, 450),
            source("https://a.example/square".into(), 150, 150),
            source("https://a.example/unknown".into(), 0, 0),
        ];
        let kept = picture(sizes, Figure::default()).unwrap().sources;
        let urls: Vec<&str> = kept.iter().map(|source| source.url.as_str()).collect();
        assert_eq!(urls, ["https://a.example/1", "https://a.example/2"]);
        assert_eq!(picture(Vec::new(), Figure::default()), None);
    }
}
