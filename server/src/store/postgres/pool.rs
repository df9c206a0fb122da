//! Connections: some read, others write. A primary without its standby takes statements and ends no commit, and a table
//! that is locked keeps its writers waiting; whoever reads goes on.

use std::net::IpAddr;
use std::time::Duration;

use deadpool_postgres::{
    Client, ClientWrapper, Hook, HookError, Manager, ManagerConfig, Pool, PoolBuilder,
    RecyclingMethod, Runtime,
};
use tokio_postgres::NoTls;
use tokio_postgres::config::{Config, Host, SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::store::StoreError;

/// Connections at most that only read. Whoever needs one more waits.
const READING: usize = 10;
/// The same of those that write: a commit that does not end holds one of these, and no reader's.
const WRITING: usize = 6;
/// Whoever reads waits as long for a connection that is in use, …
const READER_WAITS: Duration = Duration::from_secs(5);
/// … and whoever writes as long: it is sent again, and had better be so soon where writes stand still.
const WRITER_WAITS: Duration = Duration::from_secs(2);
/// Waits as long for a host to answer; the next one is asked then.
const CONNECT: Duration = Duration::from_secs(2);
/// A peer that acknowledges nothing for so long is gone.
const DEAD: Duration = Duration::from_secs(10);
/// On the server: no statement, no lock and no open transaction lasts longer, in milliseconds.
const OPTIONS: &str = "-c statement_timeout=15000 -c lock_timeout=5000 \
                       -c idle_in_transaction_session_timeout=15000";
const NAME: &str = "article-server";

/// The connections of one server. A copy has the same ones.
#[derive(Clone)]
pub(super) struct Pools {
    reading: Pool,
    writing: Pool,
}

impl Pools {
    /// Connections to the database of this URL, made as they are needed.
    pub(super) fn new(url: &str) -> anyhow::Result<Self> {
        let reading = builder(url, READING, READER_WAITS)?;
        // The database itself tells a test that takes the wrong one. Not in a release: a pooler in the mode of
        // transactions would hand the setting on to whoever writes.
        let reading = if cfg!(debug_assertions) {
            reading.post_create(Hook::async_fn(|client, _| Box::pin(only_read(client))))
        } else {
            reading
        };
        let writing = builder(url, WRITING, WRITER_WAITS)?;
        Ok(Self { reading: reading.build()?, writing: writing.build()? })
    }

    /// A connection for what only reads.
    pub(super) async fn for_reading(&self) -> Result<Client, StoreError> {
        Ok(self.reading.get().await?)
    }

    /// A connection for what writes. What is read meanwhile is read over the same one: who holds a connection waits for
    /// none.
    pub(super) async fn for_writing(&self) -> Result<Client, StoreError> {
        Ok(self.writing.get().await?)
    }

    /// Gives up those that nobody uses now.
    pub(super) fn forget_idle(&self) {
        for pool in [&self.reading, &self.writing] {
            pool.retain(|_, _| false);
        }
    }

    /// Gives out no more.
    pub(super) fn close(&self) {
        self.reading.close();
        self.writing.close();
    }
}

async fn only_read(client: &ClientWrapper) -> Result<(), HookError> {
    let sql = "/* only_read */ set default_transaction_read_only = on";
    client.batch_execute(sql).await.map_err(HookError::Backend)
}

/// A pool for who is alone with the database, or looks at it once.
pub(super) fn pool(url: &str) -> anyhow::Result<Pool> {
    Ok(builder(url, WRITING, READER_WAITS)?.build()?)
}

fn builder(url: &str, connections: usize, wait: Duration) -> anyhow::Result<PoolBuilder> {
    // What cannot be read of a URL may be its password: nothing is repeated.
    let config = config(url).map_err(|_| anyhow::anyhow!("the database URL cannot be read"))?;
    let hosts = u32::try_from(config.get_hosts().len()).unwrap_or(u32::MAX);
    let manager = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let manager = if config.get_ssl_mode() == SslMode::Disable {
        Manager::from_config(config, NoTls, manager)
    } else {
        // What it could not read of the system's certificates is missing when one is needed.
        let (tls, _) = MakeRustlsConnect::with_native_certs()
            .map_err(|_| anyhow::anyhow!("cannot read the system's certificates"))?;
        Manager::from_config(config, tls, manager)
    };
    Ok(Pool::builder(manager)
        .max_size(connections)
        .wait_timeout(Some(wait))
        .create_timeout(Some(CONNECT.saturating_mul(hosts.saturating_add(1))))
        .recycle_timeout(Some(READER_WAITS))
        .runtime(Runtime::Tokio1))
}

fn config(url: &str) -> Result<Config, tokio_postgres::Error> {
    let mut config: Config = url.parse()?;
    if !url.contains("sslmode=") {
        // Never in the clear over a network, unless the URL says so.
        let mode = if is_local(&config) { SslMode::Disable } else { SslMode::Require };
        config.ssl_mode(mode);
    }
    if config.get_application_name().is_none() {
        config.application_name(NAME);
    }
    if config.get_options().is_none() {
        config.options(OPTIONS);
    }
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECT);
    }
    config.tcp_user_timeout(DEAD).keepalives_idle(DEAD).keepalives_interval(DEAD / 5);
    Ok(config.keepalives_retries(3).to_owned())
}

/// Whether every host is this machine.
fn is_local(config: &Config) -> bool {
    config.get_hosts().iter().all(|host| match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    })
}

#[cfg(test)]
mod tests {
    use tokio_postgres::error::SqlState;

    use super::super::plans::cluster;
    use super::*;

    #[tokio::test]
    async fn writes_that_hold_their_connections_leave_those_for_reads() {
        let Some(url) = cluster::database().await else { return };
        let pools = Pools::new(&url).unwrap();
        let mut writing = Vec::new();
        for _ in 0..WRITING {
            writing.push(pools.for_writing().await.unwrap());
        }
        let refused = pools.for_writing().await.unwrap_err();
        assert!(matches!(refused, StoreError::Unavailable(_)), "{refused}");
        pools.for_reading().await.unwrap().batch_execute("select 1").await.unwrap();
        drop(writing);
        drop(pools.for_writing().await.unwrap());
    }

    #[cfg(debug_assertions)]
    #[tokio::test]
    async fn a_write_over_a_connection_for_reads_fails() {
        let Some(url) = cluster::database().await else { return };
        let pools = Pools::new(&url).unwrap();
        let write = "create table written (one bigint)";
        let refused = pools.for_reading().await.unwrap().batch_execute(write).await.unwrap_err();
        assert_eq!(refused.code(), Some(&SqlState::READ_ONLY_SQL_TRANSACTION));
        pools.for_writing().await.unwrap().batch_execute(write).await.unwrap();
    }

    #[test]
    fn only_this_machine_is_spoken_to_in_the_clear_unless_the_url_says_so() {
        for (url, mode) in [
            ("postgres://a:b@127.0.0.1:5432/c", SslMode::Disable),
            ("postgres:///c?host=/run/postgresql", SslMode::Disable),
            ("postgres://a@db.example/c", SslMode::Require),
            ("postgres://a@127.0.0.1,db.example/c", SslMode::Require),
            ("postgres://a@db.example/c?sslmode=disable", SslMode::Disable),
        ] {
            assert_eq!(config(url).unwrap().get_ssl_mode(), mode, "{url}");
        }
    }

    #[test]
    fn an_unreadable_url_is_not_repeated() {
        let error = pool("postgres://a:secret@:port/").unwrap_err();
        assert!(!format!("{error:#}").contains("secret"), "{error:#}");
    }
}
