//! The few requests that everything else is made of, as raw JSON text.

use std::{sync::Arc, time::Duration};

use futures::{Stream, StreamExt};
use http::Request;
use kube::{
    Client,
    client::Body,
    core::{Status, WatchEvent},
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::DeserializeOwned;
use snapshot_core::manifest::Kind;
use tokio::{sync::OnceCell, time::sleep};
use tracing::Instrument as _;

use super::{
    ClusterError,
    contexts::Contexts,
    error::{Asked, Server},
    groups::Served,
    trace,
};
use crate::causes::{Fault, innermost};

/// Everything but what RFC 3986 calls unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The verbs that admission has no say in.
const READS: [&str; 3] = ["get", "list", "watch"];

/// The pauses before a request is made again whose answer was lost.
pub const AGAIN: [Duration; 3] =
    [Duration::from_millis(100), Duration::from_millis(500), Duration::from_secs(2)];

/// A connection to one cluster, and the namespace that commands mean.
#[derive(Clone)]
pub struct Cluster {
    client: Client,
    contexts: Arc<Contexts>,
    namespace: String,
    server: Server,
    field_manager: String,
    /// The groups that it serves, once somebody has asked.
    served: Arc<OnceCell<Served>>,
}

/// Parameters of a request's URL.
#[derive(Clone, Debug, Default)]
pub struct Query(String);

/// True of a connection that broke, and of a proxy that reached no server. What the server
/// itself says stays, what is busy is asked again below this, and a user who sets a time means it.
fn is_broken_off(error: &ClusterError) -> bool {
    match error {
        ClusterError::Unreachable { fault, .. } => {
            *fault != Fault::TimedOut && error.is_lost_answer()
        }
        ClusterError::Api { code: 502, .. } => true,
        _ => false,
    }
}

impl Query {
    /// For a list in one answer, which the server may have at hand: it can be a
    /// moment old, and costs neither pages nor a look into its database.
    #[must_use]
    pub fn recent() -> Self {
        Self::default().with("resourceVersion", "0")
    }

    /// Adds a parameter; its value is escaped.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        let separator = if self.0.is_empty() { '?' } else { '&' };
        self.0.push(separator);
        self.0.push_str(name);
        self.0.push('=');
        self.0.extend(utf8_percent_encode(value, RESERVED));
        self
    }
}

/// Event of a watch.
#[derive(Clone, Debug)]
pub enum Watched<T> {
    /// The object is there, or changed.
    Present(T),
    /// The object is gone.
    Gone(T),
    /// Bookmark: everything up to this resource version was reported.
    Bookmark,
}

impl Cluster {
    pub(super) fn new(
        client: Client,
        contexts: Contexts,
        namespace: String,
        server: Server,
        field_manager: String,
    ) -> Self {
        let contexts = Arc::new(contexts);
        Self { client, contexts, namespace, server, field_manager, served: Arc::default() }
    }

    /// The name of the kubeconfig's context.
    #[must_use]
    pub fn context(&self) -> &str {
        self.contexts.name()
    }

    /// True if a context means this cluster, by whatever name; none where the kubeconfig does not
    /// know it.
    #[must_use]
    pub fn is_context(&self, context: &str) -> Option<bool> {
        self.contexts.is_it(context)
    }

    /// The API server's address.
    #[must_use]
    pub fn server(&self) -> &str {
        &self.server.url
    }

    /// The namespace that commands mean where none is named.
    #[must_use]
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// Copy of the connection for another namespace.
    #[must_use]
    pub fn in_namespace(&self, namespace: &str) -> Self {
        Self { namespace: namespace.to_owned(), ..self.clone() }
    }

    /// The path of a kind's objects in this namespace.
    #[must_use]
    pub fn path(&self, kind: Kind) -> String {
        match kind.group() {
            "" => self.core_path(kind.plural()),
            group => format!(
                "/apis/{group}/{}/namespaces/{}/{}",
                self.version_of(kind),
                self.namespace,
                kind.plural()
            ),
        }
    }

    /// The version of a kind that the cluster is asked for.
    #[must_use]
    pub fn version_of(&self, kind: Kind) -> &'static str {
        let served = self.served.get().and_then(|served| served.version(kind));
        served.unwrap_or(kind.spec().version)
    }

    pub(super) fn known_groups(&self) -> &OnceCell<Served> {
        &self.served
    }

    /// The path of a core resource (`pods`, `configmaps`) in this namespace.
    #[must_use]
    pub fn core_path(&self, plural: &str) -> String {
        format!("/api/v1/namespaces/{}/{plural}", self.namespace)
    }

    /// Reads an object; `None` where it is not there.
    pub async fn get(&self, path: &str) -> Result<Option<String>, ClusterError> {
        match self.send("get", "GET", path, &Query::default(), None).await {
            Ok(text) => Ok(Some(text)),
            Err(ClusterError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Reads one page of a list, as the server wrote it.
    pub async fn list(&self, path: &str, query: &Query) -> Result<String, ClusterError> {
        self.send("list", "GET", path, query, None).await
    }

    /// Reads one page of a list with nothing but the objects' metadata.
    pub async fn list_metadata(&self, path: &str, query: &Query) -> Result<String, ClusterError> {
        let request = Request::get(format!("{path}{}", query.0)).header(
            http::header::ACCEPT,
            "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1",
        );
        self.run("list", path, request, Vec::new()).await
    }

    /// Creates an object.
    pub async fn create(
        &self,
        path: &str,
        body: &str,
        query: &Query,
    ) -> Result<String, ClusterError> {
        let query = query.clone().with("fieldManager", &self.field_manager);
        self.send("create", "POST", path, &query, Some(("application/json", body))).await
    }

    /// Changes an object by a JSON Patch.
    pub async fn patch(
        &self,
        path: &str,
        body: &str,
        query: &Query,
    ) -> Result<String, ClusterError> {
        let query = query.clone().with("fieldManager", &self.field_manager);
        self.send("patch", "PATCH", path, &query, Some(("application/json-patch+json", body))).await
    }

    /// Makes an object what `body` says, which takes fields over from whoever wrote them
    /// before; what it does not mention stays (server-side apply).
    pub async fn apply(&self, path: &str, body: &str) -> Result<String, ClusterError> {
        let query =
            Query::default().with("fieldManager", &self.field_manager).with("force", "true");
        self.send("patch", "PATCH", path, &query, Some(("application/apply-patch+yaml", body)))
            .await
    }

    /// Makes what a manager owns of an object what `body` says, in that manager's name
    /// (server-side apply); the `resourceVersion` in it guards against others' changes.
    pub async fn apply_as(
        &self,
        manager: &str,
        path: &str,
        body: &str,
        query: &Query,
    ) -> Result<String, ClusterError> {
        let query = query.clone().with("fieldManager", manager).with("force", "true");
        self.send("patch", "PATCH", path, &query, Some(("application/apply-patch+yaml", body)))
            .await
    }

    /// Replaces an object; its `resourceVersion` guards against others' changes.
    pub async fn replace(&self, path: &str, body: &str) -> Result<String, ClusterError> {
        let query = Query::default().with("fieldManager", &self.field_manager);
        self.send("update", "PUT", path, &query, Some(("application/json", body))).await
    }

    /// Deletes an object.
    pub async fn delete(&self, path: &str) -> Result<(), ClusterError> {
        self.send("delete", "DELETE", path, &Query::default(), None).await.map(drop)
    }

    /// Has the server say whether it would delete an object.
    pub async fn try_delete(&self, path: &str) -> Result<(), ClusterError> {
        let trial = Query::default().with("dryRun", "All");
        self.send("delete", "DELETE", path, &trial, None).await.map(drop)
    }

    /// Deletes the object with that uid, and no other that has got its name since.
    ///
    /// As a trial, the server only says whether it would.
    pub async fn delete_exactly(
        &self,
        path: &str,
        uid: &str,
        trial: bool,
    ) -> Result<(), ClusterError> {
        let mut body = serde_json::json!({
            "apiVersion": "v1", "kind": "DeleteOptions", "preconditions": { "uid": uid },
        });
        let mut query = Query::default();
        if trial {
            // The body counts; the query is for whoever reads a log of requests.
            body["dryRun"] = serde_json::json!(["All"]);
            query = query.with("dryRun", "All");
        }
        let body = body.to_string();
        let body = Some(("application/json", body.as_str()));
        self.send("delete", "DELETE", path, &query, body).await.map(drop)
    }

    /// Asks the server a question by creating a review object, which it does not keep.
    pub async fn ask(&self, path: &str, body: &str) -> Result<String, ClusterError> {
        self.send("create", "POST", path, &Query::default(), Some(("application/json", body))).await
    }

    /// Watches a list, narrowed by `query`, from `resource_version` on.
    ///
    /// The stream ends when the server closes it, which it does every few minutes.
    pub async fn watch<T: DeserializeOwned + Clone>(
        &self,
        path: &str,
        query: &Query,
        resource_version: &str,
    ) -> Result<impl Stream<Item = Result<Watched<T>, ClusterError>> + use<'_, T>, ClusterError>
    {
        let query = query
            .clone()
            .with("watch", "true")
            .with("allowWatchBookmarks", "true")
            .with("resourceVersion", resource_version);
        let url = format!("{path}{}", query.0);
        let request =
            Request::get(url).body(Vec::new()).map_err(|error| self.unsendable(path, &error))?;
        let span = trace::request(&request);
        let events = self
            .client
            .request_events::<T>(request)
            .instrument(span)
            .await
            .map_err(|error| ClusterError::from_kube(error, &self.asked("watch", path)))?;
        let path = path.to_owned();
        Ok(events.map(move |event| match event {
            Ok(WatchEvent::Added(object) | WatchEvent::Modified(object)) => {
                Ok(Watched::Present(object))
            }
            Ok(WatchEvent::Deleted(object)) => Ok(Watched::Gone(object)),
            Ok(WatchEvent::Bookmark(_)) => Ok(Watched::Bookmark),
            Ok(WatchEvent::Error(status)) => {
                Err(ClusterError::from_kube(kube::Error::Api(status), &self.asked("watch", &path)))
            }
            Err(error) => Err(ClusterError::from_kube(error, &self.asked("watch", &path))),
        }))
    }

    async fn send(
        &self,
        verb: &'static str,
        method: &str,
        path: &str,
        query: &Query,
        body: Option<(&str, &str)>,
    ) -> Result<String, ClusterError> {
        let request = Request::builder().method(method).uri(format!("{path}{}", query.0));
        match body {
            Some((content_type, body)) => {
                let request = request.header(http::header::CONTENT_TYPE, content_type);
                self.run(verb, path, request, body.as_bytes().to_vec()).await
            }
            None => self.run(verb, path, request, Vec::new()).await,
        }
    }

    async fn run(
        &self,
        verb: &'static str,
        path: &str,
        request: http::request::Builder,
        body: Vec<u8>,
    ) -> Result<String, ClusterError> {
        let mut request = request.body(body).map_err(|error| self.unsendable(path, &error))?;
        // Looking once more does no harm, and a review is answered and not kept.
        let asks = READS.contains(&verb) || path.ends_with("reviews");
        let mut pauses = AGAIN.into_iter();
        let answered = loop {
            let sent = if asks { request.clone() } else { std::mem::take(&mut request) };
            let span = trace::request(&sent);
            let answered = Box::pin(self.exchange(sent)).instrument(span.clone()).await;
            if let Err(error) = &answered {
                span.record("error", innermost(error).to_string());
            }
            let answered =
                answered.map_err(|error| ClusterError::from_kube(error, &self.asked(verb, path)));
            let pause = match &answered {
                Err(error) if asks && is_broken_off(error) => pauses.next(),
                _ => None,
            };
            let Some(pause) = pause else { break answered };
            sleep(pause).await;
        };
        match answered {
            // Of a write, a quota or a webhook says the same word as an authoriser.
            Err(ClusterError::Forbidden { missing: Some(_), message })
                if !READS.contains(&verb) && self.is_allowed(verb, path).await =>
            {
                Err(ClusterError::NotAdmitted { message })
            }
            answered => answered,
        }
    }

    /// Sends a request and reads its answer to the end.
    async fn exchange(&self, request: Request<Vec<u8>>) -> Result<String, kube::Error> {
        trace::headers('>', request.headers());
        let response = self.client.send(request.map(Body::from)).await?;
        let status = response.status();
        let span = tracing::Span::current();
        span.record("status", status.as_u16());
        trace::headers('<', response.headers());
        let bytes = response.into_body().collect_bytes().await?;
        span.record("bytes", bytes.len());
        let text = String::from_utf8(bytes.into()).map_err(kube::Error::FromUtf8)?;
        if !status.is_client_error() && !status.is_server_error() {
            return Ok(text);
        }
        // A proxy's refusal is no Status: then its words are the message.
        let refusal = serde_json::from_str::<Status>(&text).unwrap_or_else(|_| {
            Status::failure(text.trim(), "Failed to parse error data").with_code(status.as_u16())
        });
        Err(kube::Error::Api(refusal.boxed()))
    }

    fn asked<'a>(&'a self, verb: &'static str, path: &'a str) -> Asked<'a> {
        Asked { verb, path, server: &self.server }
    }

    fn unsendable(&self, path: &str, error: &http::Error) -> ClusterError {
        self.server.unreachable(format!("{path}: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_a_query_are_escaped() {
        let query = Query::default()
            .with("labelSelector", "app in (cart,tax),tier!=a+b")
            .with("fieldManager", "größe-1.0_~");
        assert_eq!(
            query.0,
            "?labelSelector=app%20in%20%28cart%2Ctax%29%2Ctier%21%3Da%2Bb&fieldManager=gr%C3%B6%C3%9Fe-1.0_~"
        );
    }
}
