//! Brings the spans of this process to the collector that the settings name, in batches (platform.md 5).

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;

use super::Workers;
use crate::clients::otlp::Collector;
use crate::telemetry::Spans;

/// Spans of one batch.
const BATCH: usize = 512;
/// Between two batches, so that a quiet process does not call for each span.
const PAUSE: Duration = Duration::from_secs(1);

/// Sends until the soft stop.
pub async fn run(workers: Arc<Workers>, collector: Collector, spans: Arc<Mutex<Spans>>) {
    let stop = workers.tasks.soft();
    let mut spans = spans.lock().await;
    let mut failing = false;
    while let Some(Some(batch)) = stop.run_until_cancelled(spans.take(BATCH)).await {
        let n = batch.len() as u64;
        let sent = collector.send(&workers.instance, batch).await;
        metrics::counter!("botyard_spans_total", "result" => if sent { "sent" } else { "lost" }).increment(n);
        if !sent && !failing {
            tracing::warn!("the collector of spans does not take them");
        }
        failing = !sent;
        if stop.run_until_cancelled(tokio::time::sleep(PAUSE)).await.is_none() {
            break;
        }
    }
    // Without spans there is nothing to do, and no reason to end before the stop.
    stop.cancelled().await;
}
