//! Short form of a field's path.

use snapshot_core::manifest::Kind;

/// Fields that a pod and its containers both have.
const SHARED: [&str; 2] = ["resources", "securityContext"];

/// A field's path without what goes without saying: the pod template, and the
/// container that has one of the `known` names; labels are called what they are.
pub(super) fn short(kind: Kind, known: &[&str], path: &str) -> String {
    let Some(rest) = in_template(kind, path) else {
        return mark(path).unwrap_or_else(|| path.to_owned());
    };
    let Some(rest) = rest.strip_prefix(".spec.") else {
        let of_pods = mark(&rest[1..]).map(|mark| format!("pod {mark}"));
        return of_pods.unwrap_or_else(|| format!("template{rest}"));
    };
    match container(rest) {
        Some((name, inside)) if known.contains(&name) => inside.to_owned(),
        Some((name, inside)) => format!("{name}: {inside}"),
        None if SHARED.iter().any(|shared| rest.starts_with(shared)) => {
            format!("template.spec.{rest}")
        }
        None => rest.to_owned(),
    }
}

fn in_template(kind: Kind, path: &str) -> Option<&str> {
    let template = kind.template_path()?.trim_start_matches('/').replace('/', ".");
    path.strip_prefix(&template).filter(|rest| rest.starts_with('.'))
}

/// A label or an annotation: `label app.kubernetes.io/version`.
fn mark(path: &str) -> Option<String> {
    let marks = path.strip_prefix("metadata.")?;
    let (word, rest) = [("label", "labels"), ("annotation", "annotations")]
        .into_iter()
        .find_map(|(word, member)| Some((word, marks.strip_prefix(member)?)))?;
    let key = rest.strip_prefix('.').or_else(|| rest.strip_prefix('[')?.strip_suffix(']'));
    match key {
        Some(key) => Some(format!("{word} {key}")),
        None => rest.is_empty().then(|| format!("{word}s")),
    }
}

/// A container's name, and the path inside it.
fn container(path: &str) -> Option<(&str, &str)> {
    let rest = path.strip_prefix("containers[").or_else(|| path.strip_prefix("initContainers["))?;
    rest.split_once("].")
}

/// The start of a short path up to the environment entry that it leads to or into.
pub(super) fn entry(path: &str) -> Option<&str> {
    let start = path.rfind(' ').map_or(0, |space| space + 1);
    let name = path[start..].strip_prefix("env[")?;
    let end = path.len() - name.len() + name.find(']')?;
    let rest = &path[end + 1..];
    // What is deeper inside a reference is a field of its own.
    let leads_to_value = rest.is_empty() || rest == ".value" || rest.starts_with(".valueFrom");
    (leads_to_value && rest.matches('.').count() <= 2).then_some(&path[..=end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_without_saying_is_left_out() {
        for (kind, path, shown) in [
            (Kind::Deployment, "spec.template.spec.containers[tax].args", "args"),
            (Kind::Deployment, "spec.template.spec.containers[proxy].args", "proxy: args"),
            (Kind::Deployment, "spec.template.spec.initContainers[wait].args", "wait: args"),
            (Kind::Deployment, "spec.template.spec.containers[proxy]", "containers[proxy]"),
            (Kind::Deployment, "spec.template.spec.volumes[a]", "volumes[a]"),
            (
                Kind::Deployment,
                "spec.template.spec.securityContext",
                "template.spec.securityContext",
            ),
            (Kind::Deployment, "spec.template.metadata.labels.a", "pod label a"),
            (Kind::Deployment, "spec.template.metadata.annotations[a.b/c]", "pod annotation a.b/c"),
            (Kind::Deployment, "spec.template.metadata.finalizers", "template.metadata.finalizers"),
            (Kind::Deployment, "metadata.labels[a.b/c]", "label a.b/c"),
            (Kind::Service, "metadata.annotations", "annotations"),
            (Kind::Service, "metadata.finalizers", "metadata.finalizers"),
            (Kind::Deployment, "spec.template", "spec.template"),
            (Kind::Deployment, "spec.strategy.type", "spec.strategy.type"),
            (Kind::CronJob, "spec.jobTemplate.spec.template.spec.volumes[a]", "volumes[a]"),
            (Kind::CronJob, "spec.schedule", "spec.schedule"),
            (Kind::Service, "spec.ports[80]", "spec.ports[80]"),
        ] {
            assert_eq!(short(kind, &["tax"], path), shown);
        }
    }

    #[test]
    fn an_entry_is_found_around_its_value() {
        for (path, shown) in [
            ("env[A]", Some("env[A]")),
            ("env[A].value", Some("env[A]")),
            ("proxy: env[A].valueFrom.secretKeyRef", Some("proxy: env[A]")),
            ("env[A].valueFrom.secretKeyRef.key", None),
            ("env (order)", None),
            ("args", None),
        ] {
            assert_eq!(entry(path), shown);
        }
    }
}
