//! The publisher's people, as the store takes and gives them.

use async_trait::async_trait;

/// Who may log in, and who has.
#[async_trait]
pub trait PeopleStore {}
