//! Addresses of git repositories.

use std::{fmt, str::FromStr};

use serde::{Serialize, Serializer};

/// Address that git fetches a repository from, without credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GitUrl(String);

/// Error: a text is no address of a git repository. The text is not repeated: it may hold a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no address of a git repository: {problem}")]
pub struct NotAGitUrl {
    problem: &'static str,
}

const SCHEMES: [&str; 5] = ["https", "http", "ssh", "git", "file"];
const FORM: &str =
    "expected one such as https://github.com/shop/shop.git or git@github.com:shop/shop.git";
const SECRET: &str = "it holds credentials, which do not belong into a store; leave them to git";

impl GitUrl {
    /// True if another address names the same repository, however it is spelled.
    #[must_use]
    pub fn is(&self, other: &str) -> bool {
        let other = location(other);
        !other.is_empty() && location(&self.0) == other
    }

    /// Address of a commit's page, where the repository's forge has pages.
    #[must_use]
    pub fn page_of(&self, commit: &str) -> Option<String> {
        let location = location(&self.0);
        let (host, path) = location.split_once('/')?;
        let local = host.is_empty() || matches!(scheme(&self.0), Some(("file", _)));
        // Pages link to it: nothing in it may end the link.
        let plain = |c: char| c.is_ascii_alphanumeric() || "._~/:%+-".contains(c);
        if local || path.is_empty() || !location.chars().all(plain) {
            return None;
        }
        let (scheme, host) = match scheme(&self.0) {
            Some(("http", _)) => ("http", host),
            // The port of ssh is not that of the pages.
            Some(("https", _)) => ("https", host),
            _ => ("https", host.split(':').next().unwrap_or(host)),
        };
        let commits = if host == "bitbucket.org" { "commits" } else { "commit" };
        Some(format!("{scheme}://{host}/{path}/{commits}/{commit}"))
    }

    /// The last part of the path, to call the repository by.
    #[must_use]
    pub fn last_part(&self) -> String {
        let location = location(&self.0);
        location.rsplit(['/', ':']).next().unwrap_or_default().to_owned()
    }
}

impl FromStr for GitUrl {
    type Err = NotAGitUrl;

    fn from_str(text: &str) -> Result<Self, NotAGitUrl> {
        let refuse = |problem| Err(NotAGitUrl { problem });
        let strange = |c: char| c.is_whitespace() || c.is_control();
        if text.is_empty() || text.starts_with('-') || text.contains(strange) || text.contains("::")
        {
            return refuse(FORM);
        }
        if text.starts_with('/') {
            return Ok(Self(text.to_owned()));
        }
        match scheme(text) {
            Some((scheme, _)) if !SCHEMES.contains(&scheme) => return refuse(FORM),
            Some((scheme, rest)) => {
                let authority = rest.split('/').next().unwrap_or_default();
                let user = authority.rsplit_once('@').map(|(user, _)| user);
                // For ssh a user's name is part of the address; for the web it is a credential.
                if user.is_some_and(|user| user.contains(':') || scheme.starts_with("http"))
                    || text.contains(['?', '#'])
                {
                    return refuse(SECRET);
                }
                if (authority.is_empty() && scheme != "file") || rest.len() == authority.len() {
                    return refuse(FORM);
                }
            }
            None => {
                let Some((host, path)) = text.split_once(':') else { return refuse(FORM) };
                if host.is_empty() || path.is_empty() || host.contains('/') || host.starts_with('-')
                {
                    return refuse(FORM);
                }
                if path.contains('@') {
                    return refuse(SECRET);
                }
            }
        }
        Ok(Self(text.to_owned()))
    }
}

fn scheme(text: &str) -> Option<(&str, &str)> {
    text.split_once("://")
}

/// Host and path of an address, as all its spellings have them: `github.com/shop/shop`.
fn location(text: &str) -> String {
    let text = text.trim();
    let (rest, by_colon) = match scheme(text) {
        Some((_, rest)) => (rest, false),
        None => (text, !text.starts_with('/')),
    };
    let (authority, path) = if by_colon {
        rest.split_once(':').or_else(|| rest.split_once('/')).unwrap_or((rest, ""))
    } else {
        rest.split_once('/').unwrap_or((rest, ""))
    };
    let host = authority.rsplit('@').next().unwrap_or(authority).to_ascii_lowercase();
    let path = path.trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path).trim_end_matches('/');
    format!("{host}/{path}")
}

impl AsRef<str> for GitUrl {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for GitUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Serialize for GitUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_repository_has_many_spellings() {
        let url: GitUrl = "https://github.com/shop/shop.git".parse().unwrap();
        for other in [
            "https://github.com/shop/shop",
            "http://GitHub.com/shop/shop/",
            "git@github.com:shop/shop.git",
            "ssh://git@github.com/shop/shop",
            "https://user:secret@github.com/shop/shop",
            "github.com/shop/shop",
        ] {
            assert!(url.is(other), "{other}");
        }
        for other in ["https://github.com/shop/tax", "https://gitlab.com/shop/shop", "", "/"] {
            assert!(!url.is(other), "{other}");
        }
    }

    #[test]
    fn credentials_stay_out_of_the_store() {
        for text in [
            "https://ada:hunter2@github.com/shop/shop",
            "https://hunter2@github.com/shop/shop",
            "ssh://git:hunter2@github.com/shop/shop",
            "https://github.com/shop/shop?private_token=hunter2",
        ] {
            let refused = text.parse::<GitUrl>().unwrap_err().to_string();
            assert!(refused.contains("credentials") && !refused.contains("hunter2"), "{refused}");
        }
        assert!("ssh://git@github.com:2222/shop/shop".parse::<GitUrl>().is_ok());
    }

    #[test]
    fn what_git_would_run_is_no_address() {
        for text in [
            "",
            "-o",
            "--upload-pack=x",
            "ext::sh -c x",
            "fd::7",
            "shop",
            "a b",
            "ftp://x/y",
            ":x",
            "https://x",
        ] {
            assert!(text.parse::<GitUrl>().is_err(), "{text}");
        }
        assert!("/srv/git/shop.git".parse::<GitUrl>().is_ok());
        assert!("file:///srv/git/shop.git".parse::<GitUrl>().is_ok());
    }

    #[test]
    fn forges_have_pages() {
        let page = |url: &str| url.parse::<GitUrl>().unwrap().page_of("3f2a91c");
        for (url, expected) in [
            ("https://github.com/shop/shop.git", "https://github.com/shop/shop/commit/3f2a91c"),
            ("git@gitlab.com:shop/shop.git", "https://gitlab.com/shop/shop/commit/3f2a91c"),
            ("ssh://git@git.example:2222/shop/x", "https://git.example/shop/x/commit/3f2a91c"),
            ("http://localhost:3000/shop/x", "http://localhost:3000/shop/x/commit/3f2a91c"),
            ("https://bitbucket.org/shop/x", "https://bitbucket.org/shop/x/commits/3f2a91c"),
        ] {
            assert_eq!(page(url).as_deref(), Some(expected), "{url}");
        }
        assert_eq!(page("https://github.com/shop/a)b|\"c"), None);
        assert_eq!(page("/srv/git/shop.git"), None);
        assert_eq!(page("file:///srv/git/shop.git"), None);
    }

    proptest! {
        #[test]
        fn any_text_is_an_address_or_refused(text in "(https?://|ssh://|git@)?[a-z@:/.?-]{0,30}|\\PC{0,30}") {
            if let Ok(url) = text.parse::<GitUrl>() {
                prop_assert_eq!(url.to_string(), text);
                prop_assert!(url.is(url.as_ref()) || location(url.as_ref()).is_empty());
                let _ = (url.page_of("3f2a91c"), url.last_part());
            }
        }
    }
}
