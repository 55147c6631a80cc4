//! The rules: which room may know which, and which libraries live where.

/// A folder or file at the top of the plugin's source.
pub(crate) struct Room {
    /// Name of the room.
    pub(crate) name: &'static str,
    /// The rooms it may know.
    pub(crate) may_use: &'static [&'static str],
    /// The outside libraries that live in it.
    pub(crate) libraries: &'static [&'static str],
}

/// The crate that every room stands on. It has a wall that the compiler keeps: its own
/// manifest, which names no cluster, no terminal and no runtime.
pub(crate) const CORE: &str = "snapshot_core";

/// The libraries that the core may stand on.
pub(crate) const CORE_LIBRARIES: [&str; 11] = [
    "data_encoding",
    "proptest",
    "ryu_js",
    "semver",
    "serde",
    "serde_json",
    "serde_json_canonicalizer",
    "serde_path_to_error",
    "serde_saphyr",
    "sha2",
    "thiserror",
];

/// The parts of the core that the policy host may stand on. Snapshots, plans and records are
/// none of its business: it gets questions in the contract's own records.
pub(crate) const CORE_OF_THE_HOST: [&str; 3] = ["digest", "policy::Decision", "visible"];

/// Every room of the plugin.
pub(crate) const ROOMS: [Room; 18] = [
    // Below all others: what keeps the command's task free, what is behind errors and panics, and files.
    Room { name: "blocking", may_use: &[], libraries: &["tokio"] },
    Room { name: "causes", may_use: &[], libraries: &["rustls", "thiserror", "tokio"] },
    Room { name: "files", may_use: &["blocking"], libraries: &["tempfile", "tokio"] },
    Room { name: "panics", may_use: &[], libraries: &[] },
    Room {
        name: "cluster",
        may_use: &["blocking", "causes", "panics"],
        libraries: &[
            "futures",
            "gethostname",
            "http",
            "hyper_timeout",
            "hyper_util",
            "jiff",
            "k8s_openapi",
            "kube",
            "percent_encoding",
            "serde",
            "serde_json",
            "thiserror",
            "tokio",
            "tower",
            "tower_http",
            "tracing",
        ],
    },
    // One home of the store is ConfigMaps, on top of the cluster's requests.
    Room {
        name: "store",
        may_use: &["blocking", "causes", "cluster", "files"],
        libraries: &[
            "base64",
            "fastcdc",
            "futures",
            "serde",
            "serde_json",
            "strsim",
            "tempfile",
            "thiserror",
            "tokio",
            "zstd",
        ],
    },
    Room {
        name: "sources",
        may_use: &["blocking", "causes", "files"],
        libraries: &[
            "base64",
            "docker_credential",
            "futures",
            "gix",
            "jiff",
            "oci_client",
            "percent_encoding",
            "quick_xml",
            "reqwest",
            "ring",
            "rustls",
            "serde",
            "serde_json",
            "serde_saphyr",
            "tempfile",
            "thiserror",
            "tokio",
            "tracing",
        ],
    },
    Room {
        name: "policies",
        may_use: &["blocking", "causes", "files"],
        libraries: &[
            "futures",
            "jsonschema",
            "serde",
            "serde_json",
            "snapshot_policy_host",
            "tempfile",
            "thiserror",
            "tokio",
            "tracing",
        ],
    },
    Room {
        name: "render",
        may_use: &[],
        libraries: &[
            "base64",
            "owo_colors",
            "quick_xml",
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
        may_use: &[],
        libraries: &[
            "anstream",
            "indicatif",
            "owo_colors",
            "terminal_size",
            "thiserror",
            "tracing",
            "tracing_subscriber",
            "unicode_width",
        ],
    },
    // What is done, whoever asks for it: it knows no terminal and no arguments.
    Room {
        name: "app",
        may_use: &["blocking", "causes", "cluster", "policies", "sources", "store"],
        libraries: &[
            "futures",
            "jiff",
            "rustix",
            "serde",
            "serde_json",
            "tempfile",
            "thiserror",
            "tokio",
            "tracing",
        ],
    },
    // What the command line says about errors: which flags and commands help.
    Room {
        name: "advice",
        may_use: &["app", "causes", "cluster", "policies", "sources", "store", "ui"],
        libraries: &[],
    },
    Room {
        name: "doctor",
        may_use: &["advice", "app", "cluster", "policies", "render", "store"],
        libraries: &["serde", "serde_json", "tokio"],
    },
    Room {
        name: "commands",
        may_use: &[
            "advice", "app", "blocking", "cluster", "doctor", "files", "policies", "render",
            "sources", "store", "ui",
        ],
        libraries: &["clap", "clap_complete", "jiff", "rustix", "serde", "serde_json", "tokio"],
    },
    Room {
        name: "run",
        may_use: &["advice", "app", "cluster", "commands", "panics", "ui"],
        libraries: &["futures", "tokio"],
    },
    // For tests and fuzz targets alone.
    Room { name: "readers", may_use: &["cluster", "sources", "store"], libraries: &[] },
    Room { name: "lib", may_use: &[], libraries: &[] },
    Room { name: "main", may_use: &[], libraries: &["mimalloc"] },
];

/// Every outside library that some room is home to.
pub(crate) fn outside() -> Vec<&'static str> {
    ROOMS.iter().flat_map(|room| room.libraries).chain(&[CORE]).copied().collect()
}
