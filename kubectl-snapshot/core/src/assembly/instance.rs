//! From a workload's manifest to an instance of the set.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{AssemblyError, CaptureOptions, RunningImage};
use crate::{
    digest::Digest,
    image::ImageReference,
    manifest::{COMMIT, ContainerView, REQUIRES, Workload},
    requirement,
    snapshot::{Container, EnvValue, Instance},
    version,
};

/// Where image builders leave the commit, when a manifest repeats it.
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
            identify_main(workload, &mut container);
        }
        containers.insert(view.name.to_owned(), container);
    }
    let requires = match workload.annotation(REQUIRES) {
        Some(text) => {
            requirement::parse_list(text).map_err(|source| AssemblyError::Requirement {
                workload: named(),
                annotation: REQUIRES,
                source: Box::new(source),
            })?
        }
        None => Vec::new(),
    };
    Ok(Instance {
        kind: workload.kind,
        containers,
        requires,
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
    let tag = image.tag.as_deref();
    Container {
        commit: tag.and_then(version::commit_of).map(str::to_owned),
        version: tag.and_then(version::semver_of).map(|version| version.to_string()),
        image: image.repository,
        digest: image.digest,
        tag: image.tag,
        init: view.init,
        env: view
            .env()
            .map(|(name, value, from)| (name.to_owned(), env_value(name, value, from, variables)))
            .collect(),
        extra: BTreeMap::new(),
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
fn identify_main(workload: &Workload<'_>, container: &mut Container) {
    if let Some(commit) = workload.annotation(COMMIT).or_else(|| workload.annotation(OCI_REVISION))
    {
        container.commit = Some(commit.trim().to_owned());
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

/// Gives each container the digest that its running pods agree on.
pub(super) fn pin(
    instance: &mut Instance,
    running: &[RunningImage],
    workload: &str,
    warnings: &mut Vec<String>,
) {
    for (name, container) in &mut instance.containers {
        if container.digest.is_some() {
            continue;
        }
        // Pods of an older template still run an older image: only those of this one count.
        let wanted = written(container);
        let mut digests = running
            .iter()
            .filter(|running| running.container == *name && running.image == wanted)
            .map(|running| running.digest);
        container.digest = digests.next().map(|digest| digest.to_string());
        if digests.next().is_some() {
            container.digest = None;
            warnings.push(format!(
                "{workload}, container {name}: its pods run different digests of {wanted}, so none was recorded; capture again once its rollout is done"
            ));
        }
    }
}

fn written(container: &Container) -> String {
    match &container.tag {
        Some(tag) => format!("{}:{tag}", container.image),
        None => container.image.clone(),
    }
}
