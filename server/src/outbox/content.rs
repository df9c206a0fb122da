//! What a delivery says, and by which way it goes.

use article_widget::contract::{Article, ArticleId};
use serde::Serialize;

use super::{Caller, Failure, GIVEN_UP_AFTER, Outbox};
use crate::admin::inbox_query::letter_url;
use crate::forms::MailAddress;
use crate::mails::{Envelope, MailError, MailWriter};
use crate::store::{AboutFeedback, DeliveryKind, NewDelivery};
use crate::suppression;
use crate::time::{rfc_3339, timestamp};
use crate::visibility::Visibility;

/// The body of a call.
#[derive(Serialize)]
struct Event<'a> {
    r#type: &'static str,
    /// When it happened: RFC 3339.
    timestamp: String,
    data: FeedbackEvent<'a>,
}

/// Nothing of what the sender wrote, nor who that is.
#[derive(Serialize)]
struct FeedbackEvent<'a> {
    reference: &'a str,
    article: &'a ArticleId,
    kind: &'a str,
    /// Where an editor reads it.
    url: String,
}

impl Outbox {
    /// Delivers it; also where there is nothing to deliver any more.
    pub(super) async fn deliver(&self, no: i64, delivery: &NewDelivery) -> Result<(), Failure> {
        match delivery.kind {
            DeliveryKind::Article => return self.mail_article(delivery).await,
            DeliveryKind::Purge => return self.call_purger(delivery).await,
            DeliveryKind::Notice | DeliveryKind::Answer | DeliveryKind::Hook => {}
        }
        // Erased meanwhile: then the delivery is gone with it.
        let Some(about) = self.store.feedback_of_delivery(no).await? else { return Ok(()) };
        match delivery.kind {
            DeliveryKind::Hook => self.call(delivery, &about).await,
            DeliveryKind::Answer if about.answer.is_empty() => Ok(()),
            _ => self.mail_feedback(delivery, &about).await,
        }
    }

    async fn call(&self, delivery: &NewDelivery, about: &AboutFeedback) -> Result<(), Failure> {
        let caller = self.caller.as_ref().ok_or_else(|| Failure::passing("no webhook is set"))?;
        let event = Event {
            r#type: "feedback.received",
            timestamp: rfc_3339(delivery.at),
            data: FeedbackEvent {
                reference: &about.reference,
                article: &about.article,
                kind: &about.kind,
                url: letter_url(&self.public_url, about.no),
            },
        };
        let body = serde_json::to_string(&event).map_err(|_| Failure::lasting("no JSON"))?;
        self.call_by(caller, delivery, body).await
    }

    /// What it says was written with the change: what the article showed before is not there any more.
    async fn call_purger(&self, delivery: &NewDelivery) -> Result<(), Failure> {
        let purger = self.purger.as_ref();
        let purger = purger.ok_or_else(|| Failure::passing("no purge hook is set"))?;
        self.call_by(purger, delivery, delivery.content.clone()).await
    }

    async fn call_by(
        &self,
        caller: &Caller,
        delivery: &NewDelivery,
        body: String,
    ) -> Result<(), Failure> {
        caller.call(&format!("msg_{}", self.id(&delivery.key)), self.clock.now(), body).await
    }

    async fn mail_feedback(
        &self,
        delivery: &NewDelivery,
        about: &AboutFeedback,
    ) -> Result<(), Failure> {
        let article = self.article(&about.article).await?.unwrap_or_default();
        self.mail(delivery, |writer, envelope| match delivery.kind {
            DeliveryKind::Answer => writer.answer(envelope, about, &article),
            _ => writer.notice(envelope, about, &article),
        })
        .await
    }

    /// None goes to who wants none, none of an article that readers may not see by now, and none a week
    /// late, as from a backup that was restored.
    async fn mail_article(&self, delivery: &NewDelivery) -> Result<(), Failure> {
        let now = self.clock.now();
        if now - delivery.at >= GIVEN_UP_AFTER {
            return Ok(());
        }
        let recipient = MailAddress::parse(&delivery.recipient)
            .ok_or_else(|| Failure::lasting("no mail address"))?;
        let address = suppression::hash(&self.signing_key, &recipient);
        if self.store.is_suppressed(&address).await? {
            return Ok(());
        }
        let Some(id) = &delivery.article else { return Ok(()) };
        let Some(article) = self.article(id).await? else { return Ok(()) };
        if Visibility::of(&article, timestamp(now), &self.calendar) != Visibility::Visible {
            return Ok(());
        }
        let token = suppression::token(&self.signing_key, &address);
        let unsubscribe =
            format!("{}/v1/mail/unsubscribe/{token}?lang={}", self.public_url, delivery.language);
        self.mail(delivery, |writer, envelope| writer.article(envelope, &article, &unsubscribe))
            .await
    }

    async fn mail(
        &self,
        delivery: &NewDelivery,
        write: impl FnOnce(&MailWriter, &Envelope<'_>) -> Result<lettre::Message, MailError>,
    ) -> Result<(), Failure> {
        let (Some(writer), Some(mailer)) = (&self.writer, &self.mailer) else {
            return Err(Failure::passing("no mail server is set"));
        };
        let id = self.id(&delivery.key);
        let mail = write(writer, &Envelope { delivery, id: &id, now: self.clock.now() })?;
        mailer.send(mail).await
    }

    async fn article(&self, id: &ArticleId) -> Result<Option<Article>, Failure> {
        let stored = self.store.article(id).await?;
        Ok(stored.map(|stored| stored.article().clone()))
    }
}
