//! Requests to registries in traces: a span each.
//!
//! Neither URLs nor errors of the client are shown: upload locations and
//! redirects may bear tokens.

use snapshot_core::artifact::ArtifactReference;
use tracing::{Instrument as _, field::Empty};

/// Does something at a registry, in a span that says how much it moved.
pub(super) async fn traced<T, E>(
    what: &str,
    reference: &ArtifactReference,
    bytes: usize,
    request: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    let span = tracing::debug_span!(
        "registry",
        message = format_args!("{what} at {}/{}", reference.registry(), reference.repository()),
        bytes = (bytes > 0).then_some(bytes),
        failed = Empty,
    );
    let done = request.instrument(span.clone()).await;
    if done.is_err() {
        span.record("failed", true);
    }
    done
}
