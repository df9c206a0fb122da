//! The publisher's people.

use async_trait::async_trait;

use super::SqliteStore;
use crate::store::PeopleStore;

#[async_trait]
impl PeopleStore for SqliteStore {}
