//! `init`: the store's namespace, roles to bind, and the guard.

use std::time::Duration;

use clap::Args;
use serde_json::json;

use super::{exit::Exit, output::OptionalOutputArgs, session::Session};
use crate::{
    app::{Failure, FailureKind},
    cluster::{
        Cluster, ClusterError, Manifest, guard, install, roles, suggested_bindings, wait_in_force,
    },
    render::{self, Change, ChangeList, Format},
};

/// Time that the API server may take to learn of the guard.
const IN_FORCE: Duration = Duration::from_secs(30);

/// Make the store's namespace, roles to bind, and the guard
///
/// The roles say who may read, capture, promote and administer; nobody has them
/// until you bind them. The guard has the API server itself refuse to change,
/// delete or forge what the store keeps of deployments, whoever asks, and asks
/// those roles for the rest. It needs Kubernetes 1.30 or later.
///
/// Running it again changes nothing that is as it should be.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # The namespace and the roles
  kubectl snapshot init

  # The guard as well
  kubectl snapshot init --guard

  # The same as manifests, to keep in Git or to hand to an administrator
  kubectl snapshot init --guard --dry-run=client -o yaml > snapshot-store.yaml")]
pub(super) struct InitArgs {
    /// Install the guard as well: nobody changes, deletes or forges records
    #[arg(long)]
    guard: bool,
    /// Print the manifests, as yaml, json or name, and write nothing
    #[arg(long, value_name = "WHERE", value_parser = ["client"])]
    dry_run: Option<String>,
    #[command(flatten)]
    output: OptionalOutputArgs,
}

/// Makes what is missing, or prints what would be made.
pub(super) async fn run(args: InitArgs, session: &Session) -> Result<Exit, Failure> {
    let Some(store) = session.app.connections.store_namespace() else {
        return Err(Failure::usage(
            "init makes a store in a cluster, and --store means a directory",
        )
        .hint("a directory needs no init; name the namespace of a store with --store-namespace"));
    };
    let mut manifests = roles(store);
    if args.guard {
        manifests.extend(guard(store));
    }
    if args.dry_run.is_some() {
        print(&manifests, args.output.format.as_ref(), session)?;
        return Ok(Exit::Done);
    }
    let format = args.output.format.unwrap_or_default();
    if matches!(format, Format::Yaml | Format::Json) {
        // Whoever wants the manifests, and forgets the flag, wants nothing written.
        return Err(Failure::usage(format!("init prints {format} with --dry-run=client alone"))
            .hint("-o name prints the names of what it makes"));
    }
    let cluster = session.app.connections.cluster().await?;
    let mut made = Vec::new();
    for manifest in &manifests {
        let installed = install(&cluster, manifest).await.map_err(|error| refused(manifest, error));
        let change = match installed {
            Ok(installed) => change(manifest, &installed.to_string()),
            Err(failure) => {
                session.show(&ChangeList::new(made), &format)?;
                return Err(failure);
            }
        };
        made.push(change);
    }
    session.show(&ChangeList::new(made), &format)?;
    if args.guard {
        see_in_force(&cluster, store, session).await?;
    }
    session.ui.status("nobody has these roles until they are bound; put in your own names for the words in capitals:");
    for command in suggested_bindings(store) {
        session.ui.status(&format!("  {command}"));
    }
    Ok(Exit::Done)
}

/// Change in kubectl's words: `role.rbac.authorization.k8s.io/snapshot-reader created`.
fn change(manifest: &Manifest, action: &str) -> Change {
    let title = manifest.title();
    let told = format!("{title} {action}");
    let kind = title.split('/').next().unwrap_or_default().to_owned();
    Change::new(&kind, title, action).saying(told)
}

fn print(
    manifests: &[Manifest],
    format: Option<&Format>,
    session: &Session,
) -> Result<(), Failure> {
    session.print(|out| {
        match format {
            None | Some(Format::Yaml) => {
                for manifest in manifests {
                    write!(out, "---\n{}", render::yaml_text(manifest)?)?;
                }
            }
            Some(Format::Json) => {
                let list = json!({"apiVersion": "v1", "kind": "List", "items": manifests});
                out.write_all(render::json_text(&list)?.as_bytes())?;
            }
            Some(Format::Name) => {
                for manifest in manifests {
                    writeln!(out, "{}", manifest.title())?;
                }
            }
            Some(other) => {
                return Err(Failure::usage(format!("manifests are not printed as {other}"))
                    .hint("--dry-run=client prints them as yaml, json or name"));
            }
        }
        Ok(())
    })
}

fn refused(manifest: &Manifest, error: ClusterError) -> Failure {
    if manifest.is_guard() && matches!(error, ClusterError::NotFound { .. }) {
        return Failure::new("this API server knows no ValidatingAdmissionPolicy, which the guard is")
            .hint("the guard needs Kubernetes 1.30 or later; namespace and roles are made, and do without")
            .because(error);
    }
    let forbidden = matches!(error, ClusterError::Forbidden { .. });
    let says = format!("{} was not made: {error}", manifest.title());
    let failure = Failure::new(says).because(error);
    if forbidden {
        failure.hint("an administrator can run the same command, or apply what it prints with --dry-run=client -o yaml")
    } else {
        failure
    }
}

/// A guard that is not yet in force is worse than none: people would rely on it.
async fn see_in_force(cluster: &Cluster, store: &str, session: &Session) -> Result<(), Failure> {
    match wait_in_force(cluster, store, IN_FORCE).await {
        Ok(true) => {
            session.ui.status(&format!("the guard of namespace {store} is in force"));
            Ok(())
        }
        Ok(false) => Err(Failure::new(format!(
            "the guard of namespace {store} is installed, but not in force: after {} s the API server \
             still accepts a forged record (a trial, which it did not keep)",
            IN_FORCE.as_secs()
        ))
        .hint("run the command again in a while; it changes nothing and looks again")
        .with_kind(FailureKind::TimedOut)),
        Err(error @ ClusterError::Forbidden { .. }) => {
            session.ui.warning(&format!(
                "the guard of namespace {store} is installed; whether it is in force could not be tried: {error}"
            ));
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}
