//! Conversion of a workload's manifest into an instance of the set.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{AssemblyError, CaptureOptions, RunningImage};
use crate::{
    container,
    digest::Digest,
    image::{self, ImageReference},
    manifest::{COMMIT, ContainerView, Pins, REQUIRES, RolloutRule, Workload},
    requirement,
    snapshot::{Container, EnvValue, Instance},
    version,
};

/// OCI annotation of the git commit, when a manifest repeats what image builders leave
/// there.
const OCI_REVISION: &str = "org.opencontainers.image.revision";

/// The instance that the workload is.
pub(super) fn read(
    workload: &Workload<'_>,
    choices: &CaptureOptions,
    manifest: Digest,
    warnings: &mut Vec<String>,
) -> Result<Instance, AssemblyError> {
    let named = || format!("{} {}", workload.kind, workload.name());
    let main = workload.main_container();
    let mut containers = BTreeMap::new();
    for view in workload.containers() {
        let image = view.image.parse().or_else(|_| {
            let error = AssemblyError::Image {
                workload: named(),
                container: view.name.to_owned(),
                image: view.image.to_owned(),
            };
            if !choices.lenient {
                return Err(error);
            }
            warnings.push(format!("{error}; it is kept as it is, and has no version"));
            Ok(ImageReference { repository: view.image.to_owned(), tag: None, digest: None })
        })?;
        let mut container = read_container(&view, image, &choices.variables);
        if main == Some(view.name) && !view.init {
            identify_main(workload, &mut container, warnings);
        }
        containers.insert(view.name.to_owned(), container);
    }
    let read = requirement::parse_list(workload.annotation(REQUIRES).unwrap_or_default());
    let (requires, unreadable_requires) = match read {
        Ok(requires) => (requires, None),
        Err(source) => {
            let error = AssemblyError::Requirement {
                workload: named(),
                annotation: REQUIRES,
                source: Box::new(source),
            };
            if !choices.lenient {
                return Err(error);
            }
            warnings.push(format!(
                "{error}; what it requires is not known, and policies do not decide about it"
            ));
            (Vec::new(), Some(error.to_string()))
        }
    };
    Ok(Instance {
        kind: workload.kind,
        containers,
        requires,
        unreadable_requires,
        configs: BTreeMap::new(),
        manifest,
        extra: BTreeMap::new(),
    })
}

fn read_container(
    view: &ContainerView<'_>,
    image: ImageReference,
    variables: &BTreeSet<String>,
) -> Container {
    Container {
        init: view.init,
        env: view
            .env()
            .map(|(name, value, from)| (name.to_owned(), env_value(name, value, from, variables)))
            .collect(),
        ..container::of_reference(image)
    }
}

fn env_value(
    name: &str,
    value: Option<&str>,
    from: Option<&Value>,
    variables: &BTreeSet<String>,
) -> EnvValue {
    if variables.contains(name) {
        return EnvValue::Variable { variable: name.to_owned() };
    }
    match from {
        Some(reference) => EnvValue::Reference(reference.clone()),
        None => EnvValue::Literal(value.unwrap_or_default().to_owned()),
    }
}

/// Labels and annotations speak of the container that the workload is about.
///
/// The tag goes before the label `app.kubernetes.io/version`: whoever changes
/// an image in haste leaves the label behind, and the tag is what runs.
fn identify_main(workload: &Workload<'_>, container: &mut Container, warnings: &mut Vec<String>) {
    let id = |text: &str| version::commit_id(text).map(str::to_owned);
    let said = workload.annotation(COMMIT);
    let commit = said.and_then(id);
    if let (Some(said), None) = (said, &commit) {
        warnings.push(format!(
            "{} {}, annotation {COMMIT}: {said:?} is no commit id, which has 7 to 64 hexadecimal digits; it is passed over",
            workload.kind,
            workload.name()
        ));
    }
    // A revision may be of another system than git.
    if let Some(commit) = commit.or_else(|| workload.annotation(OCI_REVISION).and_then(id)) {
        container.commit = Some(commit);
    }
    if container.version.is_none() {
        let label = workload.label("app.kubernetes.io/version");
        container.version = label.and_then(version::semver_of).map(|version| version.to_string());
    }
}

/// Environment names that one container has twice: container, name.
pub(super) fn duplicate_env<'a>(workload: &Workload<'a>) -> Vec<(&'a str, &'a str)> {
    let mut duplicates = Vec::new();
    for container in workload.containers() {
        let mut seen = BTreeSet::new();
        duplicates.extend(
            container
                .env()
                .filter(|(name, ..)| !seen.insert(*name))
                .map(|(name, ..)| (container.name, name)),
        );
    }
    duplicates
}

/// Gives each container the digest that its running pods agree on, unless its image is written
/// with one, and the other images that pods run beside the one that the template asks for.
pub(super) fn pin(
    instance: &mut Instance,
    pins: &Pins,
    running: &[RunningImage],
    workload: &str,
    warnings: &mut Vec<String>,
) {
    let workload_spec = instance.kind.workload();
    let rolls_out = workload_spec.is_some_and(|spec| spec.rollout != RolloutRule::NextRun);
    for (name, container) in &mut instance.containers {
        // Pods of an older template still run an older image: only those of this one count.
        let wanted = image::without_digest(container);
        let pin = pins.get(name).map(Digest::to_string);
        let of_container = || running.iter().filter(|running| running.container == *name);
        let others: BTreeSet<String> = of_container()
            .filter(|running| running.ended.is_none())
            .filter_map(|running| beside(running, &wanted, pin.as_deref()))
            .collect();
        // Pods that come with the next run do what was asked for when they began.
        if !others.is_empty() && rolls_out {
            let others: Vec<String> = others.into_iter().collect();
            let asked = pin.as_ref().map_or(wanted.clone(), |pin| format!("{wanted}@{pin}"));
            warnings.push(format!(
                "{workload}, container {name}: its template asks for {asked}, and pods run {}; what was captured is not what runs, or not all of it",
                others.join(" and ")
            ));
            container.also_running = others;
        }
        if container.digest.is_some() {
            continue;
        }
        // An admission webhook may have given the pod's image its digest.
        let of_this = || of_container().filter(|running| unpinned(&running.image) == wanted);
        let mut digests: BTreeSet<Digest> =
            of_this().filter(|running| running.ended.is_none()).map(|one| one.digest).collect();
        if digests.is_empty() {
            // Where none runs now, the last that has ended speaks.
            let last = of_this().max_by_key(|running| running.ended.as_deref());
            digests.extend(last.map(|last| last.digest));
        }
        if digests.len() > 1 {
            warnings.push(format!(
                "{workload}, container {name}: its pods run different digests of {wanted}, so none was recorded; capture again once its rollout is done"
            ));
            let each = digests.iter().map(|digest| format!("{wanted}@{digest}"));
            container.also_running.extend(each.filter(|_| rolls_out));
        } else {
            container.digest = digests.pop_first().map(|digest| digest.to_string());
        }
    }
}

fn unpinned(image: &str) -> &str {
    image.split_once('@').map_or(image, |(name, _)| name)
}

/// The image of a pod that is not the template's: another name, or another digest than the one
/// that the template is pinned to.
///
/// A pod whose own image is pinned runs that digest. What its runtime reports may be another one
/// of the same image: that of an index, or of one platform's image in it.
fn beside(running: &RunningImage, wanted: &str, pin: Option<&str>) -> Option<String> {
    let image = &running.image;
    match (image.split_once('@'), pin) {
        _ if !is_image(image, wanted) => Some(image.clone()),
        (Some((_, digest)), Some(pin)) if digest != pin => Some(image.clone()),
        (None, Some(pin)) if running.digest.to_string() != pin => {
            Some(format!("{image}@{}", running.digest))
        }
        _ => None,
    }
}

/// Returns true if a pod's image is the template's, be it from a mirror that an admission
/// webhook put before it.
pub(super) fn is_image(running: &str, wanted: &str) -> bool {
    let (running, wanted) = (unpinned(running), unpinned(wanted));
    running == wanted || running.ends_with(&format!("/{wanted}")) || {
        // A mirror takes the place of the registry's host.
        let path = |image: &str| image.split_once('/').map(|(_, path)| path.to_owned());
        let is_host = |image: &str| {
            image
                .split('/')
                .next()
                .is_some_and(|host| host.contains(['.', ':']) && image.contains('/'))
        };
        is_host(running) && is_host(wanted) && path(running) == path(wanted)
    }
}
