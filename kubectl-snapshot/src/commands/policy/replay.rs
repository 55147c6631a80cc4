//! Replay of a record: its policies are asked their questions again.

use std::{path::PathBuf, str::FromStr, sync::Arc};

use serde_json::Value;
use snapshot_core::{
    canonical,
    digest::Digest,
    policy::{Answer, Decision as Recorded},
    record::{Attempt, Record, RecordReference},
    snapshot::API_VERSION,
    verdict::{Outcome, PolicyReport},
};

use crate::{
    app::{Failure, records::attempt},
    commands::{policy_args::PolicySourceArgs, session::Session},
    policies::{Engine, Question},
    render::{ReplayReport, ReplayRow},
    store::Store,
};

/// Source of a recorded decision.
#[derive(Clone, Debug)]
pub(super) enum Source {
    /// In a file.
    File(PathBuf),
    /// In a stage's chain.
    Record(RecordReference),
}

impl FromStr for Source {
    type Err = std::convert::Infallible;

    /// `prod/7` is a record, unless there is a file of that name.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let path = PathBuf::from(text);
        Ok(match text.parse::<RecordReference>() {
            Ok(record) if record.number.is_some() && !path.exists() => Self::Record(record),
            _ => Self::File(path),
        })
    }
}

/// Asks every policy of a record again.
pub(super) async fn replay(
    source: &PolicySourceArgs,
    reference: &RecordReference,
    session: &Session,
) -> Result<ReplayReport, Failure> {
    let store = session.app.connections.store().await?;
    let chain = store.chain(&reference.stage).await?;
    let attempt = attempt(&chain, reference.number.unwrap_or(0))?;
    let engine = source.engine().await?;
    let mut items = Vec::new();
    for report in attempt.decided.policies.iter().filter(|one| one.question_digest.is_some()) {
        let row = ReplayRow {
            policy: report.policy.clone(),
            decision: report.decision.clone(),
            same: false,
            problem: None,
            now: None,
        };
        items.push(match again(&store, &engine, &attempt, report).await {
            Ok(now) if canonical::text(&now) == canonical::text(&report.outcome) => {
                ReplayRow { same: true, ..row }
            }
            Ok(now) => ReplayRow { now: Some(now), ..row },
            Err(failure) => ReplayRow { problem: Some(failure.message), ..row },
        });
    }
    let record = &attempt.link.record;
    Ok(ReplayReport { record: format!("{}/{}", record.stage, record.number), items })
}

async fn again(
    store: &Store,
    engine: &Engine,
    attempt: &Attempt<'_>,
    report: &PolicyReport,
) -> Result<Outcome, Failure> {
    let record = &attempt.link.record;
    let question = question(store, attempt, report).await?;
    let digest = report.digest.ok_or_else(|| Failure::new("its bytes were not known"))?;
    let bytes = store.recorded_policy(record, digest).await?;
    let run = engine.load(&report.policy, bytes.into()).await?.ask(&Arc::new(question)).await;
    if Some(run.question_digest) != report.question_digest {
        return Err(Failure::new("the question is not the one that was asked"));
    }
    Ok(run.outcome())
}

/// The decision of one policy of a record, as a document of its own.
pub(super) async fn recorded(
    policy: &str,
    reference: &RecordReference,
    session: &Session,
) -> Result<(Question, Recorded), Failure> {
    let store = session.app.connections.store().await?;
    let chain = store.chain(&reference.stage).await?;
    let attempt = attempt(&chain, reference.number.unwrap_or(0))?;
    let answered = || attempt.decided.policies.iter().filter(|one| one.question_digest.is_some());
    let Some(report) = answered().find(|one| one.policy == policy) else {
        let names: Vec<&str> = answered().map(|one| one.policy.as_str()).collect();
        return Err(Failure::usage(format!("no policy {policy} was asked for that record"))
            .hint(format!("these were: {}", names.join(", "))));
    };
    let question = question(&store, &attempt, report).await?;
    let recorded = Recorded {
        api_version: API_VERSION.to_owned(),
        kind: Recorded::KIND.to_owned(),
        policy: report.policy.clone(),
        policy_digest: report.digest.unwrap_or_else(|| Digest::of(b"")),
        decision: report.decision.clone(),
        question: question.to_value(),
        question_digest: report.question_digest.unwrap_or_else(|| Digest::of(b"")),
        answer: match &report.outcome {
            Outcome::Decided { findings } => Answer::Findings(findings.clone()),
            Outcome::Undecided { reason } | Outcome::NotAsked { reason } => {
                Answer::Undecided(reason.clone())
            }
        },
    };
    Ok((question, recorded))
}

/// The question that a policy was asked, its settings included.
async fn question(
    store: &Store,
    attempt: &Attempt<'_>,
    report: &PolicyReport,
) -> Result<Question, Failure> {
    let record: &Record = &attempt.link.record;
    let digest = attempt.decided.questions.get(&report.decision);
    let digest = digest.ok_or_else(|| Failure::new("its question was not kept"))?;
    let text = store.recorded_question(record, &report.decision, *digest).await?;
    let value: Value =
        serde_json::from_slice(&text).map_err(|error| Failure::new(error.to_string()))?;
    let question = Question::from_value(&report.decision, &value)
        .map_err(|error| Failure::new(error.to_string()))?;
    Ok(question.with(&report.settings).into_owned())
}
