//! Where traces go.

use url::Url;

use super::{ConfigError, Options, required, wrong};

/// Where traces go, and how many.
#[derive(Clone, Debug)]
pub struct TraceSettings {
    /// Where the collector takes spans.
    pub endpoint: Url,
    /// How many of the traces that begin here are kept, of 1.
    pub sample: f64,
}

/// None where no collector is named.
pub(super) fn traces(options: &Options) -> Result<Option<TraceSettings>, ConfigError> {
    let sample = required("otlp-sample", options.otlp_sample)?;
    if !(0.0..=1.0).contains(&sample) {
        return Err(wrong("otlp-sample", &"is between 0 and 1"));
    }
    let named = options.otlp_endpoint.as_deref().map(endpoint).transpose()?;
    Ok(named.map(|endpoint| TraceSettings { endpoint, sample }))
}

/// The collector's address; spans have their place below it, by the OTLP specification.
fn endpoint(text: &str) -> Result<Url, ConfigError> {
    let reason = || wrong("otlp-endpoint", &"an http or https URL without user, query or fragment");
    let mut url = Url::parse(text).map_err(|_| reason())?;
    let is_bare = matches!(url.scheme(), "http" | "https")
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    if !is_bare {
        return Err(reason());
    }
    let path = format!("{}/v1/traces", url.path().trim_end_matches('/'));
    url.set_path(&path);
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_have_their_place_below_the_collectors_address() {
        for (named, whole) in [
            ("http://127.0.0.1:4318", "http://127.0.0.1:4318/v1/traces"),
            ("https://otlp.example/base/", "https://otlp.example/base/v1/traces"),
        ] {
            assert_eq!(endpoint(named).unwrap().as_str(), whole);
        }
        for named in ["127.0.0.1:4318", "grpc://otlp.example", "http://a:secret@otlp.example"] {
            let error = endpoint(named).unwrap_err().to_string();
            assert!(error.starts_with("otlp-endpoint: ") && !error.contains("secret"), "{error}");
        }
    }

    #[test]
    fn a_sample_is_a_part_of_one() {
        for (sample, is_one) in
            [(0.0, true), (0.01, true), (1.0, true), (1.1, false), (-1.0, false), (f64::NAN, false)]
        {
            let options = Options { otlp_sample: Some(sample), ..Options::default() };
            assert_eq!(traces(&options).is_ok(), is_one, "{sample}");
        }
    }
}
