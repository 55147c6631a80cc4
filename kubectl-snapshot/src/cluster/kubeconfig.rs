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
        return Kubeconfig::read_from(path).map(Some).map_err(unreadable);
    }
    let files: Vec<PathBuf> = env::var_os("KUBECONFIG")
        .map(|files| env::split_paths(&files).filter(|file| !file.as_os_str().is_empty()).collect())
        .unwrap_or_default();
    if files.is_empty() {
        return unless_missing(Kubeconfig::read());
    }
    let mut merged: Option<Kubeconfig> = None;
    for file in files {
        // As kubectl has it: of several files some may be missing.
        let Some(next) = unless_missing(Kubeconfig::read_from(file))? else { continue };
        merged = Some(match merged {
            Some(before) => before.merge(next).map_err(unreadable)?,
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
) -> Result<Option<Kubeconfig>, ClusterError> {
    match read {
        Err(KubeconfigError::ReadConfig(error, _)) if error.kind() == io::ErrorKind::NotFound => {
            Ok(None)
        }
        Err(KubeconfigError::FindPath) => Ok(None),
        read => read.map(Some).map_err(unreadable),
    }
}

fn unreadable(error: KubeconfigError) -> ClusterError {
    ClusterError::Kubeconfig(match error {
        KubeconfigError::ReadConfig(error, path) => {
            format!("{} cannot be read: {error}", path.display())
        }
        error => on_one_line(&error),
    })
}
