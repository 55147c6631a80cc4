//! The contract's names: which exports make a component a policy.

use crate::decision::{self, Answer, Question};
use crate::error::LoadError;
use crate::records::{CompatibilityQuestion, PromotionQuestion};
use crate::visible;
use Shape::{ByLookUps, Whole};
use snapshot_core::policy::Decision;
use thiserror::Error;
use wasmtime::component::{
    Component, ComponentExportIndex, ComponentType, Instance, Lower, TypedFunc,
};
use wasmtime::{AsContextMut, Engine, Result};

/// The version of `policy.wit` that this host speaks.
///
/// 0.1.3 would do as well as 0.1.0; 0.2 would not: before 1.0 the second number
/// is the breaking one.
pub(crate) const VERSION: &str = "0.1.0";
const PACKAGE: &str = "snapshot:policy/";

/// An interface's full name: `snapshot:policy/about@0.1.0`.
pub(crate) fn full_name(interface: &str) -> String {
    format!("{PACKAGE}{interface}@{VERSION}")
}

/// Shape in which a policy takes its question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// With all lists in it.
    Whole,
    /// Without those of the sets, which the policy looks up.
    ByLookUps,
}

impl Shape {
    /// The interface of a decision in this shape.
    fn interface(self, decision: Decision) -> String {
        match self {
            Whole => decision.name().to_owned(),
            ByLookUps => format!("{}-by-look-ups", decision.name()),
        }
    }
}

/// The contract's functions that a component exports.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Exports {
    pub(crate) describe: ComponentExportIndex,
    check: Option<(Shape, ComponentExportIndex)>,
    review: Option<(Shape, ComponentExportIndex)>,
}

impl Exports {
    /// Finds them, before anything is instantiated.
    pub(crate) fn find(component: &Component, engine: &Engine) -> Result<Self, LoadError> {
        let function = |interface: &str, name: &str| {
            let instance = component.get_export_index(None, full_name(interface))?;
            component.get_export_index(Some(&instance), name)
        };
        // Who exports both shapes has the whole one for hosts that know no other.
        let of = |decision: Decision| {
            [ByLookUps, Whole].into_iter().find_map(|shape| {
                let found = function(&shape.interface(decision), decision::function(decision))?;
                Some((shape, found))
            })
        };
        let (describe, check, review) =
            (function("about", "describe"), of(Decision::Compatibility), of(Decision::Promotion));
        match describe {
            Some(describe) if check.is_some() || review.is_some() => {
                Ok(Self { describe, check, review })
            }
            _ => {
                Err(not_a_policy(component, engine, describe.is_some(), check.or(review).is_some()))
            }
        }
    }

    /// True if the component makes this decision.
    pub(crate) fn decide(&self, decision: Decision) -> bool {
        self.function(decision).is_some()
    }

    /// Shape in which the component takes questions of this decision.
    pub(crate) fn shape(&self, decision: Decision) -> Option<Shape> {
        self.function(decision).map(|(shape, _)| shape)
    }

    /// The full names of the contract's interfaces that the component exports.
    pub(crate) fn interfaces(&self) -> Vec<String> {
        let decisions = Decision::ALL
            .into_iter()
            .filter_map(|decision| Some(self.shape(decision)?.interface(decision)));
        ["about".to_owned()].into_iter().chain(decisions).map(|name| full_name(&name)).collect()
    }

    /// The function that answers a question in one shape, where the component has it.
    pub(crate) fn typed<P: Lower + ComponentType>(
        &self,
        decision: Decision,
        shape: Shape,
        store: impl AsContextMut,
        instance: &Instance,
    ) -> Result<Option<TypedFunc<(P,), (Answer,)>>> {
        let function = self.function(decision).filter(|(own, _)| *own == shape);
        function.map(|(_, function)| instance.get_typed_func(store, function)).transpose()
    }

    /// Compares the types of what is exported with the contract's.
    pub(crate) fn check_types(
        &self,
        mut store: impl AsContextMut,
        instance: &Instance,
    ) -> Result<(), OtherTypes> {
        self.check_types_of::<CompatibilityQuestion>(&mut store, instance)?;
        self.check_types_of::<PromotionQuestion>(&mut store, instance)
    }

    fn check_types_of<Q: Question>(
        &self,
        mut store: impl AsContextMut,
        instance: &Instance,
    ) -> Result<(), OtherTypes> {
        let decision = Q::DECISION;
        let refused = |shape: Shape| {
            move |error| OtherTypes::in_interface(&shape.interface(decision), &error)
        };
        self.typed::<&Q>(decision, Whole, &mut store, instance).map_err(refused(Whole))?;
        self.typed::<&Q::ByLookUps>(decision, ByLookUps, &mut store, instance)
            .map_err(refused(ByLookUps))?;
        Ok(())
    }

    fn function(&self, decision: Decision) -> Option<(Shape, ComponentExportIndex)> {
        match decision {
            Decision::Compatibility => self.check,
            Decision::Promotion => self.review,
        }
    }
}

/// A function of the contract's name that takes or returns something else.
#[derive(Debug, Error)]
#[error("{reason}")]
pub(crate) struct OtherTypes {
    pub(crate) reason: String,
}

impl OtherTypes {
    pub(crate) fn in_interface(interface: &str, error: &wasmtime::Error) -> Self {
        Self { reason: visible::line(&format!("{interface}: {}", error.root_cause())) }
    }
}

fn not_a_policy(component: &Component, engine: &Engine, about: bool, decides: bool) -> LoadError {
    let ty = component.component_type();
    let exports: Vec<&str> = ty.exports(engine).map(|(name, _)| name).collect();
    let ours = line_of(VERSION);
    match exports.iter().filter_map(|name| line_in(name)).find(|line| *line != ours) {
        Some(line) => {
            LoadError::OtherContract { theirs: visible::line(line), ours: ours.to_owned() }
        }
        None if about => LoadError::DecidesNothing,
        None if decides => LoadError::SaysNothingAboutItself,
        None => LoadError::NotAPolicy { exports: exports.into_iter().map(visible::line).collect() },
    }
}

/// The interface that a full name names, if it is one of this line of the contract.
pub(crate) fn interface_in(name: &str) -> Option<&str> {
    let (interface, version) = name.strip_prefix(PACKAGE)?.split_once('@')?;
    (line_of(version) == line_of(VERSION)).then_some(interface)
}

/// The line of the contract that the name of an interface belongs to, if it is one of its.
pub(crate) fn line_in(name: &str) -> Option<&str> {
    let (_, version) = name.strip_prefix(PACKAGE)?.split_once('@')?;
    Some(line_of(version))
}

/// `0.1` of `0.1.0`, `1` of `1.4.2`: what must be equal for two versions to fit.
pub(crate) fn line_of(version: &str) -> &str {
    let numbers = if version.starts_with("0.") { 2 } else { 1 };
    version.match_indices('.').nth(numbers - 1).map_or(version, |(at, _)| &version[..at])
}

#[cfg(test)]
mod tests {
    use super::line_of;

    #[test]
    fn versions_of_one_line_fit() {
        assert_eq!(line_of("0.1.0"), "0.1");
        assert_eq!(line_of("0.2.0-rc.1"), "0.2");
        assert_eq!(line_of("1.4.2"), "1");
        assert_eq!(line_of("nonsense"), "nonsense");
    }
}
