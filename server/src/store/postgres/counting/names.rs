//! Numbers of articles and partners, read anew for every group: any server may have changed them.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use article_widget::contract::ArticleId;
use deadpool_postgres::{Client, Transaction};
use futures_util::try_join;

use crate::clock::UnixSeconds;
use crate::share_mark::partner_mark;
use crate::store::counting::{HOUR, Known, NEW_PARTNERS, Readable};
use crate::store::postgres::sql::{Params, number, row, rows};
use crate::store::{PartnerNo, StoreError};

/// What the tables `article` and `partner` say of a group.
pub(super) struct Names {
    articles: HashMap<String, Known>,
    partners: HashMap<String, PartnerNo>,
    /// How many partners may still be new, where it was asked.
    room: Option<i64>,
}

impl Names {
    /// Reads what there is of these.
    pub(super) async fn read<'a>(
        client: &Client,
        articles: impl Iterator<Item = &'a ArticleId>,
        partners: impl Iterator<Item = &'a Arc<str>>,
    ) -> Result<Self, StoreError> {
        let articles: Vec<&str> =
            articles.map(ArticleId::as_str).collect::<BTreeSet<_>>().into_iter().collect();
        let partners: Vec<&str> = partners
            .map(AsRef::as_ref)
            .chain([""])
            .collect::<BTreeSet<&str>>()
            .into_iter()
            .collect();
        let (of_articles, of_partners): (Params<'_>, Params<'_>) = (&[&articles], &[&partners]);
        let (articles, partners) =
            try_join!(rows(client, ARTICLES, of_articles), rows(client, PARTNERS, of_partners))?;
        let articles = articles.iter().map(|row| {
            let readable = Readable { no: number(row, 1)?, deep_after: number(row, 2)? };
            let (usable, embargo, expires) = (row.try_get(3)?, row.try_get(4)?, row.try_get(5)?);
            Ok((row.try_get(0)?, Known { readable, usable, embargo, expires }))
        });
        let partners = partners.iter().map(|row| Ok((row.try_get(0)?, number(row, 1)?)));
        Ok(Self {
            articles: articles.collect::<Result<_, StoreError>>()?,
            partners: partners.collect::<Result<_, StoreError>>()?,
            room: None,
        })
    }

    /// The article, where readers may see it at `at`.
    pub(super) fn readable(&self, id: &ArticleId, at: UnixSeconds) -> Option<Readable> {
        self.articles.get(id.as_str())?.readable(at)
    }

    /// The number of this origin, made where there is none and not too many are new.
    pub(super) async fn partner(
        &mut self,
        transaction: &Transaction<'_>,
        origin: &str,
        at: UnixSeconds,
    ) -> Result<PartnerNo, StoreError> {
        if let Some(no) = self.partners.get(origin) {
            return Ok(*no);
        }
        let room = match self.room {
            Some(room) => room,
            None => room(transaction, at).await?,
        };
        self.room = Some(room - 1);
        if room <= 0 {
            return self.known_partner(transaction, "", at).await;
        }
        self.make(transaction, origin, at).await
    }

    /// The number of this origin, or that of pages that are not told: what does not count makes no row.
    pub(super) async fn known_partner(
        &mut self,
        transaction: &Transaction<'_>,
        origin: &str,
        at: UnixSeconds,
    ) -> Result<PartnerNo, StoreError> {
        match self.partners.get(origin).or_else(|| self.partners.get("")) {
            Some(no) => Ok(*no),
            None => self.make(transaction, "", at).await,
        }
    }

    /// Makes a row, or finds the one that another server makes at this moment.
    async fn make(
        &mut self,
        transaction: &Transaction<'_>,
        origin: &str,
        at: UnixSeconds,
    ) -> Result<PartnerNo, StoreError> {
        let mark = if origin.is_empty() { String::new() } else { partner_mark(origin) };
        let made = match row(transaction, MAKE, &[&origin, &mark, &at]).await? {
            Some(made) => Some(made),
            None => row(transaction, PARTNERS, &[&[origin].as_slice()]).await?,
        };
        let made = made.ok_or_else(|| StoreError::Other(anyhow::anyhow!("no partner made")))?;
        let no = number(&made, 1)?;
        self.partners.insert(origin.to_owned(), no);
        Ok(no)
    }
}

/// How many partners may be new in the hour before `at`, after those that are. Asked once for a group.
async fn room(transaction: &Transaction<'_>, at: UnixSeconds) -> Result<i64, StoreError> {
    let since = at.saturating_sub(HOUR);
    let new = row(transaction, NEW, &[&since, &at, &i64::from(NEW_PARTNERS)]).await?;
    let new: i64 = new.map(|row| row.try_get(0)).transpose()?.unwrap_or_default();
    if new >= i64::from(NEW_PARTNERS) {
        tracing::warn!(NEW_PARTNERS, "more new partners in an hour count as pages not told");
    }
    Ok(i64::from(NEW_PARTNERS) - new)
}

const ARTICLES: &str = "/* readable_articles */
    select id, no, deep_after, status = 'usable', embargo, expires
    from article where id = any($1::text[])";
const PARTNERS: &str = "/* partner_nos */
    select origin, no from partner where origin = any($1::text[])";
const MAKE: &str = "/* make_partner */
    insert into partner (origin, mark, first_seen) values ($1, $2, $3) on conflict do nothing
    returning origin, no";
const NEW: &str = "/* new_partners */
    select count(*) from
        (select 1 from partner where first_seen > $1 and first_seen <= $2 and origin <> '' limit $3) as new";
