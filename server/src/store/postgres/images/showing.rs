//! What those are told who show an article, or a picture of it.

use article_widget::contract::ArticleId;
use deadpool_postgres::Client;
use tokio_postgres::Row;

use super::super::sql::{Params, number, row, rows, text};
use super::digest;
use crate::clock::UnixSeconds;
use crate::store::{ArticleImage, ImageDigest, ImageKind, ImageName, StoreError, sum};
use crate::visibility::Visibility;

pub(super) async fn of_article(
    client: &Client,
    id: &ArticleId,
) -> Result<Vec<ArticleImage>, StoreError> {
    let mut images: Vec<ArticleImage> = Vec::new();
    for row in &rows(client, IMAGES, &[&id.as_str()]).await? {
        let url: &str = row.try_get(0)?;
        if images.last().is_none_or(|last| last.url != url) {
            images.push(read(row)?);
        }
        if let (Some(image), Some(file)) = (images.last_mut(), read_file(row)?) {
            image.files.push(file);
        }
    }
    Ok(images)
}

/// A row for each file of each picture, and one for each picture that has none.
const IMAGES: &str = "/* article_images */
    select image.url, image.width, image.height, image.colours, image.digest,
           file.width, file.kind, file.height
    from article
    join article_image on article_image.article = article.no
    join image on image.url = article_image.url
    left join image_file as file on file.digest = image.digest
    where article.id = $1 and article_image.original and image.width is not null
    order by image.url, file.kind, file.width";

fn read(row: &Row) -> Result<ArticleImage, StoreError> {
    Ok(ArticleImage {
        url: row.try_get(0)?,
        width: number(row, 1)?,
        height: number(row, 2)?,
        colours: row.try_get(3)?,
        files: Vec::new(),
    })
}

fn read_file(row: &Row) -> Result<Option<(ImageName, u32)>, StoreError> {
    let kind: Option<&str> = row.try_get(6)?;
    let (Some(digest), Some(kind)) = (digest(row, 4)?, kind) else { return Ok(None) };
    Ok(Some((file_name(row, digest, kind)?, number(row, 7)?)))
}

fn file_name(row: &Row, digest: ImageDigest, kind: &str) -> Result<ImageName, StoreError> {
    let unknown = || StoreError::Other(anyhow::anyhow!("kind {kind:?}"));
    let kind = ImageKind::of_extension(kind).ok_or_else(unknown)?;
    Ok(ImageName { digest, width: number(row, 5)?, kind })
}

pub(super) async fn file(
    client: &Client,
    id: &ArticleId,
    name: &ImageName,
) -> Result<Option<Vec<u8>>, StoreError> {
    let params: Params<'_> = &[
        &name.digest.as_bytes().as_slice(),
        &i64::from(name.width),
        &name.kind.extension(),
        &id.as_str(),
    ];
    let Some(row) = row(client, FILE, params).await? else { return Ok(None) };
    let content: Vec<u8> = row.try_get(0)?;
    sum::check(sum::sum_of(&[&content]), row.try_get(1)?, &name.to_string())?;
    Ok(Some(content))
}

const FILE: &str = "/* find_image_file */
    select content, sum from image_file
    where digest = $1 and width = $2 and kind = $3 and exists (
        select 1 from article
            join article_image on article_image.article = article.no
            join image on image.url = article_image.url
        where article.id = $4 and article_image.original and image.digest = $1)";

/// Of several URLs of one file, the most that any of them may show.
pub(super) async fn visibility(
    client: &Client,
    urls: &[String],
    now: UnixSeconds,
) -> Result<Option<Visibility>, StoreError> {
    let (mut firsts, mut lasts) = (Vec::new(), Vec::new());
    for url in urls.iter().map(|url| text(url)) {
        firsts.extend([url.to_string(), format!("{url}?")]);
        lasts.extend([url.to_string(), format!("{url}?{}", char::MAX)]);
    }
    let most = row(client, VISIBILITY, &[&firsts, &lasts, &now]).await?;
    let most: Option<i64> = most.map(|row| row.try_get(0)).transpose()?.flatten();
    Ok(most.map(|most| match most {
        0 => Visibility::Visible,
        1 => Visibility::Hidden,
        _ => Visibility::Withdrawn,
    }))
}

/// Of the articles that name a URL from a first to a last. Each question ends at the first row: a picture of very
/// many articles costs no more than others.
pub(in crate::store::postgres) const VISIBILITY: &str = "/* image_visibility */
    select min(case
        when exists (
            select 1 from article_image join article on article.no = article_image.article
            where article_image.url between asked.first and asked.last and article.status = 'usable'
              and (article.embargo is null or article.embargo <= $3)
              and (article.expires is null or article.expires > $3)
        ) then 0
        when exists (
            select 1 from article_image join article on article.no = article_image.article
            where article_image.url between asked.first and asked.last and (article.status = 'withheld'
                or (article.status = 'usable' and article.embargo > $3))
        ) then 1
        when exists (
            select 1 from article_image where article_image.url between asked.first and asked.last
        ) then 2
        end)::bigint
    from unnest($1::text[], $2::text[]) as asked (first, last)";
