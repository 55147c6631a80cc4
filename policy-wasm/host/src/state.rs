//! State of a policy's instance.

use crate::isolation::{Entropy, MonotonicClock, Output, Seed, StandingClock};
use crate::limits::Limits;
use crate::memory::Memory;
use crate::records::Details;
use snapshot_core::digest::Digest;
use std::sync::Arc;
use std::time::Duration;
use wasmtime::component::ResourceTable;
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

/// Handles to streams and sleeps that a guest may hold at once.
const HANDLES: usize = 10_000;

/// State of one instance on the host's side.
pub(crate) struct State {
    wasi: WasiCtx,
    pub(crate) table: ResourceTable,
    pub(crate) monotonic: MonotonicClock,
    pub(crate) entropy: Entropy,
    pub(crate) output: Output,
    pub(crate) memory: Memory,
    /// Details that it may look up.
    pub(crate) details: Arc<Details>,
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl State {
    /// That of a fresh instance, which is asked at `now`.
    pub(crate) fn new(
        policy: Digest,
        limits: &Limits,
        now: u64,
        seed: Seed,
        details: Arc<Details>,
    ) -> Self {
        let mut table = ResourceTable::new();
        table.set_max_capacity(HANDLES);
        Self {
            wasi: WasiCtx::builder().wall_clock(StandingClock(Duration::from_secs(now))).build(),
            table,
            monotonic: MonotonicClock::new(),
            entropy: Entropy::new(policy, seed),
            output: Output::new(limits.output),
            memory: Memory::new(limits.memory),
            details,
        }
    }
}
