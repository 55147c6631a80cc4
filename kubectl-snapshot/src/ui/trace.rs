//! Traces on stderr: what `-v` and `-vv` show.
//!
//! A span is a line once it has ended, with its fields and the time it took; an
//! event is a line at once. Only this program's own are shown: what libraries
//! trace may hold credentials.

use std::{
    fmt::{self, Write as _},
    time::{Duration, Instant},
};

use snapshot_core::visible;
use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    level_filters::LevelFilter,
    span::{Attributes, Id, Record},
    subscriber::Interest,
};
use tracing_subscriber::{
    layer::{Context, Layer, SubscriberExt as _},
    registry::{LookupSpan, Registry},
};

use super::Ui;

/// Prefixes of the targets of this program's crates.
const OURS: [&str; 2] = ["kubectl_snapshot", "snapshot_"];
/// The span that the Kubernetes client opens for each attempt of a request.
const ATTEMPT: (&str, &str) = ("kube_client::client::builder", "HTTP");

/// Shows traces on the terminal, from `-v` on.
pub fn show_traces(ui: &Ui, verbosity: u8) {
    let level = match verbosity {
        0 => return,
        1 => Level::DEBUG,
        _ => Level::TRACE,
    };
    let lines = Lines { ui: ui.clone(), level };
    // There is one already only where a test runs two commands in a process.
    let _ = tracing::subscriber::set_global_default(Registry::default().with(lines));
}

/// Spans and events as lines above whatever moves on the terminal.
struct Lines {
    ui: Ui,
    level: Level,
}

/// A span that has not ended.
struct Open {
    started: Instant,
    fields: Fields,
    attempts: usize,
}

/// The fields of a span or an event, as text.
#[derive(Default)]
struct Fields {
    message: String,
    others: String,
}

impl Lines {
    fn shows(&self, metadata: &Metadata<'_>) -> bool {
        let ours = OURS.iter().any(|crate_name| metadata.target().starts_with(crate_name));
        (ours && *metadata.level() <= self.level) || is_attempt(metadata)
    }
}

fn is_attempt(metadata: &Metadata<'_>) -> bool {
    metadata.is_span() && (metadata.target(), metadata.name()) == ATTEMPT
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Lines {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if self.shows(metadata) { Interest::always() } else { Interest::never() }
    }

    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        self.shows(metadata)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.level.into())
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        if is_attempt(span.metadata()) {
            if let Some(request) = span.parent()
                && let Some(open) = request.extensions_mut().get_mut::<Open>()
            {
                open.attempts += 1;
            }
            return;
        }
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        span.extensions_mut().insert(Open { started: Instant::now(), fields, attempts: 0 });
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(open) = span.extensions_mut().get_mut::<Open>()
        {
            values.record(&mut open.fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        self.ui.trace(&fields.line());
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let open = context.span(&id).and_then(|span| span.extensions_mut().remove::<Open>());
        if let Some(open) = open {
            self.ui.trace(&open.line(open.started.elapsed()));
        }
    }
}

impl Open {
    fn line(&self, took: Duration) -> String {
        let mut line = self.fields.line();
        if self.attempts > 1 {
            let _ = write!(line, " retries={}", self.attempts - 1);
        }
        let tenths = took.as_micros() / 100;
        let _ = write!(line, " time={}.{}ms", tenths / 10, tenths % 10);
        line
    }
}

impl Fields {
    fn line(&self) -> String {
        visible::line(&format!("{}{}", self.message, self.others)).into_owned()
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let _ = match field.name() {
            "message" => write!(self.message, "{value:?}"),
            name => write!(self.others, " {name}={value:?}"),
        };
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.record_debug(field, &format_args!("{value}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_the_message_first_and_cannot_move_the_cursor() {
        let mut fields = Fields::default();
        fields.others.push_str(" status=200");
        fields.message.push_str("GET /api\u{1b}[2J");
        let open = Open { started: Instant::now(), fields, attempts: 2 };
        let line = open.line(Duration::from_micros(12_300));
        assert_eq!(line, "GET /api\\u{1b}[2J status=200 retries=1 time=12.3ms");
    }
}
