//! Lists in pages, each item read from the page's own text.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Cluster, ClusterError, Query};

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

/// Reads every page of a list and hands each item's text to `take`.
///
/// The next page is on its way while this one is worked on. Returns the list's
/// resource version, from which a watch can go on.
pub(super) async fn each_item<F>(
    cluster: &Cluster,
    path: &str,
    query: &Query,
    mut take: F,
) -> Result<String, ClusterError>
where
    F: FnMut(&str) -> Result<(), serde_json::Error>,
{
    let query = query.clone().with("limit", PAGE);
    let mut text = cluster.list(path, &query).await?;
    loop {
        let unreadable = |error: serde_json::Error| ClusterError::Answer {
            what: path.to_owned(),
            cause: error.to_string(),
        };
        let page: Page<'_> = serde_json::from_str(&text).map_err(unreadable)?;
        let next = (!page.metadata.next.is_empty()).then(|| {
            let (cluster, path) = (cluster.clone(), path.to_owned());
            let query = query.clone().with("continue", &page.metadata.next);
            tokio::spawn(async move { cluster.list(&path, &query).await })
        });
        tokio::task::block_in_place(|| {
            page.items.iter().flatten().try_for_each(|item| take(item.get()))
        })
        .map_err(unreadable)?;
        let Some(next) = next else { return Ok(page.metadata.resource_version) };
        text = next.await.map_err(|error| ClusterError::Answer {
            what: path.to_owned(),
            cause: error.to_string(),
        })??;
    }
}

/// The members of an object, as text: the caller parses those it wants, and
/// the bulk that no set carries (`managedFields`, `status`) is passed over.
pub(super) type Members<'a> = BTreeMap<&'a str, &'a RawValue>;
