//! Sets whose variables' values belong to a place, taken out again.

use snapshot_core::{
    assembly::{Assembly, CaptureOptions, ConfigScope, RunningImage},
    snapshot::{EnvValue, Metadata, Snapshot, Spec},
};

use super::{
    failure::Failure,
    resolve::{Found, Reading},
    session::Session,
};

impl Session {
    /// The set as it would be captured now: a name that has become a variable
    /// since has no value in it any more, which makes it another set.
    pub(super) fn as_captured_now(
        &self,
        mut found: Found,
        reading: &Reading,
    ) -> Result<Found, Failure> {
        let Some(name) = first_value(&found.snapshot.spec, reading) else { return Ok(found) };
        let without = self.without_values(&found.snapshot.spec, reading, &found.label)?;
        self.ui.warning(&format!(
            "{} holds a value of {name}, which is a variable by now: without such values it is \
             another set, {}",
            found.label,
            without.spec.digest().short()
        ));
        let metadata = Metadata { name: None, ..found.snapshot.metadata };
        found.snapshot = Snapshot { metadata, spec: without.spec };
        Ok(found)
    }

    /// The same set with the values of variables taken out, as a capture has it.
    pub(super) fn without_values(
        &self,
        spec: &Spec,
        reading: &Reading,
        source: &str,
    ) -> Result<Snapshot, Failure> {
        let choices = CaptureOptions {
            variables: reading.variables.clone(),
            configs: ConfigScope::All,
            lenient: true,
        };
        let mut assembly = Assembly::new(choices);
        for manifest in spec.objects.values() {
            if let Some((kind, _)) = manifest.identity() {
                assembly
                    .add(kind, manifest.tree())
                    .map_err(|error| Failure::new(error.to_string()))?;
            }
        }
        for one in spec.instances() {
            for (name, container) in &one.instance.containers {
                if let Some(digest) =
                    container.digest.as_ref().and_then(|digest| digest.parse().ok())
                {
                    let image = match &container.tag {
                        Some(tag) => format!("{}:{tag}", container.image),
                        None => container.image.clone(),
                    };
                    let running =
                        RunningImage { container: name.clone(), image, digest, ended: None };
                    assembly.add_running(one.instance.kind, one.workload(), running);
                }
            }
        }
        self.finish(assembly.finish(), source.to_owned())
    }
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
