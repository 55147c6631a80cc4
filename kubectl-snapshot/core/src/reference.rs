//! Reference to a snapshot on the command line (REF).

use std::{convert::Infallible, fmt, path::PathBuf, str::FromStr};

use super::cluster_namespace::ClusterNamespace;

/// Reference to a snapshot, as every command takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reference {
    /// A stored snapshot, by name.
    Name(String),
    /// A stored snapshot, by its digest or the beginning of it.
    Digest(String),
    /// Live set of a namespace in a context, or of several.
    Live {
        /// The kubeconfig's context; the current one where none is named.
        context: Option<String>,
        /// The namespaces as they were typed; the context's where none is named.
        namespaces: Vec<String>,
    },
    /// Snapshot recorded as deployed at a stage.
    Stage(String),
    /// A file, or the manifests of a folder.
    Path(PathBuf),
    /// Standard input.
    Stdin,
}

/// Endings that make a word a file rather than a name.
const FILE_ENDINGS: [&str; 3] = [".json", ".yaml", ".yml"];

impl FromStr for Reference {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text {
            "-" => Self::Stdin,
            "live" => Self::Live { context: None, namespaces: Vec::new() },
            _ => match text.split_once(':') {
                Some(("live", place)) => live(place),
                Some(("sha256", _)) => Self::Digest(text.to_owned()),
                Some(("stage", name)) => Self::Stage(name.to_owned()),
                _ if is_path(text) => Self::Path(PathBuf::from(text)),
                _ => Self::Name(text.to_owned()),
            },
        })
    }
}

impl Reference {
    /// True if it is read without a cluster and without a store.
    #[must_use]
    pub fn is_file(&self) -> bool {
        matches!(self, Self::Path(_) | Self::Stdin)
    }
}

/// `NS,NS`, or `CONTEXT/NS,NS`, of which either may be left out.
fn live(place: &str) -> Reference {
    let Ok(ClusterNamespace { context, namespace }) = place.parse();
    let namespaces = match namespace.as_str() {
        "" => Vec::new(),
        several => several.split(',').map(str::to_owned).collect(),
    };
    Reference::Live { context: context.filter(|name| !name.is_empty()), namespaces }
}

fn is_path(text: &str) -> bool {
    text == "."
        || text == ".."
        || text.contains(['/', '\\'])
        || FILE_ENDINGS.iter().any(|ending| text.ends_with(ending))
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(text) | Self::Digest(text) => f.write_str(text),
            Self::Live { context: None, namespaces } if namespaces.is_empty() => {
                f.write_str("live")
            }
            Self::Live { context: None, namespaces } => {
                write!(f, "live:{}", namespaces.join(","))
            }
            Self::Live { context: Some(context), namespaces } => {
                write!(f, "live:{context}/{}", namespaces.join(","))
            }
            Self::Stage(name) => write!(f, "stage:{name}"),
            Self::Path(path) => write!(f, "{}", path.display()),
            Self::Stdin => f.write_str("-"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Reference {
        text.parse().unwrap()
    }

    #[test]
    fn every_form_is_told_apart() {
        assert_eq!(parsed("rel-42"), Reference::Name("rel-42".into()));
        assert_eq!(parsed("rel-4.2"), Reference::Name("rel-4.2".into()));
        assert_eq!(parsed("sha256:1f3a"), Reference::Digest("sha256:1f3a".into()));
        assert_eq!(parsed("-"), Reference::Stdin);
        assert_eq!(parsed("stage:prod"), Reference::Stage("prod".into()));
        for path in ["./set", "../x", "/tmp/x", "set.json", "a/b", "."] {
            assert_eq!(parsed(path), Reference::Path(path.into()), "{path}");
        }
    }

    #[test]
    fn live_names_a_context_and_a_namespace() {
        let live = |context: Option<&str>, namespaces: &[&str]| Reference::Live {
            context: context.map(str::to_owned),
            namespaces: namespaces.iter().map(|name| (*name).to_owned()).collect(),
        };
        assert_eq!(parsed("live"), live(None, &[]));
        assert_eq!(parsed("live:"), live(None, &[]));
        assert_eq!(parsed("live:dev"), live(None, &["dev"]));
        assert_eq!(parsed("live:shop,pay"), live(None, &["shop", "pay"]));
        assert_eq!(parsed("live:shop,"), live(None, &["shop", ""]), "said where it is read");
        assert_eq!(parsed("live:kind-a/dev"), live(Some("kind-a"), &["dev"]));
        assert_eq!(parsed("live:kind-a/"), live(Some("kind-a"), &[]));
        let arn = "live:arn:aws:eks:eu-west-1:1:cluster/shop/dev,qa";
        let shop = "arn:aws:eks:eu-west-1:1:cluster/shop";
        assert_eq!(parsed(arn), live(Some(shop), &["dev", "qa"]));
    }

    #[test]
    fn text_round_trips() {
        for text in [
            "rel-42",
            "live",
            "live:dev",
            "live:kind-a/dev",
            "live:a,b",
            "stage:prod",
            "./x.yaml",
            "-",
        ] {
            assert_eq!(parsed(text).to_string(), text);
        }
    }
}
