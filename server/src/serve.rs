//! The server's life: store, listener, connections, flush.

use std::future::Future;
use std::sync::Arc;

use anyhow::Context as _;
use tokio::net::TcpListener;

use crate::assets::Assets;
use crate::clock::{Clock, SystemClock, UnixSeconds};
use crate::config::Config;
use crate::erasures::Erasures;
use crate::feedback;
use crate::languages;
use crate::messages::Faults;
use crate::partners::Partners;
use crate::retention;
use crate::router::router;
use crate::salts;
use crate::state::Server;
use crate::store::{self, Store, StoreError};
use crate::suppression;
use crate::tally::{Settings, SharedNetworks, Tally};
use crate::time::Calendar;

mod connection;
mod connections;
mod ending;
mod files;
mod frames;
mod handover;
mod host;
mod limits;
mod line_ends;
mod operating;
mod periodic;
mod places;
mod process;
mod refused;
mod service_manager;
mod sockets;
mod successor;
mod tls;
mod watched;

use connections::Connections;
use ending::Ending;
use host::{Caller, Endings, Host, live};
use sockets::Sockets;
use tls::Tls;

pub use files::raise_limit_of_files;
pub use frames::goes_on;
pub use limits::Limits;
pub use line_ends::passed_on;
pub use process::run_as_process;
pub use sockets::Inherited;
pub use tls::{TlsError, TlsFiles, Validity};

/// Why the server did not start, or did not stop well.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// There is nothing to serve to a partner's page.
    #[error("this binary was built without the widget; run cargo xtask build")]
    NoWidget,
    /// The publisher's files of words are not as they have to be.
    #[error("the languages cannot be used: {0}")]
    Languages(#[from] Faults),
    /// Its archive would hold in the clear what tells readers apart.
    #[error("a PostgreSQL database wants a key-file; article-server.toml says how to make one")]
    NoKey,
    /// No view would count, while all else looked well.
    #[error(
        "key-file does not open the salts in the database, which another key has sealed, or are damaged: give this server the key of \
         before; where that is lost, docs/operations.md says what to do (\"The key is lost\")"
    )]
    WrongKey,
    /// There is no file beside which it lies.
    #[error("a PostgreSQL database wants an erasures file named, which outlives the database")]
    NoErasures,
    /// The database cannot be opened.
    #[error("the database cannot be opened: {0:#}")]
    Open(anyhow::Error),
    /// The database failed at start or at the end.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What was erased may have come back with a backup, and would be shown.
    #[error("what was erased cannot be erased again: {0:#}")]
    Erasures(anyhow::Error),
    /// The listener does not know its address.
    #[error("the listener has no address: {0}")]
    Listener(#[from] std::io::Error),
    /// Nobody can listen there.
    #[error("cannot listen on {0}: {1}")]
    Listen(std::net::SocketAddr, std::io::Error),
    /// The certificate or its key.
    #[error("TLS cannot be spoken: {0}")]
    Tls(#[from] TlsError),
    /// The server before this one still uses the tables.
    #[error(
        "the database is {0} steps behind this version, and the server before it still uses it: stop that one, \
         and start this one"
    )]
    Migrates(i64),
}

/// Serves until `shutdown` is done, then finishes what is under way (10 s at most), writes what is
/// counted and closes the store.
///
/// # Errors
/// See [`ServeError`].
pub async fn run(
    listener: TcpListener,
    config: Config,
    shutdown: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    let assets = Assets::embedded().ok_or(ServeError::NoWidget)?;
    run_with_assets(listener, config, assets, shutdown).await
}

/// The same with another widget than this binary's.
///
/// # Errors
/// See [`ServeError`].
pub async fn run_with_assets(
    listener: TcpListener,
    config: Config,
    assets: Assets,
    shutdown: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    let sockets = Sockets::beside(listener, &config).await?;
    run_hosted(sockets, config, assets, Caller::new(shutdown)).await
}

async fn run_hosted(
    sockets: Sockets,
    config: Config,
    assets: Assets,
    host: impl Host,
) -> Result<(), ServeError> {
    let Sockets { readers: listener, metrics } = sockets;
    let tls = config.tls.as_ref().map(|files| Tls::load(files, config.limits.http2)).transpose()?;
    check_archived(&config)?;
    check_key(&config).await?;
    let store = store::open(&config.database, &Calendar::new(config.time_zone.clone()))
        .await
        .map_err(ServeError::Open)?;
    save_release(&*store, &assets).await?;
    let signing_key = store.signing_key().await?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    ask_again(&*store, &config, clock.now()).await.map_err(ServeError::Erasures)?;
    let address = listener.local_addr()?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    let public_url = config.public_url.clone().unwrap_or_else(|| format!("{scheme}://{address}"));
    let partners = Arc::new(Partners::new(config.partners, &public_url));
    partners.refresh(&*store).await?;
    let tally = Arc::new(start_tally(store.clone(), &config, clock.clone(), partners));
    let release = assets.version().to_owned();
    let server = Server::new(
        store.clone(),
        &config,
        &public_url,
        assets,
        tally.clone(),
        signing_key,
        clock,
    )?;
    let server = Arc::new(server);
    let languages = server.renderer.languages.now();
    languages::warn_of_missing(&languages);
    store.save_consents(languages.consents(), server.clock.now()).await?;
    // Before anyone can ask for it; the job does it again where this fails.
    if let Err(error) = retention::erase_what_is_old(&server).await {
        tracing::error!(error = format!("{error:#}"), "what is old is not erased yet");
    }
    server.images.start().await?;
    let jobs = periodic::start(&server, &config, tls.clone());
    let delivering = server.outbox.start();
    let endings = Endings { readers: Ending::default(), operating: Ending::default() };
    // Held to the end: what happens while the server stops is seen, too.
    let _operating =
        metrics.map(|it| operating::start(it, server.clone(), endings.operating.clone()));
    let connections = Connections {
        listener,
        router: router(server.clone()),
        tls,
        trusted_proxies: config.trusted_proxies,
        limits: config.limits,
        open: server.metrics.connections.clone(),
        refusals: server.metrics.refusals.clone(),
        ending: endings.readers.clone(),
    };
    // Whoever reads this may ask at once: nothing can end the start any more.
    tracing::info!(%address, public_url, release, "listening");
    tokio::select! {
        () = connections.accept() => {}
        () = live(host, &server, endings, config.drain_delay) => {}
    }

    jobs.stop().await;
    delivering.stop().await;
    tally.stop().await;
    store.close().await?;
    tracing::info!("stopped");
    Ok(())
}

/// Keeps this release in the store. A store that is damaged there does not keep readers from reading: this server has
/// its own release in itself.
async fn save_release(store: &dyn Store, assets: &Assets) -> Result<(), StoreError> {
    match store.save_release(&assets.release()).await {
        Err(StoreError::Damaged(cause)) => {
            tracing::error!(%cause, "this release is not kept for the servers that come after this one");
            Ok(())
        }
        saved => saved,
    }
}

/// What has to be named where others keep the database's log.
fn check_archived(config: &Config) -> Result<(), ServeError> {
    if !store::is_archived(&config.database) {
        return Ok(());
    }
    match (&config.key, &config.erasures) {
        (None, _) => Err(ServeError::NoKey),
        (_, None) => Err(ServeError::NoErasures),
        _ => Ok(()),
    }
}

/// Holds the key against what it has to open, before anything is changed.
async fn check_key(config: &Config) -> Result<(), ServeError> {
    let Some(key) = &config.key else { return Ok(()) };
    match salts::are_opened_by(key, config).await {
        Ok(true) => Ok(()),
        Ok(false) => Err(ServeError::WrongKey),
        Err(error) => {
            // One that cannot be read at all says so when it is opened.
            tracing::warn!(error = format!("{error:#}"), "salts are not held against key-file");
            Ok(())
        }
    }
}

/// Does again what a backup that was put back by hand knows nothing of: erases letters, and ends mails.
async fn ask_again(store: &dyn Store, config: &Config, now: UnixSeconds) -> anyhow::Result<()> {
    let list = Erasures::of(config);
    let erased = list.read().with_context(|| format!("cannot read {}", list.path().display()))?;
    let letters = feedback::erase_again(store, &erased).await?;
    if letters > 0 {
        tracing::warn!(letters, "erased again what a backup had brought back");
    }
    Ok(suppression::suppress_again(store, &erased, now).await?)
}

fn start_tally(
    store: Arc<dyn Store>,
    config: &Config,
    clock: Arc<dyn Clock>,
    partners: Arc<Partners>,
) -> Tally {
    let shared = SharedNetworks::of(config);
    let (time_zone, key) = (config.time_zone.clone(), config.key.clone());
    Tally::start(store, Settings { time_zone, clock, shared, partners, key, ..Settings::default() })
}
