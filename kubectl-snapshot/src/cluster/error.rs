//! Errors of requests to an API server.

use std::fmt;

use kube::{client::AuthError, core::response::StatusDetails};
use snapshot_core::manifest::{Kind, Serving};

use super::{credentials, resource_path::ResourcePath};
use crate::causes::{Cause, Fault, chain, innermost};

/// Error: the cluster did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// Neither a kubeconfig nor a pod's account.
    #[error("no cluster: there is no kubeconfig with a context")]
    NoCluster,
    /// The kubeconfig, a flag or a credential plugin is at fault.
    #[error("kubeconfig: {0}")]
    Kubeconfig(String),
    /// The server does not answer.
    #[error("Unable to connect to the server {server}: {}", innermost(.cause.as_ref()))]
    Unreachable {
        /// The server's URL.
        server: String,
        /// The part of the connection that fails.
        fault: Fault,
        /// True if there is a proxy between.
        proxied: bool,
        /// The connection's own error.
        #[source]
        cause: Cause,
    },
    /// The server does not know who is asking.
    #[error(
        "You must be logged in to the server (Unauthorized): {server} does not know these credentials; renew those of this context"
    )]
    Unauthorized {
        /// The server's URL.
        server: String,
    },
    /// The user may not do that, by their roles.
    #[error("Error from server (Forbidden): {message}{}", ask_for(.missing.as_ref()))]
    Forbidden {
        /// The right that a role would have to grant; none of `--as`, where it is the
        /// impersonation that is refused.
        missing: Option<MissingRight>,
        /// The server's words.
        message: String,
    },
    /// Admission refuses what roles allow: a quota, a policy, a webhook.
    #[error("Error from server (Forbidden): {message}")]
    NotAdmitted {
        /// The server's words.
        message: String,
    },
    /// The object is not there.
    #[error("Error from server (NotFound): {message}")]
    NotFound {
        /// The server's words.
        message: String,
    },
    /// The object is there already.
    #[error("Error from server (AlreadyExists): {message}")]
    AlreadyExists {
        /// The server's words.
        message: String,
    },
    /// Conflict: somebody else changed the object in the meantime.
    #[error("Error from server (Conflict): {message}")]
    Conflict {
        /// The server's words.
        message: String,
    },
    /// The list was too old to go on with.
    #[error("Error from server (Expired): {message}")]
    Expired {
        /// The server's words.
        message: String,
    },
    /// Any other answer of the server.
    #[error("Error from server ({reason}): {message}")]
    Api {
        /// HTTP status.
        code: u16,
        /// The server's one-word reason.
        reason: String,
        /// The server's words.
        message: String,
    },
    /// An answer that is not what the API promises.
    #[error("the server's answer for {what} cannot be read: {cause}")]
    Answer {
        /// Name of what was asked for.
        what: String,
        /// Reason why it cannot be read.
        #[source]
        cause: Cause,
    },
}

/// A right that no role of the user grants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingRight {
    /// The verb that RBAC must allow.
    pub verb: &'static str,
    /// Plural resource with its group: `deployments.apps`.
    pub resource: String,
    /// The namespace, of resources that are in one.
    pub namespace: Option<String>,
}

impl MissingRight {
    fn of(verb: &'static str, path: &ResourcePath<'_>) -> Self {
        let namespace = path.namespace.map(str::to_owned);
        Self { verb, resource: path.qualified(), namespace }
    }
}

impl fmt::Display for MissingRight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the verb {} on {}", self.verb, self.resource)?;
        match &self.namespace {
            Some(namespace) => write!(f, " in namespace {namespace}"),
            None => Ok(()),
        }
    }
}

fn ask_for(missing: Option<&MissingRight>) -> String {
    missing.map(|right| format!("; ask for a role with {right}")).unwrap_or_default()
}

/// A server's address without what may be a password in it.
pub(super) fn shown(server: &http::Uri) -> String {
    let scheme = server.scheme_str().map(|scheme| format!("{scheme}://")).unwrap_or_default();
    let authority = server.authority().map_or("", http::uri::Authority::as_str);
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    format!("{scheme}{host}{}", server.path().trim_end_matches('/'))
}

/// A server, as errors name it.
#[derive(Clone, Debug)]
pub(super) struct Server {
    /// URL of the server.
    pub(super) url: String,
    /// True if there is a proxy between.
    pub(super) proxied: bool,
}

impl Server {
    /// The error of a connection to it.
    pub(super) fn unreachable(&self, cause: impl Into<Cause>) -> ClusterError {
        let cause = cause.into();
        let fault = Fault::of(cause.as_ref());
        ClusterError::Unreachable { server: self.url.clone(), fault, proxied: self.proxied, cause }
    }
}

/// Request, for the errors that it may end in.
pub(super) struct Asked<'a> {
    /// The verb as RBAC names it.
    pub(super) verb: &'static str,
    /// The URL's path.
    pub(super) path: &'a str,
    /// The server.
    pub(super) server: &'a Server,
}

impl ClusterError {
    /// An answer that cannot be read.
    pub fn answer(what: impl Into<String>, cause: impl Into<Cause>) -> Self {
        Self::Answer { what: what.into(), cause: cause.into() }
    }

    /// True if a list was answered so because the server does not have the kind, which it need
    /// not have.
    pub(super) fn means_not_installed(&self, kind: Kind) -> bool {
        match kind.spec().serving {
            Serving::IfInstalled => {
                matches!(self, Self::NotFound { .. } | Self::Forbidden { .. })
            }
            // One of the group's versions may lack a kind that another has.
            Serving::IfServed => matches!(self, Self::NotFound { .. }),
            Serving::Always | Serving::IfAllowed => false,
        }
    }

    /// Translates what kube reports.
    pub(super) fn from_kube(error: kube::Error, asked: &Asked<'_>) -> Self {
        match error {
            kube::Error::Api(status) => Self::from_status(*status, asked),
            kube::Error::Auth(error) => Self::Kubeconfig(credentials::refused(&error, None)),
            kube::Error::SerdeError(error) => Self::answer(asked.path, error),
            other => {
                // Of credentials that are renewed, this is the first word.
                let of_credentials =
                    chain(&other).find_map(|cause| cause.downcast_ref::<AuthError>());
                match of_credentials.map(|error| credentials::refused(error, None)) {
                    Some(refused) => Self::Kubeconfig(refused),
                    None => asked.server.unreachable(other),
                }
            }
        }
    }

    /// True if the same request may be answered well in a while.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        let is_busy = matches!(self, Self::Api { code: 429, .. });
        self.is_lost_answer() || is_busy || matches!(self, Self::Unreachable { .. })
    }

    /// True if the server has not understood what it was asked, or does not do it at all.
    #[must_use]
    pub fn is_bad_request(&self) -> bool {
        matches!(self, Self::Api { code: 400, .. })
    }

    /// True if the server may have done what it was asked, and its answer was lost: the
    /// connection broke, a proxy gave up, the answer makes no sense.
    #[must_use]
    pub fn is_lost_answer(&self) -> bool {
        match self {
            Self::Unreachable { cause, fault, .. } => {
                let connect = |cause: &(dyn std::error::Error + 'static)| {
                    let error = cause.downcast_ref::<hyper_util::client::legacy::Error>();
                    error.is_some_and(hyper_util::client::legacy::Error::is_connect)
                };
                !matches!(fault, Fault::Certificate | Fault::NoTls)
                    && !chain(cause.as_ref()).any(connect)
            }
            Self::Api { code, .. } => matches!(code, 408 | 500 | 502 | 503 | 504),
            Self::Answer { .. } => true,
            _ => false,
        }
    }

    /// Translates a refusal, by its code and its one-word reason.
    ///
    /// Of a write, [`Forbidden`](Self::Forbidden) may yet be admission's: both say the same
    /// word, and only the server's rights of the caller tell them apart.
    fn from_status(status: kube::core::Status, asked: &Asked<'_>) -> Self {
        let message = if status.message.is_empty() {
            format!("{} {}", asked.verb, asked.path)
        } else {
            status.message
        };
        let details = status.details.as_ref();
        match (status.code, status.reason.as_str()) {
            (401, _) => Self::Unauthorized { server: asked.server.url.clone() },
            // Policies list their reasons; an authoriser has none to list.
            (403, "Forbidden") if details.is_some_and(|details| !details.causes.is_empty()) => {
                Self::NotAdmitted { message }
            }
            (403, "Forbidden") => {
                let path = ResourcePath::of(asked.path);
                // Where impersonation is constrained to verbs, the details name the resource as
                // if a role for it were missing: the words alone say that it is the impersonation.
                let missing = (is_about(details, &path) && !message.contains(IMPERSONATION))
                    .then(|| MissingRight::of(asked.verb, &path));
                Self::Forbidden { missing, message }
            }
            (404, _) => Self::NotFound { message },
            (409, "AlreadyExists") => Self::AlreadyExists { message },
            (409, _) => Self::Conflict { message },
            (410, _) => Self::Expired { message },
            (code, reason) => Self::Api {
                code,
                reason: if reason.is_empty() { code.to_string() } else { reason.to_owned() },
                message,
            },
        }
    }
}

/// Words of an API server that refuses an impersonation.
const IMPERSONATION: &str = "cannot impersonate";

/// True if a refusal is of the resource that the path is about, and not of a user that is to
/// be impersonated.
fn is_about(details: Option<&StatusDetails>, path: &ResourcePath<'_>) -> bool {
    details.is_none_or(|details| {
        details.kind.is_empty() || (&*details.kind, &*details.group) == (path.resource, path.group)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// The error for a refusal of a `verb` on Deployments.
    fn refused(verb: &'static str, status: Value) -> ClusterError {
        let server = Server { url: "https://shop".to_owned(), proxied: false };
        let path = "/apis/apps/v1/namespaces/shop/deployments/tax";
        let status: kube::core::Status = serde_json::from_value(status).unwrap();
        let error = kube::Error::Api(Box::new(status));
        ClusterError::from_kube(error, &Asked { verb, path, server: &server })
    }

    fn forbidden(details: &Value) -> Value {
        // The words of each are the other's: they must not matter.
        json!({"code": 403, "reason": "Forbidden", "message": "exceeded quota", "details": details})
    }

    #[test]
    fn what_roles_lack_is_named_by_the_path() {
        let error = refused("patch", forbidden(&json!({"group": "apps", "kind": "deployments"})));
        assert_eq!(
            error.to_string(),
            "Error from server (Forbidden): exceeded quota; ask for a role with the verb patch on \
             deployments.apps in namespace shop"
        );
    }

    #[test]
    fn of_an_impersonation_no_role_for_the_resource_is_missing() {
        let error = refused("list", forbidden(&json!({"kind": "users", "name": "ada"})));
        assert!(matches!(error, ClusterError::Forbidden { missing: None, .. }), "{error}");
        let mut constrained = forbidden(&json!({"kind": "deployments", "group": "apps"}));
        constrained["message"] = json!("ada cannot impersonate-on:user-info:list deployments");
        let error = refused("list", constrained);
        assert!(matches!(error, ClusterError::Forbidden { missing: None, .. }), "{error}");
    }

    #[test]
    fn a_policys_refusal_is_known_by_its_causes() {
        let details =
            json!({"kind": "deployments", "group": "apps", "causes": [{"message": "no"}]});
        assert!(matches!(refused("create", forbidden(&details)), ClusterError::NotAdmitted { .. }));
    }

    #[test]
    fn a_server_is_shown_without_its_password() {
        for (address, expected) in [
            ("https://anna:s3cr3t@shop:6443", "https://shop:6443"),
            ("https://shop:6443/", "https://shop:6443"),
            ("https://s3cr3t@shop/k8s/clusters/c-1", "https://shop/k8s/clusters/c-1"),
        ] {
            assert_eq!(shown(&address.parse().unwrap()), expected);
        }
    }

    #[test]
    fn an_answer_that_was_lost_is_told_from_a_refusal() {
        let lost = |code| refused("patch", json!({"code": code, "reason": "x", "message": "y"}));
        assert!([500, 502, 503, 504].into_iter().all(|code| lost(code).is_lost_answer()));
        assert!([400, 403, 404, 409, 422].into_iter().all(|code| !lost(code).is_lost_answer()));
    }

    #[test]
    fn a_proxys_refusal_is_neither() {
        let status = json!({"code": 403, "reason": "Failed to parse error data", "message": "user cannot list"});
        assert!(matches!(refused("list", status), ClusterError::Api { code: 403, .. }));
    }
}
