//! What has to reach somebody outside.

use async_trait::async_trait;

use super::SqliteStore;
use crate::store::OutboxStore;

#[async_trait]
impl OutboxStore for SqliteStore {}
