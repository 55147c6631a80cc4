//! Table of deployers: what each leaves on the objects that it writes, and what it does next to
//! what somebody else has changed in them.

use super::deployer_marks::DeployerMarks;

/// A deployer, by the way in which it writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deployer {
    /// A controller that the object names as its owner.
    Controller,
    /// Argo CD.
    ArgoCd,
    /// Flux, by a release of its helm-controller.
    FluxHelmRelease,
    /// Flux, by its kustomize-controller.
    FluxKustomization,
    /// Helm 4, which applies on the server.
    HelmServerSide,
    /// Helm 3, or Helm 4 with `--server-side=false`.
    HelmClientSide,
    /// Another tool with marks of its own.
    Tool(&'static str),
    /// `kubectl apply --server-side`.
    KubectlServerSide,
    /// Whoever else applies on the server.
    Applier,
    /// `kubectl apply`.
    KubectlClientSide,
}

/// A row: how a deployer is known, and what it does next.
pub(super) struct Row {
    /// The deployer.
    pub(super) deployer: Deployer,
    /// The name for one of its units: a release, an application.
    pub(super) called: &'static str,
    /// The unit's name, if these are the deployer's marks; empty where it has none.
    pub(super) is: fn(&DeployerMarks<'_>) -> Option<String>,
    /// Next act on objects that were written in its name, if they can be.
    pub(super) in_its_name: Option<&'static str>,
    /// Next act on objects that were changed by a patch.
    pub(super) patched: &'static str,
    /// The place where what is to stay has to go.
    pub(super) keep_in: &'static str,
    /// True if it merges its old and new manifests into what is there, on its own side.
    pub(super) merges: bool,
}

/// Everybody's, in the order in which they are asked: whoever comes last in a chain of tools
/// writes last.
pub(super) const TABLE: [Row; 9] = [
    Row {
        deployer: Deployer::Controller,
        called: "",
        is: |marks| marks.controller.clone(),
        in_its_name: Some("it may put back at any time what differs from what it wants"),
        patched: "it may put back at any time what differs from what it wants",
        keep_in: "what it makes them from",
        merges: false,
    },
    Row {
        deployer: Deployer::ArgoCd,
        called: "Argo CD application",
        is: |marks| {
            if !marks.is_by_argo_cd {
                marks.any("argocd.argoproj.io/")?;
            }
            let tracked = marks.annotation("argocd.argoproj.io/tracking-id");
            let tracked = tracked.and_then(|id| id.split(':').next());
            let labels = ["argocd.argoproj.io/instance", "app.kubernetes.io/instance"];
            let label = || labels.iter().find_map(|name| marks.label(name));
            Some(tracked.or_else(label).unwrap_or_default().to_owned())
        },
        in_its_name: Some(GITOPS_ARGO),
        patched: GITOPS_ARGO,
        keep_in: "its source in Git",
        merges: false,
    },
    Row {
        deployer: Deployer::FluxHelmRelease,
        called: "Flux HelmRelease",
        is: |marks| {
            marks.any("helm.toolkit.fluxcd.io/")?;
            Some(
                marks.namespaced([
                    "helm.toolkit.fluxcd.io/namespace",
                    "helm.toolkit.fluxcd.io/name",
                ]),
            )
        },
        in_its_name: Some(
            "its next upgrade meets no conflict about it, and puts back what its values say; where it corrects drift, its next interval does",
        ),
        patched: "its next upgrade fails with a conflict or puts back what its values say; where it corrects drift, its next interval does",
        keep_in: "its values",
        merges: false,
    },
    Row {
        deployer: Deployer::FluxKustomization,
        called: "Flux Kustomization",
        is: |marks| {
            marks.any("kustomize.toolkit.fluxcd.io/")?;
            Some(marks.namespaced([
                "kustomize.toolkit.fluxcd.io/namespace",
                "kustomize.toolkit.fluxcd.io/name",
            ]))
        },
        in_its_name: Some("it puts back what differs within its interval"),
        patched: "it puts back what differs within its interval",
        keep_in: "its source in Git",
        merges: false,
    },
    Row {
        deployer: Deployer::HelmServerSide,
        called: "Helm release",
        is: |marks| {
            let release = helm(marks)?;
            (!marks.appliers.is_empty()).then_some(release)
        },
        in_its_name: Some(
            "written in its name: the next helm upgrade or rollback meets no conflict about it, and puts back what its values say",
        ),
        patched: "the next helm upgrade or rollback fails with a conflict, until it is run with --force-conflicts, which puts back what its values say",
        keep_in: "its values",
        merges: false,
    },
    Row {
        deployer: Deployer::HelmClientSide,
        called: "Helm release",
        is: helm,
        in_its_name: None,
        patched: "the next helm upgrade or rollback takes back in silence what is changed and removed, and leaves what is added; where somebody else has written over all that Helm 4 applied, it ends with a conflict",
        keep_in: "its values",
        merges: true,
    },
    Row {
        deployer: Deployer::KubectlServerSide,
        called: "kubectl apply --server-side",
        is: |marks| marks.appliers.contains(&"kubectl").then(String::new),
        in_its_name: Some(
            "written in its name: the next one of the old manifests meets no conflict about it, and puts everything back",
        ),
        patched: "the next one of the old manifests fails with a conflict, until it is run with --force-conflicts, which puts back what they say",
        keep_in: "the manifests",
        merges: false,
    },
    Row {
        deployer: Deployer::Applier,
        called: "field manager",
        is: |marks| marks.appliers.first().map(|name| (*name).to_owned()),
        in_its_name: Some(
            "written in its name: its next apply meets no conflict about it, and puts back what it has not taken over by then",
        ),
        patched: "its next apply fails with a conflict, or puts back what differs where it forces",
        keep_in: "what it applies",
        merges: false,
    },
    Row {
        deployer: Deployer::KubectlClientSide,
        called: "kubectl apply",
        is: |marks| {
            marks
                .annotation("kubectl.kubernetes.io/last-applied-configuration")
                .map(|_| String::new())
        },
        in_its_name: None,
        patched: "the next one of the old manifests takes back what is changed and removed, and leaves what is added",
        keep_in: "the manifests",
        merges: true,
    },
];

/// The row of tools that are known by their marks alone.
pub(super) const TOOL: Row = Row {
    deployer: Deployer::Tool(""),
    called: "",
    is: |_| None,
    in_its_name: Some("written in its name: it may write again, without a conflict"),
    patched: "it may write again",
    keep_in: "what it deploys",
    merges: false,
};

const GITOPS_ARGO: &str = "it is out of sync, and its next sync puts back what differs: at once, where it heals by itself";

impl Deployer {
    /// The deployer's row.
    pub(super) fn row(self) -> &'static Row {
        TABLE.iter().find(|row| row.deployer == self).unwrap_or(&TOOL)
    }

    /// True of a release of Helm, however it is applied.
    #[must_use]
    pub fn is_helm(self) -> bool {
        matches!(self, Self::HelmServerSide | Self::HelmClientSide)
    }
}

/// The Helm release, if there is one.
fn helm(marks: &DeployerMarks<'_>) -> Option<String> {
    marks.any("meta.helm.sh/")?;
    Some(marks.annotation("meta.helm.sh/release-name").unwrap_or_default().to_owned())
}
