//! The author of what is stored, and the recorder of facts.

use super::{App, AppError, Failure};

/// The user, as the API server knows them or, without one, the operating system.
pub async fn author(app: &App) -> Option<String> {
    if !app.connections.store_is_directory()
        && let Ok(cluster) = app.connections.cluster().await
        && let Ok(name) = cluster.whoami().await
    {
        return Some(name);
    }
    ["USER", "USERNAME"].into_iter().find_map(|variable| std::env::var(variable).ok())
}

/// The user who records something: as the API server knows them or, for a directory, the
/// operating system.
pub async fn recorder(app: &App) -> Result<String, Failure> {
    if !app.connections.store_is_directory() {
        return Ok(app.connections.cluster().await?.whoami().await?);
    }
    let author = author(app).await.filter(|name| !name.trim().is_empty());
    author.ok_or_else(|| AppError::NoRecorder.into())
}
