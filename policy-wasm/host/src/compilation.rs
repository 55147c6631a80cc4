//! Compilation of WebAssembly to machine code, or its load from the cache.

use crate::cache::{Cache, Key};
use crate::error::LoadError;
use crate::visible;
use snapshot_core::digest::Digest;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use wasmtime::component::Component;
use wasmtime::{Config, Engine, OptLevel, Result};

/// The origin of a policy's machine code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// Compiled now.
    Compiled,
    /// Found in the cache.
    Cached,
}

/// The engine, and where it keeps what it compiled.
pub(crate) struct Compiler {
    engine: Engine,
    cache: Option<Cache>,
}

impl Compiler {
    pub(crate) fn new() -> Result<Self> {
        let mut config = Config::new();
        config
            .wasm_component_model(true)
            .cranelift_opt_level(OptLevel::Speed)
            // The time limit: a guest looks at the epoch in every loop and function.
            .epoch_interruption(true)
            // Replays give the same bytes on every machine: the bits of a NaN and
            // of a relaxed vector operation would otherwise follow the processor.
            .cranelift_nan_canonicalization(true)
            .relaxed_simd_deterministic(true)
            // Nobody sees a backtrace of machine code: a crash is told by its trap and
            // by what was printed. Without its tables the code is a sixth smaller, and
            // all of it is hashed at every start.
            .wasm_backtrace_max_frames(None)
            .generate_address_map(false)
            .native_unwind_info(cfg!(windows));
        Ok(Self { engine: Engine::new(&config)?, cache: None })
    }

    pub(crate) fn keep_in(&mut self, cache: Cache) {
        self.cache = Some(cache);
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The machine code of the component in `bytes`, which has that `digest`.
    ///
    /// The cache is for speed alone: what it cannot give or take is compiled, and
    /// compiled again the next time.
    ///
    /// Tells where the code comes from, too.
    pub(crate) fn compile(
        &self,
        bytes: &[u8],
        digest: Digest,
    ) -> Result<(Component, Code), LoadError> {
        let key = Key { component: digest, engine: self.fingerprint() };
        let kept = self.cache.as_ref().and_then(|cache| cache.get(key));
        if let Some(component) = kept.and_then(|file| self.read(&file)) {
            return Ok((component, Code::Cached));
        }
        let component = Component::from_binary(&self.engine, bytes).map_err(|error| {
            // The first line; the rest are offsets into the compiler's own terms.
            let reason = error.root_cause().to_string();
            let reason = reason.lines().next().unwrap_or_default();
            LoadError::Damaged { reason: visible::capped(reason, 400) }
        })?;
        if let (Some(cache), Ok(code)) = (&self.cache, component.serialize()) {
            cache.put(key, &code);
        }
        Ok((component, Code::Compiled))
    }

    fn read(&self, file: &Path) -> Option<Component> {
        #[expect(unsafe_code, reason = "machine code from a file cannot be checked, only trusted")]
        // SAFETY: the file has to hold what `Component::serialize` wrote, and to stay
        // as it is. The cache returns only files whose content has the checksum that it
        // wrote down behind it, out of a directory that nobody but this user can
        // write to, and replaces files rather than writing to them; the key says
        // that this very engine, in version and configuration, compiled it.
        let component = unsafe { Component::deserialize_file(&self.engine, file) };
        component.ok()
    }

    /// Fingerprint of what machine code depends on besides the component: wasmtime's
    /// version, its configuration and the processor.
    fn fingerprint(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.engine.precompile_compatibility_hash().hash(&mut hasher);
        hasher.finish()
    }
}
