//! A page of an article as plain text, as a reader sees it: dateline, title, caption, paragraphs,
//! source line, and the page's furniture, which is dropped. An importer does not edit: words stay as
//! they are printed.

use article_widget::contract::{Article, BlockKind, Figure, Inline};

use super::{ImportError, characters, identity, prose, source};
use crate::time::printed_day;

/// What the page has around the article: buttons, a form's heading, a list's.
const FURNITURE: [&str; 4] =
    ["gửi cho bạn bè", "phản hồi", "thông tin người gửi phản hồi", "xem nhiều nhất"];
/// A longer line below the title is no caption but a paragraph, in characters.
const CAPTION: usize = 300;

/// Lines without a blank one between them.
type Paragraph<'a> = Vec<&'a str>;

pub(super) fn read(text: &str) -> Result<Article, ImportError> {
    let text = characters::clean(text);
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    if lines.len() > prose::LINES {
        return Err(ImportError::Text("the page has more lines than an article"));
    }
    let mut lines = without_furniture(&lines);

    let first = next_line(&mut lines).ok_or(ImportError::Text("the text is empty"))?;
    let dateline = printed_day(first).map(|_| first.to_owned());
    let title = match &dateline {
        Some(_) => next_line(&mut lines).ok_or(ImportError::Text("there is no title"))?,
        None => first,
    };
    let (caption, lines) = caption(lines);
    let mut paragraphs = paragraphs(lines);
    let source = take_source(&mut paragraphs);
    if paragraphs.is_empty() {
        return Err(ImportError::Text("there is no text below the title"));
    }

    let id = match &source {
        Some((printed, source)) if source.date.is_some() => identity::of_text(title, None, printed),
        _ => identity::of_text(title, None, &paragraphs[0].join("\n")),
    };
    let source = source.map(|(_, source)| source);
    Ok(Article {
        id,
        title: title.to_owned(),
        published: source.as_ref().and_then(|source| source.date.clone()),
        dateline,
        lead_image: caption
            .map(|caption| Figure { caption: inlines(&caption), ..Figure::default() }),
        body: paragraphs.iter().map(|lines| BlockKind::Paragraph(inlines(lines)).into()).collect(),
        source,
        ..Article::default()
    })
}

/// The lines above the page's foot. It begins at the first furniture below the source line; where
/// there is no source line, at the first furniture that no prose follows.
fn without_furniture<'a, 'b>(lines: &'b [&'a str]) -> &'b [&'a str] {
    let is_source = |line: &&str| source::read(line).is_some();
    let is_furniture = |line: &&str| FURNITURE.contains(&line.to_lowercase().as_str());
    // Headlines in the list at the foot end without a full stop.
    let is_prose = |line: &&str| line.ends_with('.');
    let above = lines.iter().rposition(is_source).or(lines.iter().rposition(is_prose)).unwrap_or(0);
    match lines[above..].iter().position(is_furniture) {
        Some(foot) => &lines[..above + foot],
        None => lines,
    }
}

fn next_line<'a>(lines: &mut &[&'a str]) -> Option<&'a str> {
    let position = lines.iter().position(|line| !line.is_empty())?;
    let line = lines[position];
    *lines = &lines[position + 1..];
    Some(line)
}

/// The lines directly below the title, where they are short and a blank line follows.
fn caption<'a, 'b>(lines: &'b [&'a str]) -> (Option<Paragraph<'a>>, &'b [&'a str]) {
    let end = lines.iter().position(|line| line.is_empty()).unwrap_or(0);
    let length: usize = lines[..end].iter().map(|line| line.chars().count()).sum();
    if (1..=CAPTION).contains(&length) && source::read(lines[0]).is_none() {
        (Some(lines[..end].to_vec()), &lines[end..])
    } else {
        (None, lines)
    }
}

fn paragraphs<'a>(lines: &[&'a str]) -> Vec<Paragraph<'a>> {
    let paragraphs = lines.split(|line| line.is_empty()).map(<[_]>::to_vec);
    paragraphs.filter(|lines| !lines.is_empty()).collect()
}

/// Takes the source line away if it stands at the end, or with one paragraph after it (who wrote).
fn take_source<'a>(
    paragraphs: &mut Vec<Paragraph<'a>>,
) -> Option<(&'a str, article_widget::contract::Source)> {
    let last =
        |lines: &Paragraph<'a>| lines.last().is_some_and(|line| source::read(line).is_some());
    let position = paragraphs.iter().rposition(last)?;
    if position + 2 < paragraphs.len() {
        return None;
    }
    let printed = paragraphs[position].pop()?;
    paragraphs.retain(|lines| !lines.is_empty());
    Some((printed, source::read(printed)?))
}

/// The end of a line within a paragraph was printed, and stays.
fn inlines(lines: &[&str]) -> Vec<Inline> {
    prose::broken(lines.iter().copied())
}
