//! One layer of settings, from flags and variables or from a file.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use ipnet::IpNet;
use serde::Deserialize;

use super::{Hidden, LogFormat};
use crate::images::RemoteImages;
use crate::partners::Registry;

/// One layer of settings: flags and variables, or a file. What is absent is left to the next layer.
#[derive(Clone, Debug, Default, Args, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Options {
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, env = "ARTICLE_LISTEN")]
    pub listen: Option<SocketAddr>,
    /// Address and port for whoever watches the server: /metrics, /healthz, /readyz; no reader is to reach it
    #[arg(long, env = "ARTICLE_METRICS_LISTEN")]
    pub metrics_listen: Option<SocketAddr>,
    /// File with the certificate by which this server itself speaks TLS, and those that it rests on, in PEM
    #[arg(long, env = "ARTICLE_TLS_CERTIFICATE")]
    pub tls_certificate: Option<PathBuf>,
    /// File with its private key, in PEM; nobody else may read it
    #[arg(long, env = "ARTICLE_TLS_KEY")]
    pub tls_key: Option<PathBuf>,
    /// How long readers are still served after SIGTERM while /readyz is 503 already, so that a balancer notices: 5s
    #[arg(long, env = "ARTICLE_DRAIN_DELAY")]
    pub drain_delay: Option<String>,
    /// Where everything is kept: sqlite:PATH or postgres://USER@HOST/NAME
    #[arg(long, env = "ARTICLE_DATABASE")]
    pub database: Option<String>,
    /// File with the key that seals what no copy of the database is to tell: 64 hexadecimal digits
    #[arg(long, env = "ARTICLE_KEY_FILE")]
    pub key_file: Option<PathBuf>,
    /// How readers reach this server: scheme, host and port
    #[arg(long, env = "ARTICLE_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// Proxies whose X-Forwarded-For is believed, as networks: 10.0.0.0/8,…
    #[arg(long, env = "ARTICLE_TRUSTED_PROXIES", value_delimiter = ',')]
    pub trusted_proxies: Option<Vec<IpNet>>,
    /// Speak HTTP/2 with whoever begins with it: a proxy, or by TLS anybody
    #[arg(long, env = "ARTICLE_HTTP2", num_args = 0..=1, default_missing_value = "true")]
    pub http2: Option<bool>,
    /// Who is a partner: everybody but the blocked, or nobody but the allowed
    #[arg(long, env = "ARTICLE_PARTNERS", value_enum)]
    pub partners: Option<Registry>,
    /// Networks in which many readers have one address, as carriers': 203.0.113.0/24,…
    #[arg(long, env = "ARTICLE_SHARED_NETWORKS", value_delimiter = ',')]
    pub shared_networks: Option<Vec<IpNet>>,
    /// Views of one article that readers who look alike may count there in half an hour
    #[arg(long, env = "ARTICLE_SHARED_VIEWS")]
    pub shared_views: Option<u16>,
    /// The publisher's time zone, e.g. Asia/Ho_Chi_Minh
    #[arg(long, env = "ARTICLE_TIME_ZONE")]
    pub time_zone: Option<String>,
    /// The interface's language where nothing else decides
    #[arg(long, env = "ARTICLE_LANGUAGE")]
    pub language: Option<String>,
    /// Folder with the words of further languages: a file for each, as fr.json
    #[arg(long, env = "ARTICLE_LANGUAGES")]
    pub languages: Option<PathBuf>,
    /// Tell readers how often each article of the most-read list was read
    #[arg(long, env = "ARTICLE_SHOW_VIEWS", num_args = 0..=1, default_missing_value = "true")]
    pub show_views: Option<bool>,
    /// The publisher's name, in mails and for whoever lists or shares an article's page
    #[arg(long, env = "ARTICLE_PUBLISHER")]
    pub publisher: Option<String>,
    /// On what terms partners may reprint articles, as they read it; with it they are given the whole text
    #[arg(long, env = "ARTICLE_LICENCE")]
    pub licence: Option<String>,
    /// Who answers for what readers write: a name, an address. It stands in the consent
    #[arg(long, env = "ARTICLE_CONTROLLER")]
    pub controller: Option<String>,
    /// Ways to share, in the menu's order: native,copy,zalo,…
    #[arg(long, env = "ARTICLE_SHARE_CHANNELS", value_delimiter = ',')]
    pub share_channels: Option<Vec<String>>,
    /// Facebook's number of the publisher's app: with it Messenger works on a desktop, too
    #[arg(long, env = "ARTICLE_FACEBOOK_APP")]
    pub facebook_app: Option<String>,
    /// Fields of the feedback form, in their order: name,email,phone,kind,title,message
    #[arg(long, env = "ARTICLE_FEEDBACK_FIELDS", value_delimiter = ',')]
    pub feedback_fields: Option<Vec<String>>,
    /// Those of them that must be filled in
    #[arg(long, env = "ARTICLE_FEEDBACK_REQUIRED", value_delimiter = ',')]
    pub feedback_required: Option<Vec<String>>,
    /// Kinds of feedback: comment,error,question,complaint
    #[arg(long, env = "ARTICLE_FEEDBACK_KINDS", value_delimiter = ',')]
    pub feedback_kinds: Option<Vec<String>>,
    /// Days after which feedback is erased
    #[arg(long, env = "ARTICLE_FEEDBACK_DAYS")]
    pub feedback_days: Option<u32>,
    /// File that remembers what was erased and who unsubscribed, also where a backup is restored
    #[arg(long, env = "ARTICLE_ERASURES")]
    pub erasures: Option<PathBuf>,
    /// Mail server: smtps://user:password@host:port
    #[arg(long, env = "ARTICLE_SMTP", hide_env_values = true)]
    pub smtp: Option<Hidden>,
    /// Whom the server's mails are from: a name and an address
    #[arg(long, env = "ARTICLE_MAIL_FROM")]
    pub mail_from: Option<String>,
    /// Where people who answer the server's mails reach you: a name and an address
    #[arg(long, env = "ARTICLE_MAIL_REPLY_TO")]
    pub mail_reply_to: Option<String>,
    /// Addresses that hear of new feedback
    #[arg(long, env = "ARTICLE_MAIL_EDITORS", value_delimiter = ',')]
    pub mail_editors: Option<Vec<String>>,
    /// Have the server send an article to a friend of the reader's
    #[arg(long, env = "ARTICLE_MAIL_ARTICLES", num_args = 0..=1, default_missing_value = "true")]
    pub mail_articles: Option<bool>,
    /// URL that hears of new feedback
    #[arg(long, env = "ARTICLE_WEBHOOK", hide_env_values = true)]
    pub webhook: Option<Hidden>,
    /// URL that hears what caches have to forget where an article changes
    #[arg(long, env = "ARTICLE_PURGE_HOOK", hide_env_values = true)]
    pub purge_hook: Option<Hidden>,
    /// What calls of both are signed with: whsec_ and base64
    #[arg(long, env = "ARTICLE_WEBHOOK_SECRET", hide_env_values = true)]
    pub webhook_secret: Option<Hidden>,
    /// Folder served at /media/
    #[arg(long, env = "ARTICLE_MEDIA")]
    pub media: Option<PathBuf>,
    /// Networks beyond the public internet that URLs of articles, feeds and pictures may lead to: 10.1.0.0/16,…
    #[arg(long, env = "ARTICLE_IMPORT_NETWORKS", value_delimiter = ',')]
    pub import_networks: Option<Vec<IpNet>>,
    /// Networks beyond the public internet whose pages the public checker may look at: 10.2.0.0/16,…
    #[arg(long, env = "ARTICLE_CHECK_NETWORKS", value_delimiter = ',')]
    pub check_networks: Option<Vec<IpNet>>,
    /// Feeds that are asked for articles: URLs with commas between them
    #[arg(long, env = "ARTICLE_FEEDS", value_delimiter = ',')]
    pub feeds: Option<Vec<String>>,
    /// How often they are asked: 5m, 1h
    #[arg(long, env = "ARTICLE_SYNC_EVERY")]
    pub sync_every: Option<String>,
    /// Pictures on other servers: left there, or copied and served from here
    #[arg(long, env = "ARTICLE_REMOTE_IMAGES", value_enum)]
    pub remote_images: Option<RemoteImages>,
    /// What the log holds, e.g. warn or info,article_server=debug
    #[arg(long, env = "ARTICLE_LOG")]
    pub log: Option<String>,
    /// How the log is written
    #[arg(long, env = "ARTICLE_LOG_FORMAT", value_enum)]
    pub log_format: Option<LogFormat>,
    /// The collector that traces are sent to, by OTLP over HTTP: http://127.0.0.1:4318
    #[arg(long, env = "ARTICLE_OTLP_ENDPOINT", value_name = "URL")]
    pub otlp_endpoint: Option<String>,
    /// How many of the traces that begin here are kept: 0.01 is one of a hundred
    #[arg(long, env = "ARTICLE_OTLP_SAMPLE", value_name = "0…1")]
    pub otlp_sample: Option<f64>,
}

impl Options {
    pub(super) fn over(self, below: Self) -> Self {
        Self {
            listen: self.listen.or(below.listen),
            metrics_listen: self.metrics_listen.or(below.metrics_listen),
            tls_certificate: self.tls_certificate.or(below.tls_certificate),
            tls_key: self.tls_key.or(below.tls_key),
            drain_delay: self.drain_delay.or(below.drain_delay),
            database: self.database.or(below.database),
            public_url: self.public_url.or(below.public_url),
            trusted_proxies: self.trusted_proxies.or(below.trusted_proxies),
            http2: self.http2.or(below.http2),
            partners: self.partners.or(below.partners),
            shared_networks: self.shared_networks.or(below.shared_networks),
            shared_views: self.shared_views.or(below.shared_views),
            time_zone: self.time_zone.or(below.time_zone),
            language: self.language.or(below.language),
            languages: self.languages.or(below.languages),
            show_views: self.show_views.or(below.show_views),
            publisher: self.publisher.or(below.publisher),
            licence: self.licence.or(below.licence),
            controller: self.controller.or(below.controller),
            share_channels: self.share_channels.or(below.share_channels),
            facebook_app: self.facebook_app.or(below.facebook_app),
            feedback_fields: self.feedback_fields.or(below.feedback_fields),
            feedback_required: self.feedback_required.or(below.feedback_required),
            feedback_kinds: self.feedback_kinds.or(below.feedback_kinds),
            feedback_days: self.feedback_days.or(below.feedback_days),
            erasures: self.erasures.or(below.erasures),
            smtp: self.smtp.or(below.smtp),
            mail_from: self.mail_from.or(below.mail_from),
            mail_reply_to: self.mail_reply_to.or(below.mail_reply_to),
            mail_editors: self.mail_editors.or(below.mail_editors),
            mail_articles: self.mail_articles.or(below.mail_articles),
            webhook: self.webhook.or(below.webhook),
            purge_hook: self.purge_hook.or(below.purge_hook),
            webhook_secret: self.webhook_secret.or(below.webhook_secret),
            key_file: self.key_file.or(below.key_file),
            media: self.media.or(below.media),
            import_networks: self.import_networks.or(below.import_networks),
            check_networks: self.check_networks.or(below.check_networks),
            feeds: self.feeds.or(below.feeds),
            sync_every: self.sync_every.or(below.sync_every),
            remote_images: self.remote_images.or(below.remote_images),
            log: self.log.or(below.log),
            log_format: self.log_format.or(below.log_format),
            otlp_endpoint: self.otlp_endpoint.or(below.otlp_endpoint),
            otlp_sample: self.otlp_sample.or(below.otlp_sample),
        }
    }
}
