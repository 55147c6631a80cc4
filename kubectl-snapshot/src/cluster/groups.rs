//! API groups of a cluster, with their versions, as discovery lists them.

use std::collections::BTreeMap;

use serde::Deserialize;
use snapshot_core::manifest::Kind;

/// A resource whose objects steer routes.
#[derive(Debug)]
pub(super) struct Steers {
    pub(super) group: &'static str,
    pub(super) version: &'static str,
    pub(super) kind: &'static str,
    pub(super) plural: &'static str,
}

/// Those of Argo Rollouts and of Flagger.
static STEERING: [Steers; 2] = [
    Steers { group: "argoproj.io", version: "v1alpha1", kind: "Rollout", plural: "rollouts" },
    Steers { group: "flagger.app", version: "v1beta1", kind: "Canary", plural: "canaries" },
];

#[derive(Deserialize)]
struct Groups {
    #[serde(default)]
    groups: Option<Vec<Group>>,
}

#[derive(Deserialize)]
struct Group {
    name: String,
    #[serde(default)]
    versions: Option<Vec<Version>>,
}

#[derive(Deserialize)]
struct Version {
    version: String,
}

/// The versions of each group.
#[derive(Debug, Default)]
pub(super) struct Served(BTreeMap<String, Vec<String>>);

impl Served {
    /// The version of a kind to ask for: the one of its row, or another that will do.
    pub(super) fn version(&self, kind: Kind) -> Option<&'static str> {
        let versions = self.0.get(kind.group())?;
        let spec = kind.spec();
        let known = [spec.version].into_iter().chain(spec.other_versions.iter().copied());
        known.into_iter().find(|known| versions.iter().any(|served| served == known))
    }

    /// The resources whose objects steer routes, as far as they are served.
    pub(super) fn steering(&self) -> impl Iterator<Item = &'static Steers> {
        STEERING.iter().filter(|one| {
            let versions = self.0.get(one.group);
            versions.is_some_and(|served| served.iter().any(|version| version == one.version))
        })
    }
}

impl Served {
    /// Reads the list of groups.
    pub(super) fn read(text: &str) -> Result<Self, serde_json::Error> {
        let found: Groups = serde_json::from_str(text)?;
        let groups = found.groups.unwrap_or_default().into_iter().map(|group| {
            let versions = group.versions.unwrap_or_default().into_iter();
            (group.name, versions.map(|one| one.version).collect())
        });
        Ok(Self(groups.collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_the_row_goes_before_others() {
        let served = |group: &str, versions: &[&str]| {
            let versions = versions.iter().map(ToString::to_string).collect();
            Served([(group.to_owned(), versions)].into())
        };
        let gateway = "gateway.networking.k8s.io";
        assert_eq!(served(gateway, &["v1beta1", "v1"]).version(Kind::HTTPRoute), Some("v1"));
        assert_eq!(served(gateway, &["v1beta1"]).version(Kind::HTTPRoute), Some("v1beta1"));
        assert_eq!(served(gateway, &["v2"]).version(Kind::HTTPRoute), None);
        assert_eq!(served(gateway, &["v1"]).version(Kind::VirtualService), None);
        let steering = |group: &str, versions: &[&str]| served(group, versions).steering().count();
        assert_eq!(steering("argoproj.io", &["v1alpha1"]), 1);
        assert_eq!(steering("argoproj.io", &["v1"]), 0);
    }
}
