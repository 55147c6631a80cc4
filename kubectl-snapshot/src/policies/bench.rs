//! Benchmark of a policy: time and memory by the number of services.

use std::{
    borrow::Cow,
    pin::pin,
    sync::Arc,
    time::{Duration, Instant},
};

use snapshot_core::policy::{BenchRow, Benchmark, Decision, Settings};
use snapshot_policy_host::{Cache, Host, Limits, Undecided};
use tokio::sync::watch;

use super::{Bounds, Engine, EngineError, Question, asked::Words, run::LoadFailure, sample};
use crate::{blocking::blocking, causes::Cause};

/// Plan of a benchmark.
#[derive(Clone, Debug)]
pub struct BenchPlan {
    /// Name of the policy, as the user gave it.
    pub name: String,
    /// Type of decision to ask for.
    pub decision: Decision,
    /// Settings of the policy.
    pub settings: Settings,
    /// Numbers of services to ask about.
    pub sizes: Vec<usize>,
    /// Number of repetitions.
    pub rounds: usize,
    /// Resource limits of the policy.
    pub bounds: Bounds,
}

/// Error: nothing could be measured.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// The policy cannot be loaded.
    #[error(transparent)]
    Load(#[from] LoadFailure),
    /// Policies cannot be run at all.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Cache folder that cannot be used.
    #[error("a folder for the measured cache cannot be made: {0}")]
    Cache(#[source] Cause),
}

/// Compiles, starts and asks the policy as often as planned; `progress` is told
/// how many of the steps are done: compiling, starting, and each size.
pub async fn bench(
    plan: BenchPlan,
    bytes: Cow<'static, [u8]>,
    progress: &(dyn Fn(usize) + Send + Sync),
) -> Result<Benchmark, BenchError> {
    let (step, mut steps) = watch::channel(0);
    let measuring = blocking(move || {
        measure(&plan, &bytes, &|done| {
            // Nobody waits any more where this fails.
            let _ = step.send(done);
        })
    });
    let mut measuring = pin!(measuring);
    loop {
        tokio::select! {
            measured = &mut measuring => return measured,
            Ok(()) = steps.changed() => progress(*steps.borrow_and_update()),
        }
    }
}

fn measure(
    plan: &BenchPlan,
    bytes: &[u8],
    progress: &dyn Fn(usize),
) -> Result<Benchmark, BenchError> {
    let anew = Engine::without_cache(plan.bounds)?;
    let policy = anew.load_here(&plan.name, bytes)?;
    // Compiling varies little, and takes seconds for other languages' runtimes.
    let compile = median((0..plan.rounds.min(3)).map(|_| timed(|| drop(anew.get().load(bytes)))));

    progress(1);
    let start = started(plan, bytes)?;

    let mut sizes = Vec::new();
    for (done, services) in plan.sizes.iter().enumerate() {
        progress(2 + done);
        let words = match plan.decision {
            Decision::Promotion => Words::Promotion(Box::new(sample::promotion(*services))),
            Decision::Compatibility => {
                Words::Compatibility(Box::new(sample::compatibility(*services)))
            }
        };
        let details = sample::details(*services, &policy.policy().topics());
        let question = Question { words, details: Arc::new(details) };
        sizes.push(row(&policy, *services, &question.with(&plan.settings), plan.rounds));
    }
    Ok(Benchmark {
        policy: plan.name.clone(),
        digest: policy.policy().digest(),
        bytes: bytes.len() as u64,
        rounds: plan.rounds,
        compile,
        start,
        sizes,
    })
}

/// Time until a policy that has been compiled before is ready, in microseconds.
fn started(plan: &BenchPlan, bytes: &[u8]) -> Result<u64, BenchError> {
    // Gone when it is dropped. The cache's own folder is in it, which the cache makes private.
    let directory = tempfile::Builder::new()
        .prefix("kubectl-snapshot-bench-")
        .tempdir()
        .map_err(|error| BenchError::Cache(error.into()))?;
    let cache = Cache::open(directory.path().join("cache"))
        .map_err(|error| BenchError::Cache(error.into()))?;
    let limits = Limits { time: plan.bounds.time, memory: plan.bounds.memory, ..Limits::default() };
    let host = Host::new(limits).map_err(EngineError::from)?.with_cache(cache);
    let loaded = host.load(bytes).is_ok();
    let start = median((0..plan.rounds).map(|_| timed(|| drop(host.load(bytes)))));
    debug_assert!(loaded, "it was loaded before");
    Ok(start)
}

fn row(policy: &super::Loaded, services: usize, question: &Question, rounds: usize) -> BenchRow {
    let mut times = Vec::new();
    let mut row =
        BenchRow { services, median: 0, worst: 0, peak_memory: 0, findings: 0, undecided: None };
    for _ in 0..rounds {
        let evaluation = super::trace::answer(policy.policy(), question, None);
        times.push(microseconds(evaluation.duration));
        row.peak_memory = row.peak_memory.max(evaluation.peak_memory as u64);
        match evaluation.result {
            Ok(findings) => row.findings = findings.len(),
            Err(undecided) => {
                let hopeless = matches!(undecided, Undecided::TimeLimit { .. });
                row.undecided = Some(undecided.to_string());
                if hopeless {
                    break;
                }
            }
        }
    }
    row.worst = times.iter().copied().max().unwrap_or_default();
    row.median = median(times);
    row
}

fn timed(work: impl FnOnce()) -> u64 {
    let start = Instant::now();
    work();
    microseconds(start.elapsed())
}

fn microseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

fn median(times: impl IntoIterator<Item = u64>) -> u64 {
    let mut times: Vec<u64> = times.into_iter().collect();
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
