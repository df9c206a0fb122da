//! What the settings say, and where two of them do not go together.

use std::net::SocketAddr;

use super::{Finding, key, tls};
use crate::assets::Assets;
use crate::config::Config;
use crate::messages::LiveLanguages;
use crate::partners::Registry;

pub(super) async fn check(config: &Config) -> Vec<Finding> {
    let mut findings = vec![
        widget(),
        Finding::ok("listen", format!("readers are served at {}", config.listen)),
        metrics_listen(config.metrics_listen),
        traces(config),
        tls::check(config),
        public_url(config.public_url.as_deref()),
        trusted_proxies(config),
        key::check(config).await,
        partners(config.partners),
        time_zone(config),
        languages(config),
        controller(config),
        Finding::ok(
            "feedback-days",
            format!("what readers write is erased after {} days", config.feedback_days),
        ),
    ];
    findings.extend(feeds(config));
    findings.extend(calls(config));
    findings
}

fn widget() -> Finding {
    match Assets::embedded() {
        Some(assets) => Finding::ok("widget", format!("release {} is built in", assets.version())),
        None => Finding::error("widget", "this binary was built without it; run cargo xtask build"),
    }
}

fn metrics_listen(address: Option<SocketAddr>) -> Finding {
    let about = "metrics-listen";
    match address {
        None => Finding::ok(about, "no figures are given to Prometheus"),
        Some(address) if address.ip().is_unspecified() => Finding::warning(
            about,
            format!("figures are given at {address}, which is every network of this machine"),
        ),
        Some(address) => Finding::ok(about, format!("figures are given at {address}")),
    }
}

/// Not where to: part of the address may be a secret.
fn traces(config: &Config) -> Finding {
    let about = "otlp-endpoint";
    match &config.traces {
        None => Finding::ok(about, "no traces are sent"),
        Some(traces) => Finding::ok(
            about,
            format!("traces are sent, {} of those that begin here", traces.sample),
        ),
    }
}

fn public_url(url: Option<&str>) -> Finding {
    let about = "public-url";
    match url {
        None => Finding::warning(
            about,
            "it is not set: links lead to the address listened on, which is right only on your own machine",
        ),
        Some(url) if url.starts_with("https://") => {
            Finding::ok(about, format!("readers come to {url}"))
        }
        Some(url) => Finding::warning(
            about,
            format!("{url} is no https: pages that are https cannot show articles from there"),
        ),
    }
}

/// Where neither a proxy nor this server is said to speak TLS for an https address, somebody forgot to name the proxy.
fn trusted_proxies(config: &Config) -> Finding {
    let about = "trusted-proxies";
    let is_https = config.public_url.as_ref().is_some_and(|url| url.starts_with("https://"));
    match config.trusted_proxies.as_slice() {
        [] if is_https && config.tls.is_none() => Finding::warning(
            about,
            "none is named: whatever stands in front of this server is taken for its one reader, \
             and nearly no view counts",
        ),
        [] => Finding::ok(about, "none: who connects is who reads"),
        all if all.iter().any(|net| net.prefix_len() == 0) => Finding::warning(
            about,
            "everybody is trusted: whoever reaches this server can say to be anybody",
        ),
        all => {
            let all: Vec<_> = all.iter().map(ToString::to_string).collect();
            Finding::ok(about, format!("X-Forwarded-For is believed from {}", all.join(", ")))
        }
    }
}

fn partners(registry: Registry) -> Finding {
    let says = match registry {
        Registry::Open => "every page may show articles, but for those of blocked partners",
        Registry::Closed => "only pages of allowed partners may show articles",
    };
    Finding::ok("partners", says)
}

fn time_zone(config: &Config) -> Finding {
    let name = config.time_zone.iana_name().unwrap_or("a zone without a name");
    Finding::ok("time-zone", format!("a day ends at midnight of {name}"))
}

fn languages(config: &Config) -> Finding {
    let public_url = config.public_url.as_deref().unwrap_or("http://localhost");
    match LiveLanguages::load(config, public_url) {
        Ok(languages) => {
            let languages = languages.now();
            let tags: Vec<_> = languages.iter().map(|language| language.tag.as_str()).collect();
            Finding::ok("languages", format!("there are words in {}", tags.join(", ")))
        }
        Err(faults) => Finding::error("languages", faults.to_string()),
    }
}

fn controller(config: &Config) -> Finding {
    match &config.controller {
        Some(name) => Finding::ok("controller", format!("{name} answers for what readers write")),
        None => Finding::warning(
            "controller",
            "it is not set: the consent names the host of public-url, and no way to reach anybody",
        ),
    }
}

fn feeds(config: &Config) -> Option<Finding> {
    let (feeds, seconds) = (config.feeds.len(), config.sync_every.as_secs());
    (feeds > 0).then(|| Finding::ok("feeds", format!("{feeds} are asked every {seconds} s")))
}

/// Of the programs that are called only that they are, and how: whoever knows the address of one may call it.
fn calls(config: &Config) -> impl Iterator<Item = Finding> {
    let all = [("webhook", &config.webhook), ("purge-hook", &config.purge_hook)];
    all.into_iter().filter_map(|(about, call)| {
        let call = call.as_ref()?;
        Some(if call.url.reveal().starts_with("https://") {
            Finding::ok(about, "it is called by https, and its calls are signed")
        } else {
            Finding::warning(about, "it is called without TLS: who listens reads what it is told")
        })
    })
}
