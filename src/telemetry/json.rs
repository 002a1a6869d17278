//! One event, one line of JSON: moment, level, target, message, then the fields of the spans and of the event itself.

use std::fmt;

use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, FormattedFields};
use tracing_subscriber::registry::LookupSpan;

use crate::domain::Clock;

/// Names a field may not have; it gets a `_` in front.
const RESERVED: &[&str] = &["ts", "level", "target", "message"];

/// The format. Wants its span fields formatted by `JsonFields`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lines;

impl<S, N> FormatEvent<S, N> for Lines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, ctx: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let mut line = Line::default();
        for span in ctx.event_scope().into_iter().flat_map(tracing_subscriber::registry::Scope::from_root) {
            let extensions = span.extensions();
            let fields = extensions.get::<FormattedFields<N>>().map_or("", |fields| fields.fields.as_str());
            if let Ok(fields) = serde_json::from_str::<Map<String, Value>>(fields) {
                fields.into_iter().for_each(|(name, value)| line.put(&name, value));
            }
        }
        event.record(&mut line);
        let meta = event.metadata();
        let now = Clock::system().now().timestamp();
        write!(writer, r#"{{"ts":"{now:.3}","level":"{}","target":{}"#, meta.level(), text(meta.target()))?;
        write!(writer, r#","message":{}"#, text(&line.message))?;
        for (name, value) in &line.fields {
            write!(writer, ",{}:{value}", text(name))?;
        }
        writeln!(writer, "}}")
    }
}

fn text(raw: &str) -> Value {
    Value::from(raw)
}

#[derive(Default)]
struct Line {
    message: String,
    fields: Map<String, Value>,
}

impl Line {
    fn put(&mut self, name: &str, value: Value) {
        let name = if RESERVED.contains(&name) { format!("_{name}") } else { name.to_owned() };
        self.fields.insert(name, value);
    }
}

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            self.message = format!("{value:?}");
        } else {
            self.put(field.name(), format!("{value:?}").into());
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "message" {
            value.clone_into(&mut self.message);
        } else {
            self.put(field.name(), value.into());
        }
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field.name(), value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field.name(), value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field.name(), value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field.name(), value.into());
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        let chain: Vec<String> =
            std::iter::successors(Some(value), |error| error.source()).map(ToString::to_string).collect();
        self.put(field.name(), chain.join(": ").into());
    }
}
