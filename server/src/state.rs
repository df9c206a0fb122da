//! What the handlers share.

use std::net::{IpAddr, Ipv6Addr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use article_widget::contract::ArticleId;
use ipnet::IpNet;
use jiff::Timestamp;
use tokio::sync::Semaphore;

use crate::article::StoredArticle;
use crate::assets::Assets;
use crate::embeds::Embeds;
use crate::limiter::Limiter;
use crate::most_read::MostReadLists;
use crate::problem::Problem;
use crate::render::Renderer;
use crate::store::Store;
use crate::tally::Tally;
use crate::visibility::Visibility;

/// Requests that are worked on at once; one more is told to come back.
const IN_FLIGHT: usize = 512;
/// Feedback from one place in an hour.
const FEEDBACK_PER_HOUR: u32 = 5;
/// Places whose feedback is counted.
const FEEDBACK_PLACES: usize = 10_000;

/// One server.
pub struct Server {
    /// The database.
    pub store: Arc<dyn Store>,
    /// Words, dates and HTML.
    pub renderer: Renderer,
    /// The widget's files.
    pub assets: Assets,
    /// Finished answers.
    pub embeds: Embeds,
    /// Counts views and shares.
    pub tally: Arc<Tally>,
    /// The most-read lists.
    pub most_read: MostReadLists,
    /// Signs this installation's forms.
    pub signing_key: [u8; 32],
    /// Networks whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Folder of `/media/`.
    pub media: Option<PathBuf>,
    /// One permit for each request that is worked on.
    pub in_flight: Arc<Semaphore>,
    /// How often one place may send feedback.
    pub feedback_limiter: Limiter<IpAddr>,
}

/// What axum hands to each handler.
pub type AppState = Arc<Server>;

impl Server {
    /// Puts a server together; nothing runs yet but the tally.
    pub fn new(
        store: Arc<dyn Store>,
        config: &crate::config::Config,
        public_url: &str,
        assets: Assets,
        tally: Arc<Tally>,
        signing_key: [u8; 32],
    ) -> Self {
        let renderer = Renderer {
            public_url: public_url.to_owned(),
            calendar: crate::time::Calendar::new(config.time_zone.clone()),
            language: config.language.clone(),
            css: assets.style().to_owned(),
        };
        Self {
            most_read: MostReadLists::new(store.clone(), public_url),
            store,
            renderer,
            assets,
            embeds: Embeds::default(),
            tally,
            signing_key,
            trusted_proxies: config.trusted_proxies.clone(),
            media: config.media.clone(),
            in_flight: Arc::new(Semaphore::new(IN_FLIGHT)),
            feedback_limiter: Limiter::new(
                Duration::from_secs(3600),
                FEEDBACK_PER_HOUR,
                FEEDBACK_PLACES,
            ),
        }
    }

    /// The article of that id, and what readers may see of it.
    ///
    /// # Errors
    /// [`Problem::NoArticle`] where there is none, or none that readers may know of.
    pub async fn article(&self, id: &str) -> Result<(StoredArticle, Visibility), Problem> {
        let id = ArticleId::parse(id).map_err(|_| Problem::NoArticle)?;
        let article = self.store.article(&id).await?.ok_or(Problem::NoArticle)?;
        match self.visibility(&article) {
            Visibility::Hidden => Err(Problem::NoArticle),
            visibility => Ok((article, visibility)),
        }
    }

    /// What readers may see of the article now.
    pub fn visibility(&self, article: &StoredArticle) -> Visibility {
        Visibility::of(article.article(), Timestamp::now(), &self.renderer.calendar)
    }

    /// Takes one of the place's feedbacks of this hour. IPv6 is counted by the network a subscriber
    /// gets.
    ///
    /// # Errors
    /// [`Problem::TooMany`] where there is none left.
    pub fn admit_feedback(&self, address: IpAddr) -> Result<(), Problem> {
        let place = match address {
            IpAddr::V4(_) => address,
            IpAddr::V6(address) => {
                let network = u128::from(address) >> 64 << 64;
                Ipv6Addr::from(network).into()
            }
        };
        if self.feedback_limiter.allow(&place) { Ok(()) } else { Err(Problem::TooMany) }
    }
}
