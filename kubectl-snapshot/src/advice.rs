//! The advice of the command line: what to do next, by the type of an error.
//!
//! Errors say what happened to which object. Which flag or command helps is known here
//! alone; other ways to use the application have other words.

mod app;

use std::{error::Error, io, path::Path};

use snapshot_core::{
    ancestry::Gap,
    compose::ComposeError,
    flag_source::{FlagSource, SystemType},
    flags::SwitchError,
    ladder::LadderError,
    plan::MissingVariable,
};

use crate::{
    app::{Failure, compose::ImageError},
    causes::{Fault, chain},
    cluster::{ClusterError, LeaseError},
    policies::{FolderError, LoadFailure, NoTemplate},
    sources::{
        SourceError,
        flag_systems::{FlagSystemError, Problem},
        git::FetchError,
        registry::RegistryError,
    },
    store::{Entity, StoreError},
    ui::ConfirmError,
};

/// Hints for a failure, a line each: those for the error behind it, then its own.
#[must_use]
pub fn hints(failure: &Failure) -> Vec<String> {
    let for_the_error = failure.source().map(hints_for).unwrap_or_default();
    for_the_error.into_iter().chain(failure.hints.iter().cloned()).collect()
}

/// Hints for an error, by the first of its causes that is of a known type.
#[must_use]
pub fn hints_for(error: &(dyn Error + 'static)) -> Vec<String> {
    chain(error).find_map(known).unwrap_or_default()
}

/// A failure and the hints for it in one sentence, for where there is room for no more.
#[must_use]
pub fn in_a_sentence(failure: &Failure) -> String {
    [failure.message.clone()].into_iter().chain(hints(failure)).collect::<Vec<_>>().join("; ")
}

fn known(error: &(dyn Error + 'static)) -> Option<Vec<String>> {
    (error.downcast_ref().map(app::for_app))
        .or_else(|| error.downcast_ref().map(for_cluster))
        .or_else(|| error.downcast_ref().map(for_lease))
        .or_else(|| error.downcast_ref().map(for_store))
        .or_else(|| error.downcast_ref().map(for_registry))
        .or_else(|| error.downcast_ref().map(for_flag_system))
        .or_else(|| error.downcast_ref().map(for_fetch))
        .or_else(|| error.downcast_ref().map(for_source))
        .or_else(|| error.downcast_ref().map(for_policy))
        .or_else(|| error.downcast_ref().map(for_variable))
        .or_else(|| error.downcast_ref().map(for_ladder))
        .or_else(|| error.downcast_ref().map(for_template))
        .or_else(|| error.downcast_ref().map(for_folder))
        .or_else(|| error.downcast_ref().map(for_question))
        .or_else(|| error.downcast_ref().map(for_composing))
        .or_else(|| error.downcast_ref().map(for_switch))
        .or_else(|| error.downcast_ref().map(for_image))
}

fn one(hint: impl Into<String>) -> Vec<String> {
    vec![hint.into()]
}

fn for_cluster(error: &ClusterError) -> Vec<String> {
    match error {
        ClusterError::NoCluster => {
            one("set KUBECONFIG, or name one with --kubeconfig or --context")
        }
        ClusterError::Unreachable { fault, proxied, .. } => one(match (fault, proxied) {
            (Fault::Certificate, _) => {
                "is its authority the one that the kubeconfig names, or --certificate-authority?"
            }
            (Fault::TimedOut, _) => "is it running? --request-timeout says how long to wait",
            (Fault::NoTls | Fault::Other, true) => {
                "is the proxy of the kubeconfig, or of HTTPS_PROXY, the right one?"
            }
            (Fault::NoTls | Fault::Other, false) => "is it running, and is this the right context?",
        }),
        ClusterError::Kubeconfig(_)
        | ClusterError::Unauthorized { .. }
        | ClusterError::Forbidden { .. }
        | ClusterError::NotAdmitted { .. }
        | ClusterError::NotFound { .. }
        | ClusterError::AlreadyExists { .. }
        | ClusterError::Conflict { .. }
        | ClusterError::Expired { .. }
        | ClusterError::Api { .. }
        | ClusterError::Answer { .. } => Vec::new(),
    }
}

fn for_lease(error: &LeaseError) -> Vec<String> {
    match error {
        LeaseError::Held { .. } => Vec::new(),
        LeaseError::Forbidden { cause, .. } | LeaseError::Cluster(cause) => for_cluster(cause),
    }
}

/// Hint at the command that removes whatever no reader believes.
const REMOVE_BROKEN: &str =
    "kubectl snapshot gc --broken removes what is broken, and records who removed it";

fn for_store(error: &StoreError) -> Vec<String> {
    let bind =
        |name: &str| one(format!("bind it with: kubectl snapshot policy add FILE --name {name}"));
    match error {
        StoreError::Taken { .. } => one("choose another name, or replace it with --force"),
        StoreError::VariableTaken { .. } => one("replace it with --force"),
        StoreError::Changed { .. } => one("look at it again, and repeat the command"),
        StoreError::NotFound { entity: Entity::Snapshot, near, .. } if near.is_empty() => {
            one("kubectl snapshot list shows those that there are")
        }
        StoreError::Corrupted { object, .. } => {
            one(format!("capture the snapshot again, or restore {object} from a backup"))
        }
        StoreError::ChunksGone { .. } => one("repeat the command"),
        StoreError::UnreadableReferrer { .. } => vec![
            "mend or delete it, and repeat the command".to_owned(),
            "a broken snapshot is removed by: kubectl snapshot gc --broken".to_owned(),
        ],
        StoreError::BrokenEntry { .. } | StoreError::NotAFile { .. } => one("mend or delete it"),
        StoreError::ForeignChunk { .. } => vec![
            "whoever wrote it may not have had the right to; who may delete snapshots can remove it"
                .to_owned(),
            REMOVE_BROKEN.to_owned(),
        ],
        StoreError::BrokenBinding { name, .. } | StoreError::PolicyDamaged { name, .. } => {
            bind(name)
        }
        StoreError::BrokenStage { name, .. } => {
            one(format!("write it again with: kubectl snapshot stage set {name}"))
        }
        StoreError::BrokenRepository { name, .. } => one(format!(
            "write it again with: kubectl snapshot repositories add PATTERN --url URL --name {name}"
        )),
        StoreError::BrokenFlagSource { name, .. } => one(format!(
            "write it again with: kubectl snapshot flags source add {name} --type TYPE --url URL --at STAGE"
        )),
        StoreError::BrokenEvidence { .. } => vec![
            "find out who wrote it; if it was a fact, record it again".to_owned(),
            REMOVE_BROKEN.to_owned(),
        ],
        StoreError::BrokenJournal { .. } => vec![
            "apply the set that is to run, which begins with what is there now".to_owned(),
            "delete the ConfigMap once nothing of it is of use any more".to_owned(),
        ],
        StoreError::Io { cause, .. } => for_io(cause),
        StoreError::NoNamespace { namespace, .. } => one(format!(
            "ask an administrator for it (kubectl create namespace {namespace}), or name another \
             with --store-namespace"
        )),
        StoreError::Cluster(error) => for_cluster(error),
        StoreError::NotFound { .. }
        | StoreError::Name(_)
        | StoreError::Ambiguous { .. }
        | StoreError::NotADigest(_)
        | StoreError::Document { .. }
        | StoreError::Evidence(_)
        | StoreError::RecordDamaged { .. }
        | StoreError::VariableName { .. }
        | StoreError::VariableValue { .. }
        | StoreError::NoVariable { .. } => Vec::new(),
    }
}

fn for_io(error: &io::Error) -> Vec<String> {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            one("make room on the disk, and repeat the command")
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            one("choose a folder that you may write to, with --store")
        }
        _ => Vec::new(),
    }
}

fn for_registry(error: &RegistryError) -> Vec<String> {
    one(match error {
        RegistryError::Unreachable { fault: Fault::NoTls, .. } => {
            "it does not speak TLS; if you trust the network between, use --plain-http"
        }
        RegistryError::Unreachable { fault: Fault::Certificate, .. } => {
            "trust the authority of your own by naming its certificates, in PEM, in SSL_CERT_FILE"
        }
        RegistryError::Unreachable { .. } => {
            "check the host's name, the network, and HTTPS_PROXY where there is a proxy"
        }
        RegistryError::TimedOut { .. } => {
            "try again, or wait longer for each answer with --request-timeout"
        }
        RegistryError::Unauthorised { registry, .. } => {
            return one(format!("log in, for example with: docker login {registry}"));
        }
        RegistryError::Denied { .. } => {
            "ask the registry's owner for the right, or log in as somebody who has it"
        }
        RegistryError::NotFound { .. } => {
            "check path and tag; of what is private many registries say this to strangers"
        }
        RegistryError::NotAPolicy { .. } => {
            "policies are brought to a registry with: kubectl snapshot policy push"
        }
        RegistryError::Tampered { .. } => {
            "do not use it: it was damaged or replaced; tell the registry's owner"
        }
        RegistryError::TooMany { .. } => {
            "wait, or log in: registries take more requests of those whom they know"
        }
        RegistryError::TooLarge { .. }
        | RegistryError::GivenUp { .. }
        | RegistryError::Unnameable { .. }
        | RegistryError::Refused { .. }
        | RegistryError::Answer { .. } => return Vec::new(),
    })
}

fn for_flag_system(error: &FlagSystemError) -> Vec<String> {
    let variable = FlagSource::token_variable_of(&error.source_name);
    let admin = FlagSource::admin_token_variable_of(&error.source_name);
    one(match &error.problem {
        Problem::NoToken => {
            return one(format!(
                "put one into the variable {variable}, or name a Secret that holds it: kubectl \
                 snapshot flags source add --help"
            ));
        }
        Problem::Unseen(_) => "look with: kubectl snapshot flags list",
        Problem::Unauthorised(_) | Problem::Forbidden(_) | Problem::WrongToken(_)
            if error.system == SystemType::Flipt =>
        {
            return one(format!(
                "Flipt takes a static token of its own, in {variable} or a Secret"
            ));
        }
        Problem::Unauthorised(_) | Problem::Forbidden(_) | Problem::WrongToken(_) => {
            return one(format!(
                "Unleash is read with a backend token ({variable}), and switched with an admin's \
                 ({admin})"
            ));
        }
        Problem::Unreachable { fault: Fault::Certificate, .. } => {
            "trust the authority of your own by naming its certificates, in PEM, in SSL_CERT_FILE"
        }
        Problem::Unreachable { .. } => {
            "check the address, the network, and HTTPS_PROXY where there is a proxy"
        }
        Problem::TimedOut => "try again, or wait longer for each answer with --request-timeout",
        Problem::Redirected(_) => "name the address that its own clients use",
        Problem::Moved(_) => "look at it again, and repeat the command",
        Problem::NotThere(_)
        | Problem::SenselessToken
        | Problem::TooLarge(_)
        | Problem::Refused { .. }
        | Problem::Strange(_)
        | Problem::Unswitchable(_) => return Vec::new(),
    })
}

/// Hints for a gap in what git tells: the command that helps.
#[must_use]
pub fn for_gap(gap: &Gap) -> Vec<String> {
    let in_clone = |path: &Path, command: &str| format!("git -C {} {command}", path.display());
    one(match gap {
        Gap::NoRepository { service } => format!(
            "name it with: kubectl snapshot repositories add {service} --url URL, or --clone FOLDER"
        ),
        Gap::NotFetched { repository } => {
            format!("fetch it with: kubectl snapshot repositories update {repository}")
        }
        Gap::NoClone { repository, .. } => format!(
            "clone it there, or name another place: kubectl snapshot repositories add PATTERN --clone \
             FOLDER --name {repository} --force"
        ),
        Gap::Shallow { path, .. } => {
            format!("fetch the whole history with: {}", in_clone(path, "fetch --unshallow"))
        }
        Gap::NotFound { repository, .. } => format!(
            "fetch what is new: kubectl snapshot repositories update {repository}; a commit that \
             nobody has pushed, or that was rewritten, is in no mirror"
        ),
        Gap::Ambiguous { .. } => {
            "give the whole commit, with the annotation kubectl-snapshot.dev/commit".to_owned()
        }
        Gap::LostAlternates { .. } => {
            "bring that folder back, or clone anew without --shared and --reference".to_owned()
        }
        Gap::Incomplete { path, .. } => format!(
            "see what is missing: {}; a whole mirror is made by: git clone --bare --filter=tree:0 URL",
            in_clone(path, "fsck --connectivity-only")
        ),
        Gap::Unreadable { path, .. } => {
            format!("what does git say of it? {}", in_clone(path, "log -1"))
        }
    })
}

fn for_composing(error: &ComposeError) -> Vec<String> {
    match error {
        ComposeError::NoService { known, .. }
        | ComposeError::NoInstance { known, .. }
        | ComposeError::NoContainer { known, .. }
        | ComposeError::NoFlag { known, .. }
        | ComposeError::NoneOfParts { known, .. } => there_are(known),
        ComposeError::UnseenFlag { .. } => {
            one("see why each source did not answer: kubectl snapshot flags source list".to_owned())
        }
        ComposeError::SeveralParts { name, parts, .. } => one(format!(
            "say which, as {}/{name} does, or choose one part with --part",
            parts.first().map_or("PART", AsRef::as_ref)
        )),
        ComposeError::InParts { label, error } => one(format!(
            "write one part to a file, and take it from there: kubectl snapshot get {label} --part {} -o json",
            error.parts.first().map_or("PART", AsRef::as_ref)
        )),
        ComposeError::OfAnother { service, owner, .. } => one(format!(
            "take {owner} from there too, or leave one of them out: --remove {owner} --take {service}@REF"
        )),
        ComposeError::Switch(error) => for_switch(error),
        ComposeError::Assembly(_)
        | ComposeError::Flags(_)
        | ComposeError::NoPart { .. }
        | ComposeError::Target(_) => Vec::new(),
    }
}

fn there_are(known: &[String]) -> Vec<String> {
    if known.is_empty() { Vec::new() } else { one(format!("there are: {}", known.join(", "))) }
}

fn for_switch(error: &SwitchError) -> Vec<String> {
    match error {
        SwitchError::OfThePlace { variable, .. } => one(format!(
            "set it where it belongs: kubectl snapshot variables set SET {variable}=VALUE"
        )),
        SwitchError::Contradicted { .. } | SwitchError::Elsewhere { .. } => {
            one("change it where it is defined, and capture that")
        }
        SwitchError::NoDefinition { .. }
        | SwitchError::DecidedByRules { .. }
        | SwitchError::NoOpposite { .. }
        | SwitchError::Unchangeable { .. } => Vec::new(),
    }
}

fn for_image(error: &ImageError) -> Vec<String> {
    let keep = || "to keep the tag as it is written, without asking: --offline".to_owned();
    match error {
        ImageError::NotThere { .. } => vec![
            "check path and tag; of what is private many registries say this to strangers"
                .to_owned(),
            keep(),
        ],
        ImageError::Unasked { error, .. } => {
            for_registry(error).into_iter().chain([keep()]).collect()
        }
        ImageError::Nothing { gap, known, .. } => {
            there_are(known).into_iter().chain(gap.iter().flat_map(for_gap)).collect()
        }
        ImageError::Unnamed { gap: Some(gap), .. } => {
            [gap.to_string()].into_iter().chain(for_gap(gap)).collect()
        }
        ImageError::Unnamed { gap: None, .. } => {
            one("fetch what is new: kubectl snapshot repositories update")
        }
        ImageError::NotBuilt { .. } => vec![
            "name its tag, if it has one; label images with org.opencontainers.image.revision, and \
             they are found by that"
                .to_owned(),
        ],
        ImageError::SeveralBuilt { .. } => one("name one of these tags"),
        ImageError::Offline { .. } => one("leave --offline out, or name a tag"),
    }
}

fn for_fetch(error: &FetchError) -> Vec<String> {
    match error {
        FetchError::NoCache { .. } => one("set HOME, or XDG_CACHE_HOME"),
        FetchError::NoGit { .. } => one(
            "install git, or name a clone with: kubectl snapshot repositories add --clone FOLDER",
        ),
        FetchError::Refused { .. } => {
            one("it is your own git that fetches: does git ls-remote URL work here?")
        }
        FetchError::Unwritable { cause, .. } => for_io(cause),
    }
}

fn for_source(error: &SourceError) -> Vec<String> {
    match error {
        SourceError::Namespaces { .. } => {
            one("choose some of them with --namespace, or none for all as parts")
        }
        SourceError::Bare { .. } => one("write --- before it"),
        SourceError::NoNamespace { .. } => one("choose others with --namespace"),
        SourceError::Unplaced { .. } => {
            one("give it a metadata.namespace, or choose one namespace with --namespace")
        }
        _ => Vec::new(),
    }
}

fn for_policy(error: &LoadFailure) -> Vec<String> {
    one(error.hint())
}

fn for_variable(_: &MissingVariable) -> Vec<String> {
    one("name a variable set that has one with --variables")
}

fn for_ladder(_: &LadderError) -> Vec<String> {
    one("kubectl snapshot stage list shows those that there are")
}

fn for_template(_: &NoTemplate) -> Vec<String> {
    one("--language rust, python and javascript have both")
}

fn for_folder(error: &FolderError) -> Vec<String> {
    match error {
        FolderError::Refused { .. } => Vec::new(),
        FolderError::NotEmpty(_) | FolderError::NotAFolder(_) => {
            one("name another folder with --directory, or clear this one")
        }
    }
}

fn for_question(error: &ConfirmError) -> Vec<String> {
    match error {
        ConfirmError::NotATerminal => one("pass --yes to go on without a question"),
        ConfirmError::Read(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unreachable(fault: Fault, proxied: bool) -> ClusterError {
        let server = "https://shop".to_owned();
        ClusterError::Unreachable {
            server,
            fault,
            proxied,
            cause: "no certificate, no proxy".into(),
        }
    }

    fn not_found(entity: Entity, near: &[&str]) -> StoreError {
        StoreError::NotFound {
            entity,
            wanted: "rel-42".to_owned(),
            place: "./store".to_owned(),
            near: near.iter().map(ToString::to_string).collect(),
        }
    }

    #[test]
    fn a_connection_is_judged_by_its_fault_and_not_by_its_words() {
        let hint = |fault, proxied| hints_for(&unreachable(fault, proxied)).concat();
        assert!(hint(Fault::Certificate, false).contains("--certificate-authority"));
        assert!(hint(Fault::TimedOut, true).contains("--request-timeout"));
        assert!(hint(Fault::Other, true).contains("HTTPS_PROXY"));
        assert_eq!(hint(Fault::Other, false), "is it running, and is this the right context?");
    }

    #[test]
    fn snapshots_alone_are_listed_where_none_resembles() {
        let list = ["kubectl snapshot list shows those that there are"];
        assert_eq!(hints_for(&not_found(Entity::Snapshot, &[])), list);
        assert!(hints_for(&not_found(Entity::Snapshot, &["rel-43"])).is_empty());
        assert!(hints_for(&not_found(Entity::Stage, &[])).is_empty());
    }

    #[test]
    fn a_full_disk_is_told_by_its_kind() {
        let io = |kind: io::ErrorKind| {
            let cause = io::Error::new(kind, "the disk is full, permission denied");
            hints_for(&StoreError::Io { verb: "written", file: "./store".into(), cause }).concat()
        };
        assert!(io(io::ErrorKind::StorageFull).starts_with("make room"));
        assert!(io(io::ErrorKind::PermissionDenied).ends_with("--store"));
        assert_eq!(io(io::ErrorKind::Other), "");
    }

    #[test]
    fn an_error_is_known_below_others_and_its_hints_come_first() {
        let cause = ClusterError::Conflict { message: "moved".to_owned() };
        assert!(hints_for(&LeaseError::Forbidden { namespace: "qa".to_owned(), cause }).is_empty());
        let cause = ClusterError::NoCluster;
        let held = LeaseError::Forbidden { namespace: "qa".to_owned(), cause };
        let failure = Failure::from(held).hint("then look again");
        let [first, second] = &hints(&failure)[..] else { panic!("{:?}", hints(&failure)) };
        assert!(first.contains("--kubeconfig"), "{first}");
        assert_eq!(second, "then look again");
    }

    #[test]
    fn where_there_is_room_for_one_sentence_the_hints_end_it() {
        assert_eq!(
            in_a_sentence(&unreachable(Fault::Other, false).into()),
            "Unable to connect to the server https://shop: no certificate, no proxy; \
             is it running, and is this the right context?"
        );
    }
}
