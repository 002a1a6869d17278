//! Logs and metrics, and what never gets into them.
//!
//! Lines go to standard error, one per event, for people or as JSON. A JSON line carries the fields of the spans it was
//! written in at its top level, so every line of a request names its `tenant` and `corr` (reliability.md T14). Secrets are
//! kept out by types; should a bot token slip through all the same, the writer blanks it (reliability.md T29).
//!
//! ```ignore
//! let metrics = telemetry::init(settings.logging.format, &settings.logging.filter)?;
//! tasks.spawn_supervised("metrics_upkeep", move || metrics.clone().keep_up());
//! async { tracing::info!("handled") }.instrument(tracing::info_span!("update", tenant = %tenant, corr = %corr)).await;
//! ```

mod capture;
mod json;
mod metrics;
mod redact;
mod spans;
mod tenants;

use std::io::{self, IsTerminal as _};
use std::panic::PanicHookInfo;

use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::JsonFields;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer, Registry, fmt};

pub use capture::LogCapture;
pub use metrics::Metrics;
pub use redact::redacted;
pub use spans::{Spans, take_spans};
pub use tenants::series as tenant_series;

use crate::config::LogFormat;
use redact::Net;

/// Why telemetry cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter does not parse.
    #[error("RUST_LOG: not a filter of log lines ({0}); for example: info,botyard=debug")]
    BadFilter(String),
    /// Something else already receives this process's log lines.
    #[error("log lines already go somewhere else")]
    AlreadyBegun,
}

/// Begins logging to standard error, records metrics, and logs panics. Once per process, before anything else.
pub fn init(format: LogFormat, filter: &str) -> Result<Metrics, TelemetryError> {
    begin(format, filter, false)
}

/// The same, and gathers spans for [`take_spans`].
pub fn init_with_spans(format: LogFormat, filter: &str) -> Result<Metrics, TelemetryError> {
    begin(format, filter, true)
}

fn begin(format: LogFormat, filter: &str, spans: bool) -> Result<Metrics, TelemetryError> {
    let terminal = io::stderr().is_terminal();
    let json = match format {
        LogFormat::Auto => !terminal,
        LogFormat::Pretty => false,
        LogFormat::Json => true,
    };
    let net = Net::new(io::stderr);
    let lines = if json { json_lines(net) } else { pretty_lines(net, terminal) };
    let gather = spans.then(spans::Gather::begin);
    let subscriber = tracing_subscriber::registry().with(lines).with(gather).with(parsed(filter)?);
    subscriber.try_init().map_err(|_| TelemetryError::AlreadyBegun)?;
    log_panics();
    Ok(Metrics::of_process())
}

fn parsed(filter: &str) -> Result<EnvFilter, TelemetryError> {
    EnvFilter::try_new(filter).map_err(|error| TelemetryError::BadFilter(error.to_string()))
}

fn json_lines<S, W>(net: Net<W>) -> Box<dyn Layer<S> + Send + Sync>
where
    S: tracing::Subscriber + for<'a> LookupSpan<'a>,
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    fmt::layer().event_format(json::Lines).fmt_fields(JsonFields::new()).with_writer(net).boxed()
}

fn pretty_lines<W>(net: Net<W>, colours: bool) -> Box<dyn Layer<Registry> + Send + Sync>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    fmt::layer().with_ansi(colours).with_writer(net).boxed()
}

/// A panic becomes a log line like any other: one line, with its spans, through the same net.
fn log_panics() {
    std::panic::set_hook(Box::new(log_panic));
}

fn log_panic(info: &PanicHookInfo<'_>) {
    let text = info.payload_as_str().unwrap_or("(no text)");
    let location = info.location().map(ToString::to_string);
    let thread = std::thread::current();
    tracing::error!(panic = text, location, thread = thread.name(), "panic");
}

#[cfg(test)]
mod tests {
    use std::panic::AssertUnwindSafe;

    use serde_json::json;

    use super::*;

    const TOKEN: &str = "123456789:AAfake-test_token_of_35_characters1";

    #[test]
    fn a_json_line_carries_the_fields_of_its_spans_and_the_inner_one_wins() {
        let (capture, _guard) = LogCapture::on_this_thread("trace");
        let outer = tracing::info_span!("update", tenant = "partner-01", corr = tracing::field::Empty, step = 1);
        outer.record("corr", "0123456789AB");
        outer.in_scope(|| {
            tracing::info_span!("screen", step = 2).in_scope(|| tracing::warn!(chat = 5, level = "high", "slow"));
            tracing::debug!(ok = true, ratio = 0.5, "done");
        });
        let lines = capture.lines();
        assert_eq!(lines.len(), 2, "{lines:?}");
        let mut first = lines[0].clone();
        assert!(first["ts"].as_str().unwrap().ends_with('Z'));
        first.as_object_mut().unwrap().remove("ts");
        assert_eq!(
            first,
            json!({
                "level": "WARN", "target": "botyard::telemetry::tests", "message": "slow",
                "tenant": "partner-01", "corr": "0123456789AB", "step": 2, "chat": 5, "_level": "high",
            })
        );
        assert_eq!((&lines[1]["corr"], &lines[1]["step"]), (&json!("0123456789AB"), &json!(1)));
        assert!(capture.text().starts_with(r#"{"ts":""#), "the moment stands first");
    }

    #[test]
    fn a_token_is_blanked_wherever_it_stands_in_a_line_and_the_catch_is_counted() {
        let (capture, _guard) = LogCapture::on_this_thread("trace");
        let span = tracing::info_span!("call", url = format!("https://api.telegram.org/bot{TOKEN}/getMe"));
        span.in_scope(|| tracing::error!(error = %io::Error::other(TOKEN), raw = ?TOKEN, "failed with {TOKEN}"));
        tracing::info!("nothing secret 12:30:45");
        let text = capture.text();
        assert!(!text.contains("fake-test_token"), "{text}");
        assert_eq!(text.matches("123456789:***").count(), 4, "{text}");
        assert_eq!(capture.lines().len(), 2, "the lines are still JSON");
        assert_eq!(capture.caught(), 1);
    }

    #[test]
    fn the_pretty_lines_pass_the_same_net() {
        let capture = LogCapture::default();
        let subscriber = tracing_subscriber::registry().with(pretty_lines(Net::new(capture.clone()), false));
        tracing::subscriber::with_default(subscriber, || {
            tracing::info_span!("update", tenant = "partner-01").in_scope(|| tracing::info!("got {TOKEN}"));
        });
        let text = capture.text();
        assert!(
            text.contains(r#"update{tenant="partner-01"}: botyard::telemetry::tests: got 123456789:***"#),
            "{text}"
        );
    }

    #[test]
    fn a_panic_is_one_redacted_line_with_its_place_and_its_spans() {
        let (capture, _guard) = LogCapture::on_this_thread("trace");
        let before = std::panic::take_hook();
        log_panics();
        let span = tracing::info_span!("update", tenant = "partner-01");
        let panicked =
            std::panic::catch_unwind(AssertUnwindSafe(|| span.in_scope(|| panic!("first line\nwith {TOKEN}"))));
        std::panic::set_hook(before);
        assert!(panicked.is_err());
        let lines = capture.lines();
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert_eq!(lines[0]["panic"], "first line\nwith 123456789:***");
        assert_eq!(lines[0]["tenant"], "partner-01");
        assert!(lines[0]["location"].as_str().unwrap().starts_with("src/telemetry.rs:"));
    }

    #[test]
    fn a_bad_filter_is_named() {
        let error = parsed("botyard=loud").unwrap_err().to_string();
        assert!(error.starts_with("RUST_LOG: not a filter"), "{error}");
    }
}
