//! Errors of composing: changes that the set has no place for.

use super::target::NotATarget;
use crate::{
    assembly::AssemblyError,
    flags::{FlagError, SwitchError},
    manifest::Kind,
    parts::{InParts, NoSuchPart, PartName, listed},
};

/// Number of names that an error lists.
const LISTED: usize = 8;

/// Error: a set cannot be changed so.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    /// A service that the set has not.
    #[error("there is no service {service} in {label}")]
    NoService {
        /// The service.
        service: String,
        /// The set, as the user calls it.
        label: String,
        /// Services that it has, the most alike first.
        known: Vec<String>,
    },
    /// An instance that the service has not.
    #[error("service {service} has no instance {instance} in {label}")]
    NoInstance {
        /// The service.
        service: String,
        /// The instance.
        instance: String,
        /// The set, as the user calls it.
        label: String,
        /// Instances that it has.
        known: Vec<String>,
    },
    /// A container that the instance has not.
    #[error("{service}/{instance} has no container {container} in {label}")]
    NoContainer {
        /// The service.
        service: String,
        /// The instance.
        instance: String,
        /// The container.
        container: String,
        /// The set, as the user calls it.
        label: String,
        /// Containers that it has.
        known: Vec<String>,
    },
    /// A flag that the set has not.
    #[error("there is no flag {flag} in {label}")]
    NoFlag {
        /// The flag.
        flag: String,
        /// The set, as the user calls it.
        label: String,
        /// Flags that it has, the most alike first.
        known: Vec<String>,
    },
    /// A flag that the set may have, where nobody knows all of its flags.
    #[error("nobody knows whether {label} has a flag {flag}: {reasons}")]
    UnseenFlag {
        /// The flag.
        flag: String,
        /// The set, as the user calls it.
        label: String,
        /// Reasons why some flags are not known.
        reasons: String,
    },
    /// A service or a flag that no part of the set has.
    #[error("there is no {what} {name} in any part of {label}")]
    NoneOfParts {
        /// `service` or `flag`.
        what: &'static str,
        /// Name of it.
        name: String,
        /// The set, as the user calls it.
        label: String,
        /// Those that there are with their parts, the most alike first.
        known: Vec<String>,
    },
    /// A service or a flag that several parts of the set have.
    #[error("{what} {name} is in several parts of {label}: {}", listed(parts))]
    SeveralParts {
        /// `service` or `flag`.
        what: &'static str,
        /// Name of it.
        name: String,
        /// The set, as the user calls it.
        label: String,
        /// The parts that have it.
        parts: Vec<PartName>,
    },
    /// A part that the set has not.
    #[error("{label}: {error}")]
    NoPart {
        /// The set, as the user calls it.
        label: String,
        /// The parts that there are.
        error: NoSuchPart,
    },
    /// A set in parts, from which something is taken into a set of one namespace.
    #[error("{label}: {error}")]
    InParts {
        /// The set, as the user calls it.
        label: String,
        /// The parts.
        error: InParts,
    },
    /// A text that names no target in the set.
    #[error(transparent)]
    Target(#[from] NotATarget),
    /// A workload that belongs to another service of the base.
    #[error(
        "service {service} of {from} brings {kind} {name}, which belongs to service {owner} in {label}"
    )]
    OfAnother {
        /// The service that was to be taken.
        service: String,
        /// The set that it comes from, as the user calls it.
        from: String,
        /// Kind of the workload.
        kind: Kind,
        /// Name of the workload.
        name: String,
        /// The service that has it.
        owner: String,
        /// The base, as the user calls it.
        label: String,
    },
    /// A flag that cannot be switched.
    #[error(transparent)]
    Switch(#[from] SwitchError),
    /// Manifests that make no set.
    #[error(transparent)]
    Assembly(#[from] AssemblyError),
    /// Flags that cannot be read.
    #[error(transparent)]
    Flags(#[from] FlagError),
}

/// Some of the names that there are: those that begin most alike first.
pub(super) fn alike<'a>(wanted: &str, known: impl Iterator<Item = &'a String>) -> Vec<String> {
    let shared = |name: &str| name.bytes().zip(wanted.bytes()).take_while(|(a, b)| a == b).count();
    let mut names: Vec<&String> = known.collect();
    names.sort_by_cached_key(|name| (std::cmp::Reverse(shared(name)), (*name).clone()));
    names.into_iter().take(LISTED).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_alike_come_first_and_not_all_of_thousands() {
        let known: Vec<String> =
            (0..2000).map(|n| format!("svc-{n}")).chain(["cart".into()]).collect();
        let listed = alike("crat", known.iter());
        assert_eq!((listed[0].as_str(), listed.len()), ("cart", LISTED));
    }
}
