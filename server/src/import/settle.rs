//! What every format leaves to be settled once its fields are read: an article that says the same thing twice
//! says it once, and one that lacks a title or a text takes it from what it has.

use article_widget::contract::{Article, Block, BlockKind, Inline};
use jiff::Timestamp;
use url::Url;

use super::{Invalid, html, picture, prose};

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
    article.updated = article.updated.filter(|date| is_after(date, article.published.as_deref()));
    article
}

/// The text of an article that is HTML.
///
/// # Errors
/// Where no article has as much of it.
pub(super) fn body(field: &str, text: &str, base: Option<&Url>) -> Result<Vec<Block>, Invalid> {
    html::read(text, base)
        .map_err(|error| Invalid { field: field.to_owned(), reason: error.to_string() })
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
    blocks.iter().any(|block| !prose::read_out(std::slice::from_ref(block), 1).is_empty())
}

/// Whether the summary is but the text's beginning, as systems cut it where nobody has written one: up to the
/// ellipsis, after which only a link to the text follows.
fn begins_with(blocks: &[Block], summary: &str) -> bool {
    let cut = summary.split('…').next().unwrap_or(summary);
    let cut = cut.split("...").next().unwrap_or(cut);
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let text = prose::read_out(blocks, COMPARED.max(cut.len() * 2));
    letters(&text).starts_with(&letters(cut))
}

/// An instant after publication, or another day where a time is not known.
fn is_after(updated: &str, published: Option<&str>) -> bool {
    let Some(published) = published else { return true };
    match (updated.parse::<Timestamp>(), published.parse::<Timestamp>()) {
        (Ok(updated), Ok(published)) => updated > published,
        _ => updated.get(..10) > published.get(..10),
    }
}

/// The lead image that also stands in the text is shown once, with what either says of it.
fn lift_lead(article: &mut Article) {
    let Some(lead) = &mut article.lead_image else { return };
    let is_it = |block: &Block| matches!(&block.kind, BlockKind::Figure(other) if picture::is_same(lead, other));
    let Some(at) = article.body.iter().position(is_it) else { return };
    let BlockKind::Figure(again) = article.body.remove(at).kind else { return };
    if lead.caption.is_empty() {
        lead.caption = again.caption;
    }
    lead.credit = lead.credit.take().or(again.credit);
    lead.alt = lead.alt.take().or(again.alt);
}

#[cfg(test)]
mod tests {
    use article_widget::contract::Figure;

    use super::*;

    fn article(title: &str, body: &[Block]) -> Article {
        Article { title: title.to_owned(), body: body.to_vec(), ..Article::default() }
    }

    fn says(text: &str) -> Block {
        prose::paragraph(vec![Inline::Text(text.to_owned())])
    }

    fn figure(url: &str) -> Figure {
        Figure { sources: vec![picture::file(url.to_owned(), 0, 0)], ..Figure::default() }
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
    fn a_change_that_is_none_is_not_told() {
        let updated = |published: &str, updated: &str| {
            let dates = (Some(published.to_owned()), Some(updated.to_owned()));
            let (published, updated) = dates;
            settle(Article { published, updated, ..article("Chợ nổi", &[]) }, None).updated
        };
        assert_eq!(updated("2026-01-02T08:00:00+07:00", "2026-01-02T01:00:00Z"), None);
        assert_eq!(updated("2026-01-02T08:00:00Z", "2026-01-01T08:00:00Z"), None);
        assert!(updated("2026-01-02T08:00:00Z", "2026-01-02T08:00:01Z").is_some());
        assert_eq!(updated("2026-01-02", "2026-01-02T08:00:00Z"), None);
        assert!(updated("2026-01-02", "2026-01-03").is_some());
    }
}
