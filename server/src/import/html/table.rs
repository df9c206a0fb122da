//! Tables of data, and tables that only put things beside each other, which are as if they were not there.

use article_widget::contract::{Block, BlockKind, Cell};
use dom_query::NodeRef;

use super::flow::Flow;
use super::{figure, runs};

/// A table has at most this many columns that a cell may span.
const COLUMNS: u16 = 100;

/// Puts a table.
pub(super) fn put(flow: &mut Flow<'_>, node: &NodeRef<'_>) {
    let rows = rows(node);
    if is_layout(node, &rows) {
        return layout(flow, node, &rows);
    }
    let caption = node.children_it(false).find(|child| child.has_name("caption"));
    let caption = caption.map(|caption| flow.lines(&caption)).unwrap_or_default();
    let mut pictures = Vec::new();
    let height = rows.len();
    let cells: Vec<Vec<Cell>> = rows
        .iter()
        .enumerate()
        .map(|(above, row)| {
            cells(row).iter().map(|node| cell(flow, node, height - above, &mut pictures)).collect()
        })
        .collect();
    let rows: Vec<Vec<Cell>> =
        cells.into_iter().filter(|row: &Vec<Cell>| !row.is_empty()).collect();
    if rows.iter().flatten().any(|cell| !cell.content.is_empty()) {
        flow.block(BlockKind::Table { caption, rows });
    }
    // A cell holds lines; its pictures follow the table.
    flow.put(pictures);
}

/// The rows of this table, and not of those within.
fn rows<'a>(table: &NodeRef<'a>) -> Vec<NodeRef<'a>> {
    let mut rows = Vec::new();
    for child in table.element_children() {
        match child.node_name().as_deref() {
            Some("tr") => rows.push(child),
            Some("thead" | "tbody" | "tfoot") => {
                rows.extend(child.element_children().into_iter().filter(|row| row.has_name("tr")));
            }
            _ => {}
        }
    }
    rows
}

fn cells<'a>(row: &NodeRef<'a>) -> Vec<NodeRef<'a>> {
    row.element_children()
        .into_iter()
        .filter(|cell| cell.has_name("td") || cell.has_name("th"))
        .collect()
}

/// Whether it is there to put things in places. A table of data says so, or is words in rows and columns.
fn is_layout(table: &NodeRef<'_>, rows: &[NodeRef<'_>]) -> bool {
    let says_so = table.attr("role").is_some_and(|role| matches!(&*role, "presentation" | "none"));
    let within = |names: &[&str]| {
        table
            .descendants_it()
            .any(|inner| inner.node_name().is_some_and(|name| names.contains(&&*name)))
    };
    if says_so || within(&["table"]) {
        return true;
    }
    let is_data = within(&["th", "caption", "thead"]);
    let columns = rows.iter().map(|row| cells(row).len()).max().unwrap_or(0);
    let is_flat = columns < 2 || rows.len() < 2;
    columns == 0
        || !is_data
            && (is_flat
                || within(&[
                    "img",
                    "picture",
                    "iframe",
                    "h1",
                    "h2",
                    "h3",
                    "h4",
                    "ul",
                    "ol",
                    "blockquote",
                ]))
}

/// What is in it, in its order. One picture with words below it, in one column, is a picture with its caption.
fn layout(flow: &mut Flow<'_>, table: &NodeRef<'_>, rows: &[NodeRef<'_>]) {
    flow.end_lines();
    let is_column = rows.iter().all(|row| cells(row).len() == 1);
    if !is_column {
        flow.children(table);
        return flow.end_lines();
    }
    match figure::captioned(flow.inside(table)) {
        Ok(figure) => flow.block(BlockKind::Figure(figure)),
        Err(blocks) => flow.put(blocks),
    }
}

fn cell(flow: &Flow<'_>, node: &NodeRef<'_>, rows_left: usize, pictures: &mut Vec<Block>) -> Cell {
    let is_picture =
        |block: &Block| matches!(block.kind, BlockKind::Figure(_) | BlockKind::Embed(_));
    let (found, blocks): (Vec<Block>, Vec<Block>) =
        flow.inside(node).into_iter().partition(is_picture);
    pictures.extend(found);
    let rows_left = u16::try_from(rows_left).unwrap_or(u16::MAX);
    let is_in_head = node.ancestors_it(Some(2)).any(|outer| outer.has_name("thead"));
    Cell {
        header: node.has_name("th") || is_in_head,
        columns: span(node, "colspan", COLUMNS),
        rows: span(node, "rowspan", rows_left),
        content: runs::lines_of(blocks),
    }
}

/// 0 is one, as the contract has it; in HTML 0 is all that is left.
fn span(node: &NodeRef<'_>, name: &str, most: u16) -> u16 {
    let Some(value) = node.attr(name) else { return 0 };
    match value.trim().parse::<u32>() {
        Ok(0) if name == "rowspan" => most,
        Ok(number) if number > 1 => u16::try_from(number).unwrap_or(most).min(most),
        _ => 0,
    }
}
