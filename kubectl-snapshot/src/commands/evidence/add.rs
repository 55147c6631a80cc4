//! `evidence add`: record facts about a snapshot.

use std::{collections::BTreeSet, path::PathBuf};

use clap::{ArgGroup, Args};
use snapshot_core::{
    evidence::{APPROVAL, Evidence, EvidenceError, LONGEST_TEXT, METRIC, Measure, Outcome, TEST},
    name::StageName,
    reference::Reference,
};

use crate::{
    app::{Failure, FailureKind, recorder, stages},
    commands::{complete, exit::Exit, output::OutputArgs, session::Session, subject::Subject},
    sources::junit::{self, JunitError, TestReport},
};

/// Record a test's result, measurements, or a JUnit report
///
/// Measured values keep their number as it is written: a policy that asks for
/// at most 200 means 200 of the unit that you record.
#[derive(Args, Debug)]
#[command(
    group(ArgGroup::new("fact").required(true).multiple(true).args(["passed", "failed", "metric", "from_junit"])),
    after_help = "\
Examples:
  # The end-to-end tests passed at qa
  kubectl snapshot evidence add rel-42 --name e2e --passed --at qa

  # What a load test has measured
  kubectl snapshot evidence add rel-42 --metric p95=120ms --metric errors=0.2% --at qa

  # The report that a test runner wrote, whatever it says
  kubectl snapshot evidence add rel-42 --from-junit ./report.xml --name e2e --at qa

  # With the runner's exit code, which knows of files that did not load
  npx jest; kubectl snapshot evidence add rel-42 --from-junit ./report.xml --exit-code $? --name unit

  # About what runs now, with a link to more
  kubectl snapshot evidence add live:qa --kind scan --name cve --failed --link https://ci.example/7"
)]
pub(super) struct AddArgs {
    /// A stored name, sha256:DIGEST, live[:[CONTEXT/]NAMESPACE], stage:STAGE, a file, a folder, or -
    #[arg(value_name = "REF", add = complete::reference())]
    reference: Reference,
    /// What kind of fact: test, or a word of your own [default: test]
    #[arg(long, conflicts_with = "from_junit")]
    kind: Option<String>,
    /// What was tested [default with --from-junit: what the report calls itself]
    #[arg(long)]
    name: Option<String>,
    /// It passed
    #[arg(long, conflicts_with_all = ["failed", "from_junit"])]
    passed: bool,
    /// It failed
    #[arg(long, conflicts_with = "from_junit")]
    failed: bool,
    /// A measured value such as p95=120ms, can be repeated
    #[arg(long, value_name = "NAME=VALUE[UNIT]", value_parser = metric)]
    metric: Vec<(String, Measure)>,
    /// A report in JUnit's XML: passed, if tests ran and none failed
    #[arg(long, value_name = "FILE", add = complete::file())]
    from_junit: Option<PathBuf>,
    /// The exit code of the runner that wrote the report: another than 0 is a failure as well
    // clap takes a conflict with what is required for the requirement met.
    #[arg(long, value_name = "N", requires = "from_junit", conflicts_with_all = ["passed", "failed", "kind"], allow_hyphen_values = true)]
    exit_code: Option<i32>,
    /// The stage that it was seen at
    #[arg(long, value_name = "STAGE", add = complete::stage())]
    at: Option<StageName>,
    /// What there is to say about it
    #[arg(long, value_name = "TEXT")]
    detail: Option<String>,
    /// Where more can be read
    #[arg(long, value_name = "URL")]
    link: Option<String>,
    #[command(flatten)]
    output: OutputArgs,
}

fn metric(text: &str) -> Result<(String, Measure), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => {
            let value = value.parse::<Measure>().map_err(|error| error.to_string())?;
            Ok((name.trim().to_owned(), value))
        }
        _ => Err("expected NAME=VALUE[UNIT], such as p95=120ms".to_owned()),
    }
}

/// Records each fact, or none where one of them cannot be.
pub(super) async fn run(args: AddArgs, session: &Session) -> Result<Exit, Failure> {
    args.refuse_unclear()?;
    // Files and arguments first: they are wrong more often than a cluster is.
    let report = match &args.from_junit {
        Some(file) => {
            let report = junit::read_file(file).await?;
            Some(TestReport { exit_code: args.exit_code, ..report })
        }
        None => None,
    };
    if let Some(runner) = report.as_ref().and_then(TestReport::needs_exit_code) {
        let [runner, omitted] = runner.in_words();
        return Err(Failure::usage(format!(
            "{runner} leaves {omitted} out of its reports, so that its report alone does not say passed"
        ))
        .hint("add the exit code of the run: --exit-code $?"));
    }
    if report.as_ref().is_some_and(|report| report.flaky > 0 && report.exit_code.is_none()) {
        session.ui.warning(
            "what failed and passed when run again counts as failed; where the runner says otherwise, add its exit code: --exit-code $?",
        );
    }
    let mut facts = args.facts(report.as_ref(), session.app.clock.unix_seconds());
    for fact in &mut facts {
        fact.check()?;
    }
    if let Some(stage) = &args.at {
        stages::stage(&session.app, stage).await?;
    }
    let store = session.app.connections.store().await?;
    let subject = Subject::of(&session.app, &store, &args.reference).await?;
    let by = recorder(&session.app).await?;
    for fact in &mut facts {
        fact.actor.clone_from(&by.name);
        fact.groups.clone_from(&by.groups);
    }
    subject.record(facts, &store, &args.output.format, session).await?;
    Ok(Exit::Done)
}

impl AddArgs {
    /// Refuses combinations that the command line's grammar cannot exclude.
    fn refuse_unclear(&self) -> Result<(), Failure> {
        let judged = self.passed || self.failed;
        if judged && self.name.is_none() {
            return Err(Failure::usage("--passed and --failed need a --name: what was tested"));
        }
        if self.name.is_some() && !judged && self.from_junit.is_none() {
            return Err(Failure::usage(
                "--name needs --passed, --failed or --from-junit; a metric is named in --metric NAME=VALUE",
            ));
        }
        if self.kind.is_some() && !judged {
            return Err(Failure::usage("--kind needs --passed or --failed"));
        }
        match self.kind.as_deref() {
            Some(APPROVAL) => {
                return Err(Failure::usage("approvals are no result of a test")
                    .hint("use: kubectl snapshot approve REF --to STAGE"));
            }
            Some(METRIC) => {
                return Err(Failure::usage("a metric needs a value")
                    .hint("use: kubectl snapshot evidence add REF --metric NAME=VALUE"));
            }
            _ => {}
        }
        let mut names = BTreeSet::new();
        match self.metric.iter().find(|(name, _)| !names.insert(name)) {
            Some((name, _)) => Err(Failure::usage(format!("metric {name} is given twice"))),
            None => Ok(()),
        }
    }

    /// The facts, still without who records them.
    fn facts(&self, report: Option<&TestReport>, now: u64) -> Vec<Evidence> {
        let fact = |kind: &str, name: &str, outcome| Evidence {
            kind: kind.to_owned(),
            name: name.to_owned(),
            outcome,
            value: None,
            stage: self.at.clone(),
            // Until the API server has said it; no fact is recorded without.
            actor: "unknown".to_owned(),
            groups: None,
            at: now,
            detail: self.detail.clone(),
            link: self.link.clone(),
        };
        let ending = |passed: bool| if passed { Outcome::Passed } else { Outcome::Failed };
        let mut facts = Vec::new();
        if let (Some(name), true) = (&self.name, self.passed || self.failed) {
            facts.push(fact(self.kind.as_deref().unwrap_or(TEST), name, ending(self.passed)));
        }
        if let Some(report) = report {
            let name = self.name.as_deref().or(report.name.as_deref()).unwrap_or("junit");
            let mut found = fact(TEST, name, ending(report.passed()));
            let texts = self.detail.iter().cloned().chain([report.summary()]);
            let text = texts.collect::<Vec<_>>().join(": ");
            found.detail = Some(text.chars().take(LONGEST_TEXT).collect());
            facts.push(found);
        }
        facts.extend(self.metric.iter().map(|(name, value)| Evidence {
            value: Some(value.clone()),
            ..fact(METRIC, name, Outcome::Passed)
        }));
        facts
    }
}

impl From<JunitError> for Failure {
    fn from(error: JunitError) -> Self {
        Self::of(error)
    }
}

impl From<EvidenceError> for Failure {
    fn from(error: EvidenceError) -> Self {
        Self::of(error).with_kind(FailureKind::Usage)
    }
}
