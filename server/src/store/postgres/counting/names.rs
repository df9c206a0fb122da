//! Numbers of articles and partners, read anew for every group: any server may have changed them.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use article_widget::contract::ArticleId;
use deadpool_postgres::{Client, Transaction};
use futures_util::try_join;

use crate::clock::UnixSeconds;
use crate::share_mark::partner_mark;
use crate::store::counting::{HOUR, Known, NEW_PARTNERS, Readable};
use crate::store::postgres::sql::{Params, execute, number, row, rows};
use crate::store::{PartnerNo, StoreError};

/// What the tables `article` and `partner` say of a group.
pub(super) struct Names {
    articles: HashMap<String, Known>,
    partners: HashMap<String, PartnerNo>,
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
        if !has_room(transaction, at).await? {
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
        execute(transaction, MAKE, &[&origin, &mark, &at]).await?;
        let made = row(transaction, PARTNERS, &[&[origin].as_slice()]).await?;
        let made = made.ok_or_else(|| StoreError::Other(anyhow::anyhow!("no partner made")))?;
        let no = number(&made, 1)?;
        self.partners.insert(origin.to_owned(), no);
        Ok(no)
    }
}

/// Whether fewer than [`NEW_PARTNERS`] were made in the hour before `at`.
async fn has_room(transaction: &Transaction<'_>, at: UnixSeconds) -> Result<bool, StoreError> {
    let newest = row(transaction, NEWEST, &[&(i64::from(NEW_PARTNERS) - 1)]).await?;
    let first: Option<UnixSeconds> = newest.map(|row| row.try_get(0)).transpose()?;
    let is_full = first.is_some_and(|first| (first..first.saturating_add(HOUR)).contains(&at));
    if is_full {
        tracing::warn!(NEW_PARTNERS, "more new partners in an hour count as pages not told");
    }
    Ok(!is_full)
}

const ARTICLES: &str = "/* readable_articles */
    select id, no, deep_after, status = 'usable', embargo, expires
    from article where id = any($1::text[])";
const PARTNERS: &str = "/* partner_nos */
    select origin, no from partner where origin = any($1::text[])";
const MAKE: &str = "/* make_partner */
    insert into partner (origin, mark, first_seen) values ($1, $2, $3) on conflict do nothing";
const NEWEST: &str = "/* first_of_newest_partners */
    select first_seen from partner order by no desc limit 1 offset $1";
