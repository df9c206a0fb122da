use async_trait::async_trait;

use super::PostgresStore;
#[allow(unused_imports)]
use crate::clock::*;
use crate::store::*;
#[allow(unused_imports)]
use crate::{password::HashedPassword, people::Person, visibility::Visibility};

mod named;

pub(super) use named::name;

#[async_trait]
impl ImageStore for PostgresStore {
    async fn take_due_image(
        &self,
        now: UnixSeconds,
        pauses: &'static [i64],
    ) -> Result<Option<DueImage>, StoreError> {
        todo!()
    }
    async fn save_image(&self, image: &DueImage, made: MadeImage) -> Result<(), StoreError> {
        todo!()
    }
    async fn confirm_image(&self, image: &DueImage, version: &str) -> Result<(), StoreError> {
        todo!()
    }
    async fn fail_image(
        &self,
        image: &DueImage,
        problem: &str,
        final_for: Option<&str>,
    ) -> Result<(), StoreError> {
        todo!()
    }
    async fn article_images(&self, id: &ArticleId) -> Result<Vec<ArticleImage>, StoreError> {
        todo!()
    }
    async fn image_file(
        &self,
        id: &ArticleId,
        name: &ImageName,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        todo!()
    }
    async fn image_visibility(
        &self,
        urls: Vec<String>,
        now: UnixSeconds,
    ) -> Result<Option<Visibility>, StoreError> {
        todo!()
    }
    async fn image_versions(
        &self,
        after: &str,
        limit: u32,
    ) -> Result<Vec<(String, String)>, StoreError> {
        todo!()
    }
    async fn want_images(&self, urls: Vec<String>, now: UnixSeconds) -> Result<(), StoreError> {
        todo!()
    }
    async fn copy_images(&self, now: UnixSeconds) -> Result<(), StoreError> {
        todo!()
    }
    async fn forget_images(&self) -> Result<bool, StoreError> {
        todo!()
    }
    async fn image_counts(&self) -> Result<ImageCounts, StoreError> {
        todo!()
    }
}
