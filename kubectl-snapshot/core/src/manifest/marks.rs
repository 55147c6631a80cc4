//! Marks of tools: labels and annotations by which deployers, promoters, backup tools and
//! restarters say what they did to an object at one place.
//!
//! They say nothing about the set. They are no difference, they are not carried to another place,
//! and an apply leaves those of the place alone. A mark in a workload's selector is part of its
//! identity, and stays.
//!
//! One row a mark, with the tool and where its documentation or source says so. A tool that
//! somebody meets and that is not here is one more row.

use serde_json::{Map, Value};

/// One mark of a tool.
struct Mark {
    /// The tool.
    tool: &'static str,
    /// The label's or annotation's name; with `/` or `-` at its end, the beginning of names.
    name: &'static str,
    /// Place of the mark.
    place: Place,
    /// True if the tool will write the object again.
    owns: bool,
}

/// Place of a tool's mark.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// On objects, and on the pod templates in them.
    Anywhere,
    /// On objects alone: in a pod template, the same name is the author's.
    Object,
}

const fn mark(tool: &'static str, name: &'static str) -> Mark {
    Mark { tool, name, place: Place::Anywhere, owns: false }
}

const fn owner(tool: &'static str, name: &'static str) -> Mark {
    Mark { owns: true, ..mark(tool, name) }
}

const MARKS: &[Mark] = &[
    // Kubernetes: kubectl 1.36 (apply, rollout restart, annotate), the Deployment and DaemonSet
    // controllers, leader election by ConfigMap and Endpoints, ApplySets (KEP-3659).
    mark("kubectl", "kubectl.kubernetes.io/last-applied-configuration"),
    mark("kubectl", "kubectl.kubernetes.io/restartedAt"),
    mark("kubectl", "kubernetes.io/change-cause"),
    mark("Kubernetes", "deployment.kubernetes.io/"),
    mark("Kubernetes", "deprecated.daemonset.template.generation"),
    mark("Kubernetes", "control-plane.alpha.kubernetes.io/leader"),
    owner("kubectl", "applyset.kubernetes.io/"),
    // Helm 3 and 4: release ownership, and the labels of its chart guide ("Labels and Annotations").
    owner("Helm", "meta.helm.sh/"),
    mark("Helm", "helm.sh/chart"),
    mark("Helm", "app.kubernetes.io/managed-by"),
    Mark { place: Place::Object, ..mark("Helm", "app.kubernetes.io/instance") },
    // Argo CD 2 and 3, "Resource Tracking"; the instance label above is its default until 3.0.
    owner("Argo CD", "argocd.argoproj.io/"),
    // Flux 2: kustomize-controller and helm-controller, "Labels and annotations".
    owner("Flux", "kustomize.toolkit.fluxcd.io/"),
    owner("Flux", "helm.toolkit.fluxcd.io/"),
    owner("Flux", "source.toolkit.fluxcd.io/"),
    // kapp and kbld (Carvel): app and association labels, change annotations, resolved images.
    owner("kapp", "kapp.k14s.io/"),
    mark("kbld", "kbld.k14s.io/images"),
    // cli-utils, kpt and Config Sync: the inventory that an object belongs to.
    owner("cli-utils", "config.k8s.io/owning-inventory"),
    owner("Config Sync", "configmanagement.gke.io/"),
    owner("Config Sync", "configsync.gke.io/"),
    // Rancher and Fleet: the object set, and what the user interface adds.
    owner("Fleet", "objectset.rio.cattle.io/"),
    owner("Fleet", "fleet.cattle.io/"),
    mark("Rancher", "field.cattle.io/"),
    mark("Rancher", "cattle.io/timestamp"),
    // Pulumi 4: names that it made.
    mark("Pulumi", "pulumi.com/autonamed"),
    // Spinnaker (Clouddriver): "Reserved annotations", and its ConfigMaps' and Secrets' versions.
    owner("Spinnaker", "artifact.spinnaker.io/"),
    owner("Spinnaker", "moniker.spinnaker.io/"),
    // Skaffold 2, Tilt, DevSpace, werf, Okteto, Garden: the run or session that deployed.
    mark("Skaffold", "skaffold.dev/"),
    mark("Tilt", "tilt.dev/"),
    mark("DevSpace", "devspace.sh/"),
    owner("werf", "werf.io/version"),
    owner("werf", "project.werf.io/"),
    mark("Okteto", "dev.okteto.com/"),
    mark("Garden", "garden.io/"),
    // Google Cloud Deploy ("Labels and annotations"), Octopus Deploy (Kubernetes steps), Azure
    // Pipelines (KubernetesManifest task): the release and run that deployed. werf's commit.
    mark("Google Cloud Deploy", "deploy.cloud.google.com/"),
    mark("Octopus Deploy", "Octopus."),
    mark("Azure Pipelines", "azure-pipelines/"),
    mark("werf", "ci.werf.io/commit"),
    // Velero 1: backups and restores, "Restore Reference".
    mark("Velero", "velero.io/backup-name"),
    mark("Velero", "velero.io/restore-name"),
    // Restarters: Reloader, Keel, Hashicorp's Vault secrets operator.
    mark("Reloader", "reloader.stakater.com/last-reloaded-from"),
    mark("Keel", "keel.sh/update-time"),
    mark("Vault Secrets Operator", "vso.secrets.hashicorp.com/restartedAt"),
    // Replicators and platforms: Hierarchical Namespaces, Config Syncer (kubed), KOTS, GitLab.
    owner("Hierarchical Namespaces", "hnc.x-k8s.io/inherited-from"),
    mark("Config Syncer", "kubed.appscode.com/origin"),
    owner("KOTS", "kots.io/app-slug"),
    mark("GitLab", "app.gitlab.com/"),
    // Platforms that say what they did to an object: GKE Autopilot and its network endpoint groups
    // (ingress-gce, gke-autoneg-controller), MetalLB by its old and new name, Kyverno 1.
    mark("GKE Autopilot", "autopilot.gke.io/resource-adjustment"),
    mark("GKE Autopilot", "autopilot.gke.io/warden-version"),
    mark("GKE", "cloud.google.com/neg-status"),
    mark("Autoneg", "controller.autoneg.dev/neg-status"),
    mark("Autoneg", "anthos.cft.dev/autoneg-status"),
    mark("MetalLB", "metallb.io/ip-allocated-from-pool"),
    mark("MetalLB", "metallb.universe.tf/ip-allocated-from-pool"),
    mark("Kyverno", "policies.kyverno.io/last-applied-patches"),
    // kustomize 5, `buildMetadata`: the file that an object came from, and what changed it.
    mark("kustomize", "config.kubernetes.io/origin"),
    mark("kustomize", "alpha.config.kubernetes.io/transformations"),
    // Argo Rollouts 1: the Services and DestinationRules that a Rollout steers.
    mark("Argo Rollouts", "argo-rollouts.argoproj.io/managed-by-rollouts"),
    // What people work with: Lens, Kompose.
    mark("Lens", "k8slens-edit-resource-version"),
    mark("Kompose", "kompose."),
];

impl Mark {
    fn is(&self, name: &str) -> bool {
        if self.name.ends_with(['/', '.']) {
            name.starts_with(self.name)
        } else {
            name == self.name
        }
    }
}

/// Takes the marks out of an object's labels and annotations. `selector` are the labels that
/// a workload selects its pods by.
pub(super) fn strip_object(
    metadata: &mut Map<String, Value>,
    selector: Option<&Map<String, Value>>,
) {
    strip(metadata, selector, &[Place::Anywhere, Place::Object]);
}

/// Takes the marks out of a pod template's labels and annotations.
pub(super) fn strip_template(
    metadata: &mut Map<String, Value>,
    selector: Option<&Map<String, Value>>,
) {
    strip(metadata, selector, &[Place::Anywhere]);
}

fn strip(
    metadata: &mut Map<String, Value>,
    selector: Option<&Map<String, Value>>,
    places: &[Place],
) {
    let is_mark =
        |name: &str| MARKS.iter().any(|mark| places.contains(&mark.place) && mark.is(name));
    if let Some(Value::Object(labels)) = metadata.get_mut("labels") {
        let selects = |name: &str| selector.is_some_and(|labels| labels.contains_key(name));
        labels.retain(|name, _| selects(name) || !is_mark(name));
    }
    if let Some(Value::Object(annotations)) = metadata.get_mut("annotations") {
        annotations.retain(|name, _| !is_mark(name));
    }
}

/// The deployer that owns an object with these labels and annotations, and will write it again.
#[must_use]
pub fn deployer<'a>(names: impl IntoIterator<Item = &'a str>) -> Option<&'static str> {
    let found: Vec<usize> = names
        .into_iter()
        .filter_map(|name| MARKS.iter().position(|mark| mark.owns && mark.is(name)))
        .collect();
    // One that Helm rendered and Argo CD applied is Argo CD's: whoever comes last in the chain of
    // tools is asked first.
    let first = |tool: &str| found.iter().copied().find(|at| MARKS[*at].tool == tool);
    let at = first("Argo CD").or_else(|| first("Flux")).or_else(|| found.iter().copied().min())?;
    Some(MARKS[at].tool)
}

/// Returns true if a ConfigMap holds a tool's own books: the history of a place, which belongs
/// to no set.
#[must_use]
pub fn is_book_of_a_tool(name: &str, object: &Value) -> bool {
    let label = |name: &str| object.pointer("/metadata/labels")?.get(name)?.as_str();
    // Helm with HELM_DRIVER=configmap, 3 and 4; Helm 2.
    (label("owner") == Some("helm") && name.starts_with("sh.helm.release.v"))
        || label("OWNER") == Some("TILLER")
        // kapp: an application, and each of its changes.
        || label("kapp.k14s.io/is-app").is_some()
        || label("kapp.k14s.io/is-app-change").is_some()
        // cli-utils' inventory, and the parent of an ApplySet.
        || label("cli-utils.sigs.k8s.io/inventory-id").is_some()
        || label("applyset.kubernetes.io/id").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn stripped(metadata: Value, selector: Value) -> Value {
        let (Value::Object(mut metadata), Value::Object(selector)) = (metadata, selector) else {
            panic!("both are objects");
        };
        strip_object(&mut metadata, Some(&selector));
        metadata.into()
    }

    #[test]
    fn marks_go_and_the_authors_labels_stay() {
        let metadata = json!({
            "labels": {
                "app": "cart", "Octopus.Environment.Id": "environments-1", "deploy.cloud.google.com/release-id": "r1", "app.kubernetes.io/instance": "shop-dev", "skaffold.dev/run-id": "6f1c",
                "velero.io/backup-name": "nightly-7", "helm.sh/chart": "shop-0.2.0",
                "app.kubernetes.io/version": "2.0.0",
            },
            "annotations": {"team": "shop", "azure-pipelines/run": "7", "kapp.k14s.io/identity": "v1;dev/apps/Deployment/cart"},
        });
        let expected = json!({
            "labels": {"app": "cart", "app.kubernetes.io/version": "2.0.0"},
            "annotations": {"team": "shop"},
        });
        assert_eq!(stripped(metadata, json!({})), expected);
    }

    #[test]
    fn a_mark_in_the_selector_stays() {
        let labels = json!({"app.kubernetes.io/instance": "shop", "skaffold.dev/run-id": "1"});
        let selector = json!({"app.kubernetes.io/instance": "shop"});
        assert_eq!(
            stripped(json!({"labels": labels}), selector.clone()),
            json!({"labels": selector})
        );
    }

    #[test]
    fn a_template_keeps_the_instance_that_a_service_may_select() {
        let labels = json!({"app.kubernetes.io/instance": "shop", "helm.sh/chart": "shop-0.2.0"});
        let Value::Object(mut metadata) = json!({"labels": labels}) else { unreachable!() };
        strip_template(&mut metadata, None);
        assert_eq!(metadata["labels"], json!({"app.kubernetes.io/instance": "shop"}));
    }

    #[test]
    fn the_owner_is_told_by_its_marks() {
        let names = |names: &[&'static str]| deployer(names.iter().copied());
        assert_eq!(names(&["app", "team"]), None);
        assert_eq!(names(&["helm.sh/chart"]), None);
        assert_eq!(names(&["meta.helm.sh/release-name"]), Some("Helm"));
        assert_eq!(
            names(&["meta.helm.sh/release-name", "argocd.argoproj.io/tracking-id"]),
            Some("Argo CD")
        );
        assert_eq!(names(&["kapp.k14s.io/app"]), Some("kapp"));
    }

    #[test]
    fn books_of_tools_are_told_from_config_maps_of_the_set() {
        let config_map = |labels: Value| json!({"metadata": {"labels": labels}});
        let is = |name, labels| is_book_of_a_tool(name, &config_map(labels));
        assert!(is("sh.helm.release.v1.cart.v1", json!({"owner": "helm"})));
        assert!(is("shop", json!({"kapp.k14s.io/is-app": ""})));
        assert!(is("shop-change-abcde", json!({"kapp.k14s.io/is-app-change": ""})));
        assert!(!is("shop", json!({"owner": "helm"})));
        assert!(!is("shop", json!({"app": "shop"})));
    }
}
