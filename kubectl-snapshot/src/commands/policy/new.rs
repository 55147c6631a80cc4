//! `policy new`: a folder to begin a policy in.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use snapshot_core::policy::Decision;

use super::decision::decision;
use crate::{
    app::{Failure, FailureKind},
    blocking::blocking,
    commands::{complete, exit::Exit, output::OutputArgs, session::Session},
    policies::{self, FolderError, NoTemplate, PackageName, Scaffold},
    render::Change,
};

/// Make a folder with a policy that builds and has one rule that works
///
/// It needs the language's ordinary tools, and no cluster.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # A policy that judges whether a set fits together, in ./no-latest
  kubectl snapshot policy new no-latest --language rust

  # One that judges whether it may be promoted
  kubectl snapshot policy new two-approvals --language python --decision promotion")]
pub(super) struct NewArgs {
    /// The policy's name
    name: PackageName,
    /// The language to write it in
    #[arg(long, value_enum)]
    language: Language,
    /// What it decides: whether a set fits together, or may be promoted (not in c)
    #[arg(long, value_parser = decision(), default_value = Decision::Compatibility.name())]
    decision: Decision,
    /// The folder to make; by default the policy's name
    #[arg(long, value_name = "DIR", add = complete::file())]
    directory: Option<PathBuf>,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Language {
    Rust,
    Python,
    #[value(name = "javascript")]
    JavaScript,
    C,
}

/// Writes the folder, and says what to do in it.
pub(super) async fn run(args: NewArgs, session: &Session) -> Result<Exit, Failure> {
    let folder = args.directory.unwrap_or_else(|| args.name.as_ref().into());
    let scaffold = Scaffold::new(args.name, args.language.into(), args.decision)?;
    let made = folder.display().to_string();
    let build = scaffold.build();
    let shown = folder.clone();
    blocking(move || scaffold.write(&folder)).await?;
    let told = format!("{made} created");
    session.tell(Change::new("folder", made, "created").saying(told), &args.output.format)?;
    session.ui.status(&format!(
        "build it:  cd {} && {}\ntest it:   kubectl snapshot policy test .\nthe rule, and what it may know, are explained in its README.md",
        shown.display(),
        build,
    ));
    Ok(Exit::Done)
}

impl From<Language> for policies::Language {
    fn from(language: Language) -> Self {
        match language {
            Language::Rust => Self::Rust,
            Language::Python => Self::Python,
            Language::JavaScript => Self::JavaScript,
            Language::C => Self::C,
        }
    }
}

impl From<NoTemplate> for Failure {
    fn from(error: NoTemplate) -> Self {
        Self::of(error).with_kind(FailureKind::Usage)
    }
}

impl From<FolderError> for Failure {
    fn from(error: FolderError) -> Self {
        Self::of(error)
    }
}
