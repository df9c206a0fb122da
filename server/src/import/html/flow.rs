//! The walk over the tree: what stands in lines is gathered as runs, and each block ends the lines before it.

use article_widget::contract::{Block, BlockKind, Inline};
use dom_query::{NodeData, NodeId, NodeRef};
use url::Url;

use super::kind::{self, Kind};
use super::link::Links;
use super::runs::{Mark, Run, paragraphs};
use super::{TooMuch, embed, figure, furniture, picture, style, table};
use crate::import::characters::clean;

/// Lists and quotations within each other, at most: deeper ones are written one after the other.
const NESTED: usize = 8;

/// The blocks below a node. Rules stand between blocks only.
pub(super) fn blocks(node: &NodeRef<'_>, base: Option<&Url>) -> Result<Vec<Block>, TooMuch> {
    let links = Links::new(base);
    let mut blocks = Flow::new(&links, 0).of_children(node);
    links.check()?;
    let is_rule = |block: &Block| block.kind == BlockKind::Rule;
    blocks.dedup_by(|block, before| is_rule(block) && is_rule(before));
    blocks.pop_if(|block| is_rule(block));
    if blocks.first().is_some_and(is_rule) {
        blocks.remove(0);
    }
    Ok(blocks)
}

/// Where the walk is.
pub(super) struct Flow<'a> {
    pub(super) links: &'a Links<'a>,
    nested: usize,
    /// A node that is told of elsewhere.
    without: Option<NodeId>,
    marks: Vec<Mark>,
    runs: Vec<Run>,
    blocks: Vec<Block>,
}

impl<'a> Flow<'a> {
    fn new(links: &'a Links<'a>, nested: usize) -> Self {
        Self {
            links,
            nested,
            without: None,
            marks: Vec::new(),
            runs: Vec::new(),
            blocks: Vec::new(),
        }
    }

    /// The blocks of what is in a node, apart from where the walk is.
    pub(super) fn inside(&self, node: &NodeRef<'_>) -> Vec<Block> {
        Flow::new(self.links, self.nested).of_children(node)
    }

    /// The same, but for one node in it.
    pub(super) fn inside_without(
        &self,
        node: &NodeRef<'_>,
        without: Option<&NodeRef<'_>>,
    ) -> Vec<Block> {
        let mut flow = Flow::new(self.links, self.nested);
        flow.without = without.map(|node| node.id);
        flow.of_children(node)
    }

    /// What is in a node, as lines.
    pub(super) fn lines(&self, node: &NodeRef<'_>) -> Vec<Inline> {
        super::runs::lines_of(self.inside(node))
    }

    fn of_children(mut self, node: &NodeRef<'_>) -> Vec<Block> {
        self.children(node);
        self.end_lines();
        self.blocks
    }

    /// Ends the lines so far, and puts a block after them.
    pub(super) fn block(&mut self, kind: BlockKind) {
        self.end_lines();
        self.blocks.push(kind.into());
    }

    pub(super) fn last_block(&mut self) -> Option<&mut Block> {
        if self.runs.is_empty() { self.blocks.last_mut() } else { None }
    }

    pub(super) fn text(&mut self, text: &str) {
        self.runs.push(Run { marks: self.marks.clone(), text: Some(text.to_owned()) });
    }

    /// Ends the lines so far, and puts blocks after them.
    pub(super) fn put(&mut self, blocks: Vec<Block>) {
        self.end_lines();
        self.blocks.extend(blocks);
    }

    /// Ends the paragraph.
    pub(super) fn end_lines(&mut self) {
        if self.runs.is_empty() {
            return;
        }
        let runs = std::mem::take(&mut self.runs);
        let paragraphs = paragraphs(runs).into_iter();
        self.blocks.extend(paragraphs.map(|content| BlockKind::Paragraph(content).into()));
    }

    /// What is in a node, where the walk is.
    pub(super) fn children(&mut self, node: &NodeRef<'_>) {
        for child in node.children_it(false) {
            if Some(child.id) == self.without {
                continue;
            }
            if let Some(text) = own_text(&child) {
                self.text(&text);
            } else if let Some(name) = child.node_name() {
                self.element(&child, &name);
            }
        }
    }

    fn element(&mut self, node: &NodeRef<'_>, name: &str) {
        let kind = kind::of(name);
        let is_dropped =
            kind == Kind::Nothing || style::is_hidden(node) || furniture::is_furniture(node);
        if is_dropped || embed::of_marked(self, node) {
            return;
        }
        match kind {
            Kind::Nothing => {}
            Kind::Inline => self.styled(node),
            // "Bold, but not": what one editor wraps all that is copied from it in.
            Kind::Marked(Mark::Strong) if style::is_bold(node) == Some(false) => self.styled(node),
            Kind::Marked(mark) => self.marked(node, mark),
            Kind::Quoted => self.quoted(node),
            Kind::Link => self.link(node),
            Kind::Break => self.runs.push(Run { marks: Vec::new(), text: None }),
            Kind::Section => self.section(node),
            Kind::Term => {
                self.end_lines();
                self.marked(node, Mark::Strong);
                self.end_lines();
            }
            Kind::Heading(level) => self.heading(node, level),
            Kind::List(ordered) => self.list(node, ordered),
            Kind::Quote => self.quote(node),
            Kind::Table => table::put(self, node),
            Kind::Preformatted => self.preformatted(node),
            Kind::Rule => self.block(BlockKind::Rule),
            Kind::Figure => figure::put(self, node),
            Kind::Picture => picture::put(self, node),
            Kind::Embed => embed::put(self, node),
            Kind::WithoutScript => self.without_script(node),
        }
    }

    fn section(&mut self, node: &NodeRef<'_>) {
        self.end_lines();
        if !figure::of_section(self, node) {
            self.styled(node);
        }
        self.end_lines();
    }

    /// Marks that stand in the style.
    fn styled(&mut self, node: &NodeRef<'_>) {
        let before = self.marks.len();
        let said = [(style::is_bold(node), Mark::Strong), (style::is_italic(node), Mark::Em)];
        for (is_said, mark) in said {
            if is_said == Some(true) && !self.marks.contains(&mark) {
                self.marks.push(mark);
            }
        }
        self.children(node);
        self.marks.truncate(before);
    }

    fn marked(&mut self, node: &NodeRef<'_>, mark: Mark) {
        // Code is plain within, and the rest is said once.
        if self.marks.contains(&mark) || self.marks.contains(&Mark::Code) {
            return self.children(node);
        }
        self.marks.push(mark);
        self.children(node);
        self.marks.pop();
    }

    fn quoted(&mut self, node: &NodeRef<'_>) {
        self.text("“");
        self.children(node);
        self.text("”");
    }

    fn link(&mut self, node: &NodeRef<'_>) {
        let is_in_link = self.marks.iter().any(|mark| matches!(mark, Mark::Link(_)));
        let url =
            node.attr("href").filter(|_| !is_in_link).and_then(|href| self.links.of_text(&href));
        match url {
            Some(url) => self.marked(node, Mark::Link(url)),
            None => self.children(node),
        }
    }

    fn heading(&mut self, node: &NodeRef<'_>, level: u8) {
        for block in self.inside(node) {
            self.block(match block.kind {
                BlockKind::Paragraph(content) => {
                    BlockKind::Heading { level, content: not_bold(content) }
                }
                other => other,
            });
        }
        self.end_lines();
    }

    fn list(&mut self, node: &NodeRef<'_>, ordered: bool) {
        self.end_lines();
        if self.nested >= NESTED {
            return self.children(node);
        }
        let mut items: Vec<Vec<Block>> = Vec::new();
        for child in node.children_it(false) {
            let is_list =
                child.node_name().is_some_and(|name| matches!(kind::of(&name), Kind::List(_)));
            let wrapped = Flow::new(self.links, self.nested + 1).of_item(&child);
            match items.last_mut() {
                // A list that stands beside the items belongs to the one before it.
                Some(item) if is_list => item.extend(wrapped),
                _ if wrapped.is_empty() => {}
                _ => items.push(wrapped),
            }
        }
        let is_gallery =
            items.iter().flatten().all(|block| matches!(block.kind, BlockKind::Figure(_)));
        if is_gallery {
            self.blocks.extend(items.into_iter().flatten());
        } else {
            self.block(BlockKind::List { ordered, items });
        }
    }

    fn of_item(mut self, node: &NodeRef<'_>) -> Vec<Block> {
        if let Some(text) = own_text(node) {
            self.text(&text);
        } else if let Some(name) = node.node_name() {
            self.element(node, &name);
        }
        self.end_lines();
        self.blocks
    }

    fn quote(&mut self, node: &NodeRef<'_>) {
        self.end_lines();
        if self.nested >= NESTED {
            return self.section(node);
        }
        // Who said it stands at the end, apart from what was said.
        let last = node.element_children().pop();
        let said_by = last.filter(|last| {
            last.node_name().is_some_and(|name| matches!(&*name, "cite" | "footer"))
        });
        let cite = said_by.as_ref().map(|node| self.lines(node)).unwrap_or_default();
        let mut said = Flow::new(self.links, self.nested + 1);
        said.without = said_by.map(|node| node.id);
        let blocks = said.of_children(node);
        if !blocks.is_empty() {
            self.block(BlockKind::Quote { blocks, cite: without_em(cite) });
        }
    }

    fn preformatted(&mut self, node: &NodeRef<'_>) {
        let mut lines = String::new();
        preformatted(node, &mut lines);
        let lines = clean(&lines);
        let lines = lines.trim_end().trim_start_matches('\n');
        if !lines.is_empty() {
            self.block(BlockKind::Preformatted(lines.to_owned()));
        }
    }

    fn without_script(&mut self, node: &NodeRef<'_>) {
        let shows = |name: &str| matches!(kind::of(name), Kind::Picture | Kind::Embed);
        for shown in node
            .descendants()
            .iter()
            .filter(|node| node.node_name().is_some_and(|name| shows(&name)))
        {
            if let Some(name) = shown.node_name() {
                self.element(shown, &name);
            }
        }
    }
}

/// The text of a node that is a text.
pub(super) fn own_text(node: &NodeRef<'_>) -> Option<String> {
    node.query(|node| match &node.data {
        NodeData::Text { contents } => Some(contents.to_string()),
        _ => None,
    })?
}

fn preformatted(node: &NodeRef<'_>, lines: &mut String) {
    for child in node.children_it(false) {
        if let Some(text) = own_text(&child) {
            lines.push_str(&text);
            continue;
        }
        let name = child.node_name().unwrap_or_default();
        match kind::of(&name) {
            Kind::Break => lines.push('\n'),
            Kind::Nothing => {}
            _ if style::is_hidden(&child) => {}
            _ => preformatted(&child, lines),
        }
    }
}

/// A heading stands out by itself.
fn not_bold(content: Vec<Inline>) -> Vec<Inline> {
    match <[Inline; 1]>::try_from(content) {
        Ok([Inline::Strong(inner)]) => inner,
        Ok(content) => content.into(),
        Err(content) => content,
    }
}

/// As who said it, which is set apart already.
fn without_em(content: Vec<Inline>) -> Vec<Inline> {
    match <[Inline; 1]>::try_from(content) {
        Ok([Inline::Em(inner)]) => inner,
        Ok(content) => content.into(),
        Err(content) => content,
    }
}
