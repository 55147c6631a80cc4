//! The author of what is stored, and the recorder of facts.

use super::{App, AppError, Failure};

/// The user, as the API server knows them or, without one, the operating system.
pub async fn author(app: &App) -> Option<String> {
    if !app.connections.store_is_directory()
        && let Ok(cluster) = app.connections.connected().await
        && let Ok(name) = cluster.whoami().await
    {
        return Some(name);
    }
    ["USER", "USERNAME"].into_iter().find_map(|variable| std::env::var(variable).ok())
}

/// A user who records something.
#[derive(Clone, Debug)]
pub struct Recorder {
    /// Name of the user.
    pub name: String,
    /// The groups that the API server knows the user in; none where it was not asked, or they
    /// would be too much for a document.
    pub groups: Option<Vec<String>>,
}

/// The most bytes of groups that are recorded with a fact.
const MOST_OF_GROUPS: usize = 8 << 10;

/// The user who records something: as the API server knows them or, for a directory, the
/// operating system.
pub async fn recorder(app: &App) -> Result<Recorder, Failure> {
    if !app.connections.store_is_directory() {
        let actor = app.connections.connected().await?.actor().await?;
        let bytes: usize = actor.groups.iter().map(String::len).sum();
        let groups = Some(actor.groups).filter(|_| bytes <= MOST_OF_GROUPS);
        return Ok(Recorder { name: actor.name, groups });
    }
    let author = author(app).await.filter(|name| !name.trim().is_empty());
    let name = author.ok_or_else(|| Failure::from(AppError::NoRecorder))?;
    Ok(Recorder { name, groups: None })
}
