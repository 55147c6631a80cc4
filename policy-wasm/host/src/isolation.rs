//! The world a policy lives in: all of WASI 0.2, and none of it leads outside.
//!
//! Interpreters and standard libraries do not start without a clock, a standard
//! error or a source of randomness, so they get them: a wall clock that stands
//! at the question's time, a monotonic clock that counts its readings, random
//! numbers that follow from the question, an output that is kept and shown. There
//! is no file, no variable, no argument and no network behind the rest.

mod clock;
mod entropy;
mod output;

pub(crate) use clock::{MonotonicClock, StandingClock};
pub(crate) use entropy::{Entropy, Seed};
pub(crate) use output::Output;

use crate::contract::{self, line_of};
use crate::sandbox::State;
use wasmtime::component::{Component, HasData, Linker};
use wasmtime::{Engine, Result};
use wasmtime_wasi::p2::bindings;

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
    wasmtime_wasi::p2::add_to_linker_sync(&mut linker)?;

    // Over wasmtime's own, which measure real time, sleep outside the reach of
    // the deadline, draw from the system and print to one stream each.
    linker.allow_shadowing(true);
    let l = &mut linker;
    bindings::clocks::monotonic_clock::add_to_linker::<_, Ours>(l, |state| state)?;
    bindings::random::random::add_to_linker::<_, Ours>(l, |state| state)?;
    bindings::random::insecure::add_to_linker::<_, Ours>(l, |state| state)?;
    bindings::random::insecure_seed::add_to_linker::<_, Ours>(l, |state| state)?;
    bindings::cli::stdout::add_to_linker::<_, Ours>(l, |state| state)?;
    bindings::cli::stderr::add_to_linker::<_, Ours>(l, |state| state)?;
    Ok(linker)
}

/// Marks the interfaces that are implemented on [`State`] itself.
struct Ours;

impl HasData for Ours {
    type Data<'a> = &'a mut State;
}

/// The names of what `component` imports.
pub(crate) fn imports(component: &Component, engine: &Engine) -> Vec<String> {
    component.component_type().imports(engine).map(|(name, _)| name.to_owned()).collect()
}

/// Whether [`linker`] has what is imported as `name`.
///
/// Asked before linking, for wasmtime names only the first that is missing, and
/// not in words that help.
pub(crate) fn is_offered(name: &str) -> bool {
    let Some((interface, version)) = name.split_once('@') else { return false };
    // The contract's types are no power: a component names what its exports use.
    (interface == "snapshot:policy/types" && line_of(version) == line_of(contract::VERSION))
        || (line_of(version) == WASI && OFFERED.contains(&interface))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What this release of wasmtime-wasi links; an update of it changes this line.
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
            "log",
        ] {
            assert!(!is_offered(name), "{name}");
        }
    }
}
