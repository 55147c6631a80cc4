//! Environment variables that are flags, as a workload's annotation names them.
//!
//! `TAX_CALL_ENABLED=tax-call requires tax >=1.4; DISABLE_PROFILER=!profiler`
//! says that one variable is the flag `tax-call`, which needs that tax, and
//! that another turns the flag `profiler` off.

mod binding;
mod switch;
mod value;

pub(super) use binding::parse_bindings;
pub(super) use switch::{Unswitchable, switch};
pub(super) use value::EnvLookup;

use self::binding::{Binding, BindingError};
use super::{
    error::FlagError,
    lookup::Lookup,
    system::{Definition, Definitions, FlagSystem},
};
use crate::{
    flag::Flag,
    manifest::{FLAGS, Workload},
    snapshot::InstanceRef,
};

/// Environment variables, as a flag system.
pub(super) struct Environment;

/// An annotation that does not say which variables are flags.
#[derive(Debug, thiserror::Error)]
#[error("{workload}, annotation {FLAGS}: {error}")]
struct AnnotationError {
    /// Kind and name of the workload.
    workload: String,
    /// Problem of the annotation.
    error: BindingError,
}

/// The instance whose annotation names the flags.
#[derive(Clone, Copy, Debug)]
struct Place<'a> {
    /// The service's name.
    service: &'a str,
    /// The instance's name.
    instance: &'a str,
    /// Containers of the workload, the one that speaks for a variable set nowhere first.
    containers: &'a [&'a str],
}

impl FlagSystem for Environment {
    fn name(&self) -> &'static str {
        "env"
    }

    fn read_instance(&self, one: InstanceRef<'_>, lookup: &Lookup<'_>) -> Definitions {
        let none = Definitions::default();
        let manifest = lookup.manifest(one.instance);
        let Some(manifest) = manifest.filter(|manifest| manifest.text().contains(FLAGS)) else {
            return none;
        };
        let tree = manifest.tree();
        let Some(workload) = Workload::of(one.instance.kind, &tree) else { return none };
        let Some(annotation) = workload.annotation(FLAGS) else { return none };
        let main = workload.main_container();
        let others = workload
            .containers()
            .map(|container| container.name)
            .filter(|name| Some(*name) != main);
        let containers: Vec<&str> = main.into_iter().chain(others).collect();
        let place =
            Place { service: one.service, instance: one.name.as_str(), containers: &containers };
        let find =
            |container: &str, name: &str| lookup.find(one.instance, &workload, container, name);
        match read(annotation, place, find) {
            Ok(flags) => Definitions { flags, ..none },
            Err(error) => {
                let workload = format!("{} {}", one.instance.kind, one.workload());
                let origin = format!("{}:{}", self.name(), one.key());
                FlagError::of_origin(&origin, AnnotationError { workload, error }).into()
            }
        }
    }

    fn instance<'a>(&self, place: &'a str) -> Option<(&'a str, &'a str)> {
        let (service, rest) = place.split_once('/')?;
        Some((service, rest.split_once('/')?.0))
    }
}

/// The flags that an instance's annotation names, with the values that `lookup`
/// finds: the container's name, then the variable's.
///
/// A variable that several containers set makes a flag of each, for
/// [`merge`](super::merge) to judge.
fn read<F>(annotation: &str, place: Place<'_>, lookup: F) -> Result<Vec<Definition>, BindingError>
where
    F: Fn(&str, &str) -> EnvLookup,
{
    let mut flags = Vec::new();
    for binding in parse_bindings(annotation)? {
        let found = place
            .containers
            .iter()
            .map(|container| (*container, lookup(container, &binding.variable)));
        let mut found: Vec<_> = found.filter(|(_, value)| *value != EnvLookup::NotSet).collect();
        if found.is_empty() {
            found.push((place.containers.first().copied().unwrap_or_default(), EnvLookup::NotSet));
        }
        flags.extend(found.into_iter().map(|(container, value)| Definition {
            key: binding.key.clone(),
            flag_set: None,
            flag: flag(&binding, place, container, value),
        }));
    }
    Ok(flags)
}

fn flag(binding: &Binding, place: Place<'_>, container: &str, found: EnvLookup) -> Flag {
    let (enabled, value) = value::evaluate(found, binding.inverted);
    Flag {
        enabled,
        value,
        service: Some(place.service.to_owned()),
        source: format!(
            "{}:{}/{}/{container}/{}",
            Environment.name(),
            place.service,
            place.instance,
            binding.variable
        ),
        requires: binding.requires.clone(),
        ..Flag::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const PLACE: Place<'static> =
        Place { service: "cart", instance: "cart-canary", containers: &["cart", "proxy"] };

    #[test]
    fn an_annotation_becomes_flags() {
        let flags = read(
            "TAX_CALL_ENABLED=tax-call requires tax >=1.4; NEW_PRICING=new-pricing",
            PLACE,
            |container, name| match (container, name) {
                ("cart", "TAX_CALL_ENABLED") => EnvLookup::Literal("Yes".into()),
                _ => EnvLookup::NotSet,
            },
        )
        .unwrap();
        let Definition { key, flag: tax, .. } = &flags[0];
        assert_eq!((key.as_str(), tax.enabled, &tax.value), ("tax-call", true, &json!(true)));
        assert_eq!(tax.source, "env:cart/cart-canary/cart/TAX_CALL_ENABLED");
        assert_eq!(
            (tax.service.as_deref(), tax.requires[0].to_string()),
            (Some("cart"), "tax >=1.4".into())
        );
        let Definition { key, flag: pricing, .. } = &flags[1];
        assert_eq!((key.as_str(), pricing.is_on(), pricing.enabled), ("new-pricing", false, false));
        assert_eq!(pricing.source, "env:cart/cart-canary/cart/NEW_PRICING");
    }

    #[test]
    fn each_container_that_sets_it_is_heard() {
        let flags = read("A=a", PLACE, |container, _| {
            EnvLookup::Literal((container == "proxy").to_string())
        })
        .unwrap();
        let values: Vec<_> =
            flags.iter().map(|one| (one.flag.source.as_str(), &one.flag.value)).collect();
        assert_eq!(
            values,
            [
                ("env:cart/cart-canary/cart/A", &json!(false)),
                ("env:cart/cart-canary/proxy/A", &json!(true))
            ]
        );
    }
}
