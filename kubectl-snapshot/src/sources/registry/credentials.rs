//! Credentials for a registry, as `docker login` and compatible tools left them.

use std::{
    collections::HashMap,
    env, fmt,
    fs::File,
    io::{self, BufReader},
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use docker_credential::{CredentialRetrievalError, DockerCredential, get_credential_from_reader};
use oci_client::secrets::RegistryAuth;
use tokio::{sync::OnceCell, task::spawn_blocking, time::timeout};

/// The hosts of Docker Hub, whose credentials are kept under a URL.
const DOCKER_HUB: [&str; 3] = ["docker.io", "index.docker.io", "registry-1.docker.io"];
const DOCKER_HUB_KEY: &str = "https://index.docker.io/v1/";

/// Message of credential helpers that know no credentials, which is no failure.
const NOT_FOUND: &str = "credentials not found";

/// State of the credentials for a registry. The credentials themselves are not in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Login {
    /// No credentials.
    None {
        /// Path where they would be.
        config: PathBuf,
    },
    /// Credentials found.
    Found {
        /// Path where they are.
        config: PathBuf,
    },
    /// Credentials that cannot be read.
    Unusable {
        /// Reason.
        cause: String,
    },
}

impl fmt::Display for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None { config } => {
                write!(f, "there are no credentials for it in {}", config.display())
            }
            Self::Found { config } => {
                write!(f, "it refuses the credentials for it in {}", config.display())
            }
            Self::Unusable { cause } => write!(f, "its credentials cannot be had: {cause}"),
        }
    }
}

/// Credentials for registries, looked up once for each: a helper is a program, which may take its
/// time, ask the user, or never end.
#[derive(Default)]
pub(super) struct Credentials(Mutex<HashMap<String, Arc<OnceCell<Known>>>>);

/// Credentials, and what is known of them.
type Known = (RegistryAuth, Login);

impl Credentials {
    /// The credentials for a registry, within so much time.
    ///
    /// Without usable credentials we go as anybody: much can be pulled so, and where
    /// not, the refusal says what was wrong with them.
    pub(super) async fn of(&self, registry: &str, patience: Duration) -> Known {
        let cell = {
            let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            known.entry(registry.to_owned()).or_default().clone()
        };
        let unusable = |cause: String| (RegistryAuth::Anonymous, Login::Unusable { cause });
        let found = cell.get_or_init(|| async {
            let host = registry.to_owned();
            match timeout(patience, spawn_blocking(move || find(&host))).await {
                Ok(Ok(found)) => found,
                Ok(Err(_)) => unusable("the search for them failed".to_owned()),
                Err(_) => unusable(format!(
                    "the credential helper of {} has not answered within {} s",
                    config_file().display(),
                    patience.as_secs()
                )),
            }
        });
        found.await.clone()
    }
}

/// The credentials that the configuration has, or the helper that it names.
fn find(registry: &str) -> (RegistryAuth, Login) {
    let config = config_file();
    let key = if DOCKER_HUB.contains(&registry) { DOCKER_HUB_KEY } else { registry };
    let unusable = |cause: String| (RegistryAuth::Anonymous, Login::Unusable { cause });
    let file = match File::open(&config) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return (RegistryAuth::Anonymous, Login::None { config });
        }
        Err(error) => return unusable(format!("{} cannot be read: {error}", config.display())),
    };
    match get_credential_from_reader(BufReader::new(file), key) {
        Ok(DockerCredential::UsernamePassword(user, password)) => {
            (RegistryAuth::Basic(user, password), Login::Found { config })
        }
        Ok(DockerCredential::IdentityToken(_)) => unusable(format!(
            "{} holds an identity token, which is not supported; log in with a user and a password",
            config.display()
        )),
        Err(error) if is_none(&error) => (RegistryAuth::Anonymous, Login::None { config }),
        Err(error) => unusable(explain(&error, &config.display().to_string())),
    }
}

fn config_file() -> PathBuf {
    let folder = match env::var_os("DOCKER_CONFIG").filter(|folder| !folder.is_empty()) {
        Some(folder) => PathBuf::from(folder),
        None => env::home_dir().unwrap_or_default().join(".docker"),
    };
    folder.join("config.json")
}

fn is_none(error: &CredentialRetrievalError) -> bool {
    match error {
        CredentialRetrievalError::NoCredentialConfigured => true,
        CredentialRetrievalError::HelperFailure { stdout, stderr, .. } => {
            [stdout, stderr].iter().any(|said| said.contains(NOT_FOUND))
        }
        _ => false,
    }
}

/// Reason in words, without the helper's own: secrets may be among them.
fn explain(error: &CredentialRetrievalError, config: &str) -> String {
    match error {
        CredentialRetrievalError::ConfigReadError => {
            format!("{config} is not a Docker configuration in JSON")
        }
        CredentialRetrievalError::HelperFailure { helper, .. } => {
            format!("{helper}, which {config} names, failed")
        }
        CredentialRetrievalError::HelperCommunicationError => {
            format!("the credential helper that {config} names cannot be run")
        }
        CredentialRetrievalError::MalformedHelperResponse => {
            format!("the credential helper that {config} names does not answer as one")
        }
        _ => format!("those in {config} cannot be decoded"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(stdout: &str) -> CredentialRetrievalError {
        CredentialRetrievalError::HelperFailure {
            helper: "docker-credential-pass".to_owned(),
            stdout: stdout.to_owned(),
            stderr: String::new(),
        }
    }

    #[test]
    fn a_helper_that_knows_nothing_has_not_failed() {
        assert!(is_none(&failure("credentials not found in native keychain")));
        assert!(is_none(&CredentialRetrievalError::NoCredentialConfigured));
        assert!(!is_none(&failure("the keyring is locked")));
    }

    #[test]
    fn a_helpers_words_are_not_repeated() {
        let said = explain(&failure(r#"{"Secret":"hunter2"}"#), "/home/ada/.docker/config.json");
        assert_eq!(
            said,
            "docker-credential-pass, which /home/ada/.docker/config.json names, failed"
        );
    }
}
