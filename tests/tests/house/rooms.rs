//! The rules: which room may know which, and which libraries live where.

/// A folder or file at the top of the plugin's source.
pub(crate) struct Room {
    /// Its name.
    pub(crate) name: &'static str,
    /// The rooms it may know.
    pub(crate) may_use: &'static [&'static str],
    /// The outside libraries that live in it.
    pub(crate) libraries: &'static [&'static str],
}

/// Every room of the plugin.
pub(crate) const ROOMS: [Room; 11] = [
    Room {
        name: "domain",
        may_use: &[],
        libraries: &[
            "semver",
            "serde",
            "serde_json",
            "serde_json_canonicalizer",
            "sha2",
            "thiserror",
        ],
    },
    Room {
        name: "cluster",
        may_use: &["domain"],
        libraries: &[
            "futures",
            "http",
            "hyper_util",
            "jiff",
            "k8s_openapi",
            "kube",
            "serde",
            "serde_json",
            "thiserror",
            "tokio",
        ],
    },
    // One home of the store is ConfigMaps, on top of the cluster's requests.
    Room {
        name: "store",
        may_use: &["domain", "cluster"],
        libraries: &[
            "base64",
            "fastcdc",
            "futures",
            "serde",
            "serde_json",
            "strsim",
            "thiserror",
            "tokio",
            "zstd",
        ],
    },
    Room {
        name: "sources",
        may_use: &["domain"],
        libraries: &[
            "base64",
            "docker_credential",
            "futures",
            "oci_client",
            "quick_xml",
            "ring",
            "rustls",
            "serde",
            "serde_json",
            "serde_saphyr",
            "thiserror",
            "tokio",
        ],
    },
    Room {
        name: "policies",
        may_use: &["domain"],
        libraries: &[
            "futures",
            "jsonschema",
            "serde",
            "serde_json",
            "snapshot_policy_host",
            "thiserror",
            "tokio",
        ],
    },
    Room {
        name: "render",
        may_use: &["domain"],
        libraries: &[
            "base64",
            "owo_colors",
            "quick_junit",
            "serde",
            "serde_json",
            "serde_json_path",
            "serde_saphyr",
            "similar",
            "textwrap",
            "thiserror",
            "unicode_width",
        ],
    },
    Room {
        name: "ui",
        may_use: &["domain"],
        libraries: &[
            "anstream",
            "indicatif",
            "jiff",
            "owo_colors",
            "terminal_size",
            "thiserror",
            "unicode_width",
        ],
    },
    Room {
        name: "commands",
        may_use: &["cluster", "domain", "policies", "render", "sources", "store", "ui"],
        libraries: &["clap", "clap_complete", "serde", "serde_json", "tokio"],
    },
    Room { name: "run", may_use: &["cluster", "commands", "ui"], libraries: &["tokio"] },
    Room { name: "lib", may_use: &[], libraries: &[] },
    Room { name: "main", may_use: &[], libraries: &["mimalloc"] },
];

/// Every outside library that some room is home to.
pub(crate) fn outside() -> Vec<&'static str> {
    ROOMS.iter().flat_map(|room| room.libraries).copied().collect()
}
