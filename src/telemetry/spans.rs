//! Spans for a collector that speaks OpenTelemetry (OTLP over HTTP, JSON), when an endpoint is set (platform.md 5). Here they are
//! gathered; `clients/otlp.rs` sends them. A queue that is full loses spans and counts them: tracing never holds work up.

use std::fmt;
use std::sync::{Mutex, OnceLock, PoisonError};

use rand::RngExt as _;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tracing::Subscriber;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use super::redacted;
use crate::domain::Clock;

/// Finished spans that wait to be sent.
const WAITING: usize = 4_096;

/// A finished span, as OTLP's JSON has it.
type Finished = Value;

/// The spans of this process that wait to be sent.
pub struct Spans(mpsc::Receiver<Finished>);

impl Spans {
    /// At least one and at most `most` spans; `None`: there will be no more.
    pub async fn take(&mut self, most: usize) -> Option<Vec<Finished>> {
        let mut taken = Vec::new();
        (self.0.recv_many(&mut taken, most).await > 0).then_some(taken)
    }
}

fn waiting() -> &'static Mutex<Option<Spans>> {
    static WAITING: OnceLock<Mutex<Option<Spans>>> = OnceLock::new();
    WAITING.get_or_init(Mutex::default)
}

/// The spans that were asked for by the layer; whoever takes them sends them. `None`: none are gathered, or they are taken.
pub fn take_spans() -> Option<Spans> {
    waiting().lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// Gathers spans.
pub(super) struct Gather(mpsc::Sender<Finished>);

impl Gather {
    /// From now on; the spans are taken by [`take_spans`].
    pub(super) fn begin() -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        *waiting().lock().unwrap_or_else(PoisonError::into_inner) = Some(Spans(receiver));
        Self(sender)
    }

    #[cfg(test)]
    fn pair() -> (Self, Spans) {
        let (sender, receiver) = mpsc::channel(WAITING);
        (Self(sender), Spans(receiver))
    }
}

/// What is known of a span while it is open.
struct Open {
    trace: u128,
    span: u64,
    parent: Option<u64>,
    began_ms: i64,
    fields: Fields,
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Gather {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, ctx: Context<'_, S>) {
        let Some(span) = ctx.span(id) else { return };
        let above =
            span.parent().and_then(|parent| parent.extensions().get::<Open>().map(|open| (open.trace, open.span)));
        let mut rng = rand::rng();
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        let open = Open {
            trace: above.map_or_else(|| rng.random(), |(trace, _)| trace),
            span: rng.random(),
            parent: above.map(|(_, span)| span),
            began_ms: Clock::system().now().0,
            fields,
        };
        span.extensions_mut().insert(open);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, ctx: Context<'_, S>) {
        if let Some(span) = ctx.span(id)
            && let Some(open) = span.extensions_mut().get_mut::<Open>()
        {
            values.record(&mut open.fields);
        }
    }

    fn on_close(&self, id: Id, ctx: Context<'_, S>) {
        let Some(span) = ctx.span(&id) else { return };
        let Some(open) = span.extensions_mut().remove::<Open>() else { return };
        let nanos = |ms: i64| format!("{ms}000000");
        let finished = json!({
            "traceId": format!("{:032x}", open.trace),
            "spanId": format!("{:016x}", open.span),
            "parentSpanId": open.parent.map_or_else(String::new, |parent| format!("{parent:016x}")),
            "name": span.name(),
            "kind": 1,
            "startTimeUnixNano": nanos(open.began_ms),
            "endTimeUnixNano": nanos(Clock::system().now().0),
            "attributes": open.fields.0,
        });
        if self.0.try_send(finished).is_err() {
            metrics::counter!("botyard_spans_lost_total").increment(1);
        }
    }
}

/// A span's fields as OTLP's attributes, through the same net as log lines.
#[derive(Default)]
struct Fields(Vec<Value>);

impl Fields {
    fn put(&mut self, field: &Field, value: &Value) {
        self.0.push(json!({ "key": field.name(), "value": value }));
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let text = format!("{value:?}");
        self.put(field, &json!({ "stringValue": redacted(&text) }));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, &json!({ "stringValue": redacted(value) }));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, &json!({ "intValue": value.to_string() }));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, &json!({ "intValue": value.to_string() }));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, &json!({ "boolValue": value }));
    }
}

#[cfg(test)]
mod tests {
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;

    #[tokio::test]
    async fn a_span_is_told_with_its_parent_its_trace_and_its_fields_redacted() {
        let (gather, mut spans) = Gather::pair();
        let subscriber = tracing_subscriber::registry().with(gather);
        tracing::subscriber::with_default(subscriber, || {
            let outer = tracing::info_span!("update", tenant = "partner-01", corr = tracing::field::Empty, n = 3);
            outer.record("corr", "0123456789AB");
            outer.in_scope(|| {
                let token = "123456789:AAfake-test_token_of_35_characters1";
                tracing::info_span!("call", url = format!("https://api/bot{token}/getMe")).in_scope(|| {});
            });
        });
        let told = spans.take(10).await.unwrap();
        assert_eq!(told.len(), 2);
        let (call, update) = (&told[0], &told[1]);
        assert_eq!((&call["name"], &update["name"]), (&json!("call"), &json!("update")));
        assert_eq!((&call["traceId"], &call["parentSpanId"]), (&update["traceId"], &update["spanId"]));
        assert_eq!(update["parentSpanId"], "");
        assert_eq!(update["traceId"].as_str().unwrap().len(), 32);
        let attributes = update["attributes"].to_string();
        assert!(attributes.contains("partner-01") && attributes.contains("0123456789AB"), "{attributes}");
        assert!(!call.to_string().contains("fake-test_token"), "{call}");
    }
}
