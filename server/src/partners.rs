//! Whose pages may show and count articles: everybody's but for those that the publisher has blocked
//! (open), or those alone that it has allowed (closed).
//!
//! The page is what a browser reports, and anyone may report any: the registry decides what is shown
//! where browsers are honest, and whom a view is attributed to. Limits and deduplication never look at
//! it.

use std::sync::{PoisonError, RwLock};

use ahash::HashMap;
use clap::ValueEnum;
use serde::Deserialize;
use url::Url;

use crate::store::{Standing, Store, StoreError};

/// Who is a partner that the publisher has said nothing of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Registry {
    /// Everybody.
    #[default]
    Open,
    /// Nobody.
    Closed,
}

/// The registry, as far as requests need it.
#[derive(Default)]
pub struct Partners {
    registry: Registry,
    /// The publisher's own origin, which is always one.
    own: String,
    /// Those of whom the publisher has said something.
    known: RwLock<HashMap<String, Standing>>,
}

impl Partners {
    /// Nobody is known yet; `public_url` is the publisher's server.
    pub fn new(registry: Registry, public_url: &str) -> Self {
        Self { registry, own: origin(public_url), known: RwLock::default() }
    }

    /// Which registry it is.
    pub fn registry(&self) -> Registry {
        self.registry
    }

    /// Takes over what the publisher says by now.
    ///
    /// # Errors
    /// Where the store cannot answer; what was known stays.
    pub async fn refresh(&self, store: &dyn Store) -> Result<(), StoreError> {
        let partners = store.partners().await?;
        let said = partners.into_iter().filter(|partner| partner.standing != Standing::New);
        let known = said.map(|partner| (partner.origin, partner.standing)).collect();
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = known;
        Ok(())
    }

    /// Whether this is the publisher's own origin: then the page is that around a frame.
    pub fn is_own(&self, origin: &str) -> bool {
        origin == self.own
    }

    /// The origins that were allowed, and the publisher's own.
    pub fn listed(&self) -> Vec<String> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let allowed = known.iter().filter(|(_, standing)| **standing == Standing::Allowed);
        allowed.map(|(origin, _)| origin.clone()).chain([self.own.clone()]).collect()
    }

    /// Whether pages of this origin are a partner's. The empty one stands for pages that do not tell.
    pub fn admits(&self, origin: &str) -> bool {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        match known.get(origin) {
            Some(Standing::Blocked) => false,
            Some(Standing::Allowed) => true,
            Some(Standing::New) | None => self.registry == Registry::Open || self.is_own(origin),
        }
    }
}

/// No host's name is longer, in bytes (RFC 1035, section 2.3.4).
const HOST: usize = 253;

/// The origin of a page's URL; empty for pages of apps and files, whose origin says nothing, and where
/// there can be no such host.
pub fn origin(page: &str) -> String {
    let is_web = |url: &Url| {
        matches!(url.scheme(), "http" | "https")
            && url.host_str().is_some_and(|host| host.len() <= HOST)
    };
    let web = Url::parse(page).ok().filter(is_web);
    web.map_or_else(String::new, |url| url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_without_an_origin_count_as_not_told() {
        for url in ["", "about:srcdoc", "file:///home/reader/saved.html", "no url"] {
            assert_eq!(origin(url), "", "{url}");
        }
        assert_eq!(origin("https://User:x@A.example:8443/tin/1?q#x"), "https://a.example:8443");
        assert_eq!(origin(&format!("https://{}example/", "a.".repeat(130))), "", "no such host");
    }

    #[test]
    fn an_open_registry_admits_whom_nobody_blocked_and_a_closed_one_whom_somebody_allowed() {
        let admits = |registry, origin: &str| {
            let partners = Partners::new(registry, "https://news.example");
            let said = [
                ("https://in.example", Standing::Allowed),
                ("https://out.example", Standing::Blocked),
            ];
            *partners.known.write().unwrap() =
                said.map(|(origin, standing)| (origin.to_owned(), standing)).into_iter().collect();
            partners.admits(origin)
        };
        for (origin, open, closed) in [
            ("https://in.example", true, true),
            ("https://out.example", false, false),
            ("https://new.example", true, false),
            ("https://news.example", true, true),
            ("", true, false),
        ] {
            assert_eq!(admits(Registry::Open, origin), open, "{origin}");
            assert_eq!(admits(Registry::Closed, origin), closed, "{origin}");
        }
    }
}
