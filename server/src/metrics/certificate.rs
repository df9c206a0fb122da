//! Until when readers' browsers take the certificate that is shown to them.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;

use super::{Catalogue, number};

/// The end of the certificate that is shown now. A server that shows none, or one that does not say, has no such figure:
/// 0 would be an end.
#[derive(Clone, Default)]
pub struct CertificateEnd(Family<Nothing, Gauge>);

/// A family, which alone can be without a value, has labels. This one has none.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Nothing {}

impl CertificateEnd {
    /// It ends at this second since 1970; none where there is none, or it does not say.
    pub fn set(&self, end: Option<u64>) {
        match end {
            Some(end) => {
                self.0.get_or_create(&Nothing {}).set(number(end));
            }
            None => self.0.clear(),
        }
    }

    pub(super) fn name(&self, catalogue: &mut Catalogue<'_>) {
        catalogue.add(
            "article_tls_certificate_not_after_seconds",
            "When the certificate ends that is shown now, in seconds since 1970",
            self.0.clone(),
        );
    }
}
