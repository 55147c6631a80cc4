//! The kubeconfig: its files, found and merged as kubectl does.

use std::{
    env, io,
    path::{Path, PathBuf},
};

use kube::config::{ExecInteractiveMode, Kubeconfig, KubeconfigError};

use super::ClusterError;
use crate::causes::on_one_line;

/// Names in a kubeconfig.
#[derive(Clone, Debug, Default)]
pub struct KubeconfigNames {
    /// Contexts.
    pub contexts: Vec<NamedContext>,
    /// Names of the clusters, with their servers.
    pub clusters: Vec<(String, String)>,
    /// Names of the users.
    pub users: Vec<String>,
}

/// A context of the kubeconfig.
#[derive(Clone, Debug)]
pub struct NamedContext {
    /// Name of the context.
    pub name: String,
    /// Name of its cluster.
    pub cluster: String,
    /// Namespace, where the context has one.
    pub namespace: Option<String>,
}

/// Names for the command line, without asking any cluster; `named` is the file of `--kubeconfig`.
pub fn kubeconfig_names(named: Option<&Path>) -> Result<KubeconfigNames, ClusterError> {
    let Some(kubeconfig) = read(named)? else {
        return Ok(KubeconfigNames::default());
    };
    let contexts = kubeconfig.contexts.into_iter().map(|named| {
        let context = named.context.unwrap_or_default();
        NamedContext {
            name: named.name,
            cluster: context.cluster,
            namespace: context.namespace.filter(|name| !name.is_empty()),
        }
    });
    let clusters = kubeconfig.clusters.into_iter().map(|named| {
        (named.name, named.cluster.and_then(|cluster| cluster.server).unwrap_or_default())
    });
    Ok(KubeconfigNames {
        contexts: contexts.collect(),
        clusters: clusters.collect(),
        users: kubeconfig.auth_infos.into_iter().map(|named| named.name).collect(),
    })
}

/// The kubeconfig of `--kubeconfig`, else of `KUBECONFIG`, else of the home folder;
/// `None` where there is no file at all.
pub(super) fn read(named: Option<&Path>) -> Result<Option<Kubeconfig>, ClusterError> {
    if let Some(path) = named {
        return Kubeconfig::read_from(path)
            .map(Some)
            .map_err(|error| unreadable(error, Some(path)));
    }
    let files: Vec<PathBuf> = env::var_os("KUBECONFIG")
        .map(|files| env::split_paths(&files).filter(|file| !file.as_os_str().is_empty()).collect())
        .unwrap_or_default();
    if files.is_empty() {
        return unless_missing(Kubeconfig::read(), None);
    }
    let mut merged: Option<Kubeconfig> = None;
    for file in files {
        // As kubectl has it: of several files some may be missing.
        let read = Kubeconfig::read_from(&file);
        let Some(next) = unless_missing(read, Some(&file))? else { continue };
        merged = Some(match merged {
            Some(before) => before.merge(next).map_err(|error| unreadable(error, Some(&file)))?,
            None => next,
        });
    }
    Ok(merged)
}

/// Has no credential plugin ask anybody anything: whoever presses Tab expects no question.
pub(super) fn silence(kubeconfig: &mut Kubeconfig) {
    let users = kubeconfig.auth_infos.iter_mut().filter_map(|named| named.auth_info.as_mut());
    for plugin in users.filter_map(|user| user.exec.as_mut()) {
        plugin.interactive_mode = Some(ExecInteractiveMode::Never);
    }
}

fn unless_missing(
    read: Result<Kubeconfig, KubeconfigError>,
    file: Option<&Path>,
) -> Result<Option<Kubeconfig>, ClusterError> {
    match read {
        Err(KubeconfigError::ReadConfig(error, _)) if error.kind() == io::ErrorKind::NotFound => {
            Ok(None)
        }
        Err(KubeconfigError::FindPath) => Ok(None),
        read => read.map(Some).map_err(|error| unreadable(error, file)),
    }
}

/// The error of a kubeconfig that cannot be read. The library's own words show the lines around
/// a mistake, and with them the credentials of everybody there.
fn unreadable(error: KubeconfigError, file: Option<&Path>) -> ClusterError {
    ClusterError::Kubeconfig(match error {
        KubeconfigError::Parse(error) => {
            let file =
                file.map_or_else(|| "the file".to_owned(), |file| file.display().to_string());
            let place = error.location().filter(|place| place.line() > 0).map_or_else(
                || "it is no kubeconfig".to_owned(),
                |place| {
                    let (line, column) = (place.line(), place.column());
                    format!("line {line}, column {column} is not what belongs there")
                },
            );
            format!("{file} cannot be read: {place}")
        }
        KubeconfigError::ReadConfig(error, path) => {
            format!("{} cannot be read: {error}", path.display())
        }
        error => on_one_line(&error),
    })
}

/// Reads the text of a kubeconfig.
#[cfg(any(test, fuzzing))]
pub(super) fn parse(text: &str) -> Result<Kubeconfig, ClusterError> {
    Kubeconfig::from_yaml(text).map_err(|error| unreadable(error, Some(Path::new("config"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every way in which a kubeconfig with credentials can be wrong.
    const WRONG: [&str; 7] = [
        "users:\n- {name: a, user: {token: S3CR3T-1}}\n- {name: b, user: {token: {x: 1}}}\n- {name: c, user: {token: S3CR3T-2}}\n",
        "users:\n- name: a\n  user: S3CR3T-1\n",
        "users:\n- name: a\n  user: {token: [S3CR3T-1]}\n",
        "users:\n- name: a\n  user:\n    token: S3CR3T-1\n   password: S3CR3T-2\n",
        "users: S3CR3T-1\n",
        "users:\n- name: a\n  user: {token: \"S3CR3T-1\n",
        "S3CR3T-1",
    ];

    #[test]
    fn a_mistake_is_named_by_its_place_and_no_credential_is_shown() {
        let refused = |text: &str| {
            let error = Kubeconfig::from_yaml(text).unwrap_err();
            unreadable(error, Some(Path::new("/home/ada/config")))
        };
        for text in WRONG {
            let error = refused(text);
            let said = format!("{} {error:?}", crate::causes::on_one_line(&error));
            assert!(!said.contains("S3CR3T"), "{said}");
            assert!(said.contains("/home/ada/config cannot be read: "), "{said}");
        }
        let error = refused(WRONG[0]).to_string();
        assert!(error.ends_with("line 3, column 27 is not what belongs there"), "{error}");
    }
}
