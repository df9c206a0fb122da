use async_trait::async_trait;

use super::PostgresStore;
#[allow(unused_imports)]
use crate::clock::*;
use crate::store::*;
#[allow(unused_imports)]
use crate::{password::HashedPassword, people::Person, visibility::Visibility};

#[async_trait]
impl OutboxStore for PostgresStore {
    async fn claim_deliveries(
        &self,
        lane: Lane,
        now: UnixSeconds,
        until: UnixSeconds,
        limit: u32,
    ) -> Result<Vec<Delivery>, StoreError> {
        todo!()
    }
    async fn delivered(&self, no: i64) -> Result<(), StoreError> {
        todo!()
    }
    async fn delivery_failed(
        &self,
        delivery: &Delivery,
        due_at: UnixSeconds,
        problem: &str,
    ) -> Result<(), StoreError> {
        todo!()
    }
    async fn sweep_deliveries(&self) -> Result<(), StoreError> {
        todo!()
    }
    async fn feedback_of_delivery(&self, no: i64) -> Result<Option<AboutFeedback>, StoreError> {
        todo!()
    }
    async fn mail_requested(
        &self,
        request: &MailRequest,
    ) -> Result<Option<MailRequested>, StoreError> {
        todo!()
    }
    async fn request_mail(
        &self,
        request: &MailRequest,
        mail: &NewDelivery,
        proof: &SpentProof,
    ) -> Result<MailRequested, StoreError> {
        todo!()
    }
    async fn forget_mail_requests(&self, time: UnixSeconds) -> Result<(), StoreError> {
        todo!()
    }
    async fn suppress(&self, address: &AddressHash, at: UnixSeconds) -> Result<(), StoreError> {
        todo!()
    }
    async fn is_suppressed(&self, address: &AddressHash) -> Result<bool, StoreError> {
        todo!()
    }
}
