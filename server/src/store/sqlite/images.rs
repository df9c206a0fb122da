//! Pictures of articles, and what was made of them.

use article_widget::contract::ArticleId;
use async_trait::async_trait;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};

use super::SqliteStore;
use crate::clock::UnixSeconds;
use crate::store::{
    ArticleImage, DueImage, ImageCounts, ImageDigest, ImageKind, ImageName, ImageStore, MadeImage,
    StoreError,
};
use crate::visibility::Visibility;

mod named;

pub(super) use named::{follow_old, name};

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
        if !self.readers.run(move |connection| Ok(is_any_due(connection, now)?)).await? {
            return Ok(None);
        }
        self.writer.run(move |writer| Ok(take(&mut writer.connection, now, pauses)?)).await
    }

    async fn save_image(&self, image: &DueImage, made: MadeImage) -> Result<(), StoreError> {
        let image = image.clone();
        self.writer.run(move |writer| Ok(save(&mut writer.connection, &image, &made)?)).await
    }

    async fn confirm_image(&self, image: &DueImage, version: &str) -> Result<(), StoreError> {
        let (image, version) = (image.clone(), version.to_owned());
        self.writer.run(move |writer| Ok(confirm(&writer.connection, &image, &version)?)).await
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
            .run(move |writer| Ok(fail(&writer.connection, &image, &problem, version.as_deref())?))
            .await
    }

    async fn article_images(&self, id: &ArticleId) -> Result<Vec<ArticleImage>, StoreError> {
        let id = id.clone();
        self.readers.run(move |connection| Ok(of_article(connection, &id)?)).await
    }

    async fn image_file(
        &self,
        id: &ArticleId,
        name: &ImageName,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let (id, name) = (id.clone(), *name);
        self.readers.run(move |connection| Ok(file(connection, &id, &name)?)).await
    }

    async fn image_visibility(
        &self,
        urls: Vec<String>,
        now: UnixSeconds,
    ) -> Result<Option<Visibility>, StoreError> {
        self.readers
            .run(move |connection| {
                // Of several URLs of one file, the most that any of them may show.
                let found: Vec<_> = urls
                    .iter()
                    .map(|url| visibility(connection, url, now))
                    .collect::<rusqlite::Result<_>>()?;
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
        self.readers.run(move |connection| Ok(versions(connection, &after, limit)?)).await
    }

    async fn want_images(&self, urls: Vec<String>, now: UnixSeconds) -> Result<(), StoreError> {
        self.writer.run(move |writer| Ok(want(&mut writer.connection, &urls, now)?)).await
    }

    async fn copy_images(&self, now: UnixSeconds) -> Result<(), StoreError> {
        self.writer.run(move |writer| Ok(copy(&writer.connection, now)?)).await
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

fn is_any_due(connection: &Connection, now: UnixSeconds) -> rusqlite::Result<bool> {
    connection
        .prepare_cached(
            "/* is_any_image_due */
             select 1 from image where due_at is not null and due_at <= ?1 limit 1",
        )?
        .exists([now])
}

fn take(
    connection: &mut Connection,
    now: UnixSeconds,
    pauses: &[i64],
) -> rusqlite::Result<Option<DueImage>> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let due = transaction
        .prepare_cached(
            "/* due_image */
             select url, tries, digest, version from image
             where due_at is not null and due_at <= ?1
             order by tries, due_at desc limit 1",
        )?
        .query_row([now], |row| {
            let image = DueImage {
                url: row.get(0)?,
                digest: digest(row, 2)?,
                version: row.get(3)?,
                due_again_at: None,
            };
            Ok((image, row.get::<_, usize>(1)?))
        })
        .optional()?;
    let Some((image, tries)) = due else { return Ok(None) };
    let due_again_at = pauses.get(tries).map(|pause| now + pause);
    transaction
        .prepare_cached(
            "/* take_image */
             update image set tries = tries + 1, due_at = ?2, problem = 'it came to no end'
             where url = ?1",
        )?
        .execute(params![image.url, due_again_at])?;
    transaction.commit()?;
    Ok(Some(DueImage { due_again_at, ..image }))
}

fn save(connection: &mut Connection, due: &DueImage, made: &MadeImage) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let digest = made.digest.as_ref().map(ImageDigest::as_bytes);
    for file in &made.files {
        transaction
            .prepare_cached(
                "/* save_image_file */
                 insert into image_file (digest, width, kind, height, content)
                 values (?1, ?2, ?3, ?4, ?5) on conflict do nothing",
            )?
            .execute(params![
                digest,
                file.width,
                file.kind.extension(),
                file.height,
                file.content
            ])?;
    }
    // An article that was saved meanwhile may mean another file of the same name: that wish stays.
    transaction
        .prepare_cached(
            "/* save_image */
             update image set digest = ?2, width = ?3, height = ?4, colours = ?5, version = ?7, problem = '',
                 tries = case when due_at is ?6 then 0 else tries end,
                 due_at = case when due_at is ?6 then null else due_at end
             where url = ?1",
        )?
        .execute(params![
            due.url,
            digest,
            made.width,
            made.height,
            made.colours,
            due.due_again_at,
            made.version,
        ])?;
    transaction.commit()
}

fn confirm(connection: &Connection, due: &DueImage, version: &str) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "/* confirm_image */
             update image set problem = '', version = ?3, tries = 0, due_at = null
             where url = ?1 and due_at is ?2",
        )?
        .execute(params![due.url, due.due_again_at, version])
        .map(drop)
}

fn fail(
    connection: &Connection,
    due: &DueImage,
    problem: &str,
    version: Option<&str>,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "/* fail_image */
             update image set problem = ?2, version = coalesce(?3, version),
                 due_at = case when ?3 is not null and due_at is ?4 then null else due_at end
             where url = ?1",
        )?
        .execute(params![due.url, problem, version, due.due_again_at])
        .map(drop)
}

fn of_article(connection: &Connection, id: &ArticleId) -> rusqlite::Result<Vec<ArticleImage>> {
    let mut images = Vec::new();
    let mut files = connection.prepare_cached(
        "/* image_files */
         select width, kind, height from image_file where digest = ?1 order by kind, width",
    )?;
    let mut known = connection.prepare_cached(
        "/* article_images */
         select image.url, image.width, image.height, image.colours, image.digest
         from article
             join article_image on article_image.article = article.no
             join image on image.url = article_image.url
         where article.id = ?1 and article_image.original = 1 and image.width is not null",
    )?;
    let mut rows = known.query([id.as_str()])?;
    while let Some(row) = rows.next()? {
        let files = match digest(row, 4)? {
            Some(digest) => files
                .query_map([digest.as_bytes()], |row| {
                    let name = ImageName { digest, width: row.get(0)?, kind: kind(row, 1)? };
                    Ok((name, row.get(2)?))
                })?
                .collect::<rusqlite::Result<_>>()?,
            None => Vec::new(),
        };
        images.push(ArticleImage {
            url: row.get(0)?,
            width: row.get(1)?,
            height: row.get(2)?,
            colours: row.get(3)?,
            files,
        });
    }
    Ok(images)
}

fn file(
    connection: &Connection,
    id: &ArticleId,
    name: &ImageName,
) -> rusqlite::Result<Option<Vec<u8>>> {
    connection
        .prepare_cached(
            "/* find_image_file */
             select content from image_file
             where digest = ?1 and width = ?2 and kind = ?3 and exists (
                 select 1 from article
                     join article_image on article_image.article = article.no
                     join image on image.url = article_image.url
                 where article.id = ?4 and article_image.original = 1 and image.digest = ?1)",
        )?
        .query_row(
            params![name.digest.as_bytes(), name.width, name.kind.extension(), id.as_str()],
            |row| row.get(0),
        )
        .optional()
}

/// Each question ends at the first row: a picture of very many articles costs no more than others.
fn visibility(
    connection: &Connection,
    url: &str,
    now: UnixSeconds,
) -> rusqlite::Result<Option<Visibility>> {
    let is_any = |sql| connection.prepare_cached(sql)?.exists(params![url, now]);
    Ok(if is_any(VISIBLE)? {
        Some(Visibility::Visible)
    } else if is_any(HIDDEN)? {
        Some(Visibility::Hidden)
    } else if is_any(NAMED)? {
        Some(Visibility::Withdrawn)
    } else {
        None
    })
}

const VISIBLE: &str = "/* is_image_visible */
    select 1 from article_image join article on article.no = article_image.article
    where article_image.url = ?1 and article.status = 'usable'
        and (article.embargo is null or article.embargo <= ?2)
        and (article.expires is null or article.expires > ?2)
    limit 1";

const HIDDEN: &str = "/* is_image_hidden */
    select 1 from article_image join article on article.no = article_image.article
    where article_image.url = ?1 and (article.status = 'withheld'
        or (article.status = 'usable' and article.embargo > ?2))
    limit 1";

const NAMED: &str = "/* is_image_named */
    select 1 from article_image where url = ?1 and ?2 is not null limit 1";

fn versions(
    connection: &Connection,
    after: &str,
    limit: u32,
) -> rusqlite::Result<Vec<(String, String)>> {
    connection
        .prepare_cached(
            "/* image_versions */
             select url, version from image
             where url > ?1 and version <> '' and due_at is null order by url limit ?2",
        )?
        .query_map(params![after, limit], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}

fn want(connection: &mut Connection, urls: &[String], now: UnixSeconds) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for url in urls {
        transaction
            .prepare_cached(
                "/* want_image_again */ update image set due_at = ?2, tries = 0 where url = ?1",
            )?
            .execute(params![url, now])?;
    }
    transaction.commit()
}

fn copy(connection: &Connection, now: UnixSeconds) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "/* copy_images */
             update image set due_at = ?1, tries = 0 where width is not null and digest is null",
        )?
        .execute([now])
        .map(drop)
}

fn is_any_unused(connection: &Connection) -> rusqlite::Result<bool> {
    let is_any = |sql| connection.prepare_cached(sql)?.exists([]);
    Ok(is_any(
        "/* is_any_image_unused */
         select 1 from image where not exists (select 1 from article_image
             where article_image.url = image.url and article_image.original = 1) limit 1",
    )? || is_any(
        "/* is_any_image_file_unused */
         select 1 from image_file where not exists (select 1 from image
             where image.digest = image_file.digest) limit 1",
    )?)
}

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

fn kind(row: &Row<'_>, column: usize) -> rusqlite::Result<ImageKind> {
    let extension = row.get_ref(column)?.as_str()?;
    ImageKind::of_extension(extension)
        .ok_or_else(|| rusqlite::Error::InvalidColumnType(column, "kind".to_owned(), Type::Text))
}
