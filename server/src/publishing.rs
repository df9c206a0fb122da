//! What a publisher does to an article, one way for API, commands and pages: save, withdraw, correct,
//! edit, put an earlier state back.
//!
//! Whatever it is, it is one change: what was there before is kept as a revision, this server forgets what
//! it had finished of the article, and caches in front of it are told in the same commit, where the
//! operator named somebody who tells them.

use std::sync::Arc;

use article_widget::contract::{Article, ArticleId, Correction, Status};
use uuid::Uuid;

use crate::article::StoredArticle;
use crate::clock::Clock;
use crate::config::Config;
use crate::embeds::Embeds;
use crate::import;
use crate::problem::Problem;
use crate::revision::Purpose;
use crate::store::{
    ArticleChange, ArticleRevision, Changed, DeliveryKind, NewDelivery, Saved, Store,
};
use crate::time::rfc_3339;

mod draft;
mod purge;

pub use crate::revision::{Author, Expected, RevisionTag};
pub use draft::Draft;
pub use purge::Purge;

/// No correction is longer, in characters.
pub const LONGEST_CORRECTION: usize = 2_000;
/// How often an edit is made anew on what somebody else saved meanwhile.
const TRIES: u32 = 5;

/// Changes articles.
pub struct Publishing {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    public_url: String,
    calls_purge_hook: bool,
    embeds: Arc<Embeds>,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// What that changed.
    pub saved: Saved,
    /// The number of the state that stands now.
    pub number: u32,
    /// What names that state.
    pub tag: RevisionTag,
    /// What caches have to forget.
    pub purge: Purge,
}

/// Why an article changes, as caches' keepers are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reason {
    Saved,
    Withdrawn,
    Corrected,
    Restored,
}

/// Who changes an article, and why.
struct Cause<'a> {
    who: &'a Author,
    reason: Reason,
    note: &'a str,
}

impl Publishing {
    /// Over this store. `embeds` is what the process has finished of articles.
    pub fn new(
        store: Arc<dyn Store>,
        config: &Config,
        public_url: &str,
        clock: Arc<dyn Clock>,
        embeds: Arc<Embeds>,
    ) -> Self {
        let calls_purge_hook = config.purge_hook.is_some();
        Self { store, clock, public_url: public_url.to_owned(), calls_purge_hook, embeds }
    }

    /// Whether a program is told what caches have to forget.
    pub fn tells_caches(&self) -> bool {
        self.calls_purge_hook
    }

    /// Has an article stand as given, new or not.
    ///
    /// # Errors
    /// [`Problem::Article`] where it says what cannot be; [`Problem::NotAsExpected`], or
    /// [`Problem::Unconditional`] for [`Expected::NothingElse`]; what the store says.
    pub async fn save(
        &self,
        article: StoredArticle,
        expected: Expected,
        who: &Author,
    ) -> Result<Done, Problem> {
        import::check(article.article()).map_err(Problem::Article)?;
        let refusal = match expected {
            Expected::NothingElse => Problem::Unconditional,
            _ => Problem::NotAsExpected,
        };
        let before = self.store.article(article.id()).await?;
        let before = before.as_ref().map(StoredArticle::article);
        let cause = Cause { who, reason: Reason::Saved, note: "" };
        self.change(before, article, expected, &cause).await?.ok_or(refusal)
    }

    /// Withdraws an article: readers are told that, and nothing of what it said. The store keeps the text.
    ///
    /// # Errors
    /// As [`edit`](Self::edit).
    pub async fn withdraw(
        &self,
        id: &ArticleId,
        note: &str,
        expected: Expected,
        who: &Author,
    ) -> Result<Done, Problem> {
        let cause = Cause { who, reason: Reason::Withdrawn, note };
        self.edit_for(id, expected, &cause, |draft, article| {
            if article.status != Status::Canceled {
                draft.set("status", &Status::Canceled);
            }
            Ok(())
        })
        .await
    }

    /// Tells readers of something that was put right, with the time.
    ///
    /// # Errors
    /// As [`edit`](Self::edit), and [`Problem::Invalid`] for a text that is empty or too long.
    pub async fn correct(
        &self,
        id: &ArticleId,
        text: &str,
        expected: Expected,
        who: &Author,
    ) -> Result<Done, Problem> {
        let text = text.trim();
        if !(1..=LONGEST_CORRECTION).contains(&text.chars().count()) {
            let detail = format!("1 to {LONGEST_CORRECTION} characters");
            return Err(Problem::Invalid { field: "text", detail });
        }
        let at = rfc_3339(self.clock.now());
        let correction = Correction { at: at.clone(), text: text.to_owned() };
        let note = &Purpose::Correction.to_string();
        let cause = Cause { who, reason: Reason::Corrected, note };
        self.edit_for(id, expected, &cause, |draft, _| {
            draft.push("corrections", &correction)?;
            draft.set("updated", &at);
            Ok(())
        })
        .await
    }

    /// Has an article stand again as it stood before; that is a new revision.
    ///
    /// # Errors
    /// As [`edit`](Self::edit), and [`Problem::NotFound`] where that state is not kept.
    pub async fn restore_revision(
        &self,
        id: &ArticleId,
        number: u32,
        expected: Expected,
        who: &Author,
    ) -> Result<Done, Problem> {
        let kept = self.store.revision(id, number).await?.ok_or(Problem::NotFound)?.article;
        let note = &Purpose::Restored(number).to_string();
        let cause = Cause { who, reason: Reason::Restored, note };
        self.replace(id, expected, &cause, |_| Ok(kept.clone())).await
    }

    /// Edits an article's JSON, of which whatever `edit` does not touch stays as it is. `edit` may be called
    /// again where somebody else saved meanwhile.
    ///
    /// # Errors
    /// [`Problem::NoArticle`]; [`Problem::NotAsExpected`]; [`Problem::Article`] where it then says what
    /// cannot be; what `edit` and the store say.
    pub async fn edit(
        &self,
        id: &ArticleId,
        expected: Expected,
        who: &Author,
        edit: impl Fn(&mut Draft, &Article) -> Result<(), Problem>,
    ) -> Result<Done, Problem> {
        self.edit_for(id, expected, &Cause { who, reason: Reason::Saved, note: "" }, edit).await
    }

    async fn edit_for(
        &self,
        id: &ArticleId,
        expected: Expected,
        cause: &Cause<'_>,
        edit: impl Fn(&mut Draft, &Article) -> Result<(), Problem>,
    ) -> Result<Done, Problem> {
        self.replace(id, expected, cause, |before| {
            let mut draft = Draft::of(&before.article)?;
            edit(&mut draft, before.article.article())?;
            draft.finish()
        })
        .await
    }

    /// Replaces the state that stands by what `make` makes of it.
    async fn replace(
        &self,
        id: &ArticleId,
        expected: Expected,
        cause: &Cause<'_>,
        make: impl Fn(&ArticleRevision) -> Result<StoredArticle, Problem>,
    ) -> Result<Done, Problem> {
        for _ in 0..TRIES {
            let before = self.store.current_revision(id).await?.ok_or(Problem::NoArticle)?;
            let article = make(&before)?;
            import::check(article.article()).map_err(Problem::Article)?;
            let seen = before.summary.tag;
            let is_again = article.tag() == seen && expected.allows_again();
            if !is_again && !expected.is(Some(&seen)) {
                return Err(Problem::NotAsExpected);
            }
            let (before, expected) = (before.article.article(), Expected::OneOf(vec![seen]));
            if let Some(done) = self.change(Some(before), article, expected, cause).await? {
                return Ok(done);
            }
        }
        Err(Problem::Busy)
    }

    /// None where the store did not find what was expected.
    async fn change(
        &self,
        before: Option<&Article>,
        article: StoredArticle,
        expected: Expected,
        cause: &Cause<'_>,
    ) -> Result<Option<Done>, Problem> {
        let id = article.id().clone();
        let purge = Purge::of(&self.public_url, before, article.article());
        let tag = article.tag();
        let change = ArticleChange {
            article,
            expected,
            by: cause.who.clone(),
            note: cause.note.to_owned(),
            announce: self.calls_purge_hook.then(|| self.call(&id, &purge, cause.reason)),
        };
        match self.store.change_article(&change).await? {
            Changed::Done(saved, number) => {
                self.embeds.forget(&id).await;
                Ok(Some(Done { saved, number, tag, purge }))
            }
            Changed::NotAsExpected(_) => Ok(None),
        }
    }

    fn call(&self, id: &ArticleId, purge: &Purge, reason: Reason) -> NewDelivery {
        let kind = DeliveryKind::Purge;
        NewDelivery {
            kind,
            // Each change is told, also one that puts back what was there a moment ago.
            key: format!("{} {}", kind.as_str(), Uuid::new_v4()),
            article: Some(id.clone()),
            mark: None,
            recipient: String::new(),
            language: String::new(),
            at: self.clock.now(),
            content: purge.body(id, reason.as_str()),
        }
    }
}

impl Reason {
    fn as_str(self) -> &'static str {
        match self {
            Self::Saved => "saved",
            Self::Withdrawn => "withdrawn",
            Self::Corrected => "corrected",
            Self::Restored => "restored",
        }
    }
}
