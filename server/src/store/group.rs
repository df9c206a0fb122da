//! A group: the reports of many callers in one commit, and each caller told what became of its own.

use tokio::sync::oneshot;

use super::{Outcome, StoreError};
use crate::traces::{Commit, Place};

/// Views or shares in one commit, at most: a few milliseconds of work. A group closes at this size, or
/// when the commit before it is done, so that it takes as many as came meanwhile.
pub(in crate::store) const GROUP: usize = 512;

type Answer = oneshot::Sender<Result<Vec<Outcome>, StoreError>>;

/// Reports of one caller, and where it waits for what became of them.
pub(in crate::store) struct Reports<T> {
    /// In its order.
    pub(in crate::store) reports: Vec<T>,
    answer: Answer,
    place: Place,
}

/// Who waits for a group, each with how many of its reports are theirs.
pub(in crate::store) struct Callers {
    waiting: Vec<(usize, Answer)>,
    commit: Commit,
}

impl<T> Reports<T> {
    /// Those that the caller brings, and where it will hear of them.
    pub(in crate::store) fn of(reports: Vec<T>, answer: Answer) -> Self {
        Self { reports, answer, place: Place::here() }
    }
}

/// The reports of all, in their order, and who waits for them from now on.
pub(in crate::store) fn gathered<T>(group: Vec<Reports<T>>) -> (Vec<T>, Callers) {
    let size = group.iter().map(|caller| caller.reports.len()).sum();
    let commit = Commit::begin("commit", size, group.iter().map(|caller| &caller.place));
    let (mut reports, mut waiting) = (Vec::with_capacity(size), Vec::with_capacity(group.len()));
    for caller in group {
        waiting.push((caller.reports.len(), caller.answer));
        reports.extend(caller.reports);
    }
    (reports, Callers { waiting, commit })
}

impl Callers {
    /// Tells each what became of theirs. Whoever has hung up does not hear it; the report counts all the same.
    pub(in crate::store) fn tell(self, recorded: Result<Vec<Outcome>, StoreError>) {
        self.commit.end(recorded.is_ok());
        match recorded {
            Ok(outcomes) => {
                let mut outcomes = outcomes.into_iter();
                for (count, answer) in self.waiting {
                    let _ = answer.send(Ok(outcomes.by_ref().take(count).collect()));
                }
            }
            Err(error) => {
                let reports: usize = self.waiting.iter().map(|(count, _)| count).sum();
                tracing::error!(%error, reports, "reports not recorded");
                for (_, answer) in self.waiting {
                    let _ = answer.send(Err(error.again()));
                }
            }
        }
    }
}
