//! Resources of the Kubernetes API, read back from the paths of requests.

/// The parts of a path: `/apis/apps/v1/namespaces/shop/deployments/tax`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ResourcePath<'a> {
    /// The API group, empty for the core group.
    pub(super) group: &'a str,
    /// The plural resource; the whole path where it names none.
    pub(super) resource: &'a str,
    /// The namespace, where it names one.
    pub(super) namespace: Option<&'a str>,
    /// The object's name, where it names one.
    pub(super) name: Option<&'a str>,
}

impl<'a> ResourcePath<'a> {
    /// Takes a path apart.
    pub(super) fn of(path: &'a str) -> Self {
        let mut parts = path.trim_start_matches('/').split('/');
        let group = match parts.next() {
            Some("apis") => parts.next().unwrap_or_default(),
            _ => "",
        };
        let rest: Vec<&str> = parts.skip(1).collect();
        let (namespace, rest) = match rest.as_slice() {
            ["namespaces", namespace, rest @ ..] if !rest.is_empty() => (Some(*namespace), rest),
            rest => (None, rest),
        };
        let resource = rest.first().copied().unwrap_or(path);
        Self { group, resource, namespace, name: rest.get(1).copied() }
    }

    /// The resource with its group, as roles name it: `deployments.apps`.
    pub(super) fn qualified(&self) -> String {
        match self.group {
            "" => self.resource.to_owned(),
            group => format!("{}.{group}", self.resource),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ResourcePath;

    #[test]
    fn the_path_tells_group_resource_namespace_and_name() {
        let tax = ResourcePath::of("/apis/apps/v1/namespaces/shop/deployments/tax");
        assert_eq!((tax.group, tax.resource), ("apps", "deployments"));
        assert_eq!((tax.namespace, tax.name), (Some("shop"), Some("tax")));
        assert_eq!(tax.qualified(), "deployments.apps");
        let shop = ResourcePath::of("/api/v1/namespaces/shop");
        assert_eq!((shop.resource, shop.namespace, shop.name), ("namespaces", None, Some("shop")));
        let all = ResourcePath::of("/api/v1/namespaces/shop/configmaps");
        assert_eq!((all.qualified().as_str(), all.name), ("configmaps", None));
        assert_eq!(ResourcePath::of("/version").resource, "/version");
    }
}
