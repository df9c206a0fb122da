//! Sending an article to a reader's friend: a fixed text that the publisher's mail server sends. Who may
//! have how much sent, and what is remembered of it: the address for as long as the mail has not left, a
//! keyed hash of it where its owner wants no more.

use article_widget::contract::{Article, MailReport, ShareReport};
use axum::http::HeaderMap;
use sha2::{Digest, Sha256};

use crate::bots::is_bot;
use crate::client::Client;
use crate::forms::MailAddress;
use crate::metrics::Refusal;
use crate::partners;
use crate::problem::Problem;
use crate::share_mark::ShareMark;
use crate::signing_key::SigningKey;
use crate::state::Server;
use crate::store::{Channel, DeliveryKind, MailRequest, MailRequested, NewDelivery, StoreError};
use crate::suppression;

mod limits;

pub use limits::MailLimits;

/// Requests are remembered for a day, in seconds: no browser sends one again after that.
const REMEMBERED: i64 = 24 * 3600;

/// What became of a reader's request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sending {
    /// It is in the outbox, or nothing: whether its receiver wants any is not told.
    Accepted,
    /// It came from a program.
    RefusedBot,
    /// It came from a page that is no partner's.
    RefusedPartner,
}

/// Takes a request to send an article that readers may see; `key` is the browser's own name for it, a
/// UUID. A new one has to bring a proof of work in its `headers`; the same again is answered the same, and
/// takes neither a proof nor anything of what one place may have sent.
///
/// # Errors
/// [`Problem::Invalid`] where there is no such address; [`Problem::NoArticle`]; [`Problem::Gone`];
/// [`Problem::ProofNeeded`]; [`Problem::TooMany`]; [`Problem::Conflict`] where the key came with other
/// content; a failing store.
pub async fn send(
    server: &Server,
    report: MailReport,
    key: &str,
    client: &Client,
    headers: &HeaderMap,
) -> Result<Sending, Problem> {
    let sending = send_if_admitted(server, report, key, client, headers).await;
    server.metrics.refusals.count(refusal(&sending));
    sending
}

/// Why an article is not sent.
fn refusal(sending: &Result<Sending, Problem>) -> Option<Refusal> {
    match sending {
        Ok(Sending::RefusedBot) => Some(Refusal::MailBot),
        Ok(Sending::RefusedPartner) => Some(Refusal::MailPartner),
        Err(Problem::TooMany) => Some(Refusal::MailRate),
        Err(Problem::ProofNeeded(_)) => Some(Refusal::MailProof),
        _ => None,
    }
}

async fn send_if_admitted(
    server: &Server,
    report: MailReport,
    key: &str,
    client: &Client,
    headers: &HeaderMap,
) -> Result<Sending, Problem> {
    let recipient = recipient(&report.to)?;
    let stored = server.visible_article(&report.article).await?;
    let origin = partners::origin(&report.page);
    if is_bot(&client.agent) {
        return Ok(Sending::RefusedBot);
    }
    if !server.tally.partners().admits(&origin) {
        return Ok(Sending::RefusedPartner);
    }
    let request = MailRequest {
        key: Sha256::digest(key).into(),
        content: content(&server.signing_key, &report.article, &recipient),
        at: server.clock.now(),
    };
    let requested = match server.store.mail_requested(&request).await? {
        Some(known) => known,
        None => {
            let mail = mail(server, &request, stored.article(), &origin, &recipient);
            take(server, &request, &mail, &recipient, client, headers).await?
        }
    };
    match requested {
        MailRequested::New | MailRequested::Again => server.outbox.wake(),
        MailRequested::KeyReused => return Err(Problem::KEY_REUSED),
        MailRequested::ProofSpent => return Err(server.proofs.needed()),
    }
    // By its own id, so that it counts once however often it is sent. Where this fails the browser comes
    // again, and the mail does not.
    let share = ShareReport {
        article: report.article,
        share: key.to_owned(),
        page: report.page,
        channel: Channel::Sent.as_str().to_owned(),
    };
    server.tally.share(share, client).await?;
    Ok(Sending::Accepted)
}

/// The address that a reader typed. What is wrong with it is said without repeating it.
fn recipient(typed: &str) -> Result<MailAddress, Problem> {
    // A space at either end is a slip of the hand; a line break is not.
    MailAddress::parse(typed.trim_matches(' ')).ok_or_else(|| Problem::Invalid {
        field: "to",
        detail: "this is one mail address".to_owned(),
    })
}

/// Puts a request in that has not come before, for a proof and within the limits.
async fn take(
    server: &Server,
    request: &MailRequest,
    mail: &NewDelivery,
    recipient: &MailAddress,
    client: &Client,
    headers: &HeaderMap,
) -> Result<MailRequested, Problem> {
    let address = suppression::hash(&server.signing_key, recipient);
    let limits = &server.mail_limits;
    // Nobody is to work for nothing, …
    if !limits.has(client, &address) {
        return Err(Problem::TooMany);
    }
    // … and nobody who has not worked takes anything of what all have together.
    let proof = server.proofs.take(headers)?;
    limits.admit(client, &address)?;
    let requested = server.store.request_mail(request, mail, &proof).await;
    if !matches!(requested, Ok(MailRequested::New)) {
        limits.take_back(client, &address);
    }
    Ok(requested?)
}

/// Forgets requests that no browser sends again.
///
/// # Errors
/// Where the store cannot.
pub async fn forget_old_requests(server: &Server) -> Result<(), StoreError> {
    server.store.forget_mail_requests(server.clock.now() - REMEMBERED).await
}

fn mail(
    server: &Server,
    request: &MailRequest,
    article: &Article,
    origin: &str,
    recipient: &MailAddress,
) -> NewDelivery {
    let kind = DeliveryKind::Article;
    NewDelivery {
        kind,
        key: format!("{} {}", kind.as_str(), hex::encode(request.key)),
        article: Some(article.id.clone()),
        mark: Some(mark(server, origin)),
        recipient: recipient.as_str().to_owned(),
        language: server.renderer.language(None, article).tag.clone(),
        at: request.at,
        content: String::new(),
    }
}

/// On the article's link: sent by the publisher, from whose page. The publisher's own is nobody's.
fn mark(server: &Server, origin: &str) -> ShareMark {
    if origin.is_empty() || server.tally.partners().is_own(origin) {
        ShareMark::own(Channel::Sent)
    } else {
        ShareMark::of(Channel::Sent, origin)
    }
}

/// Stands for what is asked for: nobody without the key finds the address in it.
fn content(signing_key: &SigningKey, article: &str, recipient: &MailAddress) -> [u8; 32] {
    signing_key.mac("mail request", &[article.as_bytes(), recipient.as_str().as_bytes()])
}
