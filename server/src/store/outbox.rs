//! What has to reach somebody outside, as the store takes and gives it.

use async_trait::async_trait;

/// Mails and calls that wait until they are delivered.
#[async_trait]
pub trait OutboxStore {}
