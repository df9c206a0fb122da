//! The text, block by block.

use yew::prelude::*;

use super::inline::inlines;
use super::{Context, figure, url};
use crate::contract::{Block, BlockKind, Cell, EmbedCard, Inline};

/// The whole text. On paper, where no link can be followed, the style prints the original's URL below it.
pub(super) fn body(context: &Context<'_>) -> Html {
    html! {
        <div class="aw-body" part="body" data-url={context.original_url()}>
            { blocks(context, &context.embed.article.body) }
        </div>
    }
}

fn blocks(context: &Context<'_>, blocks: &[Block]) -> Html {
    blocks.iter().map(|block| one(context, block)).collect()
}

fn one(context: &Context<'_>, block: &Block) -> Html {
    match &block.kind {
        BlockKind::Paragraph(content) => html! { <p>{ inlines(context, content) }</p> },
        BlockKind::Heading { level, content } => heading(context, *level, content),
        BlockKind::List { ordered, items } => list(context, *ordered, items),
        BlockKind::Quote { blocks, cite } => quote(context, blocks, cite),
        BlockKind::Figure(picture) => figure::figure(context, picture),
        BlockKind::Table { caption, rows } => table(context, caption, rows),
        BlockKind::Preformatted(text) => html! { <pre part="code" tabindex="0">{ text }</pre> },
        BlockKind::Embed(embed) => card(context, embed),
        BlockKind::Rule => html! { <hr part="rule" /> },
        BlockKind::Unknown => unknown(context, block.fallback.as_deref()),
    }
}

/// One level below the contract's: the title is an `h2`, for `h1` is the host page's.
fn heading(context: &Context<'_>, level: u8, content: &[Inline]) -> Html {
    let content = inlines(context, content);
    match level {
        2 => html! { <h3 class="aw-heading" part="heading">{ content }</h3> },
        3 => html! { <h4 class="aw-heading" part="heading">{ content }</h4> },
        _ => html! { <h5 class="aw-heading" part="heading">{ content }</h5> },
    }
}

fn list(context: &Context<'_>, ordered: bool, items: &[Vec<Block>]) -> Html {
    let items: Html =
        items.iter().map(|item| html! { <li>{ blocks(context, item) }</li> }).collect();
    if ordered {
        html! { <ol part="list">{ items }</ol> }
    } else {
        html! { <ul part="list">{ items }</ul> }
    }
}

fn quote(context: &Context<'_>, quoted: &[Block], cite: &[Inline]) -> Html {
    html! {
        <blockquote part="quote">
            { blocks(context, quoted) }
            if !cite.is_empty() {
                <p class="aw-cite" part="cite">{ inlines(context, cite) }</p>
            }
        </blockquote>
    }
}

/// Scrolls sideways by itself where it is wider than the column, by keyboard too.
fn table(context: &Context<'_>, caption: &[Inline], rows: &[Vec<Cell>]) -> Html {
    let label = context.words("article.table").to_owned();
    html! {
        <div class="aw-table" part="table" role="group" aria-label={label} tabindex="0"
            lang={context.embed.lang.clone()} dir={context.dir()}>
            <table lang={context.embed.article.language.clone()} dir={context.article_dir()}>
                if !caption.is_empty() {
                    <caption>{ inlines(context, caption) }</caption>
                }
                <tbody>{ for rows.iter().map(|row| html! { <tr>{ cells(context, row) }</tr> }) }</tbody>
            </table>
        </div>
    }
}

fn cells(context: &Context<'_>, row: &[Cell]) -> Html {
    row.iter()
        .map(|cell| {
            let span = |count: u16| (count > 1).then(|| count.to_string());
            let (columns, rows) = (span(cell.columns), span(cell.rows));
            let content = inlines(context, &cell.content);
            if cell.header {
                html! { <th colspan={columns} rowspan={rows}>{ content }</th> }
            } else {
                html! { <td colspan={columns} rowspan={rows}>{ content }</td> }
            }
        })
        .collect()
}

/// A link to something of another site. Nothing of that site is loaded.
fn card(context: &Context<'_>, embed: &EmbedCard) -> Html {
    let Some(href) = url::safe(&context.embed.public_url, &embed.url) else {
        return unknown(context, embed.title.as_deref());
    };
    html! {
        <a class="aw-card" part="card" {href} target="_blank" rel="noopener noreferrer">
            <span class="aw-card-title">{ embed.title.as_ref().unwrap_or(&embed.url) }</span>
            if let Some(provider) = &embed.provider {
                <span class="aw-card-provider">{ provider }</span>
            }
        </a>
    }
}

fn unknown(context: &Context<'_>, fallback: Option<&str>) -> Html {
    html! {
        if let Some(text) = fallback {
            <p>{ text }</p>
        } else {
            <p lang={context.embed.lang.clone()} dir={context.dir()}>
                <a class="aw-link" part="link" href={context.original_url()}>
                    { context.words("article.unknown_block") }
                </a>
            </p>
        }
    }
}
