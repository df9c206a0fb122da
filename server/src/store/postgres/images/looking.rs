//! What is to be looked at, and what came of looks.

use deadpool_postgres::Client;
use tokio_postgres::Row;

use super::super::sql::{Params, execute, row, rows, text};
use super::digest;
use crate::clock::UnixSeconds;
use crate::store::sum::sum_of;
use crate::store::{DueImage, MadeImage, StoreError};

/// Pictures that are wanted again in one commit: articles that name them are saved in between.
const AT_ONCE: i64 = 500;

/// Every server takes another one.
pub(super) async fn take(
    client: &Client,
    now: UnixSeconds,
    pauses: &[i64],
) -> Result<Option<DueImage>, StoreError> {
    let numbers: Vec<i64> = (0..).take(pauses.len() + 1).collect();
    for row in rows(client, DUE_TRIES, &[&numbers, &now]).await? {
        let tries: i64 = row.try_get(0)?;
        let pause = usize::try_from(tries).ok().and_then(|tries| pauses.get(tries));
        let due_again_at = pause.map(|pause| now + pause);
        if let Some(row) = self::row(client, TAKE, &[&tries, &now, &due_again_at]).await? {
            let (url, version) = (row.try_get(0)?, row.try_get(2)?);
            return Ok(Some(DueImage { url, digest: digest(&row, 1)?, version, due_again_at }));
        }
    }
    Ok(None)
}

/// The numbers of tries that something due has. For each of them that is a step down an index; one question for
/// all would pass by everything that waits for its next try.
pub(in crate::store::postgres) const DUE_TRIES: &str = "/* due_tries */
    select asked.tries from unnest($1::bigint[]) as asked (tries)
    where exists (select 1 from image where image.tries = asked.tries and image.due_at <= $2)
    order by asked.tries";
pub(in crate::store::postgres) const TAKE: &str = "/* take_image */
    update image set tries = tries + 1, due_at = $3, problem = 'it came to no end'
    where url = (
        select url from image where tries = $1 and due_at <= $2
        order by due_at desc limit 1 for update skip locked
    )
    returning url, digest, version";

pub(super) async fn save(
    client: &mut Client,
    due: &DueImage,
    made: &MadeImage,
) -> Result<(), StoreError> {
    let transaction = client.transaction().await?;
    let digest = made.digest.as_ref().map(|digest| &digest.as_bytes()[..]);
    for file in &made.files {
        let (width, height) = (i64::from(file.width), i64::from(file.height));
        let (content, sum) = (file.content.as_slice(), sum_of(&[&file.content]));
        let params: Params<'_> =
            &[&digest, &width, &file.kind.extension(), &height, &content, &sum.as_slice()];
        execute(&transaction, SAVE_FILE, params).await?;
    }
    let relies_on_files = made.digest.is_some() && made.files.is_empty();
    let params: Params<'_> = &[
        &due.url,
        &digest,
        &i64::from(made.width),
        &i64::from(made.height),
        &made.colours,
        &due.due_again_at,
        &made.version,
        &relies_on_files,
    ];
    execute(&transaction, SAVE, params).await?;
    Ok(transaction.commit().await?)
}

/// One that is there, and may be damaged, is written again; and who forgets files waits, and finds that it is used.
const SAVE_FILE: &str = "/* save_image_file */
    insert into image_file (digest, width, kind, height, content, sum) values ($1, $2, $3, $4, $5, $6)
    on conflict (digest, width, kind) do update set height = excluded.height, content = excluded.content,
        sum = excluded.sum";
/// An article that was saved meanwhile may mean another file of the same name: that wish stays. Files that are
/// kept already are kept for as long as the picture says so.
const SAVE: &str = "/* save_image */
    update image set digest = $2, width = $3, height = $4, colours = $5, version = $7, problem = '',
        tries = case when due_at is not distinct from $6 then 0 else tries end,
        due_at = case when due_at is not distinct from $6 then null else due_at end
    where url = $1 and (not $8 or digest = $2)";

pub(super) async fn confirm(
    client: &Client,
    due: &DueImage,
    version: &str,
) -> Result<(), StoreError> {
    execute(client, CONFIRM, &[&due.url, &due.due_again_at, &version]).await?;
    Ok(())
}

const CONFIRM: &str = "/* confirm_image */
    update image set problem = '', version = $3, tries = 0, due_at = null
    where url = $1 and due_at is not distinct from $2";

pub(super) async fn fail(
    client: &Client,
    due: &DueImage,
    problem: &str,
    version: Option<&str>,
) -> Result<(), StoreError> {
    execute(client, FAIL, &[&due.url, &text(problem), &version, &due.due_again_at]).await?;
    Ok(())
}

const FAIL: &str = "/* fail_image */
    update image set problem = $2, version = coalesce($3::text, version),
        due_at = case when $3::text is not null and due_at is not distinct from $4 then null else due_at end
    where url = $1";

pub(super) async fn versions(
    client: &Client,
    after: &str,
    limit: u32,
) -> Result<Vec<(String, String)>, StoreError> {
    let found = rows(client, VERSIONS, &[&after, &i64::from(limit)]).await?;
    found.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}

const VERSIONS: &str = "/* image_versions */
    select url, version from image
    where url > $1 and version <> '' and due_at is null order by url limit $2";

pub(super) async fn want(
    client: &Client,
    urls: &[String],
    now: UnixSeconds,
) -> Result<(), StoreError> {
    execute(client, WANT, &[&urls, &now]).await?;
    Ok(())
}

/// Locked by URL, as by articles that name them.
const WANT: &str = "/* want_images_again */
    with wanted as (
        select url from image where url = any($1::text[]) order by url for update
    )
    update image set due_at = $2, tries = 0 where url in (select url from wanted)";

pub(super) async fn copy(client: &Client, now: UnixSeconds) -> Result<(), StoreError> {
    let mut after = String::new();
    loop {
        let uncopied = rows(client, UNCOPIED, &[&after, &AT_ONCE]).await?;
        let url = |row: &Row| Ok(row.try_get(0)?);
        let urls = uncopied.iter().map(url).collect::<Result<Vec<String>, StoreError>>()?;
        let Some(last) = urls.last() else { return Ok(()) };
        after.clone_from(last);
        want(client, &urls, now).await?;
    }
}

const UNCOPIED: &str = "/* uncopied_images */
    select url from image
    where url > $1 and width is not null and digest is null order by url limit $2";
