//! The pull policy that follows from an image's name.

use crate::image::Parts;

/// Pull policy that the API server fills in: `Always` where the image has the tag `latest`,
/// or neither tag nor digest, else `IfNotPresent`.
///
/// A name that the server cannot read, such as one in upper case, has no tag
/// for it at all.
#[must_use]
pub fn default_pull_policy(image: &str) -> &'static str {
    let Parts { repository, tag, digest } = Parts::of(image);
    let is_host = |text: &str| {
        text.contains(|c: char| matches!(c, '.' | ':') || c.is_ascii_uppercase())
            || text == "localhost"
    };
    let path = match repository.split_once('/') {
        Some((host, path)) if is_host(host) => path,
        _ => repository,
    };
    let latest = tag.map_or(digest.is_none(), |tag| tag == "latest");
    let readable = !path.is_empty() && !path.contains(|c: char| c.is_ascii_uppercase());
    if latest && readable { "Always" } else { "IfNotPresent" }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers of a Kubernetes 1.36 API server.
    #[test]
    fn agrees_with_the_server() {
        let digest = format!("@sha256:{}", "a".repeat(64));
        for image in ["tax", "tax:latest", "r:5000/tax", "REG.io/tax", "REG/tax", "r/tax:latest"] {
            assert_eq!(default_pull_policy(image), "Always", "{image}");
        }
        assert_eq!(default_pull_policy(&format!("tax:latest{digest}")), "Always");
        for image in ["", "tax:1", "r:5000/a/tax:1", "Tax", "Tax:latest", "r/Tax", "tax:Latest"] {
            assert_eq!(default_pull_policy(image), "IfNotPresent", "{image}");
        }
        for image in ["tax", "tax:1"] {
            assert_eq!(default_pull_policy(&format!("{image}{digest}")), "IfNotPresent");
        }
    }
}
