//! Errors of requests to an API server.

use snapshot_core::manifest::{Kind, Serving};

use super::credentials;

/// Error: the cluster did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// Neither a kubeconfig nor a pod's account.
    #[error(
        "no cluster: there is no kubeconfig with a context; set KUBECONFIG, or name one with --kubeconfig or --context"
    )]
    NoCluster,
    /// The kubeconfig, a flag or a credential plugin is at fault.
    #[error("kubeconfig: {0}")]
    Kubeconfig(String),
    /// The server does not answer.
    #[error("Unable to connect to the server {server}: {cause}; {}", advice(cause))]
    Unreachable {
        /// The server's URL.
        server: String,
        /// Message of the connection.
        cause: String,
    },
    /// The server does not know who is asking.
    #[error(
        "You must be logged in to the server (Unauthorized): {server} does not know these credentials; renew those of this context"
    )]
    Unauthorized {
        /// The server's URL.
        server: String,
    },
    /// The user may not do that.
    #[error("Error from server (Forbidden): {message}{}", role(verb, resource, place, message))]
    Forbidden {
        /// The verb that RBAC must allow.
        verb: &'static str,
        /// Plural resource with its group: `deployments.apps`.
        resource: String,
        /// ` in namespace shop`, or empty.
        place: String,
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
        cause: String,
    },
}

/// The role to ask for, where it is a role that is missing: what admission
/// refuses, a quota or a policy, is Forbidden as well.
fn role(verb: &str, resource: &str, place: &str, message: &str) -> String {
    // Of --as it is the impersonation that is refused, not the verb.
    if message.contains(&format!(" cannot {verb} ")) {
        format!("; ask for a role with the verb {verb} on {resource}{place}")
    } else {
        String::new()
    }
}

/// Advice for a connection that fails.
fn advice(cause: &str) -> &'static str {
    let cause = cause.to_lowercase();
    if cause.contains("certificate") {
        "is its authority the one that the kubeconfig names, or --certificate-authority?"
    } else if cause.contains("deadline") || cause.contains("timed out") {
        "is it running? --request-timeout says how long to wait"
    } else if cause.contains("proxy") || cause.contains("tunnel") {
        "is the proxy of the kubeconfig, or of HTTPS_PROXY, the right one?"
    } else {
        "is it running, and is this the right context?"
    }
}

/// Request, for the errors that it may end in.
pub(super) struct Asked<'a> {
    /// The verb as RBAC names it.
    pub(super) verb: &'static str,
    /// The URL's path.
    pub(super) path: &'a str,
    /// The server's URL.
    pub(super) server: &'a str,
}

impl ClusterError {
    /// True if a list was answered so because the server does not have the kind, which it need
    /// not have.
    pub(super) fn means_not_installed(&self, kind: Kind) -> bool {
        match kind.spec().serving {
            Serving::IfInstalled => {
                matches!(self, Self::NotFound { .. } | Self::Forbidden { .. })
            }
            Serving::Always | Serving::IfAllowed => false,
        }
    }

    /// Translates what kube reports.
    pub(super) fn from_kube(error: kube::Error, asked: &Asked<'_>) -> Self {
        match error {
            kube::Error::Api(status) => Self::from_status(*status, asked),
            kube::Error::Auth(error) => Self::Kubeconfig(credentials::refused(&error, None)),
            kube::Error::SerdeError(error) => {
                Self::Answer { what: asked.path.to_owned(), cause: error.to_string() }
            }
            other => {
                // The innermost cause says it best: "Connection refused", a certificate's name.
                let mut cause: &dyn std::error::Error = &other;
                while let Some(inner) = cause.source() {
                    cause = inner;
                }
                Self::Unreachable { server: asked.server.to_owned(), cause: cause.to_string() }
            }
        }
    }

    fn from_status(status: kube::core::Status, asked: &Asked<'_>) -> Self {
        let message = if status.message.is_empty() {
            format!("{} {}", asked.verb, asked.path)
        } else {
            status.message
        };
        match (status.code, status.reason.as_str()) {
            (401, _) => Self::Unauthorized { server: asked.server.to_owned() },
            // An authoriser says who cannot do what; admission (a quota, a webhook) says
            // the same word with a reason of its own, which a role would not mend.
            (403, _) if message.contains(" cannot ") => {
                let (resource, namespace) = resource_of(asked.path);
                let place =
                    namespace.map(|name| format!(" in namespace {name}")).unwrap_or_default();
                Self::Forbidden { verb: asked.verb, resource, place, message }
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

/// The resource (`deployments.apps`) and the namespace that a path is about.
fn resource_of(path: &str) -> (String, Option<String>) {
    let mut parts = path.trim_start_matches('/').split('/');
    let group = match parts.next() {
        Some("apis") => {
            let group = parts.next().unwrap_or_default();
            format!(".{group}")
        }
        _ => String::new(),
    };
    let rest: Vec<&str> = parts.skip(1).collect();
    match rest.as_slice() {
        ["namespaces", namespace, resource, ..] => {
            (format!("{resource}{group}"), Some((*namespace).to_owned()))
        }
        [resource, ..] => (format!("{resource}{group}"), None),
        [] => (path.to_owned(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::resource_of;

    #[test]
    fn the_path_tells_resource_and_namespace() {
        let namespaced = resource_of("/apis/apps/v1/namespaces/shop/deployments/tax");
        assert_eq!(namespaced, ("deployments.apps".to_owned(), Some("shop".to_owned())));
        assert_eq!(resource_of("/api/v1/namespaces"), ("namespaces".to_owned(), None));
        let core = resource_of("/api/v1/namespaces/shop/configmaps");
        assert_eq!(core, ("configmaps".to_owned(), Some("shop".to_owned())));
    }
}
