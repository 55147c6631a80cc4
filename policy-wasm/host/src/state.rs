//! State of a policy's instance.

use crate::isolation::{Entropy, MonotonicClock, Output, Seed, StandingClock};
use crate::limits::Limits;
use crate::memory::Memory;
use crate::records::LookUps;
use crate::remarks::Remarks;
use crate::sets::Sets;
use snapshot_core::digest::Digest;
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
    pub(crate) told: LookUps,
    /// Sets that it may look up part by part.
    pub(crate) sets: Sets,
    /// Remarks that it makes about its findings.
    pub(crate) remarks: Remarks,
    /// Number of findings that are read.
    pub(crate) most_findings: usize,
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
        told: LookUps,
        sets: Sets,
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
            told,
            sets,
            remarks: Remarks::default(),
            most_findings: limits.findings,
        }
    }
}
