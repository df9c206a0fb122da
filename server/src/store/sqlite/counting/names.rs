//! Row numbers of articles and partners. What is asked often is kept in memory.

use std::sync::Arc;

use ahash::HashMap;
use article_widget::contract::ArticleId;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::PartnerNo;
use crate::clock::UnixSeconds;
use crate::share_mark::partner_mark;
use crate::store::StoreError;
use crate::store::counting::{HOUR, Known, NEW_PARTNERS, Readable};

/// Partners kept in memory: anyone may name any origin.
const PARTNERS: usize = 10_000;

/// What is known of the tables `article` and `partner`.
#[derive(Default)]
pub(super) struct Names {
    articles: HashMap<ArticleId, Known>,
    partners: HashMap<Arc<str>, PartnerNo>,
    /// Until then no partner is made.
    full_until: UnixSeconds,
    /// SQLite's count of other connections' commits, when this was read.
    data_version: i64,
}

impl Names {
    /// Forgets everything where another process has written, or where that is not known: whether it was
    /// so.
    pub(super) fn refresh(&mut self, transaction: &Transaction<'_>) -> Result<bool, StoreError> {
        let data_version = transaction
            .prepare_cached("/* data_version */ pragma data_version")?
            .query_row([], |row| row.get(0))?;
        let changed = data_version != self.data_version;
        if changed {
            self.forget();
            self.data_version = data_version;
        }
        Ok(changed)
    }

    /// Forgets everything.
    pub(super) fn forget(&mut self) {
        *self = Self { full_until: UnixSeconds::MIN, ..Self::default() };
    }

    /// Articles have changed: what is known of them is asked again.
    pub(super) fn forget_articles(&mut self) {
        self.articles.clear();
    }

    /// The article's row, where readers may see it at `at`.
    pub(super) fn readable(
        &mut self,
        transaction: &Transaction<'_>,
        id: &ArticleId,
        at: UnixSeconds,
    ) -> Result<Option<Readable>, StoreError> {
        let known = match self.articles.get(id) {
            Some(known) => *known,
            None => match find_article(transaction, id)? {
                Some(known) => *self.articles.entry(id.clone()).insert_entry(known).get(),
                // Not remembered: anyone may ask for any id.
                None => return Ok(None),
            },
        };
        Ok(known.readable(at))
    }

    /// The row of this origin, made where there is none and not too many are new.
    pub(super) fn partner(
        &mut self,
        transaction: &Transaction<'_>,
        origin: &Arc<str>,
        at: UnixSeconds,
    ) -> Result<PartnerNo, StoreError> {
        if let Some(no) = self.find_partner(transaction, origin)? {
            return Ok(no);
        }
        if !self.has_room(transaction, at)? {
            return self.not_told(transaction, at);
        }
        let no = make_partner(transaction, origin, at)?;
        self.remember(origin, no);
        Ok(no)
    }

    /// The row of this origin, or that of pages that are not told: what does not count makes no row.
    pub(super) fn known_partner(
        &mut self,
        transaction: &Transaction<'_>,
        origin: &Arc<str>,
        at: UnixSeconds,
    ) -> Result<PartnerNo, StoreError> {
        match self.find_partner(transaction, origin)? {
            Some(no) => Ok(no),
            None => self.not_told(transaction, at),
        }
    }

    fn not_told(
        &mut self,
        transaction: &Transaction<'_>,
        at: UnixSeconds,
    ) -> Result<PartnerNo, StoreError> {
        let origin = Arc::from("");
        if let Some(no) = self.find_partner(transaction, &origin)? {
            return Ok(no);
        }
        let no = make_partner(transaction, &origin, at)?;
        self.remember(&origin, no);
        Ok(no)
    }

    fn find_partner(
        &mut self,
        transaction: &Transaction<'_>,
        origin: &Arc<str>,
    ) -> Result<Option<PartnerNo>, StoreError> {
        if let Some(no) = self.partners.get(origin) {
            return Ok(Some(*no));
        }
        let found = partner_no(transaction, origin)?;
        if let Some(no) = found {
            self.remember(origin, no);
        }
        Ok(found)
    }

    fn remember(&mut self, origin: &Arc<str>, no: PartnerNo) {
        if self.partners.len() >= PARTNERS {
            self.partners.clear();
        }
        self.partners.insert(origin.clone(), no);
    }

    /// Whether fewer than [`NEW_PARTNERS`] were made in the hour before `at`.
    fn has_room(
        &mut self,
        transaction: &Transaction<'_>,
        at: UnixSeconds,
    ) -> Result<bool, StoreError> {
        let hour_before = |until: UnixSeconds| until.saturating_sub(HOUR)..until;
        if hour_before(self.full_until).contains(&at) {
            return Ok(false);
        }
        let first_of_newest: Option<UnixSeconds> = transaction
            .prepare_cached(
                "/* first_of_newest_partners */
                 select first_seen from partner order by no desc limit 1 offset ?1",
            )?
            .query_row([NEW_PARTNERS - 1], |row| row.get(0))
            .optional()?;
        let full_until = first_of_newest.map_or(UnixSeconds::MIN, |first| first + HOUR);
        if !hour_before(full_until).contains(&at) {
            return Ok(true);
        }
        tracing::warn!(NEW_PARTNERS, "more new partners in an hour count as pages not told");
        self.full_until = full_until;
        Ok(false)
    }
}

fn find_article(
    transaction: &Transaction<'_>,
    id: &ArticleId,
) -> Result<Option<Known>, StoreError> {
    let found = transaction
        .prepare_cached(
            "/* readable_article */
             select no, deep_after, status = 'usable', embargo, expires
             from article where id = ?1",
        )?
        .query_row([id.as_str()], |row| {
            Ok(Known {
                readable: Readable { no: row.get(0)?, deep_after: row.get(1)? },
                usable: row.get(2)?,
                embargo: row.get(3)?,
                expires: row.get(4)?,
            })
        })
        .optional()?;
    Ok(found)
}

fn make_partner(
    transaction: &Transaction<'_>,
    origin: &str,
    at: UnixSeconds,
) -> Result<PartnerNo, StoreError> {
    let mark = if origin.is_empty() { String::new() } else { partner_mark(origin) };
    let no = transaction
        .prepare_cached(
            "/* make_partner */
             insert into partner (origin, mark, first_seen) values (?1, ?2, ?3) returning no",
        )?
        .query_row(params![origin, mark, at], |row| row.get(0))?;
    Ok(no)
}

/// The number of the partner with this origin.
pub(in crate::store::sqlite) fn partner_no(
    connection: &Connection,
    origin: &str,
) -> Result<Option<PartnerNo>, StoreError> {
    let no = connection
        .prepare_cached("/* partner_no */ select no from partner where origin = ?1")?
        .query_row([origin], |row| row.get(0))
        .optional()?;
    Ok(no)
}

/// The origin that a share mark (`f-1x3k9a`) or its partner's half (`1x3k9a`) stands for; the one seen
/// first where two have the same.
pub(in crate::store::sqlite) fn partner_by_mark(
    connection: &Connection,
    mark: &str,
) -> Result<Option<String>, StoreError> {
    let partner = mark.rsplit('-').next().unwrap_or_default();
    let origin = connection
        .prepare_cached(
            "/* partner_by_mark */
             select origin from partner where mark = ?1 and origin <> '' order by no limit 1",
        )?
        .query_row([partner], |row| row.get(0))
        .optional()?;
    Ok(origin)
}
