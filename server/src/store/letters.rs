//! Lists of letters in the SQL that every engine takes: filtered, counted, and in pages that begin after a number,
//! so that a letter which comes meanwhile shifts nothing.

use super::statement::{Statement, Value};
use super::{LetterFilter, LetterNo, LetterState, like};

/// Letters as a whole; a condition follows.
pub(in crate::store) const LETTER: &str =
    "select feedback.no, feedback.at, feedback.state, feedback.kind, feedback.name,
        feedback.email, feedback.phone, feedback.title, feedback.message, feedback.passage,
        feedback.page, feedback.consent, feedback.reference, feedback.held, feedback.answer,
        feedback.answered_at, feedback.answered_by, feedback.article, article.title
    from feedback join article on article.id = feedback.article";

/// What a list shows of at most `limit` letters.
pub(in crate::store) fn summaries(
    filter: &LetterFilter,
    before: Option<LetterNo>,
    limit: u32,
) -> Statement {
    let select = "/* letters */
         select feedback.no, feedback.at, feedback.state, feedback.kind, feedback.name, feedback.title,
             substr(feedback.message, 1, 200), feedback.article, article.title, feedback.page
         from feedback join article on article.id = feedback.article";
    Statement::of_its_state(select, filter).descending(before, limit)
}

/// At most `limit` letters as a whole.
pub(in crate::store) fn whole(
    filter: &LetterFilter,
    before: Option<LetterNo>,
    limit: u32,
) -> Statement {
    let select = format!("/* whole_letters */ {LETTER}");
    Statement::of_its_state(&select, filter).descending(before, limit)
}

/// How many letters there are of each state, whatever state the filter asks for.
pub(in crate::store) fn counts(filter: &LetterFilter) -> Statement {
    let select = "/* letter_counts */ select feedback.state, count(*) from feedback";
    let mut statement = Statement::of(select, filter);
    statement.sql.push_str(" group by feedback.state");
    statement
}

impl Statement {
    /// With the filter's conditions, but for its state.
    fn of(select: &str, filter: &LetterFilter) -> Self {
        let mut statement = Self { sql: format!("{select} where true"), values: Vec::new() };
        if let Some(article) = &filter.article {
            statement.and("feedback.article = ?", article.clone());
        }
        if let Some(kind) = &filter.kind {
            statement.and("feedback.kind = ?", kind.clone());
        }
        if let Some(partner) = &filter.partner {
            let page = like::beginning(&format!("{partner}/"));
            statement.and(r"feedback.page like ? escape '\'", page);
        }
        for word in &filter.words {
            let word = like::containing(word);
            statement.and(r"feedback.search like ? escape '\'", word);
        }
        statement
    }

    /// Of the filter's state, or of any that is usual. Said by what it is not, so that a database goes down
    /// the numbers and stops at the page's end, and does not sort all letters of three states.
    fn of_its_state(select: &str, filter: &LetterFilter) -> Self {
        let mut statement = Self::of(select, filter);
        match filter.state {
            Some(state) => statement.and("feedback.state = ?", state),
            None => {
                for state in LetterState::ALL.into_iter().filter(|state| !state.is_usual()) {
                    statement.and("feedback.state <> ?", state);
                }
            }
        }
        statement
    }

    /// Newest first, from a number down, at most so many.
    fn descending(mut self, before: Option<LetterNo>, limit: u32) -> Self {
        if let Some(before) = before {
            self.and("feedback.no < ?", before);
        }
        let limit = self.name(limit);
        self.sql.push_str(" order by feedback.no desc limit ");
        self.sql.push_str(&limit);
        self
    }
}

impl From<LetterState> for Value {
    fn from(state: LetterState) -> Self {
        Self::Text(state.as_str().to_owned())
    }
}
