//! Pictures that no article names any more, and files that no picture has.
//!
//! Each is locked before it is looked at again: an article that names it at the same moment either has done so, and
//! then it stays, or waits, and has it made anew.

use deadpool_postgres::{Client, Transaction};
use tokio_postgres::Row;

use super::super::sql::{execute, rows};
use crate::store::StoreError;

/// Pictures and files forgotten in one commit.
const AT_ONCE: i64 = 1_000;

/// Forgets some of them: whether there may be more.
pub(super) async fn forget(client: &mut Client) -> Result<bool, StoreError> {
    let transaction = client.transaction().await?;
    let forgotten = forget_images(&transaction).await? + forget_files(&transaction).await?;
    transaction.commit().await?;
    Ok(forgotten > 0)
}

async fn forget_images(transaction: &Transaction<'_>) -> Result<u64, StoreError> {
    let unused = rows(transaction, UNUSED, &[&AT_ONCE]).await?;
    let url = |row: &Row| Ok(row.try_get(0)?);
    let urls = unused.iter().map(url).collect::<Result<Vec<String>, StoreError>>()?;
    execute(transaction, FORGET, &[&urls]).await
}

const UNUSED: &str = "/* unused_images */
    select url from image
    where not exists (select 1 from article_image as named
                      where named.url = image.url and named.original)
    limit $1 for update of image skip locked";
const FORGET: &str = "/* forget_images */
    delete from image
    where url = any($1::text[])
      and not exists (select 1 from article_image as named
                      where named.url = image.url and named.original)";

async fn forget_files(transaction: &Transaction<'_>) -> Result<u64, StoreError> {
    let unused = rows(transaction, UNUSED_FILES, &[&AT_ONCE]).await?;
    let (mut digests, mut widths, mut kinds) = (Vec::new(), Vec::new(), Vec::new());
    for row in &unused {
        digests.push(row.try_get::<_, Vec<u8>>(0)?);
        widths.push(row.try_get::<_, i64>(1)?);
        kinds.push(row.try_get::<_, String>(2)?);
    }
    execute(transaction, FORGET_FILES, &[&digests, &widths, &kinds]).await
}

const UNUSED_FILES: &str = "/* unused_image_files */
    select digest, width, kind from image_file
    where not exists (select 1 from image where image.digest = image_file.digest)
    limit $1 for update of image_file skip locked";
const FORGET_FILES: &str = "/* forget_image_files */
    delete from image_file using unnest($1::bytea[], $2::bigint[], $3::text[]) as unused (digest, width, kind)
    where image_file.digest = unused.digest and image_file.width = unused.width
      and image_file.kind = unused.kind
      and not exists (select 1 from image where image.digest = image_file.digest)";
