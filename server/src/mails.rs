//! The server's mails: plain text, from templates in `mails/` and words of `messages`. One is
//! written when it leaves.
//!
//! What readers and articles say goes into a mail's head only as one short line, and addresses only as
//! addresses: nobody can add a recipient or a line to a head.

use std::time::{Duration, SystemTime};

use article_widget::contract::{Article, Messages};
use askama::Template;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MessageBuilder, SinglePart};
use lettre::{Address, Message};

use crate::admin::inbox_query::letter_url;
use crate::clock::UnixSeconds;
use crate::config::MailSettings;
use crate::messages::LiveLanguages;
use crate::share_mark::ShareMark;
use crate::store::{AboutFeedback, NewDelivery};

mod host;
mod line;

pub use host::MailHost;
use line::one_line;

/// Says that no person wrote it, so that no machine answers (RFC 3834).
const AUTO_SUBMITTED: HeaderName = HeaderName::new_from_ascii_str("Auto-Submitted");
/// How to get no more of these (RFC 2369).
const LIST_UNSUBSCRIBE: HeaderName = HeaderName::new_from_ascii_str("List-Unsubscribe");
/// The same with one click in the reader's mail program (RFC 8058).
const LIST_UNSUBSCRIBE_POST: HeaderName = HeaderName::new_from_ascii_str("List-Unsubscribe-Post");

/// Why a mail cannot be written, now or ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// There is no such mailbox.
    #[error("no mail address")]
    Address,
    /// It cannot be put together.
    #[error("no mail")]
    Composition,
}

/// Writes mails.
#[derive(Clone, Debug)]
pub struct MailWriter {
    languages: LiveLanguages,
    from: Mailbox,
    reply_to: Option<Mailbox>,
    /// What it is called, in one line.
    publisher: String,
    public_url: String,
    host: MailHost,
}

/// What every mail has.
pub struct Envelope<'a> {
    /// What is delivered.
    pub delivery: &'a NewDelivery,
    /// The same in every try, so that a mail that comes twice is seen to be one.
    pub id: &'a str,
    /// When it leaves.
    pub now: UnixSeconds,
}

#[derive(Template)]
#[template(path = "notice.txt")]
struct Notice<'a> {
    words: &'a Messages,
    kind: &'a str,
    title: &'a str,
    reference: &'a str,
    url: String,
}

#[derive(Template)]
#[template(path = "answer.txt")]
struct Answer<'a> {
    words: &'a Messages,
    greeting: String,
    answer: &'a str,
    title: &'a str,
    reference: &'a str,
}

#[derive(Template)]
#[template(path = "article.txt")]
struct ArticleMail<'a> {
    words: &'a Messages,
    intro: String,
    title: &'a str,
    lede: String,
    url: String,
    unsubscribe: &'a str,
}

impl MailWriter {
    /// Of the publisher of this name with these settings, whose server is reached at `public_url`.
    pub fn new(
        settings: &MailSettings,
        languages: LiveLanguages,
        publisher: &str,
        public_url: &str,
    ) -> Self {
        Self {
            languages,
            from: settings.from.clone(),
            reply_to: settings.reply_to.clone(),
            publisher: one_line(publisher),
            public_url: public_url.to_owned(),
            host: MailHost::of(public_url),
        }
    }

    /// To an editor: there is feedback. Nothing of what its sender wrote is in it, nor who that is.
    ///
    /// # Errors
    /// See [`MailError`].
    pub fn notice(
        &self,
        envelope: &Envelope<'_>,
        about: &AboutFeedback,
        article: &Article,
    ) -> Result<Message, MailError> {
        let languages = self.languages.now();
        let language = languages.of(&envelope.delivery.language);
        let (words, title) = (&language.mail, one_line(&article.title));
        let kind = format!("feedback.kind.{}", about.kind);
        let text = Notice {
            words,
            kind: language.interface.get(&kind),
            title: &title,
            reference: &about.reference,
            url: letter_url(&self.public_url, about.no),
        };
        let to = mailbox(&envelope.delivery.recipient)?;
        let subject = language.fill(words.get("notice.subject"), "title", &title);
        finish(self.begin(envelope, to, &subject), &text)
    }

    /// To the sender of feedback: the editor has answered. The private link is not in it, for only its
    /// hash is known here.
    ///
    /// # Errors
    /// See [`MailError`].
    pub fn answer(
        &self,
        envelope: &Envelope<'_>,
        about: &AboutFeedback,
        article: &Article,
    ) -> Result<Message, MailError> {
        let languages = self.languages.now();
        let language = languages.of(&envelope.delivery.language);
        let words = &language.mail;
        let (name, title) = (one_line(&about.name), one_line(&article.title));
        let greeting = match name.as_str() {
            "" => words.get("answer.greeting_unnamed").to_owned(),
            name => language.fill(words.get("answer.greeting"), "name", name),
        };
        let answer = about.answer.trim();
        let text = Answer { words, greeting, answer, title: &title, reference: &about.reference };
        let to = address(&envelope.delivery.recipient)?;
        let subject = language.fill(words.get("answer.subject"), "title", &title);
        let mail = self.begin(envelope, to, &subject);
        let mail = self.reply_to.iter().fold(mail, |mail, to| mail.reply_to(to.clone()));
        finish(mail, &text)
    }

    /// To a reader's friend: an article. Nothing in it is by the reader. `unsubscribe` is the URL that ends
    /// such mails.
    ///
    /// # Errors
    /// See [`MailError`].
    pub fn article(
        &self,
        envelope: &Envelope<'_>,
        article: &Article,
        unsubscribe: &str,
    ) -> Result<Message, MailError> {
        let delivery = envelope.delivery;
        let languages = self.languages.now();
        let language = languages.of(&delivery.language);
        let (words, title) = (&language.mail, one_line(&article.title));
        let text = ArticleMail {
            words,
            intro: language.fill(words.get("article.intro"), "publisher", &self.publisher),
            title: &title,
            lede: one_line(article.lede.as_deref().unwrap_or_default()),
            url: self.marked_link(article, delivery.mark.as_ref()),
            unsubscribe,
        };
        let to = address(&delivery.recipient)?;
        let subject = language.fill(words.get("article.subject"), "title", &title);
        // Ours from the first letter to the last, and a URL is not to be folded.
        let verbatim = |name, value: String| {
            HeaderValue::dangerous_new_pre_encoded(name, value.clone(), value)
        };
        let mail = self
            .begin(envelope, to, &subject)
            .raw_header(verbatim(LIST_UNSUBSCRIBE, format!("<{unsubscribe}>")))
            .raw_header(verbatim(LIST_UNSUBSCRIBE_POST, "List-Unsubscribe=One-Click".to_owned()));
        finish(mail, &text)
    }

    fn marked_link(&self, article: &Article, mark: Option<&ShareMark>) -> String {
        let query = mark.map(|mark| format!("?s={mark}")).unwrap_or_default();
        format!("{}/a/{}{query}", self.public_url, article.id)
    }

    fn begin(&self, envelope: &Envelope<'_>, to: Mailbox, subject: &str) -> MessageBuilder {
        let now = u64::try_from(envelope.now).unwrap_or_default();
        Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(subject)
            .date(SystemTime::UNIX_EPOCH + Duration::from_secs(now))
            .message_id(Some(format!("<{}@{}>", envelope.id, self.host)))
            .raw_header(HeaderValue::new(AUTO_SUBMITTED, "auto-generated".to_owned()))
    }
}

fn finish(mail: MessageBuilder, text: &impl Template) -> Result<Message, MailError> {
    let text = text.render().map_err(|_| MailError::Composition)?;
    let is_text = |letter: &char| !letter.is_control() || matches!(letter, '\n' | '\t');
    let text: String = text.chars().filter(is_text).collect();
    mail.singlepart(SinglePart::plain(text)).map_err(|_| MailError::Composition)
}

/// A name and an address, as the settings have them.
fn mailbox(text: &str) -> Result<Mailbox, MailError> {
    let mailbox: Mailbox = text.parse().map_err(|_| MailError::Address)?;
    Ok(Mailbox { name: mailbox.name.as_deref().map(one_line), ..mailbox })
}

/// An address alone, as readers give it.
fn address(text: &str) -> Result<Mailbox, MailError> {
    let address: Address = text.parse().map_err(|_| MailError::Address)?;
    Ok(Mailbox::new(None, address))
}
