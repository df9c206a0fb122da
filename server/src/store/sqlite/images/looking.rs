//! What is to be looked at, and what came of looks.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::digest;
use crate::clock::UnixSeconds;
use crate::store::sum::sum_of;
use crate::store::{DueImage, ImageDigest, MadeImage};

pub(super) fn is_any_due(connection: &Connection, now: UnixSeconds) -> rusqlite::Result<bool> {
    connection.prepare_cached(IS_ANY_DUE)?.exists([now])
}

const IS_ANY_DUE: &str = "/* is_any_image_due */
    select 1 from image where due_at is not null and due_at <= ?1 limit 1";

/// With the plus the time is no range of an index: after a bulk import all pictures are in it, and would be sorted
/// for each of them. Those that nobody has tried stand first in the other index, and all of them are due.
const DUE: &str = "/* due_image */
    select url, tries, digest, version from image
    where due_at is not null and +due_at <= ?1
    order by tries, due_at desc limit 1";

pub(super) fn take(
    connection: &mut Connection,
    now: UnixSeconds,
    pauses: &[i64],
) -> rusqlite::Result<Option<DueImage>> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let due = transaction
        .prepare_cached(DUE)?
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

pub(super) fn save(
    connection: &mut Connection,
    due: &DueImage,
    made: &MadeImage,
) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let digest = made.digest.as_ref().map(ImageDigest::as_bytes);
    for file in &made.files {
        transaction
            .prepare_cached(
                "/* save_image_file */
                 insert into image_file (digest, width, kind, height, content, sum)
                 values (?1, ?2, ?3, ?4, ?5, ?6)
                 on conflict (digest, width, kind) do update set height = excluded.height, content = excluded.content,
                     sum = excluded.sum",
            )?
            .execute(params![
                digest,
                file.width,
                file.kind.extension(),
                file.height,
                file.content,
                sum_of(&[&file.content]),
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

pub(super) fn confirm(
    connection: &Connection,
    due: &DueImage,
    version: &str,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "/* confirm_image */
             update image set problem = '', version = ?3, tries = 0, due_at = null
             where url = ?1 and due_at is ?2",
        )?
        .execute(params![due.url, due.due_again_at, version])
        .map(drop)
}

pub(super) fn fail(
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

pub(super) fn versions(
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

pub(super) fn want(
    connection: &mut Connection,
    urls: &[String],
    now: UnixSeconds,
) -> rusqlite::Result<()> {
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

pub(super) fn copy(connection: &Connection, now: UnixSeconds) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "/* copy_images */
             update image set due_at = ?1, tries = 0 where width is not null and digest is null",
        )?
        .execute([now])
        .map(drop)
}

#[cfg(test)]
mod tests {
    use super::super::tests::plan;
    use super::*;

    #[test]
    fn what_is_due_is_found_without_a_scan_and_without_sorting() {
        let any = plan(IS_ANY_DUE);
        assert!(any.contains("image_by_time") && !any.contains("SCAN"), "{any}");
        let due = plan(DUE);
        assert!(due.contains("image_by_due") && !due.contains("TEMP B-TREE"), "{due}");
    }
}
