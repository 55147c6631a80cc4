//! `policy test`: fixtures, and whether the policy answers what they expect.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::Args;
use snapshot_core::policy::{
    Answer, PolicyReference,
    fixture::{Expectation, FixtureOutcome, FixtureResult, TestRun},
};

use super::fixture::read_fixture;
use crate::{
    app::{Failure, evaluate::find},
    blocking::blocking,
    commands::{
        complete,
        exit::Exit,
        output::OutputArgs,
        policy_args::{BoundsArgs, RegistryArgs},
        session::Session,
    },
    files,
    policies::{Engine, Loaded, record},
    render::{junit, yaml_text},
};

/// Ask a policy the questions of its fixtures, and compare the answers
///
/// Fixtures are the YAML and JSON files of FOLDER/fixtures. The policy is the
/// only .wasm file, or policy.wasm, in FOLDER, FOLDER/build or
/// FOLDER/target/wasm32-wasip2/release, unless --policy names another; build it
/// first. Findings are compared word for word, in order. Exits 1 where an answer
/// is not the expected one.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Does it still say what it should?
  kubectl snapshot policy test ./our-rules

  # Accept what it says now
  kubectl snapshot policy test ./our-rules --update

  # For a pipeline
  kubectl snapshot policy test ./our-rules --junit results.xml")]
pub(super) struct TestArgs {
    /// The policy's folder
    #[arg(default_value = ".", add = complete::file())]
    folder: PathBuf,
    /// Only fixtures with this in their name
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// The policy, where it is not in the folder
    #[arg(long, value_name = "POLICY", add = complete::policy())]
    policy: Option<PolicyReference>,
    /// Write what the policy says into the fixtures, unless it crashed
    #[arg(long)]
    update: bool,
    /// Write the results as `JUnit` XML to a file
    #[arg(long, value_name = "FILE", add = complete::file())]
    junit: Option<PathBuf>,
    #[command(flatten)]
    registry: RegistryArgs,
    #[command(flatten)]
    bounds: BoundsArgs,
    #[command(flatten)]
    output: OutputArgs,
}

/// Folders of built components, relative to a policy's folder.
const BUILT: [&str; 3] = ["", "build", "target/wasm32-wasip2/release"];

/// Runs the fixtures in the order of their names.
pub(super) async fn run(args: TestArgs, session: &Session) -> Result<Exit, Failure> {
    let (folder, only) = (args.folder.clone(), args.only.clone());
    let fixtures = blocking(move || fixtures(&folder, only.as_deref())).await?;
    let reference = match args.policy {
        Some(reference) => reference,
        None => PolicyReference::File(blocking(move || built(&args.folder)).await?),
    };
    let found = find(&session.app, &reference, args.registry.plain_http).await?;
    let engine = Engine::start(args.bounds.bounds()).await?;
    let policy = engine.load(&found.name, found.bytes).await?;
    let progress = session.ui.count("fixtures", Some(fixtures.len()));
    let mut results = Vec::new();
    for (done, path) in fixtures.iter().enumerate() {
        progress.set(done);
        results.push(result(path, &policy, args.update, session).await);
    }
    drop(progress);
    let report = TestRun { policy: found.name, fixtures: results };
    if let Some(path) = &args.junit {
        let text = junit(&report)?;
        files::save(path, text).await.map_err(|error| {
            Failure::new(format!("{} cannot be written: {error}", path.display())).because(error)
        })?;
    }
    session.show(&report, &args.output.format)?;
    Ok(if report.passed() { Exit::Done } else { Exit::Failed })
}

/// The fixtures' files.
fn fixtures(folder: &Path, filter: Option<&str>) -> Result<Vec<PathBuf>, Failure> {
    let fixtures = folder.join("fixtures");
    let entries = fs::read_dir(&fixtures).map_err(|error| {
        Failure::usage(format!("{} cannot be read: {error}", fixtures.display()))
            .because(error)
            .hint("name a policy's folder, with its fixtures in the folder fixtures")
    })?;
    let is_fixture = |path: &PathBuf| {
        let extension = path.extension().and_then(|extension| extension.to_str());
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        matches!(extension, Some("yaml" | "yml" | "json"))
            && filter.is_none_or(|filter| name.contains(filter))
            && path.is_file()
    };
    let mut files: Vec<PathBuf> =
        entries.filter_map(|entry| Some(entry.ok()?.path())).filter(is_fixture).collect();
    files.sort();
    if files.is_empty() {
        let which =
            filter.map_or_else(String::new, |filter| format!(" with {filter:?} in its name"));
        return Err(Failure::usage(format!(
            "there is no fixture{which} in {}",
            fixtures.display()
        ))
        .hint(
            "write one, or record one with: kubectl snapshot policy run POLICY REF --record FILE",
        ));
    }
    Ok(files)
}

/// The component that the folder's build has written.
fn built(folder: &Path) -> Result<PathBuf, Failure> {
    for place in BUILT {
        let mut found: Vec<PathBuf> = fs::read_dir(folder.join(place))
            .into_iter()
            .flatten()
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|extension| extension == "wasm"))
            .collect();
        found.sort();
        // Some builds leave other parts there.
        if let Some(policy) = found.iter().find(|path| path.ends_with("policy.wasm")) {
            return Ok(policy.clone());
        }
        match found.as_slice() {
            [] => {}
            [one] => return Ok(one.clone()),
            [one, other, ..] => {
                return Err(Failure::usage(format!(
                    "there is more than one policy in {}: {} and {}",
                    folder.display(),
                    one.display(),
                    other.display()
                ))
                .hint("name one with --policy"));
            }
        }
    }
    Err(Failure::usage(format!("there is no .wasm file in {}", folder.display()))
        .hint("build the policy first, or name it with --policy"))
}

async fn result(path: &Path, policy: &Loaded, update: bool, session: &Session) -> FixtureResult {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
    match outcome(path, policy, update, session).await {
        Ok((description, microseconds, outcome)) => {
            FixtureResult { name, description, microseconds, outcome }
        }
        Err(failure) => FixtureResult {
            name,
            description: None,
            microseconds: 0,
            outcome: FixtureOutcome::Broken { reason: failure.message },
        },
    }
}

async fn outcome(
    path: &Path,
    policy: &Loaded,
    update: bool,
    session: &Session,
) -> Result<(Option<String>, u64, FixtureOutcome), Failure> {
    let fixture = read_fixture(path).await?;
    let question = Arc::new(fixture.question(path, policy, session).await?);
    let run = policy.ask(&question, None).await;
    let got = Expectation::from(&run.answer);
    let expected = fixture.expectation();
    // A crash is nobody's answer, whatever was expected.
    let outcome = if run.failed {
        FixtureOutcome::Broken { reason: unkept(&run.answer) }
    } else if expected.as_ref() == Some(&got) {
        FixtureOutcome::Passed
    } else if update {
        super::update::write(path, &fixture, &record(&question, &run), &got).await?;
        FixtureOutcome::Updated
    } else {
        match expected {
            None => FixtureOutcome::New { got: yaml_text(&got)? },
            Some(expected) => {
                FixtureOutcome::Differs { expected: yaml_text(&expected)?, got: yaml_text(&got)? }
            }
        }
    };
    Ok((fixture.description(), run.microseconds, outcome))
}

/// Message that a failure in place of an answer is nothing to expect from now on.
fn unkept(answer: &Answer) -> String {
    match answer {
        Answer::Undecided(reason) => format!("there is no answer to keep: {reason}"),
        Answer::Findings(_) => "there is no answer to keep".to_owned(),
    }
}
