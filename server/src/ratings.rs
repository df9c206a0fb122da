//! Takes ratings: checks them, refuses what is no reader, and hands them to the store.

use std::net::IpAddr;
use std::time::Duration;

use article_widget::contract::{ArticleId, RatingReport, longest};

use crate::bots::is_bot;
use crate::client::Client;
use crate::forms;
use crate::limiter::NetworkLimiter;
use crate::partners;
use crate::problem::Problem;
use crate::state::Server;
use crate::store::{Operation, Rating, RatingKept, Refusal};
use crate::tally::{self, SharedNetworks, outcomes};

/// Ratings of one article that one place may count in a day.
const OF_AN_ARTICLE: u32 = 5;
/// Reports of ratings that one place may send in an hour.
const REPORTS: u32 = 60;
/// Places that are counted, …
const PLACES: usize = 10_000;
/// … and places with an article.
const PLACES_AND_ARTICLES: usize = 50_000;

/// How much one place may rate.
pub struct RatingLimits {
    of_an_article: NetworkLimiter<(IpAddr, ArticleId)>,
    reports: NetworkLimiter<IpAddr>,
}

impl RatingLimits {
    /// Nobody has rated anything yet.
    pub fn new(shared: &SharedNetworks) -> Self {
        let (hour, day) = (Duration::from_secs(3600), Duration::from_secs(24 * 3600));
        Self {
            of_an_article: NetworkLimiter::new(day, OF_AN_ARTICLE, PLACES_AND_ARTICLES, shared),
            reports: NetworkLimiter::new(hour, REPORTS, PLACES, shared),
        }
    }
}

/// What became of a rating.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RatingTaken {
    /// It counts.
    Counted,
    /// It was there already, and says this now.
    Raised,
    /// It does not count.
    Refused(Refusal),
}

/// Keeps a rating of an article that readers may see, or says why it is refused. The same `rating` again
/// changes it, and never counts. What it gives has been committed.
///
/// # Errors
/// [`Problem::NoArticle`]; [`Problem::Gone`]; [`Problem::Invalid`]; a failing store.
pub async fn rate(
    server: &Server,
    report: &RatingReport,
    client: &Client,
) -> Result<RatingTaken, Problem> {
    let taken = take(server, report, client).await;
    server.tally.outcomes().count("rating", outcome(&taken));
    taken
}

/// What it is called among the figures.
fn outcome(taken: &Result<RatingTaken, Problem>) -> &'static str {
    match taken {
        Ok(RatingTaken::Counted) => "counted",
        Ok(RatingTaken::Raised) => "raised",
        Ok(RatingTaken::Refused(refusal)) => outcomes::reason(*refusal),
        Err(Problem::NoArticle | Problem::Gone) => "unknown_article",
        Err(Problem::Store(_)) => "busy",
        Err(_) => "malformed",
    }
}

async fn take(
    server: &Server,
    report: &RatingReport,
    client: &Client,
) -> Result<RatingTaken, Problem> {
    let rating = check(server, report)?;
    server.visible_article(rating.article.as_str()).await?;
    if let Some(refusal) = refuse(server, &rating.partner, client) {
        return Ok(RatingTaken::Refused(refusal));
    }
    let place = (client.place(), rating.article.clone());
    let of_an_article = server.rating_limits.of_an_article.of(client);
    let may_count = of_an_article.allow(&place);
    let kept = server.store.rate(&rating, may_count);
    let kept = server.store.metrics().time(Operation::Rating, kept).await;
    if may_count && !matches!(kept, Ok(RatingKept::Counted)) {
        of_an_article.give_back(&place);
    }
    Ok(match kept? {
        RatingKept::Counted => RatingTaken::Counted,
        RatingKept::Raised => RatingTaken::Raised,
        RatingKept::Refused => RatingTaken::Refused(Refusal::Rate),
    })
}

fn refuse(server: &Server, partner: &str, client: &Client) -> Option<Refusal> {
    if is_bot(&client.agent) {
        return Some(Refusal::Bot);
    }
    if !server.tally.partners().admits(partner) {
        return Some(Refusal::Partner);
    }
    let reports = server.rating_limits.reports.of(client);
    (!reports.allow(&client.place())).then_some(Refusal::Rate)
}

fn check(server: &Server, report: &RatingReport) -> Result<Rating, Problem> {
    let article = ArticleId::parse(&report.article).map_err(|_| Problem::NoArticle)?;
    let rating = tally::uuid("rating", &report.rating)?;
    let word = forms::line(&report.word);
    if word.chars().count() > longest("word").into() {
        let detail = format!("is longer than {} characters", longest("word"));
        return Err(Problem::Invalid { field: "word", detail });
    }
    Ok(Rating {
        rating,
        article,
        at: server.clock.now(),
        partner: partners::origin(&report.page),
        useful: report.useful,
        word,
    })
}
