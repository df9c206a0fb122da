//! What was asked and answered: how often, and how long it took until the head of the answer was there.

use std::sync::Arc;
use std::time::Duration;

use axum::http::{Method, StatusCode};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;

use super::{Catalogue, Counters, Histograms};

/// In seconds: from an answer that is kept finished to one that a client gives up on.
const BUCKETS: [f64; 12] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// Requests and their answers.
pub struct Requests {
    answers: Counters<Answer>,
    durations: Histograms<Route>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answer {
    method: &'static str,
    route: Arc<str>,
    status: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    method: &'static str,
    route: Arc<str>,
}

impl Default for Requests {
    fn default() -> Self {
        let histogram: fn() -> Histogram = || Histogram::new(BUCKETS);
        Self { answers: Family::default(), durations: Family::new_with_constructor(histogram) }
    }
}

impl Requests {
    /// One was answered. The route is the router's pattern, never the path that was asked for.
    pub fn answered(&self, method: &Method, route: &Arc<str>, status: StatusCode, took: Duration) {
        let (method, route) = (method_label(method), route.clone());
        let status = status_class(status);
        self.answers.get_or_create(&Answer { method, route: route.clone(), status }).inc();
        self.durations.get_or_create(&Route { method, route }).observe(took.as_secs_f64());
    }

    pub(super) fn name(&self, catalogue: &mut Catalogue<'_>) {
        catalogue.add(
            "article_requests",
            "Requests answered, by route and class of status",
            self.answers.clone(),
        );
        catalogue.add(
            "article_request_duration_seconds",
            "Seconds until the head of the answer, by route",
            self.durations.clone(),
        );
    }
}

/// Anybody may make a method up.
pub(crate) fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

fn status_class(status: StatusCode) -> &'static str {
    match status.as_u16() / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    }
}
