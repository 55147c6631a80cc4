//! Sets whose variables' values belong to a place, taken out again.

use snapshot_core::{
    assembly::{Assembly, AssemblyError, CaptureOptions, ConfigScope, RunningImage},
    image,
    snapshot::{EnvValue, Metadata, Snapshot, Spec},
};

use super::{
    failure::Failure,
    resolve::{Found, Reading},
    session::Session,
};
use crate::blocking::blocking;

impl Session {
    /// The set as it would be captured now: a name that has become a variable
    /// since has no value in it any more, which makes it another set.
    pub(super) async fn as_captured_now(
        &self,
        found: Found,
        reading: &Reading,
    ) -> Result<Found, Failure> {
        let Some(name) = first_value(&found.snapshot.spec, reading) else { return Ok(found) };
        let Found { label, snapshot: Snapshot { metadata, spec } } = found;
        let (without, _) = self.without_values(spec, reading, &label).await?;
        self.ui.warning(&format!(
            "{} holds a value of {name}, which is a variable by now: without such values it is \
             another set, {}",
            label,
            without.spec.digest().short()
        ));
        let metadata = Metadata { name: None, ..metadata };
        Ok(Found { label, snapshot: Snapshot { metadata, spec: without.spec } })
    }

    /// Set with the values of variables taken out, as a capture has it, and the set itself.
    pub(super) async fn without_values(
        &self,
        spec: Spec,
        reading: &Reading,
        source: &str,
    ) -> Result<(Snapshot, Spec), Failure> {
        let choices = CaptureOptions {
            variables: reading.variables.clone(),
            configs: ConfigScope::All,
            lenient: true,
        };
        let (assembly, spec) = blocking(move || (assemble(&spec, choices), spec)).await;
        let assembly = assembly.map_err(|error| Failure::new(error.to_string()))?;
        Ok((self.finish(assembly, source.to_owned()).await?, spec))
    }
}

/// Assembles a set anew, of its own objects.
fn assemble(spec: &Spec, choices: CaptureOptions) -> Result<Assembly, AssemblyError> {
    let mut assembly = Assembly::new(choices);
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
fn first_value(spec: &Spec, reading: &Reading) -> Option<String> {
    let containers = spec.instances().flat_map(|one| one.instance.containers.values());
    let mut values = containers.flat_map(|container| &container.env);
    let is_one = |(name, value): &(&String, &EnvValue)| {
        matches!(value, EnvValue::Literal(_)) && reading.variables.contains(*name)
    };
    values.find(is_one).map(|(name, _)| name.clone())
}
