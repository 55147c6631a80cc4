//! Errors of asking a registry, be it for a policy or for an image.

use std::error::Error;

use oci_client::errors::{DigestError, OciDistributionError, OciEnvelope, OciErrorCode};
use snapshot_core::{
    artifact::{ArtifactReference, NotAnArtifact},
    digest::Digest,
    visible,
};

use super::{Limit, Login};
use crate::causes::{Fault, innermost};

/// The longest text of a registry that is repeated, in characters.
const LONGEST: usize = 300;

/// Error: a registry does not give or take what was asked for.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// No connection, or a broken one.
    #[error("the registry {registry} cannot be reached: {cause}")]
    Unreachable {
        /// Host of the registry.
        registry: String,
        /// The part of the connection that fails.
        fault: Fault,
        /// The innermost cause. Those around it name URLs, which hold secrets.
        cause: String,
    },
    /// Timeout.
    #[error("the registry {registry} takes too long to answer")]
    TimedOut {
        /// Host of the registry.
        registry: String,
    },
    /// The registry wants to know who we are.
    #[error("the registry {registry} wants to know who you are: {login}")]
    Unauthorised {
        /// Host of the registry.
        registry: String,
        /// State of the credentials.
        login: Login,
    },
    /// We may not do that.
    #[error("the registry does not allow this for {reference}: {said}")]
    Denied {
        /// Reference of the request.
        reference: Box<ArtifactReference>,
        /// Message of the registry.
        said: String,
    },
    /// No such artifact.
    #[error("there is no {reference}")]
    NotFound {
        /// Reference of the request.
        reference: Box<ArtifactReference>,
    },
    /// Artifact of another type.
    #[error("{reference} is not a policy: {found}")]
    NotAPolicy {
        /// Reference of the request.
        reference: Box<ArtifactReference>,
        /// Type found.
        found: String,
    },
    /// Artifact larger than policies are.
    #[error("the {part} of {reference} has {size} bytes; at most {limit} are taken")]
    TooLarge {
        /// `component` or `manifest`.
        part: &'static str,
        /// Reference of the request.
        reference: Box<ArtifactReference>,
        /// Size in bytes.
        size: u64,
        /// The limit.
        limit: u64,
    },
    /// The bytes are not those that the digest names.
    #[error(
        "the registry's {part} of {reference} is not what its digest names: expected {expected}, got {actual}"
    )]
    Tampered {
        /// `component` or `manifest`.
        part: &'static str,
        /// Reference of the request.
        reference: Box<ArtifactReference>,
        /// The digest that was promised.
        expected: String,
        /// The digest of what came, or what is wrong.
        actual: String,
    },
    /// Image that no registry can be asked for.
    #[error("no registry can be asked for {image}: {cause}")]
    Unnameable {
        /// The image, as it was named.
        image: String,
        /// Reason.
        #[source]
        cause: NotAnArtifact,
    },
    /// More requests than the registry takes.
    #[error("the registry {registry} takes no more requests for now{limit}")]
    TooMany {
        /// Host of the registry.
        registry: String,
        /// Words of the registry about that.
        limit: Limit,
    },
    /// A registry that is not asked again after it has failed.
    #[error("the registry {registry} was not asked again after it had failed")]
    GivenUp {
        /// Host of the registry.
        registry: String,
    },
    /// Any other refusal.
    #[error("the registry refuses {reference}: {said}")]
    Refused {
        /// Reference of the request.
        reference: Box<ArtifactReference>,
        /// Message of the registry.
        said: String,
    },
    /// An answer that the protocol does not have.
    #[error("the answer of the registry {registry} makes no sense: {cause}")]
    Answer {
        /// Host of the registry.
        registry: String,
        /// Description of the problem.
        cause: String,
    },
}

/// Request, for the errors that it may end in.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) reference: ArtifactReference,
    pub(super) login: Login,
}

impl Asked {
    /// Translates what the client reports.
    pub(super) fn failed(&self, error: OciDistributionError) -> RegistryError {
        match error {
            OciDistributionError::AuthenticationFailure(_)
            | OciDistributionError::UnauthorizedError { .. } => self.refused(401, None),
            OciDistributionError::RegistryError { envelope, .. } => {
                self.refused(0, Some(&envelope))
            }
            OciDistributionError::ServerError { code, message, .. } => {
                self.refused(code, serde_json::from_str(&message).ok().as_ref())
            }
            OciDistributionError::DigestError(error) => self.tampered("manifest", &error),
            OciDistributionError::RequestError(error) => match error.status() {
                Some(status) => self.refused(status.as_u16(), None),
                None if error.is_timeout() => self.timed_out(),
                None => self.unreachable(&error),
            },
            other => self.senseless(&other.to_string()),
        }
    }

    /// Translates a refusal by its HTTP status, 0 where that is not known, and
    /// what the registry said.
    fn refused(&self, status: u16, said: Option<&OciEnvelope>) -> RegistryError {
        let reference = || Box::new(self.reference.clone());
        let first = said.and_then(|envelope| envelope.errors.first());
        let words = match first.map(|error| (error.message.as_str(), &error.code)) {
            Some((message, _)) if !message.is_empty() => excerpt(message),
            Some((_, code)) => excerpt(&format!("{code:?}")),
            None => format!("HTTP status {status}"),
        };
        match (status, first.map(|error| &error.code)) {
            (401, _) | (_, Some(OciErrorCode::Unauthorized)) => RegistryError::Unauthorised {
                registry: self.reference.registry().to_owned(),
                login: self.login.clone(),
            },
            (403, _) | (_, Some(OciErrorCode::Denied)) => {
                RegistryError::Denied { reference: reference(), said: words }
            }
            (404, _)
            | (
                _,
                Some(
                    OciErrorCode::ManifestUnknown
                    | OciErrorCode::NameUnknown
                    | OciErrorCode::NotFound,
                ),
            ) => RegistryError::NotFound { reference: reference() },
            (408 | 504, _) => self.timed_out(),
            (429, _) | (_, Some(OciErrorCode::Toomanyrequests)) => {
                let registry = self.reference.registry().to_owned();
                RegistryError::TooMany { registry, limit: Limit::default() }
            }
            _ => RegistryError::Refused { reference: reference(), said: words },
        }
    }

    /// The bytes are not what a digest names.
    pub(super) fn tampered(&self, part: &'static str, error: &DigestError) -> RegistryError {
        let (expected, actual) = match error {
            DigestError::VerificationError { expected, actual } => {
                (excerpt(expected), excerpt(actual))
            }
            other => ("a digest".to_owned(), excerpt(&other.to_string())),
        };
        RegistryError::Tampered {
            part,
            reference: Box::new(self.reference.clone()),
            expected,
            actual,
        }
    }

    /// Error for a digest that we compared.
    pub(super) fn differs(
        &self,
        part: &'static str,
        expected: &Digest,
        actual: &Digest,
    ) -> RegistryError {
        let (expected, actual) = (expected.to_string(), actual.to_string());
        self.tampered(part, &DigestError::VerificationError { expected, actual })
    }

    pub(super) fn timed_out(&self) -> RegistryError {
        RegistryError::TimedOut { registry: self.reference.registry().to_owned() }
    }

    /// Error for a connection that failed, with its innermost cause.
    pub(super) fn unreachable(&self, error: &(dyn Error + 'static)) -> RegistryError {
        RegistryError::Unreachable {
            registry: self.reference.registry().to_owned(),
            fault: Fault::of(error),
            cause: excerpt(&innermost(error).to_string()),
        }
    }

    pub(super) fn senseless(&self, cause: &str) -> RegistryError {
        RegistryError::Answer {
            registry: self.reference.registry().to_owned(),
            cause: excerpt(cause),
        }
    }
}

/// Start of a foreign text, short enough for a message, in one line.
fn excerpt(text: &str) -> String {
    let short: String = text.trim().chars().take(LONGEST).collect();
    visible::line(&short).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(code: u16, message: &str) -> RegistryError {
        let asked = Asked {
            reference: "oci://registry.example/policies/tax:1.4".parse().unwrap(),
            login: Login::None { config: "/home/ada/.docker/config.json".into() },
        };
        let (url, message) = ("https://registry.example/v2/?_state=secret", message.to_owned());
        asked.failed(OciDistributionError::ServerError { code, url: url.to_owned(), message })
    }

    #[test]
    fn a_status_means_the_same_with_words_and_without() {
        for (code, envelope, expected) in [
            (401, "UNAUTHORIZED", "wants to know who you are"),
            (403, "DENIED", "does not allow this for"),
            (404, "MANIFEST_UNKNOWN", "there is no oci://registry.example/policies/tax:1.4"),
            (429, "TOOMANYREQUESTS", "takes no more requests"),
            (504, "", "takes too long"),
        ] {
            let body = format!(r#"{{"errors":[{{"code":"{envelope}","message":"no"}}]}}"#);
            for body in [body.as_str(), "", "<html>"] {
                let message = failed(code, body).to_string();
                assert!(message.contains(expected), "{message}");
                assert!(!message.contains("secret") && !message.contains("html"), "{message}");
            }
        }
    }

    #[test]
    fn a_registrys_words_are_one_line_that_is_safe_to_print() {
        let body = r#"{"errors":[{"code":"UNSUPPORTED","message":"\u001b[2Jno\nsuch thing"}]}"#;
        let message = failed(400, body).to_string();
        assert!(message.ends_with(r"\u{1b}[2Jno\nsuch thing"), "{message}");
        let long = format!(r#"{{"errors":[{{"code":"X","message":"{}"}}]}}"#, "no".repeat(9000));
        assert!(failed(400, &long).to_string().len() < 500);
    }
}
