//! Contexts of the kubeconfig: which of them mean one cluster.

use std::collections::BTreeMap;

use kube::config::Kubeconfig;

/// The context that is used, among those that there are.
#[derive(Clone, Debug)]
pub(super) struct Contexts {
    /// Name of the context that is used.
    name: String,
    /// Address of its server, where the kubeconfig or a flag says one.
    server: Option<String>,
    /// Servers of all contexts, by their names.
    servers: BTreeMap<String, String>,
}

impl Contexts {
    /// The contexts of a kubeconfig; `server` is that of a flag.
    pub(super) fn of(kubeconfig: Option<&Kubeconfig>, name: String, server: Option<&str>) -> Self {
        let mut servers = BTreeMap::new();
        for named in kubeconfig.iter().flat_map(|kubeconfig| &kubeconfig.contexts) {
            let clusters = kubeconfig.iter().flat_map(|kubeconfig| &kubeconfig.clusters);
            let cluster = named.context.as_ref().map(|context| context.cluster.as_str());
            let found = clusters.into_iter().find(|one| Some(one.name.as_str()) == cluster);
            let server = found.and_then(|one| one.cluster.as_ref()?.server.as_deref());
            servers.extend(server.map(|server| (named.name.clone(), plain(server))));
        }
        let server = server.map(plain).or_else(|| servers.get(&name).cloned());
        Self { name, server, servers }
    }

    /// Name of the context that is used.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// True if a context means the cluster that is used, by whatever name; none where nobody here
    /// knows it.
    pub(super) fn is_it(&self, context: &str) -> Option<bool> {
        if context == self.name {
            return Some(true);
        }
        Some(self.servers.get(context)? == self.server.as_ref()?)
    }
}

/// An address without what does not count in it.
fn plain(server: &str) -> String {
    server.trim_end_matches('/').to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KUBECONFIG: &str = "
clusters:
- {name: eu, cluster: {server: \"https://eu.example:6443\"}}
- {name: eu-vpn, cluster: {server: \"https://EU.example:6443/\"}}
- {name: us, cluster: {server: \"https://us.example\"}}
contexts:
- {name: eu, context: {cluster: eu}}
- {name: admin@eu, context: {cluster: eu-vpn}}
- {name: us, context: {cluster: us}}
- {name: nowhere, context: {cluster: gone}}
";

    #[test]
    fn several_contexts_may_mean_one_cluster() {
        let kubeconfig = Kubeconfig::from_yaml(KUBECONFIG).unwrap();
        let contexts = Contexts::of(Some(&kubeconfig), "eu".to_owned(), None);
        let is_it = |context| contexts.is_it(context);
        assert_eq!(
            [is_it("eu"), is_it("admin@eu"), is_it("us")],
            [Some(true), Some(true), Some(false)]
        );
        assert_eq!([is_it("nowhere"), is_it("prod")], [None, None]);
        // A flag decides which server is meant.
        let flag = Some("https://us.example/");
        let contexts = Contexts::of(Some(&kubeconfig), "eu".to_owned(), flag);
        assert_eq!([contexts.is_it("us"), contexts.is_it("admin@eu")], [Some(true), Some(false)]);
        let in_cluster = Contexts::of(None, "in-cluster".to_owned(), None);
        assert_eq!(in_cluster.is_it("eu"), None);
    }
}
