//! Every type that crosses the wire, and nothing else: no I/O, no clock, no rendering.
//!
//! Reading order: [`Article`] and what it is made of, [`Embed`] (what a loader asks for, once), then
//! the reports that a browser sends back.
//!
//! Fields that a newer server adds are ignored; kinds of block that it adds show their fallback. A browser
//! reads these types by [`read`](crate::read), and only what a component shows.

mod article;
mod block;
mod embed;
mod heading;
mod inline;
mod messages;
mod report;
#[cfg(feature = "schema")]
mod schema;
mod settings;
mod tagged;

pub use article::{
    Article, ArticleId, Byline, Correction, Date, Figure, ImageSource, InvalidArticleId, Source,
    Status,
};
pub use block::{Block, BlockKind, Cell, EmbedCard};
pub use embed::{Display, Embed, MostRead, MostReadItem, Window};
pub use heading::Heading;
pub use inline::Inline;
pub use messages::Messages;
pub use report::{
    FeedbackReceipt, FeedbackReport, MailReport, RatingReport, ShareReport, ViewReport, longest,
};
pub use settings::Settings;
