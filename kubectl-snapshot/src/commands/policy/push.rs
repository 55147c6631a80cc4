//! `policy push`: a policy into a registry.

use std::path::{Path, PathBuf};

use clap::Args;
use snapshot_core::{
    artifact::ArtifactReference, digest::Digest, policy::Problem, signature::Signature,
};

use crate::{
    app::{
        Failure,
        evaluate::{read, registry_options},
    },
    commands::{
        complete, exit::Exit, output::OutputArgs, policy_args::RegistryArgs, session::Session,
    },
    policies::{Bounds, Engine, inspect},
    render::Change,
    sources::{
        registry::{self, Package},
        signature::{PrivateKey, read_signature},
    },
};

/// Push a policy to an OCI registry
///
/// Prints the reference with its digest, for --policy. The file has to be a
/// policy that this plugin runs. Credentials are those of docker login.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Without a signature
  kubectl snapshot policy push ./tax.wasm oci://ghcr.io/shop/tax:1.4

  # Signed with a key of: openssl genpkey -algorithm ed25519 -out private.pem
  kubectl snapshot policy push ./tax.wasm oci://ghcr.io/shop/tax:1.4 --key private.pem

  # Signed elsewhere
  echo 'kubectl-snapshot policy v1' > message
  sha256sum < tax.wasm | sed 's/^/sha256:/; s/ .*//' >> message
  openssl pkeyutl -sign -rawin -inkey private.pem -in message -out tax.wasm.sig
  kubectl snapshot policy push ./tax.wasm oci://ghcr.io/shop/tax:1.4 --signature tax.wasm.sig")]
pub(super) struct PushArgs {
    /// The policy, a WebAssembly component
    #[arg(add = complete::file())]
    file: PathBuf,
    /// Where to; without a tag it is latest
    #[arg(value_name = "oci://HOST/PATH[:TAG]")]
    reference: ArtifactReference,
    /// Sign it with this Ed25519 private key, in PEM
    #[arg(long, value_name = "FILE", conflicts_with = "signature", add = complete::file())]
    key: Option<PathBuf>,
    /// Add the signature that was made elsewhere
    #[arg(long, value_name = "FILE", add = complete::file())]
    signature: Option<PathBuf>,
    #[command(flatten)]
    registry: RegistryArgs,
    #[command(flatten)]
    output: OutputArgs,
}

/// Pushes what proves to be a policy.
pub(super) async fn run(args: PushArgs, session: &Session) -> Result<Exit, Failure> {
    if args.reference.digest().is_some() {
        let message = format!("{} names a digest, which is what push answers", args.reference);
        return Err(Failure::usage(message).hint("name a tag, or neither"));
    }
    let bytes = read(&args.file).await?;
    let name = args.file.display().to_string();
    let engine = Engine::start(Bounds::default()).await?;
    let now = session.app.clock.unix_seconds();
    let inspection = inspect(&engine, &name, bytes.clone().into(), None, now).await;
    let about = match (inspection.problem, inspection.about) {
        // Whether it can be bound depends on settings that others choose.
        (_, Some(about)) => about,
        (problem, None) => return Err(refusal(&args.file, problem)),
    };
    let signature = args.sign(&inspection.digest).await?;
    let package = Package {
        bytes,
        title: about.name,
        version: about.version,
        description: about.summary,
        exports: inspection.exports,
        imports: inspection.imports,
        signature,
    };
    let options = registry_options(&session.app, args.registry.plain_http);
    let pushed = registry::push(&args.reference, &package, &options).await?;
    if pushed.as_image {
        session.ui.warning(&format!(
            "{} takes no Wasm artifacts: the policy is there as a container image, which other tools for Wasm may not recognise",
            args.reference.registry()
        ));
    }
    let pinned = pushed.pinned.to_string();
    let change = Change::new("policy", pinned.clone(), "pushed").of(inspection.digest);
    session.tell(change.saying(pinned), &args.output.format)?;
    Ok(Exit::Done)
}

impl PushArgs {
    async fn sign(&self, policy: &Digest) -> Result<Option<Signature>, Failure> {
        Ok(match (&self.key, &self.signature) {
            (Some(key), _) => Some(PrivateKey::read(key).await?.sign(policy)),
            (None, Some(file)) => Some(read_signature(file).await?),
            (None, None) => None,
        })
    }
}

/// Refuses a file that nobody can run: others should not find it.
fn refusal(file: &Path, problem: Option<Problem>) -> Failure {
    let (message, hint) = problem.map_or_else(Default::default, |one| (one.message, one.hint));
    let failure =
        Failure::new(format!("{} is not a policy that runs here: {message}", file.display()));
    if hint.is_empty() { failure } else { failure.hint(hint) }
}
