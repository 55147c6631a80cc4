//! What a policy costs: compiling it, loading it again, and asking it about more
//! and more services. Each time is the fastest of several, which is what a machine
//! that does nothing else would take.
//!
//! ```sh
//! cargo run --release -p snapshot-policy-host --example measure -- policy.wasm
//! ```

#![expect(clippy::print_stdout, reason = "printing is all it does")]

use snapshot_policy_host::records::{
    Change, ChangeKind, CompatibilityQuestion, Container, Entry, FeatureFlag, Fulfilment,
    ImageChange, Instance, Order, Requirement, Snapshot, Subject,
};
use snapshot_policy_host::{Cache, Host, Limits, Policy};
use std::error::Error;
use std::time::{Duration, Instant};

const ROUNDS: usize = 20;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: measure POLICY.wasm")?;
    let bytes = std::fs::read(&path)?;
    println!("{path}: {} KB", bytes.len() / 1024);

    let engine = || Host::new(Limits::default());
    let started = fastest(|| engine().map(drop))?;
    println!("start an engine      {started:>10.2?}");

    let load = |host: &Host| host.load(&bytes).map(drop);
    let host = engine()?;
    println!("compile and load     {:>10.2?}", fastest(|| load(&host))?);

    let directory = std::env::temp_dir().join(format!("measure-{}", std::process::id()));
    let host = engine()?.with_cache(Cache::open(&directory)?);
    let policy = host.load(&bytes)?;
    println!("load from the cache  {:>10.2?}", fastest(|| load(&host))?);
    std::fs::remove_dir_all(&directory)?;

    for services in [10, 1_000, 10_000] {
        ask(&policy, services)?;
    }
    Ok(())
}

fn ask(policy: &Policy, services: usize) -> Result<(), Box<dyn Error>> {
    let question = question(services);
    let json = serde_json::to_vec(&question)?.len();
    let (mut inside, mut memory, mut findings) = (Duration::MAX, 0, 0);
    let outside = fastest(|| {
        let evaluation = policy.check(&question);
        inside = inside.min(evaluation.duration);
        memory = evaluation.peak_memory;
        evaluation.result.map(|found| findings = found.len())
    })?;
    println!(
        "{services:>6} services      {outside:>10.2?}, of which the policy {inside:.2?}; \
         {} MB of memory, {} KB as JSON, {findings} findings",
        memory >> 20,
        json >> 10,
    );
    Ok(())
}

fn fastest<E>(mut call: impl FnMut() -> Result<(), E>) -> Result<Duration, E> {
    let mut fastest = Duration::MAX;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        call()?;
        fastest = fastest.min(start.elapsed());
    }
    Ok(fastest)
}

/// A candidate and what runs, of about a kilobyte for each service; one in a
/// hundred changes, and each needs the one before it.
fn question(services: usize) -> CompatibilityQuestion {
    let requirements = (1..services).map(|n| Requirement {
        dependent: Subject::Instance(format!("service-{n:05}/service-{n:05}")),
        dependency: Subject::Service(format!("service-{:05}", n - 1)),
        condition: Some(">=1.3.0, <2".to_owned()),
        active: true,
        state: Fulfilment::Met,
        found: format!("service-{:05} runs 1.4.1", n - 1),
    });
    let changes = (0..services).step_by(100).map(|n| Change {
        subject: Subject::Instance(format!("service-{n:05}/service-{n:05}")),
        kind: ChangeKind::Image(Box::new(ImageChange {
            container: "app".to_owned(),
            before: container(n, "1.3.9"),
            after: container(n, "1.4.1"),
            order: Order::Newer,
        })),
    });
    CompatibilityQuestion {
        candidate: snapshot("candidate", services, "1.4.1"),
        running: Some(snapshot("running", services, "1.3.9")),
        changes: changes.collect(),
        requirements: requirements.collect(),
        settings: "{}".to_owned(),
        now: 1_760_000_000,
    }
}

fn snapshot(name: &str, services: usize, version: &str) -> Snapshot {
    let flag = |n: usize| FeatureFlag {
        key: format!("flag-{n:05}"),
        enabled: n.is_multiple_of(2),
        value: "true".to_owned(),
        service: Some(format!("service-{n:05}")),
        source: "flagd:shop".to_owned(),
    };
    Snapshot {
        name: name.to_owned(),
        digest: format!("sha256:{}", "0".repeat(64)),
        instances: (0..services).map(|n| instance(n, version)).collect(),
        feature_flags: (0..services / 10).map(flag).collect(),
    }
}

fn instance(n: usize, version: &str) -> Instance {
    let entries = |count: usize| {
        let entry = |n| Entry { key: format!("app.example.com/{n}"), value: "v".repeat(40) };
        (0..count).map(entry).collect::<Vec<_>>()
    };
    Instance {
        service: format!("service-{n:05}"),
        name: format!("service-{n:05}"),
        kind: "Deployment".to_owned(),
        containers: vec![container(n, version)],
        labels: entries(3),
        annotations: entries(2),
        environment: entries(4),
    }
}

fn container(n: usize, version: &str) -> Container {
    Container {
        name: "app".to_owned(),
        image: format!("registry.example.com/shop/service-{n:05}"),
        tag: Some(version.to_owned()),
        digest: Some(format!("sha256:{n:064x}")),
        commit: Some(format!("{n:040x}")),
        version: Some(version.to_owned()),
    }
}
