//! The path template of the call in progress, which the session puts on spans and metrics.

use super::path::PathBuilder;

tokio::task_local! {
    static PATH: PathBuilder;
}

/// Sends a call, whose path template can be asked for meanwhile.
pub(super) async fn within<F: Future>(path: PathBuilder, sending: F) -> F::Output {
    PATH.scope(path, sending).await
}

/// Returns the path template of the call that the current task sends, such as
/// `/controls-api/1.0/tests/{testKey}`; none outside the hooks of a [`Call`](super::Call).
pub fn path_template() -> Option<String> {
    PATH.try_with(PathBuilder::template).ok()
}
