//! Metrics of the process, rendered for Prometheus.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use super::redacted;

/// Bounds of everything measured in seconds: from a fast hash to a slow provider.
const SECONDS: &[f64] = &[0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0, 300.0];
/// Samples wait in memory until they are sorted into their buckets.
const UPKEEP: Duration = Duration::from_secs(5);

/// What was counted. Cheap to clone.
#[derive(Clone)]
pub struct Metrics {
    handle: PrometheusHandle,
    /// Series of tenants, made from rows once in a while.
    tenants: Arc<Mutex<String>>,
}

impl Metrics {
    /// Of this process; the first call begins recording. Counters and gauges are named `botyard_…`, histograms in seconds end
    /// in `_seconds`.
    pub fn of_process() -> Self {
        static PROCESS: OnceLock<Metrics> = OnceLock::new();
        PROCESS
            .get_or_init(|| {
                let builder = PrometheusBuilder::new();
                let suffix = Matcher::Suffix("_seconds".to_owned());
                // The only failure is an empty list of buckets.
                let builder =
                    builder.set_buckets_for_metric(suffix, SECONDS).unwrap_or_else(|_| PrometheusBuilder::new());
                let recorder = builder.build_recorder();
                let handle = recorder.handle();
                if ::metrics::set_global_recorder(recorder).is_err() {
                    tracing::error!("metrics already go somewhere else; ours stay empty");
                }
                Self { handle, tenants: Arc::default() }
            })
            .clone()
    }

    /// The text of `/metrics`.
    pub fn render(&self) -> String {
        let mut text = self.handle.render();
        text.push_str(&self.tenants.lock().unwrap_or_else(PoisonError::into_inner));
        redacted(&text).into_owned()
    }

    /// Takes the series of tenants that are shown from now on.
    pub fn set_tenants(&self, text: String) {
        *self.tenants.lock().unwrap_or_else(PoisonError::into_inner) = text;
    }

    /// Keeps histograms small for ever; run it as a supervised task.
    pub async fn keep_up(self) {
        loop {
            tokio::time::sleep(UPKEEP).await;
            self.handle.run_upkeep();
        }
    }
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Metrics")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_anywhere_in_the_process_is_rendered_once_and_redacted() {
        let metrics = Metrics::of_process();
        ::metrics::counter!("botyard_test_total", "from" => "123456789:AAfake-test_token_of_35_characters1")
            .increment(2);
        ::metrics::histogram!("botyard_test_seconds").record(0.003);
        let text = Metrics::of_process().render();
        assert!(text.contains(r#"botyard_test_total{from="123456789:***"} 2"#), "{text}");
        assert!(text.contains(r#"botyard_test_seconds_bucket{le="0.005"} 1"#), "{text}");
        assert_eq!(metrics.render().matches("# TYPE botyard_test_total counter").count(), 1);
    }
}
