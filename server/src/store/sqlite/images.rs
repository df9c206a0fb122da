//! Pictures of articles, and what was made of them.

use article_widget::contract::ArticleId;
use async_trait::async_trait;
use rusqlite::{Connection, Row, TransactionBehavior};

use super::SqliteStore;
use crate::clock::UnixSeconds;
use crate::store::{
    ArticleImage, DueImage, ImageCounts, ImageDigest, ImageName, ImageStore, MadeImage, StoreError,
};
use crate::visibility::Visibility;

mod looking;
mod named;
mod showing;

pub(super) use named::{follow_old, name};
pub(super) use showing::damaged;

/// Pictures and files forgotten in one commit: views go in between.
const AT_ONCE: u32 = 100;

#[async_trait]
impl ImageStore for SqliteStore {
    async fn take_due_image(
        &self,
        now: UnixSeconds,
        pauses: &'static [i64],
    ) -> Result<Option<DueImage>, StoreError> {
        // Asked of a reader first: the writer is not to be woken for nothing.
        if !self.readers.run(move |connection| Ok(looking::is_any_due(connection, now)?)).await? {
            return Ok(None);
        }
        self.writer.run(move |writer| Ok(looking::take(&mut writer.connection, now, pauses)?)).await
    }

    async fn save_image(&self, image: &DueImage, made: MadeImage) -> Result<(), StoreError> {
        let image = image.clone();
        self.writer
            .run(move |writer| Ok(looking::save(&mut writer.connection, &image, &made)?))
            .await
    }

    async fn confirm_image(&self, image: &DueImage, version: &str) -> Result<(), StoreError> {
        let (image, version) = (image.clone(), version.to_owned());
        self.writer
            .run(move |writer| Ok(looking::confirm(&writer.connection, &image, &version)?))
            .await
    }

    async fn fail_image(
        &self,
        image: &DueImage,
        problem: &str,
        final_for: Option<&str>,
    ) -> Result<(), StoreError> {
        let (image, problem) = (image.clone(), problem.to_owned());
        let version = final_for.map(str::to_owned);
        self.writer
            .run(move |writer| {
                Ok(looking::fail(&writer.connection, &image, &problem, version.as_deref())?)
            })
            .await
    }

    async fn article_images(&self, id: &ArticleId) -> Result<Vec<ArticleImage>, StoreError> {
        let id = id.clone();
        self.readers.run(move |connection| Ok(showing::of_article(connection, &id)?)).await
    }

    async fn image_file(
        &self,
        id: &ArticleId,
        name: &ImageName,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let (id, name) = (id.clone(), *name);
        self.readers.run(move |connection| showing::file(connection, &id, &name)).await
    }

    async fn image_visibility(
        &self,
        urls: Vec<String>,
        now: UnixSeconds,
    ) -> Result<Option<Visibility>, StoreError> {
        self.readers
            .run(move |connection| {
                // Of several URLs of one file, the most that any of them may show.
                let mut found = Vec::new();
                for url in &urls {
                    let (first, last) = (format!("{url}?"), format!("{url}?{}", char::MAX));
                    found.push(showing::visibility(connection, (url, url), now)?);
                    found.push(showing::visibility(connection, (&first, &last), now)?);
                }
                let is = |wanted| found.contains(&Some(wanted)).then_some(wanted);
                Ok(is(Visibility::Visible)
                    .or_else(|| is(Visibility::Hidden))
                    .or_else(|| is(Visibility::Withdrawn)))
            })
            .await
    }

    async fn image_versions(
        &self,
        after: &str,
        limit: u32,
    ) -> Result<Vec<(String, String)>, StoreError> {
        let after = after.to_owned();
        self.readers.run(move |connection| Ok(looking::versions(connection, &after, limit)?)).await
    }

    async fn want_images(&self, urls: Vec<String>, now: UnixSeconds) -> Result<(), StoreError> {
        self.writer.run(move |writer| Ok(looking::want(&mut writer.connection, &urls, now)?)).await
    }

    async fn copy_images(&self, now: UnixSeconds) -> Result<(), StoreError> {
        self.writer.run(move |writer| Ok(looking::copy(&writer.connection, now)?)).await
    }

    async fn forget_images(&self) -> Result<bool, StoreError> {
        // The same again: the writer waits for nobody while there is nothing to do.
        if !self.readers.run(|connection| Ok(is_any_unused(connection)?)).await? {
            return Ok(false);
        }
        self.writer.run(|writer| Ok(forget(&mut writer.connection)?)).await
    }

    async fn image_counts(&self) -> Result<ImageCounts, StoreError> {
        self.readers.run(|connection| Ok(counts(connection)?)).await
    }
}

fn is_any_unused(connection: &Connection) -> rusqlite::Result<bool> {
    let is_any = |sql| connection.prepare_cached(sql)?.exists([]);
    Ok(is_any(UNUSED)? || is_any(UNUSED_FILE)?)
}

const UNUSED: &str = "/* is_any_image_unused */
    select 1 from image where not exists (select 1 from article_image
        where article_image.url = image.url and article_image.original = 1) limit 1";

const UNUSED_FILE: &str = "/* is_any_image_file_unused */
    select 1 from image_file where not exists (select 1 from image
        where image.digest = image_file.digest) limit 1";

fn forget(connection: &mut Connection) -> rusqlite::Result<bool> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let images = transaction
        .prepare_cached(
            "/* forget_images */
             delete from image where url in (select url from image where not exists
                 (select 1 from article_image
                  where article_image.url = image.url and article_image.original = 1) limit ?1)",
        )?
        .execute([AT_ONCE])?;
    let files = transaction
        .prepare_cached(
            "/* forget_image_files */
             delete from image_file where digest in (select digest from image_file where not exists
                 (select 1 from image where image.digest = image_file.digest) limit ?1)",
        )?
        .execute([AT_ONCE])?;
    transaction.commit()?;
    Ok(images > 0 || files > 0)
}

fn counts(connection: &Connection) -> rusqlite::Result<ImageCounts> {
    connection
        .prepare_cached(
            "/* image_counts */
             select count(due_at), count(case when due_at is null then width end), count(*) from image",
        )?
        .query_row([], |row| {
            let (waiting, made, all): (u64, u64, u64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(ImageCounts { waiting, made, failed: all - waiting - made })
        })
}

fn digest(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<ImageDigest>> {
    let bytes: Option<[u8; 16]> = row.get(column)?;
    Ok(bytes.map(ImageDigest::from_bytes))
}

#[cfg(test)]
mod tests {
    use super::super::connection;
    use super::*;

    /// The engine's own words on how it goes about a statement.
    pub(super) fn plan(sql: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let database = connection::open_writer(&folder.path().join("articles.db")).unwrap();
        let mut statement = database.prepare(&format!("explain query plan {sql}")).unwrap();
        let values = vec![0; statement.parameter_count()];
        let values = rusqlite::params_from_iter(values);
        let steps = statement.query_map(values, |row| row.get::<_, String>(3)).unwrap();
        steps.collect::<rusqlite::Result<Vec<_>>>().unwrap().join("; ")
    }

    #[test]
    fn no_content_is_read_to_find_what_nobody_uses() {
        for (sql, scanned) in [(UNUSED, "SCAN image USING"), (UNUSED_FILE, "SCAN image_file USING")]
        {
            let plan = plan(sql);
            assert!(plan.contains(&format!("{scanned} COVERING INDEX")), "{plan}");
            assert_eq!(plan.matches("SCAN").count(), 1, "{plan}");
        }
    }
}
