//! The names on the outside of a component.

use crate::contract;
use crate::visible;
use wasmtime::Engine;
use wasmtime::component::Component;

/// Exports and imports of a component, by name, safe to print.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Interfaces {
    /// The line of the contract that it was built for, `0.1`, where its exports
    /// or imports name one.
    pub contract: Option<String>,
    /// Names of the exports, sorted.
    pub exports: Vec<String>,
    /// Names of the imports, sorted.
    pub imports: Vec<String>,
}

impl Interfaces {
    pub(crate) fn of(component: &Component, engine: &Engine) -> Self {
        let ty = component.component_type();
        let mut exports: Vec<&str> = ty.exports(engine).map(|(name, _)| name).collect();
        let mut imports: Vec<&str> = ty.imports(engine).map(|(name, _)| name).collect();
        exports.sort_unstable();
        imports.sort_unstable();
        let line = exports.iter().chain(&imports).find_map(|name| contract::line_in(name));
        Self {
            contract: line.map(visible::line),
            exports: exports.into_iter().map(visible::line).collect(),
            imports: imports.into_iter().map(visible::line).collect(),
        }
    }
}
