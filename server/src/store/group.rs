//! A group: the reports of many callers in one commit, and each caller told what became of its own.

use tokio::sync::oneshot;

use super::{Outcome, StoreError};

/// Views or shares in one commit, at most: a few milliseconds of work. A group closes at this size, or
/// when the commit before it is done, so that it takes as many as came meanwhile.
pub(in crate::store) const GROUP: usize = 512;

type Answer = oneshot::Sender<Result<Vec<Outcome>, StoreError>>;

/// Reports of one caller, and where it waits for what became of them.
pub(in crate::store) struct Reports<T> {
    /// In its order.
    pub(in crate::store) reports: Vec<T>,
    /// Where it waits.
    pub(in crate::store) answer: Answer,
}

/// Who waits for a group, each with how many of its reports are theirs.
pub(in crate::store) struct Callers(Vec<(usize, Answer)>);

/// The reports of all, in their order, and who waits for them.
pub(in crate::store) fn gathered<T>(group: Vec<Reports<T>>) -> (Vec<T>, Callers) {
    let (mut reports, mut callers) = (Vec::new(), Vec::with_capacity(group.len()));
    for caller in group {
        callers.push((caller.reports.len(), caller.answer));
        reports.extend(caller.reports);
    }
    (reports, Callers(callers))
}

impl Callers {
    /// Tells each what became of theirs. Whoever has hung up does not hear it; the report counts all the same.
    pub(in crate::store) fn tell(self, recorded: Result<Vec<Outcome>, StoreError>) {
        match recorded {
            Ok(outcomes) => {
                let mut outcomes = outcomes.into_iter();
                for (count, answer) in self.0 {
                    let _ = answer.send(Ok(outcomes.by_ref().take(count).collect()));
                }
            }
            Err(error) => {
                let reports: usize = self.0.iter().map(|(count, _)| count).sum();
                tracing::error!(%error, reports, "reports not recorded");
                for (_, answer) in self.0 {
                    let _ = answer.send(Err(error.again()));
                }
            }
        }
    }
}
