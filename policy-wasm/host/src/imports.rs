//! Imports that a policy may have: what isolation offers, linked.

use crate::contract::{self, line_of};
use crate::isolation::MICROSECOND;
use crate::lookups;
use crate::state::State;
use wasmtime::component::{Component, HasData, Linker, Resource};
use wasmtime::{Engine, Result};
use wasmtime_wasi::async_trait;
use wasmtime_wasi::p2::bindings::cli::{stderr, stdout};
use wasmtime_wasi::p2::bindings::clocks::monotonic_clock;
use wasmtime_wasi::p2::bindings::random::{insecure, insecure_seed, random};
use wasmtime_wasi::p2::{DynOutputStream, DynPollable, Pollable, add_to_linker_sync, subscribe};

/// The interfaces that [`linker`] provides.
const OFFERED: [&str; 27] = [
    "wasi:cli/environment",
    "wasi:cli/exit",
    "wasi:cli/stderr",
    "wasi:cli/stdin",
    "wasi:cli/stdout",
    "wasi:cli/terminal-input",
    "wasi:cli/terminal-output",
    "wasi:cli/terminal-stderr",
    "wasi:cli/terminal-stdin",
    "wasi:cli/terminal-stdout",
    "wasi:clocks/monotonic-clock",
    "wasi:clocks/wall-clock",
    "wasi:filesystem/preopens",
    "wasi:filesystem/types",
    "wasi:io/error",
    "wasi:io/poll",
    "wasi:io/streams",
    "wasi:random/insecure",
    "wasi:random/insecure-seed",
    "wasi:random/random",
    "wasi:sockets/instance-network",
    "wasi:sockets/ip-name-lookup",
    "wasi:sockets/network",
    "wasi:sockets/tcp",
    "wasi:sockets/tcp-create-socket",
    "wasi:sockets/udp",
    "wasi:sockets/udp-create-socket",
];

/// The version line of WASI that they belong to.
const WASI: &str = "0.2";

/// Everything a policy may import.
pub(crate) fn linker(engine: &Engine) -> Result<Linker<State>> {
    let mut linker = Linker::new(engine);
    add_to_linker_sync(&mut linker)?;
    lookups::add_to_linker(&mut linker)?;

    // Over wasmtime's own, which measure real time, sleep outside the reach of
    // the deadline, draw from the system and print to one stream each.
    linker.allow_shadowing(true);
    let l = &mut linker;
    monotonic_clock::add_to_linker::<_, Ours>(l, |state| state)?;
    random::add_to_linker::<_, Ours>(l, |state| state)?;
    insecure::add_to_linker::<_, Ours>(l, |state| state)?;
    insecure_seed::add_to_linker::<_, Ours>(l, |state| state)?;
    stdout::add_to_linker::<_, Ours>(l, |state| state)?;
    stderr::add_to_linker::<_, Ours>(l, |state| state)?;
    Ok(linker)
}

/// Marks the interfaces that are implemented on [`State`] itself.
struct Ours;

impl HasData for Ours {
    type Data<'a> = &'a mut State;
}

impl monotonic_clock::Host for &mut State {
    fn now(&mut self) -> Result<u64> {
        Ok(self.monotonic.read())
    }

    fn resolution(&mut self) -> Result<u64> {
        Ok(MICROSECOND)
    }

    fn subscribe_instant(&mut self, when: u64) -> Result<Resource<DynPollable>> {
        self.monotonic.jump_to(when);
        let over = self.table.push(Over)?;
        subscribe(&mut self.table, over)
    }

    fn subscribe_duration(&mut self, duration: u64) -> Result<Resource<DynPollable>> {
        let now = self.monotonic.read();
        self.subscribe_instant(now.saturating_add(duration))
    }
}

/// A sleep that is over as soon as it began. Deadlines interrupt WebAssembly,
/// not the host: while a guest waits inside the host, nothing could stop it.
struct Over;

#[async_trait]
impl Pollable for Over {
    async fn ready(&mut self) {}
}

impl random::Host for &mut State {
    fn get_random_bytes(&mut self, len: u64) -> Result<Vec<u8>> {
        self.entropy.bytes(len)
    }

    fn get_random_u64(&mut self) -> Result<u64> {
        self.entropy.number()
    }
}

impl insecure::Host for &mut State {
    fn get_insecure_random_bytes(&mut self, len: u64) -> Result<Vec<u8>> {
        self.entropy.bytes(len)
    }

    fn get_insecure_random_u64(&mut self) -> Result<u64> {
        self.entropy.number()
    }
}

impl insecure_seed::Host for &mut State {
    fn insecure_seed(&mut self) -> Result<(u64, u64)> {
        Ok((self.entropy.number()?, self.entropy.number()?))
    }
}

impl stdout::Host for &mut State {
    fn get_stdout(&mut self) -> Result<Resource<DynOutputStream>> {
        let stream: DynOutputStream = Box::new(self.output.clone());
        Ok(self.table.push(stream)?)
    }
}

impl stderr::Host for &mut State {
    fn get_stderr(&mut self) -> Result<Resource<DynOutputStream>> {
        let stream: DynOutputStream = Box::new(self.output.clone());
        Ok(self.table.push(stream)?)
    }
}

/// The names of what `component` imports.
pub(crate) fn imports(component: &Component, engine: &Engine) -> Vec<String> {
    component.component_type().imports(engine).map(|(name, _)| name.to_owned()).collect()
}

/// True if [`linker`] offers the import `name`.
///
/// Asked before linking, for wasmtime names only the first that is missing, and
/// not in words that help.
pub(crate) fn is_offered(name: &str) -> bool {
    let Some((interface, version)) = name.split_once('@') else { return false };
    // The contract's types are no power: a component names what its exports use. Nor are
    // look-ups: they read what belongs to the question.
    contract::interface_in(name) == Some("types")
        || lookups::is_one(name)
        || (line_of(version) == WASI && OFFERED.contains(&interface))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// WASI version that this release of wasmtime-wasi links; an update of it changes this
    /// line.
    const LINKED: &str = "0.2.12";

    #[test]
    fn what_is_offered_is_linked() {
        let engine = Engine::default();
        let mut linker = linker(&engine).unwrap();
        // Without shadowing, a name that is taken cannot be given to something else.
        linker.allow_shadowing(false);
        let mut is_taken = |interface: &str| {
            let name = format!("{interface}@{LINKED}");
            linker.root().func_wrap(&name, |_, (): ()| Ok(())).is_err()
        };
        for interface in OFFERED {
            assert!(is_offered(&format!("{interface}@{WASI}.0")), "{interface}");
            assert!(is_taken(interface), "{interface} is not linked");
        }
        assert!(!is_taken("wasi:http/types"));
    }

    #[test]
    fn what_leads_outside_is_not_offered() {
        for name in [
            "wasi:http/outgoing-handler@0.2.0",
            "wasi:cli/environment@0.3.0",
            "wasi:cli/environment",
            "snapshot:policy/types@0.2.0",
            "snapshot:policy/about@0.1.0",
            "snapshot:policy/images@0.2.0",
            "log",
        ] {
            assert!(!is_offered(name), "{name}");
        }
    }
}
