//! What Prometheus reads at `/metrics`.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::{Plane, Problem};

/// Names and values.
type Labels = Vec<(&'static str, String)>;
type Ratio = Gauge<f64, AtomicU64>;

/// Every series of the plane; each part counts by itself.
pub struct Metrics {
    registry: Registry,
    requests: Family<Labels, Counter>,
    latency: Family<Labels, Histogram>,
    pub(crate) limited: Counter,
    evaluations: Family<Labels, Counter>,
    evaluation_time: Family<Labels, Histogram>,
    batches: Family<Labels, Counter>,
    records: Counter,
    findings: Family<Labels, Gauge>,
    scores: Family<Labels, Gauge>,
    clusters: Family<Labels, Gauge>,
    queues: Family<Labels, Gauge>,
    problems: Family<Labels, Gauge>,
    certificate: Ratio,
    pub(crate) listeners: Gauge,
}

fn answer_times() -> Histogram {
    Histogram::new([0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 10.0, 30.0])
}

fn evaluation_times() -> Histogram {
    Histogram::new([0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0])
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("rampart");
        let new = Self {
            registry: Registry::default(),
            requests: Family::default(),
            latency: Family::new_with_constructor(answer_times),
            limited: Counter::default(),
            evaluations: Family::default(),
            evaluation_time: Family::new_with_constructor(evaluation_times),
            batches: Family::default(),
            records: Counter::default(),
            findings: Family::default(),
            scores: Family::default(),
            clusters: Family::default(),
            queues: Family::default(),
            problems: Family::default(),
            certificate: Ratio::default(),
            listeners: Gauge::default(),
        };
        registry.register("http_requests", "Requests answered, by route", new.requests.clone());
        registry.register_with_unit("http_request", "Time to an answer, by route", Unit::Seconds, new.latency.clone());
        registry.register("http_limited", "Requests refused because there were too many", new.limited.clone());
        registry.register("evaluations", "Evaluations that the plane did itself", new.evaluations.clone());
        let help = "Time of an evaluation that the plane did itself";
        registry.register_with_unit("evaluation", help, Unit::Seconds, new.evaluation_time.clone());
        registry.register("ingest_batches", "Batches taken in, by who sent them", new.batches.clone());
        registry.register("ingest_records", "Findings written because they are new or changed", new.records.clone());
        registry.register("findings", "Open findings, by cluster and severity", new.findings.clone());
        registry.register("score", "Score of 0 to 100, by cluster", new.scores.clone());
        registry.register("clusters", "Clusters, by state: up, late, never, failed", new.clusters.clone());
        registry.register("queue_length", "What waits to be done, by queue", new.queues.clone());
        registry.register("problem", "1 while this part keeps the plane from being ready", new.problems.clone());
        let help = "When the listener's certificate ends, in seconds since 1970";
        registry.register("certificate_not_after", help, new.certificate.clone());
        registry.register("event_listeners", "Pages that listen for changes", new.listeners.clone());
        Self { registry, ..new }
    }

    pub(crate) fn request(&self, method: &'static str, route: &str, status: StatusCode, took: Duration) {
        let labels =
            vec![("method", method.to_owned()), ("route", route.to_owned()), ("status", status.as_str().to_owned())];
        self.requests.get_or_create(&labels).inc();
        self.latency.get_or_create(&vec![("route", route.to_owned())]).observe(took.as_secs_f64());
    }

    /// An evaluation of a cluster that the plane reads itself.
    pub(crate) fn evaluated(&self, cluster: &str, took: Duration, is_done: bool) {
        let outcome = if is_done { "done" } else { "failed" };
        let cluster = ("cluster", cluster.to_owned());
        self.evaluations.get_or_create(&vec![cluster.clone(), ("outcome", outcome.to_owned())]).inc();
        self.evaluation_time.get_or_create(&vec![cluster]).observe(took.as_secs_f64());
    }

    /// A batch that was stored; `by` is `agent` or `plane`.
    pub fn ingested(&self, by: &'static str, records: u64) {
        self.batches.get_or_create(&vec![("by", by.to_owned())]).inc();
        self.records.inc_by(records);
    }

    /// How much waits in a queue.
    pub fn queue(&self, name: &'static str, length: u64) {
        self.queues.get_or_create(&vec![("queue", name.to_owned())]).set(whole(length));
    }

    pub(crate) fn certificate_ends(&self, at: jiff::Timestamp) {
        self.certificate.set(at.as_duration().as_secs_f64());
    }

    /// Sets what is known of the fleet anew, so that clusters that are gone are gone here, too.
    pub(crate) fn fleet(&self, fleet: &[FleetMember]) {
        self.findings.clear();
        self.scores.clear();
        self.clusters.clear();
        for state in ["up", "late", "never", "failed"] {
            self.clusters.get_or_create(&vec![("state", state.to_owned())]).set(0);
        }
        for member in fleet {
            self.clusters.get_or_create(&vec![("state", member.state.to_owned())]).inc();
            for (severity, count) in member.counts {
                let labels = vec![("cluster", member.name.clone()), ("severity", severity.to_owned())];
                self.findings.get_or_create(&labels).set(whole(count));
            }
            if let Some(score) = member.score {
                self.scores.get_or_create(&vec![("cluster", member.name.clone())]).set(score.into());
            }
        }
    }

    pub(crate) fn problems(&self, parts: &[&'static str]) {
        self.problems.clear();
        for part in parts {
            self.problems.get_or_create(&vec![("part", (*part).to_owned())]).set(1);
        }
    }
}

/// A cluster as the metrics show it.
pub(crate) struct FleetMember {
    pub name: String,
    pub state: &'static str,
    pub score: Option<u8>,
    pub counts: [(&'static str, u64); 5],
}

fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

pub(crate) async fn serve(State(plane): State<Plane>) -> Response {
    let mut text = String::new();
    match encode(&mut text, &plane.metrics().registry) {
        Ok(()) => {
            let media = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            ([(header::CONTENT_TYPE, media)], text).into_response()
        }
        Err(error) => Problem::internal(error).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_is_written_and_a_cluster_that_left_is_not() {
        let metrics = Metrics::new();
        metrics.request("GET", "/api/v1/overview", StatusCode::OK, Duration::from_millis(3));
        let member = |name: &str| FleetMember {
            name: name.to_owned(),
            state: "up",
            score: Some(80),
            counts: [("critical", 1), ("high", 2), ("medium", 0), ("low", 0), ("info", 0)],
        };
        metrics.fleet(&[member("one"), member("two")]);
        metrics.fleet(&[member("two")]);
        let mut text = String::new();
        encode(&mut text, &metrics.registry).unwrap();
        assert!(
            text.contains("rampart_http_requests_total{method=\"GET\",route=\"/api/v1/overview\",status=\"200\"} 1")
        );
        assert!(text.contains("rampart_findings{cluster=\"two\",severity=\"high\"} 2"), "{text}");
        assert!(!text.contains("cluster=\"one\""));
    }
}
