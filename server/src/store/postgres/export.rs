use crate::leaving::Wanted;
use async_trait::async_trait;

use super::PostgresStore;
#[allow(unused_imports)]
use crate::clock::*;
use crate::store::*;
#[allow(unused_imports)]
use crate::{password::HashedPassword, people::Person, visibility::Visibility};

#[async_trait]
impl ExportStore for PostgresStore {
    async fn export(&self, wanted: Wanted, write: LineWriter) -> Result<(), ExportError> {
        todo!()
    }
}
