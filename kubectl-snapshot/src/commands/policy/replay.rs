//! Replay of a record: its policies are asked their questions again.

use std::{path::PathBuf, str::FromStr, sync::Arc};

use serde_json::Value;
use snapshot_core::{
    canonical,
    digest::Digest,
    name::StageName,
    policy::{Answer, RecordedDecision},
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
    /// In a stage's chain, under this number.
    Record(StageName, u64),
}

impl FromStr for Source {
    type Err = std::convert::Infallible;

    /// `prod/7` is a record, unless there is a file of that name.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let path = PathBuf::from(text);
        Ok(match text.parse() {
            Ok(RecordReference { stage, number: Some(number) }) if !path.exists() => {
                Self::Record(stage, number)
            }
            Ok(_) | Err(_) => Self::File(path),
        })
    }
}

/// Asks every policy of a record again.
pub(super) async fn replay(
    source: &PolicySourceArgs,
    (stage, number): (&StageName, u64),
    session: &Session,
) -> Result<ReplayReport, Failure> {
    let store = session.app.connections.store().await?;
    let chain = store.chain(stage).await?;
    let attempt = attempt(&chain, number)?;
    let engine = source.engine().await?;
    let mut items = Vec::new();
    for report in attempt.decided.policies.iter().filter(|one| one.question_digest.is_some()) {
        let row = ReplayRow {
            policy: report.policy.clone(),
            decision: report.decision,
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
    let bytes = store.recorded_policy(record, policy_digest(report)?).await?;
    let policy = engine.load(&report.policy, bytes.into()).await?;
    let run = policy.ask(&Arc::new(question), Some(&report.config_maps)).await;
    if Some(run.question_digest) != report.question_digest {
        return Err(Failure::new("the question is not the one that was asked"));
    }
    Ok(run.outcome())
}

/// The decision of one policy of a record, as a document of its own.
pub(super) async fn recorded(
    policy: &str,
    (stage, number): (&StageName, u64),
    session: &Session,
) -> Result<(Question, RecordedDecision, Vec<String>), Failure> {
    let store = session.app.connections.store().await?;
    let chain = store.chain(stage).await?;
    let attempt = attempt(&chain, number)?;
    let answered = || {
        let policies = attempt.decided.policies.iter();
        policies.filter_map(|report| Some((report, report.question_digest?)))
    };
    let Some((report, question_digest)) = answered().find(|(one, _)| one.policy == policy) else {
        let names: Vec<&str> = answered().map(|(one, _)| one.policy.as_str()).collect();
        return Err(Failure::usage(format!("no policy {policy} was asked for that record"))
            .hint(format!("these were: {}", names.join(", "))));
    };
    let question = question(&store, &attempt, report).await?;
    let recorded = RecordedDecision {
        api_version: API_VERSION.to_owned(),
        kind: RecordedDecision::KIND.to_owned(),
        policy: report.policy.clone(),
        policy_digest: policy_digest(report)?,
        decision: report.decision,
        question: question.to_value(),
        question_digest,
        answer: match &report.outcome {
            Outcome::Decided { findings } => Answer::Findings(findings.clone()),
            Outcome::Undecided { reason } | Outcome::NotAsked { reason } => {
                Answer::Undecided(reason.clone())
            }
        },
    };
    Ok((question, recorded, report.config_maps.clone()))
}

/// The digest of the policy that answered.
fn policy_digest(report: &PolicyReport) -> Result<Digest, Failure> {
    report.digest.ok_or_else(|| {
        Failure::new(format!(
            "the record does not say which bytes the policy {} had, so its answer cannot be compared",
            report.policy
        ))
    })
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
    let text = store.recorded_question(record, report.decision, *digest).await?;
    let value: Value = serde_json::from_slice(&text).map_err(Failure::of)?;
    let question = Question::from_value(report.decision, &value).map_err(Failure::of)?;
    Ok(question.with(&report.settings).into_owned())
}

#[cfg(test)]
mod tests {
    use snapshot_core::policy::{Decision, Mode, Settings};

    use super::*;

    #[test]
    fn a_number_makes_a_record() {
        let read = |text: &str| text.parse::<Source>().unwrap();
        assert!(matches!(read("prod/7"), Source::Record(stage, 7) if stage.as_ref() == "prod"));
        for text in ["prod", "prod/last", "Prod/7", "./prod/7"] {
            assert!(matches!(read(text), Source::File(_)), "{text}");
        }
    }

    #[test]
    fn bytes_that_nobody_knows_have_no_digest() {
        let report = PolicyReport {
            policy: "ladder".to_owned(),
            digest: None,
            decision: Decision::Promotion,
            question_digest: Some(Digest::of(b"question")),
            settings: Settings::default(),
            config_maps: Vec::new(),
            mode: Mode::Enforce,
            outcome: Outcome::Decided { findings: Vec::new() },
        };
        let message = policy_digest(&report).unwrap_err().message;
        assert!(message.contains("which bytes the policy ladder had"), "{message}");
        let known = PolicyReport { digest: Some(Digest::of(b"wasm")), ..report };
        assert_eq!(policy_digest(&known).ok(), Some(Digest::of(b"wasm")));
    }
}
