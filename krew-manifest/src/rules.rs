//! Rules of krew's index for a manifest beyond those of its own validator.

use std::{collections::BTreeSet, path::Path};

use serde::Deserialize;

use crate::{Error, plugin};

/// The longest description that `kubectl krew search` shows whole.
const SHORT: usize = 50;

/// The longest line of a description.
const LINE: usize = 80;

/// A manifest as krew reads it. A field that krew does not know is an error here.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Manifest {
    api_version: String,
    kind: String,
    metadata: Metadata,
    spec: Spec,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Metadata {
    name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Spec {
    version: String,
    homepage: String,
    short_description: String,
    description: String,
    caveats: String,
    platforms: Vec<Place>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    selector: Selector,
    uri: String,
    sha256: String,
    bin: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Selector {
    match_labels: Labels,
}

#[derive(Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(deny_unknown_fields)]
struct Labels {
    os: String,
    arch: String,
}

/// Reads a filled manifest back and says everything that is wrong with it.
pub(crate) fn check(text: &str) -> Result<(), Error> {
    let manifest: Manifest =
        serde_saphyr::from_str(text).map_err(|error| Error::Manifest(error.to_string()))?;
    let mut broken = Vec::new();
    let mut rule = |holds: bool, what: String| {
        if !holds {
            broken.push(what);
        }
    };
    let Manifest { api_version, kind, metadata, spec } = &manifest;
    rule(
        api_version == "krew.googlecontainertools.github.com/v1alpha2" && kind == "Plugin",
        format!("{api_version} {kind} is no manifest that krew knows"),
    );
    rule(metadata.name == plugin::NAME, format!("the plugin is not named {}", metadata.name));
    rule(
        spec.version.strip_prefix('v') == Some(plugin::VERSION),
        format!("{} is not v{}", spec.version, plugin::VERSION),
    );
    let length = spec.short_description.chars().count();
    rule(
        (1..=SHORT).contains(&length) && !spec.short_description.ends_with('.'),
        format!(
            "shortDescription has {length} characters; 1 to {SHORT}, without a full stop, are shown"
        ),
    );
    for line in spec.description.lines() {
        rule(line.chars().count() <= LINE, format!("longer than {LINE} characters: {line}"));
        let line = line.trim_start();
        let example = line.starts_with('$') || line.starts_with("kubectl ");
        rule(!example, format!("a description has no examples: {line}"));
    }
    rule(!spec.caveats.trim().is_empty(), "caveats are empty".to_owned());
    rule(is_url(&spec.homepage), format!("no URL: {}", spec.homepage));
    let mut seen = BTreeSet::new();
    for Place { selector, uri, sha256, bin } in &spec.platforms {
        let labels = &selector.match_labels;
        let name = format!("{}/{}", labels.os, labels.arch);
        let hex = |digit: u8| digit.is_ascii_digit() || (b'a'..=b'f').contains(&digit);
        rule(seen.insert(labels), format!("{name} is there twice"));
        rule(is_url(uri), format!("{name}: no URL: {uri}"));
        rule(
            sha256.len() == 64 && sha256.bytes().all(hex),
            format!("{name}: no SHA-256: {sha256}"),
        );
        rule(
            Path::new(bin).extension().is_some_and(|it| it == "exe") == (labels.os == "windows"),
            format!("{name}: {bin} does not run there"),
        );
    }
    if broken.is_empty() { Ok(()) } else { Err(Error::Rules(broken)) }
}

/// krew downloads from http too, which a test does from this machine.
fn is_url(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://127.0.0.1:")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> String {
        let zeros = "0".repeat(64);
        format!(
            "apiVersion: krew.googlecontainertools.github.com/v1alpha2\nkind: Plugin\n\
             metadata:\n  name: {}\nspec:\n  version: v{}\n  homepage: https://shop.example\n  \
             shortDescription: Short\n  description: |\n    Long\n  caveats: None\n  platforms:\n  \
             - selector: {{matchLabels: {{os: linux, arch: amd64}}}}\n    \
             uri: https://shop.example/a.tar.gz\n    sha256: \"{zeros}\"\n    bin: kubectl-snapshot\n",
            plugin::NAME,
            plugin::VERSION,
        )
    }

    fn broken(from: &str, to: &str) -> String {
        let text = manifest();
        assert!(text.contains(from), "{from}");
        check(&text.replace(from, to)).unwrap_err().to_string()
    }

    #[test]
    fn each_broken_rule_is_named() {
        check(&manifest()).unwrap();
        assert!(broken("Short\n", &format!("{}\n", "x".repeat(51))).contains("51 characters"));
        assert!(broken("    Long\n", &format!("    {}\n", "x".repeat(81))).contains("longer than"));
        assert!(broken("    Long\n", "    kubectl snapshot list\n").contains("no examples"));
        assert!(broken(&"0".repeat(64), "ABC").contains("no SHA-256: ABC"));
        assert!(broken("https://shop.example/a", "ftp://shop.example/a").contains("no URL"));
        assert!(broken("os: linux", "os: windows").contains("does not run there"));
        assert!(broken("caveats", "caveat").contains("cannot be read"));
    }

    #[test]
    fn one_platform_has_one_archive() {
        let text = manifest();
        let (head, place) = text.split_at(text.find("  - selector").unwrap());
        let twice = check(&format!("{head}{place}{place}")).unwrap_err().to_string();
        assert!(twice.contains("linux/amd64 is there twice"), "{twice}");
    }
}
