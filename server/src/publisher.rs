//! What the publisher is called, everywhere that readers and editors see it.

use crate::config::Config;

/// The name of the settings; without one, the host that readers reach.
pub fn name(config: &Config, public_url: &str) -> String {
    config.publisher.as_deref().unwrap_or_else(|| host(public_url)).to_owned()
}

/// The public URL without its scheme.
pub fn host(public_url: &str) -> &str {
    public_url.split_once("://").map_or(public_url, |(_, host)| host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Options;

    #[test]
    fn it_is_the_name_of_the_settings_or_the_host() {
        let of = |publisher: Option<&str>| {
            let database = Some("sqlite:articles.db".to_owned());
            let publisher = publisher.map(ToOwned::to_owned);
            let options = Options { database, publisher, ..Options::default() };
            name(&options.resolve(None).unwrap(), "https://news.example:8443")
        };
        assert_eq!(of(Some("Báo Ví Dụ")), "Báo Ví Dụ");
        assert_eq!(of(None), "news.example:8443");
    }
}
