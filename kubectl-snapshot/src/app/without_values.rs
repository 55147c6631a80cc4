//! Sets without the values of what is a variable by now.

use std::collections::BTreeMap;

use snapshot_core::{
    assembly::{Assembly, AssemblyError, CaptureOptions, ConfigScope, RunningImage},
    image,
    manifest::PlaceMarks,
    parts::{Document, Parts, Several},
    snapshot::{EnvValue, Metadata, Snapshot, Spec},
};

use super::{
    App, Failure,
    read::{ReadOptions, finish},
    resolved::{ResolvedDocument, ResolvedSnapshot},
};
use crate::blocking::blocking;

/// The set as it would be captured now: a name that has become a variable
/// since has no value in it any more, which makes it another set.
async fn as_captured_now(
    app: &App,
    found: ResolvedSnapshot,
    options: &ReadOptions,
) -> Result<ResolvedSnapshot, Failure> {
    let Some(name) = first_value(&found.snapshot.spec, options) else { return Ok(found) };
    let ResolvedSnapshot { label, snapshot: Snapshot { metadata, spec } } = found;
    let without = without_values(app, spec, options, &label).await?;
    app.observer.warning(&format!(
        "{label} holds a value of {name}, which is a variable by now: without such values it is \
         another set, {}",
        without.spec.digest().short()
    ));
    let metadata = Metadata { name: None, ..metadata };
    Ok(ResolvedSnapshot { label, snapshot: Snapshot { metadata, spec: without.spec } })
}

/// The snapshot as it would be captured now, each of its parts.
pub async fn document_as_captured_now(
    app: &App,
    found: ResolvedDocument,
    options: &ReadOptions,
) -> Result<ResolvedDocument, Failure> {
    let ResolvedDocument { label, document } = found;
    let several = match document {
        Document::One(snapshot) => {
            let one = ResolvedSnapshot { label, snapshot };
            let ResolvedSnapshot { label, snapshot } = as_captured_now(app, one, options).await?;
            return Ok(ResolvedDocument { label, document: snapshot.into() });
        }
        Document::Several(several) => several,
    };
    let Several { mut metadata, parts, extra } = several;
    let mut captured = BTreeMap::new();
    for (name, snapshot) in parts.into_map() {
        let has_value = first_value(&snapshot.spec, options).is_some();
        let part = ResolvedSnapshot { label: format!("{label}, part {name}"), snapshot };
        captured.insert(name, as_captured_now(app, part, options).await?.snapshot);
        if has_value {
            metadata.name = None;
        }
    }
    let parts = Parts::new(captured).map_err(Failure::of)?;
    Ok(ResolvedDocument { label, document: Document::Several(Several { metadata, parts, extra }) })
}

/// The set with the values of variables taken out, as a capture has it.
pub(super) async fn without_values(
    app: &App,
    spec: Spec,
    options: &ReadOptions,
    source: &str,
) -> Result<Snapshot, Failure> {
    let options = CaptureOptions {
        variables: options.variables.clone(),
        configs: ConfigScope::All,
        lenient: true,
    };
    let (assembly, spec) = blocking(move || (assemble(&spec, options), spec)).await;
    let mut snapshot = finish(app, assembly.map_err(Failure::of)?, source.to_owned()).await?;
    snapshot.spec.observe_as(&spec);
    // Those that no object defines: of files, or served by a flag system.
    for (key, flag) in spec.flags {
        snapshot.spec.flags.entry(key).or_insert(flag);
    }
    Ok(snapshot)
}

/// Assembles a set anew, of its own objects.
fn assemble(spec: &Spec, options: CaptureOptions) -> Result<Assembly, AssemblyError> {
    let mut assembly = Assembly::new(options);
    for manifest in spec.objects.values() {
        if let Some((kind, _)) = manifest.identity() {
            assembly.add(kind, manifest.tree())?;
        }
    }
    for one in spec.instances() {
        for (name, container) in &one.instance.containers {
            if let Some(digest) = container.digest.as_ref().and_then(|digest| digest.parse().ok()) {
                let image = image::without_digest(container);
                let running = RunningImage { container: name.clone(), image, digest, ended: None };
                assembly.add_running(one.instance.kind, one.workload(), running);
            }
        }
    }
    Ok(assembly)
}

/// A variable whose value the set holds.
fn first_value(spec: &Spec, options: &ReadOptions) -> Option<String> {
    first_environment_value(spec, options).or_else(|| first_label(spec, options))
}

fn first_label(spec: &Spec, options: &ReadOptions) -> Option<String> {
    let marks = PlaceMarks::of(&options.variables);
    if marks.is_empty() {
        return None;
    }
    spec.objects.values().find_map(|manifest| {
        let (kind, _) = manifest.identity()?;
        marks.take_out(kind, &mut manifest.tree()).into_iter().next().map(|(name, _)| name)
    })
}

fn first_environment_value(spec: &Spec, options: &ReadOptions) -> Option<String> {
    let containers = spec.instances().flat_map(|one| one.instance.containers.values());
    let mut values = containers.flat_map(|container| &container.env);
    let is_one = |(name, value): &(&String, &EnvValue)| {
        matches!(value, EnvValue::Literal(_)) && options.variables.contains(*name)
    };
    values.find(is_one).map(|(name, _)| name.clone())
}
