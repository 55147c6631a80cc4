//! Requests in traces: a span each, and with `-vv` the headers that tell no secret.

use http::{HeaderMap, Request};
use tracing::{Span, field::Empty};

/// The headers that are shown as they are. Whatever else there is may be a
/// credential, and only its name is shown.
const HARMLESS: [&str; 17] = [
    "accept",
    "accept-encoding",
    "audit-id",
    "cache-control",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "retry-after",
    "server",
    "transfer-encoding",
    "user-agent",
    "vary",
    "warning",
    "x-kubernetes-pf-flowschema-uid",
    "x-kubernetes-pf-prioritylevel-uid",
];

/// The span of a request: method, path and query now, the rest once it is known.
pub(super) fn request<B>(request: &Request<B>) -> Span {
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    tracing::debug_span!(
        "request",
        message = format_args!("{} {path}", request.method()),
        status = Empty,
        bytes = Empty,
        error = Empty,
    )
}

/// The headers of a request or an answer, an event each; `direction` is `>` or `<`.
pub(super) fn headers(direction: char, headers: &HeaderMap) {
    for (name, value) in headers {
        let harmless = HARMLESS.contains(&name.as_str()) && !value.is_sensitive();
        let value = value.to_str().ok().filter(|_| harmless).unwrap_or("(not shown)");
        tracing::trace!("{direction} {name}: {value}");
    }
}
