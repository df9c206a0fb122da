//! What the handlers share.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use article_widget::contract::ArticleId;
use ipnet::IpNet;
use jiff::Timestamp;
use tokio::sync::Semaphore;

use crate::admin::Logins;
use crate::announcer::Announcer;
use crate::article::StoredArticle;
use crate::assets::Assets;
use crate::cache::Policy;
use crate::checker::CheckLimits;
use crate::clock::{Clock, UnixSeconds};
use crate::embeds::Embeds;
use crate::erasures::Erasures;
use crate::feedback::Admission;
use crate::fetch::Fetcher;
use crate::images::{self, ImageJob, Shown};
use crate::messages::{Faults, LiveLanguages};
use crate::metrics::Metrics;
use crate::most_read::MostReadLists;
use crate::outbox::Outbox;
use crate::problem::Problem;
use crate::proof::Proofs;
use crate::publisher;
use crate::publishing::Publishing;
use crate::ratings::RatingLimits;
use crate::render::Renderer;
use crate::rush::Rush;
use crate::send_article::MailLimits;
use crate::serve::Limits;
use crate::signing_key::SigningKey;
use crate::store::{Operation, Store};
use crate::tally::{SharedNetworks, Tally};
use crate::visibility::{Term, Visibility};

/// Reads that are worked on at once; one more is told to come back.
const IN_FLIGHT: usize = 512;
/// The same of writes whose body has come: most of them wait for the next commit.
const WRITES_IN_FLIGHT: usize = 2_048;

/// One server.
pub struct Server {
    /// The database.
    pub store: Arc<dyn Store>,
    /// Words, dates and HTML.
    pub renderer: Renderer,
    /// The widget's files.
    pub assets: Assets,
    /// Finished answers.
    pub embeds: Arc<Embeds>,
    /// Changes articles.
    pub publishing: Publishing,
    /// Counts views and shares.
    pub tally: Arc<Tally>,
    /// The most-read lists.
    pub most_read: MostReadLists,
    /// Signs this installation's forms.
    pub signing_key: SigningKey,
    /// Networks whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Folder of `/media/`.
    pub media: Option<PathBuf>,
    /// One permit for each read that is worked on.
    pub in_flight: Arc<Semaphore>,
    /// One permit for each write whose body has come.
    pub writes_in_flight: Arc<Semaphore>,
    /// Who hears of feedback.
    pub announcer: Announcer,
    /// Lets the publisher's people in.
    pub logins: Logins,
    /// What has to reach somebody outside.
    pub outbox: Arc<Outbox>,
    /// How many articles readers may have sent.
    pub mail_limits: MailLimits,
    /// On what terms partners may reprint articles.
    pub licence: Option<String>,
    /// How many of partners' pages may be looked at.
    pub checks: CheckLimits,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Asks other servers, at addresses that the publisher's people name.
    pub fetcher: Fetcher,
    /// Asks partners' servers, at addresses that anybody may name.
    pub page_fetcher: Fetcher,
    /// Makes sizes of articles' pictures.
    pub images: ImageJob,
    /// Proofs of work.
    pub proofs: Proofs,
    /// Who may send feedback now.
    pub admission: Admission,
    /// What was erased because somebody asked.
    pub erasures: Erasures,
    /// Days after which feedback is erased.
    pub feedback_days: u32,
    /// How long clients may take, and how much they may hold.
    pub limits: Limits,
    /// How much one place may rate.
    pub rating_limits: RatingLimits,
    /// What is measured of it.
    pub metrics: Metrics,
    /// It was told to stop, and only finishes what is under way.
    pub draining: AtomicBool,
}

/// What axum hands to each handler.
pub type AppState = Arc<Server>;

impl Server {
    /// Puts a server together; nothing runs yet but the tally.
    ///
    /// # Errors
    /// Where the publisher's files of words are not as they have to be.
    pub fn new(
        store: Arc<dyn Store>,
        config: &crate::config::Config,
        public_url: &str,
        assets: Assets,
        tally: Arc<Tally>,
        signing_key: SigningKey,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Faults> {
        let languages = LiveLanguages::load(config, public_url)?;
        let renderer = Renderer {
            languages: languages.clone(),
            shows_views: config.show_views,
            publisher: publisher::name(config, public_url),
            settings: config.settings.clone(),
            public_url: public_url.to_owned(),
            calendar: crate::time::Calendar::new(config.time_zone.clone()),
            css: assets.style().to_owned(),
        };
        let fetcher = Fetcher::new(config);
        let images =
            ImageJob::new(store.clone(), clock.clone(), config, public_url, fetcher.clone());
        let embeds = Arc::new(Embeds::new(languages.clone()));
        let (rush, shared) = (Arc::new(Rush::default()), SharedNetworks::of(config));
        let metrics = Metrics::new(&*store, &tally, &embeds, assets.version());
        Ok(Self {
            metrics,
            draining: AtomicBool::new(false),
            outbox: Arc::new(Outbox::new(
                store.clone(),
                config,
                languages,
                public_url,
                signing_key.clone(),
                clock.clone(),
            )),
            mail_limits: MailLimits::new(&shared),
            licence: config.licence.clone(),
            checks: CheckLimits::new(&shared),
            most_read: MostReadLists::with_clock(store.clone(), public_url, clock.clone()),
            publishing: Publishing::new(
                store.clone(),
                config,
                public_url,
                clock.clone(),
                embeds.clone(),
            ),
            store,
            renderer,
            assets,
            embeds,
            tally,
            trusted_proxies: config.trusted_proxies.clone(),
            media: config.media.clone(),
            in_flight: Arc::new(Semaphore::new(IN_FLIGHT)),
            writes_in_flight: Arc::new(Semaphore::new(WRITES_IN_FLIGHT)),
            announcer: Announcer::new(config),
            logins: Logins::default(),
            admission: Admission::new(rush.clone(), &shared),
            proofs: Proofs::new(&signing_key, clock.clone(), rush),
            signing_key,
            images,
            fetcher,
            page_fetcher: Fetcher::of_pages(config),
            erasures: Erasures::of(config),
            feedback_days: config.feedback_days,
            limits: config.limits.clone(),
            rating_limits: RatingLimits::new(&shared),
            clock,
        })
    }

    /// The article of that id, and what readers may see of it.
    ///
    /// # Errors
    /// [`Problem::NoArticle`] where there is none, or none that readers may know of.
    pub async fn article(&self, id: &str) -> Result<(StoredArticle, Visibility), Problem> {
        let id = ArticleId::parse(id).map_err(|_| Problem::NoArticle)?;
        let article = self.store.article(&id);
        let article = self.store.metrics().time(Operation::Article, article).await?;
        let article = article.ok_or(Problem::NoArticle)?;
        match self.visibility(&article) {
            Visibility::Hidden => Err(Problem::NoArticle),
            visibility => Ok((article, visibility)),
        }
    }

    /// The article of that id, which readers may see as a whole.
    ///
    /// # Errors
    /// As [`article`](Self::article), and [`Problem::Gone`] where it has been withdrawn.
    pub async fn visible_article(&self, id: &str) -> Result<StoredArticle, Problem> {
        match self.article(id).await? {
            (article, Visibility::Visible) => Ok(article),
            _ => Err(Problem::Gone),
        }
    }

    /// The article as it is shown: with what is known of its pictures.
    ///
    /// # Errors
    /// Where the store cannot answer.
    pub async fn shown(&self, article: StoredArticle) -> Result<Shown, Problem> {
        let images = self.store.article_images(article.id());
        let images = self.store.metrics().time(Operation::Pictures, images).await?;
        Ok(images::shown(article, &images, &self.renderer.public_url))
    }

    /// How long what shows these articles may be kept.
    pub fn policy<'a>(&self, articles: impl IntoIterator<Item = &'a StoredArticle>) -> Policy {
        Policy::until(articles.into_iter().filter_map(|it| self.end(it)), self.clock.now())
    }

    /// From when on readers may not see the article any more.
    pub fn end(&self, article: &StoredArticle) -> Option<UnixSeconds> {
        let article = article.article();
        let calendar = &self.renderer.calendar;
        Term::read(article.embargo.as_deref(), article.expires.as_deref(), calendar).expires
    }

    /// What readers may see of the article now.
    pub fn visibility(&self, article: &StoredArticle) -> Visibility {
        Visibility::of(article.article(), self.now(), &self.renderer.calendar)
    }

    /// Reads that are worked on now.
    pub fn reads_in_flight(&self) -> usize {
        IN_FLIGHT.saturating_sub(self.in_flight.available_permits())
    }

    /// Writes that are worked on now.
    pub fn writes_in_flight(&self) -> usize {
        WRITES_IN_FLIGHT.saturating_sub(self.writes_in_flight.available_permits())
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        crate::time::timestamp(self.clock.now())
    }
}
