//! `policy run`: one policy, one question, everything to be seen.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::Args;
use snapshot_core::{
    ancestry::Ancestry,
    canonical,
    policy::{Answer, Decision, PolicyReference, RecordedDecision},
    reference::Reference,
    verdict::{Severity, Verdict},
};

use super::{
    fixture::{FixtureFile, read_fixture},
    replay::{Source, recorded, replay},
    settings::{SettingsText, refused_settings},
    supposed::SupposedArgs,
};
use crate::{
    app::{
        Failure, deploy::suppose, evaluate::FoundPolicy, resolve::resolve,
        resolved::ResolvedDocument,
    },
    commands::{
        complete, exit::Exit, output::OutputArgs, policy_args::PolicySourceArgs, session::Session,
    },
    files,
    policies::{Facts, Loaded, Question, record, recorded_question},
    render::RunReport,
};

/// Ask one policy one question, and show the question, the answer and what it took
///
/// Exits 0 where nothing speaks against it, 3 where the policy denies, 4 where it
/// does not decide. With --replay, 1 where the answer is not the recorded one.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # What does it say of what would replace production?
  kubectl snapshot policy run ./our-rules.wasm rel-43 --against live:prod

  # May it come to production, if qa has tested it and grace approves?
  kubectl snapshot policy run ./our-rules.wasm rel-43 --to prod --evidence test/e2e=passed@qa --approved-by grace

  # The same of files, without a cluster
  kubectl snapshot policy run ./our-rules.wasm ./shop.yaml --to prod --actor ada --reason \"sprint 12\"

  # Keep question and answer, as a fixture for policy test
  kubectl snapshot policy run ./our-rules.wasm rel-43 --record fixtures/rel-43.json

  # Ask the same question again
  kubectl snapshot policy run ./our-rules.wasm --replay fixtures/rel-43.json

  # What does the rebuilt policy say of what was decided for production?
  kubectl snapshot policy run ./our-rules.wasm --replay prod/7

  # Would all policies decide again what is recorded for production?
  kubectl snapshot policy run --replay prod/7

  # What is a fixture's question, and what does the policy print?
  kubectl snapshot policy run ./our-rules.wasm --fixture fixtures/tax.yaml --question")]
pub(super) struct RunArgs {
    /// A file, a name, or a reference into a registry; every one of a replayed record, where none is named
    #[arg(value_name = "POLICY", required_unless_present = "replay", add = complete::policy())]
    policy: Option<PolicyReference>,
    #[command(flatten)]
    source: PolicySourceArgs,
    /// The set to judge: a stored name, sha256:DIGEST, live[:[CONTEXT/]NAMESPACE], stage:STAGE, a file, a folder, or -
    #[arg(value_name = "REF", required_unless_present_any = ["replay", "fixture"], add = complete::reference())]
    reference: Option<Reference>,
    /// What it would replace
    #[arg(long, value_name = "REF", requires = "reference", add = complete::reference())]
    against: Option<Reference>,
    #[command(flatten)]
    supposed: SupposedArgs,
    /// A ConfigMap of the set that the policy is told of, as its binding would name it; can be repeated
    #[arg(long = "config-map", value_name = "NAME", requires = "reference")]
    config_maps: Vec<String>,
    /// A file with its settings, JSON or YAML, or the settings as JSON; those that it is bound with are not taken
    #[arg(long, value_name = "FILE|JSON", conflicts_with_all = ["replay", "fixture"], add = complete::file())]
    settings: Option<SettingsText>,
    /// Ask the question of a fixture
    #[arg(long, value_name = "FILE", conflicts_with_all = ["reference", "replay"], add = complete::file())]
    fixture: Option<PathBuf>,
    /// Ask the question of a recorded decision again, and compare the answers: a file, or a stage's record
    #[arg(long, value_name = "FILE|STAGE/NUMBER", conflicts_with = "reference", add = complete::record())]
    replay: Option<Source>,
    /// Write question and answer to a file
    #[arg(long, value_name = "FILE", add = complete::file())]
    record: Option<PathBuf>,
    /// Show the whole question
    #[arg(long)]
    question: bool,
    #[command(flatten)]
    output: OutputArgs,
}

/// Asks, shows, and keeps what was said.
pub(super) async fn run(args: RunArgs, session: &Session) -> Result<Exit, Failure> {
    let Some(reference) = &args.policy else {
        let Some(Source::Record(stage, number)) = &args.replay else {
            return Err(Failure::usage("a POLICY is missing: a file does not hold one"));
        };
        let report = replay(&args.source, (stage, *number), session).await?;
        session.show(&report, &args.output.format)?;
        return Ok(if report.is_same() { Exit::Done } else { Exit::Failed });
    };
    let found = args.source.find(session, reference).await?;
    let policy = args.source.engine().await?.load(&found.name, found.bytes.clone()).await?;
    let Asking { question, recorded, config_maps } =
        asking(&args, session, reference, &policy, found).await?;
    let question = Arc::new(question);
    let run = policy.ask(&question, config_maps.as_deref()).await;
    let decision = record(&question, &run);
    if let Some(path) = &args.record {
        write(path, &decision).await?;
        session.ui.status(&format!("recorded in {}", path.display()));
    }
    let exit = match &recorded {
        Some(recorded) => compared(recorded, &decision, session),
        None => exit_of(&run.answer),
    };
    let report = RunReport {
        run,
        replayed: recorded.as_ref().map(|_| exit == Exit::Done),
        recorded: recorded.map(|recorded| recorded.answer),
        question: args.question.then_some(decision.question),
    };
    session.show(&report, &args.output.format)?;
    Ok(exit)
}

/// A question for the policy.
struct Asking {
    question: Question,
    /// The decision that is asked again, where it is one.
    recorded: Option<RecordedDecision>,
    /// Names of the ConfigMaps that the policy is told of; none stands for all in the question.
    config_maps: Option<Vec<String>>,
}

async fn asking(
    args: &RunArgs,
    session: &Session,
    name: &PolicyReference,
    policy: &Loaded,
    found: FoundPolicy,
) -> Result<Asking, Failure> {
    if let Some(Source::Record(stage, number)) = &args.replay {
        // A file is asked in place of the one that decided, which has the name that it gives
        // itself.
        let asked = match name {
            PolicyReference::Name(name) => name.clone(),
            PolicyReference::File(_) | PolicyReference::Registry(_) => policy.about().name,
        };
        let (question, recorded, names) = recorded(&asked, (stage, *number), session).await?;
        return Ok(Asking { question, recorded: Some(recorded), config_maps: Some(names) });
    }
    if let Some(Source::File(path)) = &args.replay {
        return match read_fixture(path).await? {
            FixtureFile::Recorded(decision) => {
                let question = recorded_question(&decision)
                    .map_err(|error| Failure::of(error).about(path.display()))?;
                Ok(Asking { question, recorded: Some(*decision), config_maps: None })
            }
            FixtureFile::Written(_) => Err(Failure::usage(format!(
                "{} is no recorded decision, but a fixture; use --fixture",
                path.display()
            ))),
        };
    }
    if let Some(path) = &args.fixture {
        let fixture = read_fixture(path).await?;
        let question = fixture.question(path, policy, session).await?;
        return Ok(Asking { question, recorded: None, config_maps: None });
    }
    let Some(reference) = &args.reference else {
        return Err(Failure::usage("a REF is missing"));
    };
    let settings = match &args.settings {
        Some(text) => text.read().await?,
        None => found.settings.unwrap_or_default(),
    };
    policy.check(&settings).await.map_err(|error| refused_settings(name, &error))?;
    let names =
        if args.config_maps.is_empty() { found.config_maps } else { args.config_maps.clone() };
    let wanted = policy.wanted(names);
    let against = args.against.as_ref();
    let question = if let Some(supposed) = args.supposed.promotion(session)? {
        decides(policy, Decision::Promotion)?;
        suppose(&session.app, reference, against, supposed, &wanted).await?
    } else {
        decides(policy, Decision::Compatibility)?;
        let references: Vec<&Reference> = [reference].into_iter().chain(against).collect();
        let found = resolve(&session.app, &references).await?;
        let found = found.into_iter().map(ResolvedDocument::one);
        let found = found.collect::<Result<Vec<_>, Failure>>()?;
        let running = found.get(1);
        let (clock, ancestry) = (&session.app.clock, Ancestry::default());
        let facts = Facts {
            ancestry: &ancestry,
            name: &found[0].label,
            candidate: &found[0].snapshot,
            running: running.map(|found| (found.label.as_str(), &found.snapshot)),
            now: clock.unix_seconds(),
            captured: clock
                .captured(&found[0].snapshot.metadata, running.map(|one| &one.snapshot.metadata)),
            past: None,
            place: None,
        };
        Question::compatibility(&facts).tell(&facts, &wanted)
    };
    let question = question.with(&settings).into_owned();
    Ok(Asking { question, recorded: None, config_maps: None })
}

/// Refuses to ask for a decision that the policy does not make.
fn decides(policy: &Loaded, decision: Decision) -> Result<(), Failure> {
    if policy.decisions().contains(&decision) {
        return Ok(());
    }
    Err(match decision {
        Decision::Promotion => Failure::usage("the policy decides compatibility, of no stage")
            .hint("leave --to out"),
        Decision::Compatibility => Failure::usage("the policy decides promotion: to a stage")
            .hint("name the stage with --to STAGE; what is recorded can be supposed with --evidence, --approved-by, --actor and --reason"),
    })
}

/// Says whether the same was answered, by whom.
fn compared(recorded: &RecordedDecision, now: &RecordedDecision, session: &Session) -> Exit {
    if recorded.policy_digest != now.policy_digest {
        session.ui.warning(&format!(
            "asked anew: {} decided, and this is {}",
            recorded.policy_digest.short(),
            now.policy_digest.short()
        ));
    }
    // Another policy may look up less, or more, of what was recorded.
    let same_policy = recorded.policy_digest == now.policy_digest;
    if same_policy && recorded.question_digest != now.question_digest {
        session.ui.warning("the recorded question was edited: it has another digest");
    }
    let same = (!same_policy || recorded.question_digest == now.question_digest)
        && canonical::text(&recorded.answer) == canonical::text(&now.answer);
    if same { Exit::Done } else { Exit::Failed }
}

fn exit_of(answer: &Answer) -> Exit {
    let verdict = match answer {
        Answer::Undecided(_) => Verdict::Undecided,
        Answer::Findings(findings) => match findings.iter().map(|finding| finding.severity).max() {
            Some(Severity::Deny) => Verdict::Deny,
            Some(Severity::Undecided) => Verdict::Undecided,
            _ => Verdict::Allow,
        },
    };
    Exit::from(verdict)
}

async fn write(path: &Path, decision: &RecordedDecision) -> Result<(), Failure> {
    let text = format!("{}\n", canonical::text(decision));
    files::save(path, text).await.map_err(|error| {
        Failure::new(format!("{} cannot be written: {error}", path.display())).because(error)
    })
}
