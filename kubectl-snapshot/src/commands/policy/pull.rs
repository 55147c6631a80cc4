//! `policy pull`: a policy out of a registry.

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
};

use clap::Args;
use snapshot_core::artifact::ArtifactReference;

use crate::{
    app::{Failure, FailureKind, evaluate::fetch},
    commands::{
        complete, exit::Exit, output::OutputArgs, policy_args::RegistryArgs, session::Session,
    },
    files,
    render::Change,
    sources::signature::read_public_key,
};

/// Pull a policy from an OCI registry into a file
///
/// Every digest is verified on the way. With --key, the policy has to be signed
/// by the owner of that key. Credentials are those of docker login.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Into tax.wasm
  kubectl snapshot policy pull oci://ghcr.io/shop/tax:1.4

  # Only where the platform team has signed it
  kubectl snapshot policy pull oci://ghcr.io/shop/tax:1.4 --key platform.pem -f tax.wasm")]
pub(super) struct PullArgs {
    /// Where from; where both are named, the digest decides
    #[arg(value_name = "oci://HOST/PATH[:TAG][@sha256:DIGEST]")]
    reference: ArtifactReference,
    /// The file to write [default: the path's last word, and .wasm]
    #[arg(short, long, add = complete::file())]
    file: Option<PathBuf>,
    /// The Ed25519 public key, in PEM, of who has to have signed it
    #[arg(long, value_name = "FILE", add = complete::file())]
    key: Option<PathBuf>,
    /// Replace a file of that name
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    registry: RegistryArgs,
    #[command(flatten)]
    output: OutputArgs,
}

/// Pulls and verifies before a file is touched.
pub(super) async fn run(args: PullArgs, session: &Session) -> Result<Exit, Failure> {
    let file =
        args.file.unwrap_or_else(|| PathBuf::from(format!("{}.wasm", args.reference.name())));
    // Writing refuses again: somebody may be faster.
    if !args.force && file.symlink_metadata().is_ok() {
        return Err(taken(&file));
    }
    let key = match &args.key {
        Some(file) => Some(read_public_key(file).await?),
        None => None,
    };
    let pulled =
        fetch(&session.app, &args.reference, key.as_ref(), args.registry.plain_http).await?;
    let written = if args.force {
        files::save(&file, pulled.bytes).await
    } else {
        files::create(&file, pulled.bytes).await
    };
    written.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => taken(&file),
        _ => Failure::new(format!("{} cannot be written: {error}", file.display())).because(error),
    })?;
    let signed = match (key, &pulled.signature) {
        (Some(key), _) => format!("signed by {key}"),
        (None, Some(_)) => "signed; --key checks by whom".to_owned(),
        (None, None) => "not signed".to_owned(),
    };
    session.ui.status(&format!("policy {}, {signed}", pulled.digest));
    let file = file.display().to_string();
    let change = Change::new("policy", file.clone(), "pulled").of(pulled.digest);
    session.tell(change.saying(file), &args.output.format)?;
    Ok(Exit::Done)
}

fn taken(file: &Path) -> Failure {
    Failure::new(format!("{} is there already", file.display()))
        .with_kind(FailureKind::Conflict)
        .hint("choose another file with --file, or replace it with --force")
}
