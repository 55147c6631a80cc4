//! Connection to a cluster, by a kubeconfig and kubectl's flags.

use std::{path::PathBuf, time::Duration};

use kube::{
    Config,
    config::{Context, KubeConfigOptions, Kubeconfig},
};

use tokio::runtime::Handle;

use super::{
    Cluster, ClusterError, client,
    contexts::Contexts,
    error::{Server, shown},
    kubeconfig,
    proxy::proxy,
};
use crate::{blocking::blocking, causes::on_one_line};

/// User agent, for those who read the API server's audit log.
const USER_AGENT: &str = concat!("kubectl-snapshot/", env!("CARGO_PKG_VERSION"));

/// Connection options: kubectl's global flags.
#[derive(Clone, Debug, Default)]
pub struct ConnectOptions {
    /// `--kubeconfig`.
    pub kubeconfig: Option<PathBuf>,
    /// `--context`.
    pub context: Option<String>,
    /// `--cluster`.
    pub cluster: Option<String>,
    /// `--user`.
    pub user: Option<String>,
    /// `--namespace`.
    pub namespace: Option<String>,
    /// `--as`.
    pub impersonate: Option<String>,
    /// `--as-group`.
    pub impersonate_groups: Vec<String>,
    /// `--as-uid`.
    pub impersonate_uid: Option<String>,
    /// `--server`.
    pub server: Option<String>,
    /// `--token`.
    pub token: Option<String>,
    /// `--tls-server-name`.
    pub tls_server_name: Option<String>,
    /// `--certificate-authority`.
    pub certificate_authority: Option<PathBuf>,
    /// `--insecure-skip-tls-verify`.
    pub insecure_skip_tls_verify: bool,
    /// `--request-timeout`.
    pub request_timeout: Option<Duration>,
    /// `--disable-compression`.
    pub disable_compression: bool,
    /// `--field-manager`.
    pub field_manager: String,
    /// True if nobody is there to answer: a credential plugin gets no terminal.
    pub unattended: bool,
}

impl ConnectOptions {
    /// Connects as the options, the kubeconfig or the pod's account say.
    ///
    /// Nothing is sent yet: a server that is not there shows at the first request.
    pub async fn connect(&self) -> Result<Cluster, ClusterError> {
        // kube reads files, which may be pipes, and runs credential plugins, which may
        // wait for a person, on the thread that calls it.
        let (options, runtime) = (self.clone(), Handle::current());
        blocking(move || runtime.block_on(options.connect_here())).await
    }

    async fn connect_here(&self) -> Result<Cluster, ClusterError> {
        let kubeconfig = self.read_kubeconfig()?;
        let context = kubeconfig.as_ref().and_then(|kubeconfig| self.wanted_context(kubeconfig));
        let context = context.or(self.context.as_deref()).unwrap_or("in-cluster").to_owned();
        let contexts = Contexts::of(kubeconfig.as_ref(), context, self.server.as_deref());
        let named_proxy = kubeconfig.as_ref().and_then(|kubeconfig| self.named_proxy(kubeconfig));
        let mut config = match kubeconfig {
            Some(kubeconfig) => self.load(kubeconfig).await?,
            None => Config::incluster().map_err(|_| ClusterError::NoCluster)?,
        };
        // kube compares NO_PROXY with the proxy instead of the server.
        config.proxy_url = proxy(named_proxy.as_deref(), &config.cluster_url)?;
        // Lists of thousands take longer than the library's guard of a few seconds.
        config.read_timeout = self.request_timeout;
        config.disable_compression |= self.disable_compression;
        config.headers.push((http::header::USER_AGENT, http::HeaderValue::from_static(USER_AGENT)));
        let namespace = self.namespace.clone().unwrap_or_else(|| config.default_namespace.clone());
        let server = shown(&config.cluster_url);
        let proxied = config.proxy_url.is_some();
        let client = client::client(config)?;
        let server = Server { url: server, proxied };
        Ok(Cluster::new(client, contexts, namespace, server, self.field_manager.clone()))
    }

    /// The kubeconfig, unless there is none and the pod's account is to be used.
    fn read_kubeconfig(&self) -> Result<Option<Kubeconfig>, ClusterError> {
        Ok(match kubeconfig::read(self.kubeconfig.as_deref())? {
            Some(kubeconfig) if kubeconfig.contexts.is_empty() && self.server.is_none() => None,
            None if self.server.is_some() => Some(Kubeconfig::default()),
            read => read,
        })
    }

    /// The name of the context that is meant, whether the kubeconfig has it or not.
    fn wanted_context<'a>(&'a self, kubeconfig: &'a Kubeconfig) -> Option<&'a str> {
        self.context.as_deref().or(kubeconfig.current_context.as_deref())
    }

    /// Context in the kubeconfig.
    fn context_in<'a>(&self, kubeconfig: &'a Kubeconfig) -> Option<&'a Context> {
        let wanted = self.wanted_context(kubeconfig)?;
        let named = kubeconfig.contexts.iter().find(|named| named.name == wanted)?;
        named.context.as_ref()
    }

    /// The proxy that the kubeconfig names for the cluster that is meant.
    fn named_proxy(&self, kubeconfig: &Kubeconfig) -> Option<String> {
        let of_context = || Some(self.context_in(kubeconfig)?.cluster.clone());
        let cluster = self.cluster.clone().or_else(of_context)?;
        let named = kubeconfig.clusters.iter().find(|named| named.name == cluster)?;
        named.cluster.as_ref()?.proxy_url.clone()
    }

    async fn load(&self, mut kubeconfig: Kubeconfig) -> Result<Config, ClusterError> {
        if kubeconfig.contexts.is_empty() {
            kubeconfig = bare();
        }
        self.refuse_unknown_context(&kubeconfig)?;
        self.refuse_unknown_user(&kubeconfig)?;
        self.override_cluster(&mut kubeconfig);
        self.override_user(&mut kubeconfig);
        if self.unattended {
            kubeconfig::silence(&mut kubeconfig);
        }
        let options = KubeConfigOptions {
            context: self.context.clone(),
            cluster: self.cluster.clone(),
            user: self.user.clone(),
        };
        Config::from_custom_kubeconfig(kubeconfig, &options)
            .await
            .map_err(|error| ClusterError::Kubeconfig(on_one_line(&error)))
    }

    fn refuse_unknown_context(&self, kubeconfig: &Kubeconfig) -> Result<(), ClusterError> {
        let Some(wanted) = self.wanted_context(kubeconfig) else { return Ok(()) };
        let known: Vec<&str> =
            kubeconfig.contexts.iter().map(|context| context.name.as_str()).collect();
        if known.contains(&wanted) {
            return Ok(());
        }
        Err(ClusterError::Kubeconfig(format!(
            "there is no context {wanted}; choose one of: {}",
            known.join(", ")
        )))
    }

    /// kube would go on without credentials, as `system:anonymous`.
    fn refuse_unknown_user(&self, kubeconfig: &Kubeconfig) -> Result<(), ClusterError> {
        let is_there = |user: &str| kubeconfig.auth_infos.iter().any(|named| named.name == user);
        let refuse = |text: String| Err(ClusterError::Kubeconfig(text));
        if let Some(user) = &self.user {
            let known: Vec<&str> =
                kubeconfig.auth_infos.iter().map(|named| named.name.as_str()).collect();
            return if is_there(user) {
                Ok(())
            } else {
                refuse(format!("there is no user {user}; choose one of: {}", known.join(", ")))
            };
        }
        let user = self.context_in(kubeconfig).and_then(|context| context.user.as_deref());
        match (self.wanted_context(kubeconfig), user) {
            (Some(context), Some(user)) if !user.is_empty() && !is_there(user) => refuse(format!(
                "context {context} names the user {user}, and there is none of that name; is a file missing in KUBECONFIG?"
            )),
            _ => Ok(()),
        }
    }

    fn override_cluster(&self, kubeconfig: &mut Kubeconfig) {
        for cluster in kubeconfig.clusters.iter_mut().filter_map(|named| named.cluster.as_mut()) {
            if let Some(server) = &self.server {
                cluster.server = Some(server.clone());
            }
            if let Some(name) = &self.tls_server_name {
                cluster.tls_server_name = Some(name.clone());
            }
            if let Some(authority) = &self.certificate_authority {
                cluster.certificate_authority = Some(authority.display().to_string());
                cluster.certificate_authority_data = None;
            }
            if self.insecure_skip_tls_verify {
                cluster.insecure_skip_tls_verify = Some(true);
            }
        }
    }

    fn override_user(&self, kubeconfig: &mut Kubeconfig) {
        for user in kubeconfig.auth_infos.iter_mut().filter_map(|named| named.auth_info.as_mut()) {
            if let Some(name) = &self.impersonate {
                user.impersonate = Some(name.clone());
            }
            if !self.impersonate_groups.is_empty() {
                user.impersonate_groups = Some(self.impersonate_groups.clone());
            }
            if let Some(uid) = &self.impersonate_uid {
                user.impersonate_uid = Some(uid.clone());
            }
            if let Some(token) = &self.token {
                user.token = Some(token.clone().into());
                user.token_file = None;
                user.exec = None;
            }
        }
    }
}

/// A kubeconfig for `--server` alone.
fn bare() -> Kubeconfig {
    let text = serde_json::json!({
        "clusters": [{"name": "flags", "cluster": {}}],
        "users": [{"name": "flags", "user": {}}],
        "contexts": [{"name": "flags", "context": {"cluster": "flags", "user": "flags"}}],
        "current-context": "flags",
    });
    serde_json::from_value(text).unwrap_or_default()
}
