//! Connections.

use std::net::IpAddr;
use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use tokio_postgres::NoTls;
use tokio_postgres::config::{Config, Host, SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

/// Connections at most; whoever needs one more waits.
const CONNECTIONS: usize = 16;
/// Waits as long for one that is in use.
const WAIT: Duration = Duration::from_secs(5);
/// Waits as long for a host to answer; the next one is asked then.
const CONNECT: Duration = Duration::from_secs(2);
/// A peer that acknowledges nothing for so long is gone.
const DEAD: Duration = Duration::from_secs(10);
/// On the server: no statement, no lock and no open transaction lasts longer, in milliseconds.
const OPTIONS: &str = "-c statement_timeout=15000 -c lock_timeout=5000 \
                       -c idle_in_transaction_session_timeout=15000";
const NAME: &str = "article-server";

/// A pool of connections, made as they are needed.
pub(super) fn pool(url: &str) -> anyhow::Result<Pool> {
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
        .max_size(CONNECTIONS)
        .wait_timeout(Some(WAIT))
        .create_timeout(Some(CONNECT.saturating_mul(hosts.saturating_add(1))))
        .recycle_timeout(Some(WAIT))
        .runtime(Runtime::Tokio1)
        .build()?)
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
    use super::*;

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
