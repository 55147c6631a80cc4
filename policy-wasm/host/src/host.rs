//! The engine that all policies of a process share.

use crate::artifact;
use crate::cache::Cache;
use crate::compilation::Compiler;
use crate::contract::Exports;
use crate::deadline::Deadlines;
use crate::error::{HostError, LoadError};
use crate::imports;
use crate::interfaces::Interfaces;
use crate::limits::Limits;
use crate::policy::Policy;
use crate::sandbox::Sandbox;
use crate::state::State;
use crate::visible;
use snapshot_core::digest::Digest;
use std::fmt;
use std::sync::Arc;
use wasmtime::Engine;
use wasmtime::component::Linker;

/// Loads policies. One per process is enough; it may be shared between threads.
pub struct Host {
    compiler: Compiler,
    linker: Linker<State>,
    deadlines: Arc<Deadlines>,
    limits: Limits,
}

impl Host {
    /// An engine whose policies run within `limits`, and which compiles each of
    /// them anew.
    pub fn new(limits: Limits) -> Result<Self, HostError> {
        let failed = |error: wasmtime::Error| HostError { reason: error.to_string() };
        let compiler = Compiler::new().map_err(failed)?;
        let engine = compiler.engine();
        Ok(Self {
            linker: imports::linker(engine).map_err(failed)?,
            deadlines: Arc::new(Deadlines::keep(engine).map_err(|error| failed(error.into()))?),
            compiler,
            limits,
        })
    }

    /// Keeps what is compiled, so that the next process does not have to.
    #[must_use]
    pub fn with_cache(mut self, cache: Cache) -> Self {
        self.compiler.keep_in(cache);
        self
    }

    /// Makes a policy of the bytes of a component: checks what they are, compiles
    /// or finds them compiled, checks exports, imports and types, and asks the
    /// policy what it is.
    pub fn load(&self, bytes: &[u8]) -> Result<Policy, LoadError> {
        artifact::recognise(bytes, self.limits.component)?;
        let digest = Digest::of(bytes);
        let (component, code) = self.compiler.compile(bytes, digest)?;
        let exports = Exports::find(&component, self.engine())?;
        let imports = imports::imports(&component, self.engine());
        let refused: Vec<String> = imports
            .iter()
            .filter(|name| !imports::is_offered(name))
            .map(|name| visible::line(name))
            .collect();
        if !refused.is_empty() {
            return Err(LoadError::ImportsNotOffered { imports: refused });
        }
        let instance =
            self.linker.instantiate_pre(&component).map_err(|error| LoadError::OtherImports {
                reason: visible::capped(&format!("{error:#}"), self.limits.text),
            })?;
        let sandbox = Sandbox {
            policy: digest,
            instance,
            limits: self.limits,
            deadlines: Arc::clone(&self.deadlines),
        };
        Policy::describe_itself(sandbox, exports, imports, code)
    }

    /// The names that a component exports and imports, a policy's or not.
    ///
    /// # Errors
    /// The bytes are no component that can be compiled.
    pub fn interfaces(&self, bytes: &[u8]) -> Result<Interfaces, LoadError> {
        artifact::recognise(bytes, self.limits.component)?;
        let (component, _) = self.compiler.compile(bytes, Digest::of(bytes))?;
        Ok(Interfaces::of(&component, self.engine()))
    }

    fn engine(&self) -> &Engine {
        self.compiler.engine()
    }
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Host").field("limits", &self.limits).finish_non_exhaustive()
    }
}
