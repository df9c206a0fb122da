//! Lines of text: runs with marks, as the walk meets them, to the contract's nested inlines. White space is folded as
//! browsers do, two line ends in a row part paragraphs, and a mark that goes on is one mark.

use std::rc::Rc;

use article_widget::contract::{Block, BlockKind, Inline};

use crate::import::characters::{clean, is_space};

/// What is said of a run. A mark stands at most once on a run, so that nesting has an end.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Mark {
    Link(Rc<str>),
    Strong,
    Em,
    Sub,
    Sup,
    Code,
}

/// A piece of a line with its marks, outermost first.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) marks: Vec<Mark>,
    /// None is the end of a line.
    pub(super) text: Option<String>,
}

/// The paragraphs of the runs; none is empty.
pub(super) fn paragraphs(runs: Vec<Run>) -> Vec<Vec<Inline>> {
    let folded = fold(runs);
    let lines: Vec<&[Run]> = folded.split(|run| run.text.is_none()).collect();
    // An empty line parts two paragraphs.
    let paragraphs = lines.split(|line| line.is_empty()).filter(|lines| !lines.is_empty());
    paragraphs.map(nest_lines).collect()
}

/// Paragraphs on lines of their own, of all that has words.
pub(super) fn lines_of(blocks: Vec<Block>) -> Vec<Inline> {
    let mut lines: Vec<Inline> = Vec::new();
    for content in blocks.into_iter().flat_map(contents) {
        if !lines.is_empty() && !content.is_empty() {
            lines.push(Inline::Break);
        }
        lines.extend(content);
    }
    lines
}

fn contents(block: Block) -> Vec<Vec<Inline>> {
    match block.kind {
        BlockKind::Paragraph(content) | BlockKind::Heading { content, .. } => vec![content],
        BlockKind::List { items, .. } => items.into_iter().flatten().flat_map(contents).collect(),
        BlockKind::Quote { blocks, cite } => {
            blocks.into_iter().flat_map(contents).chain([cite]).collect()
        }
        BlockKind::Table { caption, rows } => [caption]
            .into_iter()
            .chain(rows.into_iter().flatten().map(|cell| cell.content))
            .collect(),
        BlockKind::Preformatted(text) => vec![vec![Inline::Code(text)]],
        BlockKind::Figure(figure) => vec![figure.caption],
        BlockKind::Embed(_) | BlockKind::Rule | BlockKind::Unknown => Vec::new(),
    }
}

/// Folds white space over all runs: none at an end of a line, one between words.
fn fold(runs: Vec<Run>) -> Vec<Run> {
    let mut folded: Vec<Run> = Vec::new();
    // The space that waits for a word after it: a hard one if it was a single one.
    let mut space: Option<char> = None;
    let mut at_start = true;
    for run in runs {
        let Some(text) = run.text else {
            (space, at_start) = (None, true);
            folded.push(Run { marks: Vec::new(), text: None });
            continue;
        };
        let mut words = String::new();
        for c in clean(&text).chars() {
            if is_space(c) {
                space = Some(if space.is_none() && c == '\u{a0}' { c } else { ' ' });
                continue;
            }
            match space.take() {
                Some(space) if !at_start => put_space(space, &mut folded, &mut words, &run.marks),
                _ => {}
            }
            words.push(c);
            at_start = false;
        }
        if !words.is_empty() {
            push(&mut folded, Run { marks: run.marks, text: Some(words) });
        }
    }
    folded
}

/// Between two runs a space goes to the one with fewer marks: a link does not begin or end with one.
fn put_space(space: char, folded: &mut Vec<Run>, words: &mut String, marks: &[Mark]) {
    let Some(Run { marks: marks_before, text: Some(text_before) }) = folded.last_mut() else {
        return words.push(space);
    };
    if !words.is_empty() || marks_before.len() > marks.len() && marks_before.starts_with(marks) {
        words.push(space);
    } else if marks.starts_with(marks_before) {
        text_before.push(space);
    } else {
        let shared = marks.iter().zip(marks_before.iter()).take_while(|(a, b)| a == b).count();
        folded.push(Run { marks: marks[..shared].to_vec(), text: Some(space.to_string()) });
    }
}

fn push(folded: &mut Vec<Run>, run: Run) {
    match (folded.last_mut(), &run.text) {
        (Some(Run { marks, text: Some(before) }), Some(text)) if *marks == run.marks => {
            before.push_str(text)
        }
        _ => folded.push(run),
    }
}

fn nest_lines(lines: &[&[Run]]) -> Vec<Inline> {
    let mut inlines = Vec::new();
    for line in lines {
        if !inlines.is_empty() {
            inlines.push(Inline::Break);
        }
        inlines.extend(nest(line, 0));
    }
    inlines
}

/// Runs that share their mark at this depth are one inline.
fn nest(runs: &[Run], depth: usize) -> Vec<Inline> {
    let same = |a: &Run, b: &Run| a.marks.get(depth) == b.marks.get(depth);
    runs.chunk_by(same)
        .flat_map(|group| match group[0].marks.get(depth) {
            None => vec![Inline::Text(words(group))],
            Some(Mark::Code) => vec![Inline::Code(words(group))],
            Some(Mark::Link(url)) => {
                vec![Inline::Link { url: url.to_string(), content: nest(group, depth + 1) }]
            }
            Some(Mark::Strong) => vec![Inline::Strong(nest(group, depth + 1))],
            Some(Mark::Em) => vec![Inline::Em(nest(group, depth + 1))],
            Some(Mark::Sub) => vec![Inline::Sub(nest(group, depth + 1))],
            Some(Mark::Sup) => vec![Inline::Sup(nest(group, depth + 1))],
        })
        .collect()
}

fn words(group: &[Run]) -> String {
    group.iter().filter_map(|run| run.text.as_deref()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(marks: &[Mark], text: &str) -> Run {
        Run { marks: marks.to_vec(), text: Some(text.to_owned()) }
    }

    fn line_end() -> Run {
        Run { marks: Vec::new(), text: None }
    }

    fn text(text: &str) -> Inline {
        Inline::Text(text.to_owned())
    }

    #[test]
    fn white_space_is_folded_over_marks_and_stays_outside_of_links() {
        let link = Mark::Link(Rc::from("https://bao.example/"));
        let runs = vec![
            run(&[], "\n Theo"),
            run(&[link], " báo \n"),
            run(&[Mark::Em], " nọ "),
            run(&[], " "),
        ];
        let content = vec![text("báo")];
        let expected = vec![
            text("Theo "),
            Inline::Link { url: "https://bao.example/".to_owned(), content },
            text(" "),
            Inline::Em(vec![text("nọ")]),
        ];
        assert_eq!(paragraphs(runs), [expected]);
    }

    #[test]
    fn a_single_hard_space_binds_and_a_row_of_them_is_layout() {
        assert_eq!(
            paragraphs(vec![run(&[], "10\u{a0}km,\u{a0}\u{a0} dài")]),
            [[text("10\u{a0}km, dài")]]
        );
        assert!(
            paragraphs(vec![run(&[], "\u{a0}"), line_end(), run(&[Mark::Strong], " \u{a0}")])
                .is_empty()
        );
    }

    #[test]
    fn two_line_ends_part_paragraphs_and_one_stays() {
        let runs = vec![
            line_end(),
            run(&[], "a"),
            line_end(),
            run(&[], "b"),
            line_end(),
            run(&[], " "),
            line_end(),
            run(&[], "c"),
        ];
        assert_eq!(paragraphs(runs), [vec![text("a"), Inline::Break, text("b")], vec![text("c")]]);
    }

    #[test]
    fn a_mark_that_goes_on_is_one_mark() {
        let strong_em = [Mark::Strong, Mark::Em];
        let runs = vec![run(&[Mark::Strong], "a"), run(&strong_em, "b"), run(&[Mark::Strong], "c")];
        let inner = vec![text("a"), Inline::Em(vec![text("b")]), text("c")];
        assert_eq!(paragraphs(runs), [[Inline::Strong(inner)]]);
    }
}
