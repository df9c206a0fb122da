//! Pictures of articles, and what was made of them.

use article_widget::contract::ArticleId;
use async_trait::async_trait;
use tokio_postgres::Row;

use super::PostgresStore;
use super::sql::{bytes, number, row};
use crate::clock::UnixSeconds;
use crate::store::{
    ArticleImage, DueImage, ImageCounts, ImageDigest, ImageName, ImageStore, MadeImage, StoreError,
};
use crate::visibility::Visibility;

mod forgetting;
mod looking;
mod named;
mod showing;

#[cfg(test)]
pub(super) use looking::{DUE_TRIES, TAKE};
pub(super) use named::name;
#[cfg(test)]
pub(super) use showing::VISIBILITY;

#[async_trait]
impl ImageStore for PostgresStore {
    async fn take_due_image(
        &self,
        now: UnixSeconds,
        pauses: &'static [i64],
    ) -> Result<Option<DueImage>, StoreError> {
        looking::take(&self.for_writing().await?, now, pauses).await
    }

    async fn save_image(&self, image: &DueImage, made: MadeImage) -> Result<(), StoreError> {
        looking::save(&mut self.for_writing().await?, image, &made).await
    }

    async fn confirm_image(&self, image: &DueImage, version: &str) -> Result<(), StoreError> {
        looking::confirm(&self.for_writing().await?, image, version).await
    }

    async fn fail_image(
        &self,
        image: &DueImage,
        problem: &str,
        final_for: Option<&str>,
    ) -> Result<(), StoreError> {
        looking::fail(&self.for_writing().await?, image, problem, final_for).await
    }

    async fn article_images(&self, id: &ArticleId) -> Result<Vec<ArticleImage>, StoreError> {
        showing::of_article(&self.for_reading().await?, id).await
    }

    async fn image_file(
        &self,
        id: &ArticleId,
        name: &ImageName,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        showing::file(&self.for_reading().await?, id, name).await
    }

    async fn image_visibility(
        &self,
        urls: Vec<String>,
        now: UnixSeconds,
    ) -> Result<Option<Visibility>, StoreError> {
        showing::visibility(&self.for_reading().await?, &urls, now).await
    }

    async fn image_versions(
        &self,
        after: &str,
        limit: u32,
    ) -> Result<Vec<(String, String)>, StoreError> {
        looking::versions(&self.for_reading().await?, after, limit).await
    }

    async fn want_images(&self, urls: Vec<String>, now: UnixSeconds) -> Result<(), StoreError> {
        looking::want(&self.for_writing().await?, &urls, now).await
    }

    async fn copy_images(&self, now: UnixSeconds) -> Result<(), StoreError> {
        looking::copy(&self.for_writing().await?, now).await
    }

    async fn forget_images(&self) -> Result<bool, StoreError> {
        forgetting::forget(&mut self.for_writing().await?).await
    }

    async fn image_counts(&self) -> Result<ImageCounts, StoreError> {
        let Some(row) = row(&self.for_reading().await?, COUNTS, &[]).await? else {
            return Ok(ImageCounts::default());
        };
        let (waiting, made, all): (u64, u64, u64) =
            (number(&row, 0)?, number(&row, 1)?, number(&row, 2)?);
        Ok(ImageCounts { waiting, made, failed: all - waiting - made })
    }
}

const COUNTS: &str = "/* image_counts */
    select count(due_at), count(case when due_at is null then width end), count(*) from image";

fn digest(row: &Row, column: usize) -> Result<Option<ImageDigest>, StoreError> {
    if row.try_get::<_, Option<&[u8]>>(column)?.is_none() {
        return Ok(None);
    }
    Ok(Some(ImageDigest::from_bytes(bytes(row, column)?)))
}
