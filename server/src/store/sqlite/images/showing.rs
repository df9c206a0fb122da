//! What those are told who show an article, or a picture of it.

use article_widget::contract::ArticleId;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::digest;
use crate::clock::UnixSeconds;
use crate::store::{ArticleImage, ImageKind, ImageName, StoreError, sum};
use crate::visibility::Visibility;

pub(super) fn of_article(
    connection: &Connection,
    id: &ArticleId,
) -> rusqlite::Result<Vec<ArticleImage>> {
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

pub(super) fn file(
    connection: &Connection,
    id: &ArticleId,
    name: &ImageName,
) -> Result<Option<Vec<u8>>, StoreError> {
    let found: Option<(Vec<u8>, Option<Vec<u8>>)> = connection
        .prepare_cached(
            "/* find_image_file */
             select content, sum from image_file
             where digest = ?1 and width = ?2 and kind = ?3 and exists (
                 select 1 from article
                     join article_image on article_image.article = article.no
                     join image on image.url = article_image.url
                 where article.id = ?4 and article_image.original = 1 and image.digest = ?1)",
        )?
        .query_row(
            params![name.digest.as_bytes(), name.width, name.kind.extension(), id.as_str()],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    let Some((content, kept)) = found else { return Ok(None) };
    check(&content, kept.as_deref(), &name.to_string())?;
    Ok(Some(content))
}

fn check(content: &[u8], kept: Option<&[u8]>, name: &str) -> Result<(), StoreError> {
    sum::check(sum::sum_of(&[content]), kept, name)
}

/// What is wrong with the files of all pictures.
pub(in crate::store::sqlite) fn damaged(
    connection: &Connection,
) -> Result<Vec<String>, StoreError> {
    let mut all = connection.prepare(
        "/* all_image_files */ select lower(hex(digest)) || '-' || width || '.' || kind, content, sum
         from image_file",
    )?;
    let mut files = all.query([])?;
    let mut damaged = Vec::new();
    while let Some(file) = files.next()? {
        let (content, kept): (Vec<u8>, Option<Vec<u8>>) = (file.get(1)?, file.get(2)?);
        let name: String = file.get(0)?;
        sum::note_damage(check(&content, kept.as_deref(), &name), &mut damaged)?;
    }
    Ok(damaged)
}

/// Of the articles that name a URL from `first` to `last`. Each question ends at the first row: a picture of
/// very many articles costs no more than others.
pub(super) fn visibility(
    connection: &Connection,
    (first, last): (&str, &str),
    now: UnixSeconds,
) -> rusqlite::Result<Option<Visibility>> {
    let is_any = |sql| connection.prepare_cached(sql)?.exists(params![first, last, now]);
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
    where article_image.url between ?1 and ?2 and article.status = 'usable'
        and (article.embargo is null or article.embargo <= ?3)
        and (article.expires is null or article.expires > ?3)
    limit 1";

const HIDDEN: &str = "/* is_image_hidden */
    select 1 from article_image join article on article.no = article_image.article
    where article_image.url between ?1 and ?2 and (article.status = 'withheld'
        or (article.status = 'usable' and article.embargo > ?3))
    limit 1";

const NAMED: &str = "/* is_image_named */
    select 1 from article_image where url between ?1 and ?2 and ?3 is not null limit 1";

fn kind(row: &Row<'_>, column: usize) -> rusqlite::Result<ImageKind> {
    let extension = row.get_ref(column)?.as_str()?;
    ImageKind::of_extension(extension)
        .ok_or_else(|| rusqlite::Error::InvalidColumnType(column, "kind".to_owned(), Type::Text))
}
