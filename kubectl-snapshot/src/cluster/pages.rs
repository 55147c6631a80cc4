//! Lists in pages, each item read from the page's own text.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::task::JoinHandle;

use super::{Cluster, ClusterError, Query};
use crate::blocking::blocking;

/// Objects in one page: large enough for few round trips, small enough to hold several.
const PAGE: &str = "500";

#[derive(Deserialize)]
struct Page<'a> {
    #[serde(default)]
    metadata: PageMetadata,
    /// Null where there are none, in some of the server's answers.
    #[serde(borrow, default)]
    items: Option<Vec<&'a RawValue>>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct PageMetadata {
    #[serde(rename = "continue")]
    next: String,
    resource_version: String,
}

/// Reads every page of a list and hands each item's text to `take`, with the
/// state that it collects in.
///
/// Pages are taken apart on a thread of their own, while the next one is on its
/// way. Returns the list's resource version, from which a watch can go on, and
/// the state.
pub(super) async fn each_item<S, F>(
    cluster: &Cluster,
    path: &str,
    query: &Query,
    state: S,
    take: F,
) -> Result<(String, S), ClusterError>
where
    S: Send + 'static,
    F: FnMut(&mut S, &str) -> Result<(), serde_json::Error> + Send + 'static,
{
    each_page(cluster, path, query, state, take, &|_| ()).await
}

/// Reads each page, and tells `progress` how many items it had.
pub(super) async fn each_page<S, F>(
    cluster: &Cluster,
    path: &str,
    query: &Query,
    mut state: S,
    mut take: F,
    progress: &(dyn Fn(usize) + Send + Sync),
) -> Result<(String, S), ClusterError>
where
    S: Send + 'static,
    F: FnMut(&mut S, &str) -> Result<(), serde_json::Error> + Send + 'static,
{
    let query = query.clone().with("limit", PAGE);
    let mut text = cluster.list(path, &query).await?;
    loop {
        let further =
            Further { cluster: cluster.clone(), path: path.to_owned(), query: query.clone() };
        let page = move || {
            let read = read_page(&text, further, |item| take(&mut state, item));
            (read, state, take)
        };
        let read;
        (read, state, take) = blocking(page).await;
        let ReadPage { items, resource_version, next } =
            read.map_err(|error| ClusterError::answer(path, error))?;
        progress(items);
        let Some(next) = next else { return Ok((resource_version, state)) };
        text = next.await.map_err(|error| ClusterError::answer(path, error))??;
    }
}

/// The list that a page is of.
struct Further {
    cluster: Cluster,
    path: String,
    query: Query,
}

/// A page that was taken apart.
struct ReadPage {
    items: usize,
    resource_version: String,
    /// The page after it, which is on its way.
    next: Option<JoinHandle<Result<String, ClusterError>>>,
}

fn read_page(
    text: &str,
    further: Further,
    mut take: impl FnMut(&str) -> Result<(), serde_json::Error>,
) -> Result<ReadPage, serde_json::Error> {
    let page: Page<'_> = serde_json::from_str(text)?;
    let PageMetadata { next, resource_version } = page.metadata;
    let next = (!next.is_empty()).then(|| {
        let Further { cluster, path, query } = further;
        tokio::spawn(async move { cluster.list(&path, &query.with("continue", &next)).await })
    });
    let items = page.items.unwrap_or_default();
    items.iter().try_for_each(|item| take(item.get()))?;
    Ok(ReadPage { items: items.len(), resource_version, next })
}

/// The members of an object, as text: the caller parses those it wants, and
/// the bulk that no set carries (`managedFields`, `status`) is passed over.
pub(super) type Members<'a> = BTreeMap<&'a str, &'a RawValue>;
