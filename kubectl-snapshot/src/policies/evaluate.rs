//! Asking policies, side by side, and telling what became of each.

use std::{path::PathBuf, sync::Arc};

use futures::future::join_all;
use snapshot_policy_host::{Cache, Decision, Host, Limits, Policy, records};

use super::{PolicySource, changes, question};
use crate::domain::{
    diff,
    requirement::Resolved,
    snapshot::Snapshot,
    verdict::{Outcome, PolicyReport},
};

/// What the policies are asked about.
#[derive(Debug)]
pub struct Asked<'a> {
    /// What the user calls the candidate.
    pub name: &'a str,
    /// The set that would run.
    pub candidate: &'a Snapshot,
    /// What runs where it would go, and what the user calls that.
    pub running: Option<(&'a str, &'a Snapshot)>,
    /// What the candidate requires, and whether it holds.
    pub requirements: Vec<Resolved>,
    /// Seconds since 1970: the policies' clock.
    pub now: u64,
}

/// Asks each policy whether the candidate's versions and flags work together.
///
/// A policy that cannot be loaded or does not answer is reported as undecided,
/// never passed over.
pub async fn evaluate(sources: Vec<PolicySource>, asked: Asked<'_>) -> Vec<PolicyReport> {
    let question = Arc::new(compatibility_question(asked));
    let host = match Host::new(Limits::default()) {
        // Without a cache every run compiles, which is slow and right.
        Ok(host) => Arc::new(match cache_directory().map(Cache::open) {
            Some(Ok(cache)) => host.with_cache(cache),
            Some(Err(_)) | None => host,
        }),
        Err(error) => {
            return sources
                .iter()
                .map(|source| undecided(source.name(), error.to_string()))
                .collect();
        }
    };
    let answers = sources.into_iter().map(|source| {
        let (host, question, name) = (Arc::clone(&host), Arc::clone(&question), source.name());
        async move {
            tokio::task::spawn_blocking(move || ask(&host, &source, &question))
                .await
                .unwrap_or_else(|error| undecided(name, format!("the policy host failed: {error}")))
        }
    });
    join_all(answers).await
}

fn compatibility_question(asked: Asked<'_>) -> records::CompatibilityQuestion {
    let changes = asked.running.map(|(name, running)| {
        let diff = diff::compare([name, asked.name], running, asked.candidate);
        changes::changes(&diff, &asked.candidate.spec)
    });
    records::CompatibilityQuestion {
        candidate: question::snapshot(asked.name, asked.candidate),
        running: asked.running.map(|(name, running)| question::snapshot(name, running)),
        changes: changes.unwrap_or_default(),
        requirements: asked.requirements.into_iter().map(question::requirement).collect(),
        settings: "{}".to_owned(),
        now: asked.now,
    }
}

fn ask(
    host: &Host,
    source: &PolicySource,
    question: &records::CompatibilityQuestion,
) -> PolicyReport {
    let bytes = match source.bytes() {
        Ok(bytes) => bytes,
        Err(error) => return undecided(source.name(), error.to_string()),
    };
    let policy = match host.load(&bytes) {
        Ok(policy) => policy,
        Err(error) => {
            return undecided(source.name(), with_hint(&error.to_string(), Some(error.hint())));
        }
    };
    let outcome = if policy.decisions().any(|decision| decision == Decision::Compatibility) {
        match policy.check(question).result {
            Ok(findings) => {
                Outcome::Decided { findings: findings.into_iter().map(question::finding).collect() }
            }
            Err(undecided) => Outcome::Undecided {
                reason: with_hint(&undecided.to_string(), Some(undecided.hint())),
            },
        }
    } else {
        Outcome::NotAsked { reason: decides(&policy) }
    };
    PolicyReport {
        policy: policy.describe().name.clone(),
        digest: policy.digest().to_string().parse().ok(),
        outcome,
    }
}

fn decides(policy: &Policy) -> String {
    let decisions: Vec<String> = policy.decisions().map(|decision| decision.to_string()).collect();
    format!("it decides {}, not compatibility", decisions.join(" and "))
}

fn undecided(policy: String, reason: String) -> PolicyReport {
    PolicyReport { policy, digest: None, outcome: Outcome::Undecided { reason } }
}

fn with_hint(what: &str, hint: Option<impl AsRef<str>>) -> String {
    match hint {
        Some(hint) if !hint.as_ref().is_empty() => format!("{what}; {}", hint.as_ref()),
        _ => what.to_owned(),
    }
}

/// Where compiled policies are kept between runs: the user's cache folder.
fn cache_directory() -> Option<PathBuf> {
    let base = match std::env::var_os("XDG_CACHE_HOME").filter(|path| !path.is_empty()) {
        Some(path) => PathBuf::from(path),
        None if cfg!(target_os = "macos") => std::env::home_dir()?.join("Library/Caches"),
        None if cfg!(windows) => PathBuf::from(std::env::var_os("LOCALAPPDATA")?),
        None => std::env::home_dir()?.join(".cache"),
    };
    Some(base.join("kubectl-snapshot/policies"))
}
