//! What readers wrote, as the editor's inbox takes and gives it.

use article_widget::contract::FeedbackReport;
use async_trait::async_trait;
use sha2::{Digest, Sha256};

use super::{NewDelivery, SecretHash, StoreError, Suspicion};
use crate::clock::UnixSeconds;

/// A letter's number. Later letters have higher ones; that of an erased letter is given to no other.
pub type LetterNo = i64;

/// The letters to the editor: all feedback, with what became of it.
#[async_trait]
pub trait InboxStore {
    /// Letters that pass the filter, newest first, those before `before`: at most `limit`.
    async fn letters(
        &self,
        filter: &LetterFilter,
        before: Option<LetterNo>,
        limit: u32,
    ) -> Result<LetterPage, StoreError>;
    /// The same as whole letters.
    async fn whole_letters(
        &self,
        filter: &LetterFilter,
        before: Option<LetterNo>,
        limit: u32,
    ) -> Result<Vec<Letter>, StoreError>;
    /// How many letters of each state pass the rest of the filter.
    async fn letter_counts(&self, filter: &LetterFilter) -> Result<LetterCounts, StoreError>;
    /// One letter.
    async fn letter(&self, no: LetterNo) -> Result<Option<Letter>, StoreError>;
    /// Marks a letter, if it still is as it was `seen`. Where it becomes [usual](LetterState::is_usual) and was
    /// never announced, `announce` is put into the outbox by the same commit.
    async fn mark_letter(
        &self,
        no: LetterNo,
        seen: &Revision,
        state: LetterState,
        announce: &[NewDelivery],
    ) -> Result<Change, StoreError>;
    /// Answers a letter, if it still is as it was `seen`, and puts what its sender is told into the outbox by
    /// the same commit; before that `announce`, where the letter was never announced. An earlier answer is
    /// replaced, and is told no more where it has not left yet.
    async fn answer_letter(
        &self,
        no: LetterNo,
        seen: &Revision,
        answer: &Answer,
        tell: Option<&NewDelivery>,
        announce: &[NewDelivery],
    ) -> Result<Change, StoreError>;
    /// The hashed secret by which the letter of this number, still as it was `seen`, is erased.
    async fn letter_secret(
        &self,
        no: LetterNo,
        seen: &Revision,
    ) -> Result<Option<SecretHash>, StoreError>;
}

/// What became of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LetterState {
    /// Suspicious: somebody has to look first.
    Held,
    /// Nobody has done anything about it.
    New,
    /// In work.
    Open,
    /// Answered, here or elsewhere.
    Answered,
    /// Nothing to answer.
    Spam,
}

/// Which letters a list is of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LetterFilter {
    /// Of this state; none: all but [`Held`](LetterState::Held) and [`Spam`](LetterState::Spam).
    pub state: Option<LetterState>,
    /// About the article of this id.
    pub article: Option<String>,
    /// From the pages of this origin.
    pub partner: Option<String>,
    /// Of this kind.
    pub kind: Option<String>,
    /// In which each of these words occurs, [folded](crate::search::fold).
    pub words: Vec<String>,
}

/// How many letters there are of each state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LetterCounts(Vec<(LetterState, u64)>);

/// Some letters of a longer list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterPage {
    /// Newest first.
    pub letters: Vec<LetterSummary>,
    /// The last one's number, to ask for those before it; none on the last page.
    pub next: Option<LetterNo>,
}

/// What a list shows of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterSummary {
    /// Its number.
    pub no: LetterNo,
    /// When it was taken.
    pub at: UnixSeconds,
    /// What became of it.
    pub state: LetterState,
    /// Its kind.
    pub kind: String,
    /// Its sender's name; may be empty.
    pub name: String,
    /// Its title; may be empty.
    pub title: String,
    /// The first 200 characters of its message.
    pub beginning: String,
    /// The id of the article that it is about.
    pub article: String,
    /// The article's title; empty where it has been withdrawn.
    pub article_title: String,
    /// The page that it was sent from; may be empty.
    pub page: String,
}

/// A letter, all of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Letter {
    /// Its number.
    pub no: LetterNo,
    /// What the sender wrote.
    pub report: FeedbackReport,
    /// The title of the article that it is about.
    pub article_title: String,
    /// For people to quote.
    pub reference: String,
    /// When it was taken; the consent's time too.
    pub at: UnixSeconds,
    /// What became of it.
    pub state: LetterState,
    /// Why it was held, if it was.
    pub held: Option<Suspicion>,
    /// The editor's answer.
    pub answer: Option<Answer>,
}

/// An editor's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Its text.
    pub text: String,
    /// When it was given.
    pub at: UnixSeconds,
    /// The name of whoever gave it.
    pub by: String,
}

/// Names what can be changed of a letter, as it was at one moment, and which letter it is: two editors
/// who change the same revision are told of each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision(String);

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is made.
    Made,
    /// Somebody else has changed the letter meanwhile: it stays as they left it.
    Overtaken,
    /// There is no such letter.
    NoLetter,
}

impl LetterState {
    /// Every one, in the order in which somebody who has time looks at them.
    pub const ALL: [Self; 5] = [Self::New, Self::Open, Self::Answered, Self::Held, Self::Spam];

    /// Its name in the store and in URLs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::New => "new",
            Self::Open => "open",
            Self::Answered => "answered",
            Self::Spam => "spam",
        }
    }

    /// The state of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }

    /// Whether it is in the list that asks for no state.
    pub fn is_usual(self) -> bool {
        !matches!(self, Self::Held | Self::Spam)
    }
}

impl LetterCounts {
    /// How many there are of a state.
    pub fn of(&self, state: LetterState) -> u64 {
        self.0.iter().filter(|(counted, _)| *counted == state).map(|(_, count)| count).sum()
    }

    /// How many the list has that asks for no state.
    pub fn usual(&self) -> u64 {
        self.0.iter().filter(|(state, _)| state.is_usual()).map(|(_, count)| count).sum()
    }
}

impl LetterPage {
    /// The first `limit` of these; one more of them says that there is another page.
    pub(in crate::store) fn cut(mut letters: Vec<LetterSummary>, limit: u32) -> Self {
        let has_more = letters.len() > limit as usize;
        letters.truncate(limit as usize);
        let next = letters.last().filter(|_| has_more).map(|letter| letter.no);
        Self { letters, next }
    }
}

impl FromIterator<(LetterState, u64)> for LetterCounts {
    fn from_iter<I: IntoIterator<Item = (LetterState, u64)>>(counts: I) -> Self {
        Self(counts.into_iter().collect())
    }
}

impl Letter {
    /// What it is now.
    pub fn revision(&self) -> Revision {
        let answer = self.answer.as_ref().map(|answer| (&answer.text, answer.at, &answer.by));
        // Of the reference too: the number of an erased letter may be another letter's by now.
        let content = (&self.reference, self.state.as_str(), answer);
        let content = serde_json::to_vec(&content).expect("strings and numbers are always JSON");
        Revision(hex::encode(&Sha256::digest(content)[..8]))
    }
}

impl Revision {
    /// One that a form gave back. Any text will do: one that is no revision is none of a letter's.
    pub fn from_form(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// For a form.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_states_lead_back() {
        for state in LetterState::ALL {
            assert_eq!(LetterState::parse(state.as_str()), Some(state));
        }
        assert_eq!(LetterState::parse("lost"), None);
    }

    #[test]
    fn whatever_an_editor_changes_makes_another_revision_and_so_does_another_letter() {
        let letter = |reference: &str, state, answer| Letter {
            no: 1,
            report: FeedbackReport::default(),
            article_title: String::new(),
            reference: reference.into(),
            at: 0,
            state,
            held: None,
            answer,
        };
        let answer = |text: &str, at| Some(Answer { text: text.into(), at, by: "lan".into() });
        let letters = [
            letter("A", LetterState::New, None),
            letter("B", LetterState::New, None),
            letter("A", LetterState::Open, None),
            letter("A", LetterState::Answered, answer("x", 1)),
            letter("A", LetterState::Answered, answer("y", 1)),
            letter("A", LetterState::Answered, answer("x", 2)),
        ];
        for (position, letter) in letters.iter().enumerate() {
            let same = letters.iter().filter(|other| other.revision() == letter.revision());
            assert_eq!(same.count(), 1, "{position}");
        }
    }
}
