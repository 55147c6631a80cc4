//! `compose`: a candidate made of a base and changes.

use std::sync::Arc;

use clap::Args;
use snapshot_core::{
    compose::{Address, Wanted},
    name::SnapshotName,
    parts::PartName,
    reference::Reference,
};

use super::{
    checking::Checking, exit::Exit, output::OptionalOutputArgs, policy_args::PolicyArgs,
    session::Session, snapshot_document::SnapshotDocument, stored::Stored,
};
use crate::{
    app::{
        Failure,
        compose::{Composition, compose, store},
        resolved::ResolvedDocument,
    },
    commands::complete,
    render::Format,
};

/// Make a candidate: a base with changes
///
/// Nothing that runs is touched. An image is looked for in its registry and pinned by its
/// digest; what the registry lacks is refused before anything is stored. A commit or a
/// branch is looked up in the git repositories of the store, and leads to the image that a
/// tag or a label of the registry says is built from it. Removals come first, then what is
/// taken, then images, then flags.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Production with another tax
  kubectl snapshot compose rel-43 --base stage:prod --set tax=1.4.1

  # By a commit or a branch, and several at once
  kubectl snapshot compose rel-43 --base rel-42 --set cart=3f2a91c --set tax=branch:main

  # One instance alone, and an image of another repository
  kubectl snapshot compose rel-43 --base rel-42 --set cart/cart-canary=1.5.0
  kubectl snapshot compose rel-43 --base rel-42 --set cart=mirror.example/shop/cart:1.5.0

  # A whole service of another set, another left out, and a flag on
  kubectl snapshot compose rel-43 --base rel-42 --take tax@rel-41 --remove promo --flag tax-call=on

  # Of a snapshot of several namespaces; where several parts have a tax, say which
  kubectl snapshot compose rel-43 --base rel-42 --set payments/tax=1.4.1 --take shop/cart@rel-41
  kubectl snapshot compose rel-43 --base rel-42 --part payments --set tax=1.4.1

  # Only if it fits together: exit code 3 where a policy denies it, and nothing is stored
  kubectl snapshot compose rel-43 --base rel-42 --set tax=1.3.9 --check

  # Look at it without storing it; without asking a registry
  kubectl snapshot compose rel-43 --base rel-42 --set tax=1.4.1 --dry-run=client -o yaml
  kubectl snapshot compose rel-43 --base ./rendered.yaml --set tax=1.4.1 --offline --store ./snapshots")]
pub(super) struct ComposeArgs {
    /// The name to store it under
    name: Option<SnapshotName>,
    /// The set to begin with: a stored name, sha256:DIGEST, live[:[CONTEXT/]NAMESPACE], stage:STAGE, a file, a folder, or -
    #[arg(long, value_name = "REF", add = complete::reference())]
    base: Reference,
    /// The part of a snapshot of several namespaces that all changes are of; without it names tell, such as payments/tax
    #[arg(long, value_name = "PART", add = complete::part())]
    part: Option<PartName>,
    /// What a service is to run: a tag, a commit, a branch or an image; of one instance or container with /INSTANCE/CONTAINER, of one part with PART/ before it; can be repeated
    #[arg(long = "set", value_name = "SERVICE=IMAGE", value_parser = image, required_unless_present_any = ["takes", "removes", "flags"])]
    sets: Vec<(Address, Wanted)>,
    /// A service to take whole from another set, with its configuration and flags; can be repeated
    #[arg(long = "take", value_name = "SERVICE@REF", value_parser = service_of)]
    takes: Vec<(String, Reference)>,
    /// A service to leave out, with what is its alone; can be repeated
    #[arg(long = "remove", value_name = "SERVICE", add = complete::service())]
    removes: Vec<String>,
    /// A flag with what it is to serve: on, off, or a variant; can be repeated
    #[arg(long = "flag", value_name = "FLAG=VALUE", value_parser = super::flag_value)]
    flags: Vec<(String, String)>,
    /// Ask the compatibility policies, and store nothing that they do not let through
    #[arg(long)]
    check: bool,
    /// Why, in a sentence
    #[arg(short, long)]
    message: Option<String>,
    /// Replace a snapshot of that name
    #[arg(long, requires = "name")]
    force: bool,
    /// Make it, store nothing
    #[arg(long, value_name = "WHERE", value_parser = ["client"], requires = "name")]
    dry_run: Option<String>,
    #[command(flatten)]
    policies: PolicyArgs,
    #[command(flatten)]
    output: OptionalOutputArgs,
}

fn image(text: &str) -> Result<(Address, Wanted), String> {
    let (target, wanted) = text.split_once('=').ok_or("expected SERVICE=IMAGE")?;
    let target =
        target.parse().map_err(|error: snapshot_core::compose::NotATarget| error.to_string())?;
    let wanted =
        wanted.parse().map_err(|error: snapshot_core::compose::NotWanted| error.to_string())?;
    Ok((target, wanted))
}

fn service_of(text: &str) -> Result<(String, Reference), String> {
    let (service, reference) = text.split_once('@').ok_or("expected SERVICE@REF")?;
    if service.is_empty() || reference.is_empty() {
        return Err("expected SERVICE@REF".to_owned());
    }
    let Ok(reference) = reference.parse();
    Ok((service.to_owned(), reference))
}

/// Makes the candidate, has it checked, and stores or prints it.
pub(super) async fn run(args: ComposeArgs, session: &Session) -> Result<Exit, Failure> {
    let policies = args.policies.choice();
    let composition = Composition {
        name: args.name,
        base: args.base,
        part: args.part,
        takes: args.takes,
        removes: args.removes,
        sets: args.sets,
        flags: args.flags,
        message: args.message,
        force: args.force,
        plain_http: policies.plain_http,
    };
    let document = Arc::new(compose(&session.app, &composition).await?);
    let is_dry = args.dry_run.is_some();
    if args.check {
        let references = [&composition.base].into_iter();
        let mut references = references.chain(composition.takes.iter().map(|(_, from)| from));
        let only_files = references.all(Reference::is_file);
        let checking = Checking { policies, stage: None, explain: false, only_files };
        let name = composition.name.as_ref();
        let candidate = ResolvedDocument {
            label: name.map_or_else(|| "the candidate".to_owned(), ToString::to_string),
            document: (*document).clone(),
        };
        let report = checking.report(candidate, None, session).await?;
        let exit = Exit::from(report.verdict);
        // A document on stdout has it to itself; a refusal is what there is to print.
        if args.output.format.is_none() || exit != Exit::Done {
            session.show(&report, args.output.format.as_ref().unwrap_or(&Format::Table))?;
        }
        if exit != Exit::Done {
            session.ui.hint("nothing was stored; without --check it is stored all the same");
            return Ok(exit);
        }
    }
    if let (Some(name), false) = (&composition.name, is_dry) {
        store(&session.app, name, &document, composition.force).await?;
    }
    let shown = || SnapshotDocument::new(&document, &session.app.clock);
    let Some(name) = composition.name else {
        session.show(&shown(), &args.output.format.unwrap_or(Format::Json))?;
        return Ok(Exit::Done);
    };
    if let Some(format) = args.output.format {
        session.show(&shown(), &format)?;
        return Ok(Exit::Done);
    }
    let done = if is_dry { "composed (dry run)" } else { "composed" };
    session.print(|out| {
        writeln!(out, "{}", Stored { name: &name, done, document: &document })?;
        Ok(())
    })?;
    Ok(Exit::Done)
}
