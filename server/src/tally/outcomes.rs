//! How often each outcome was, and so what is refused and why.

use prometheus_client::encoding::EncodeLabelSet;

use super::Error;
use crate::metrics::{Catalogue, Counters};
use crate::store::{Outcome, Refusal};

/// There was no room for it, or the database did not take it.
const BUSY: &str = "busy";

/// What became of reports, by their kind.
#[derive(Default)]
pub struct Outcomes(Counters<Labels>);

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    kind: &'static str,
    outcome: &'static str,
}

impl Outcomes {
    /// One report of this kind came to this.
    pub fn count(&self, kind: &'static str, outcome: &'static str) {
        self.0.get_or_create(&Labels { kind, outcome }).inc();
    }

    pub(super) fn count_report(&self, kind: &'static str, taken: &Result<Outcome, Error>) {
        self.count(kind, outcome(taken));
    }

    pub(crate) fn name(&self, catalogue: &mut Catalogue<'_>) {
        let help = "Views, shares and ratings, by what became of them";
        // What an alert asks for is there before it happens, so that the first time is seen as one.
        for kind in ["view", "share"] {
            drop(self.0.get_or_create(&Labels { kind, outcome: BUSY }));
        }
        catalogue.add("article_reports", help, self.0.clone());
    }
}

/// Why a report does not count.
pub fn reason(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Bot => "bot",
        Refusal::Rate => "rate",
        Refusal::Partner => "partner",
    }
}

fn outcome(taken: &Result<Outcome, Error>) -> &'static str {
    match taken {
        Ok(Outcome::Counted { .. }) => "counted",
        Ok(Outcome::Raised) => "raised",
        Ok(Outcome::Repeat) => "repeat",
        Ok(Outcome::Refused(refusal)) => reason(*refusal),
        Ok(Outcome::UnknownArticle) => "unknown_article",
        Err(Error::Invalid { .. }) => "malformed",
        Err(Error::Busy) => BUSY,
    }
}
