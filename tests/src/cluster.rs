//! The cluster that a test binary works on.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::{env, fs, process};

use crate::plugin::{plugin_folder, plugin_program};
use crate::{Driver, Invocation, Redaction, fixture, ignore, offline};

/// Set by the driver: the folder of the cluster's files.
const FOLDER: &str = "KUBECTL_SNAPSHOT_TEST_CLUSTER";

/// A cluster, and how to run commands on it that see nothing else.
#[derive(Debug)]
pub struct Cluster {
    kubeconfig: PathBuf,
    kubectl: PathBuf,
    path: OsString,
    folder: PathBuf,
    home: PathBuf,
    driver: Option<Driver>,
}

impl Cluster {
    /// The one cluster of this test binary: what `control-plane exec` gave to
    /// it, else one that is started now and ends with this process.
    ///
    /// # Panics
    /// Where no control plane can be started, and in offline tests.
    #[track_caller]
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Cluster> = OnceLock::new();
        offline::assert_allowed("a control plane");
        SHARED.get_or_init(|| {
            if env::var_os(FOLDER).is_some() {
                return Self::from(&env::vars().collect(), None);
            }
            let (driver, environment) = Driver::serve();
            Self::from(&environment, Some(driver))
        })
    }

    /// Another cluster, which serves the kinds of routes as well: the shared one does not, and no
    /// user there has rights to them.
    ///
    /// # Panics
    /// Where no control plane can be started, and in offline tests.
    #[track_caller]
    pub fn with_routes() -> &'static Self {
        static WITH_ROUTES: OnceLock<Cluster> = OnceLock::new();
        offline::assert_allowed("a control plane");
        WITH_ROUTES.get_or_init(|| {
            let (driver, environment) = Driver::serve();
            let cluster = Self::from(&environment, Some(driver));
            if !cluster.is_private() {
                ignore("definitions are installed in a control plane of our own alone");
            }
            let apply = cluster.kubectl(["apply", "--server-side", "-f", "-"]);
            apply.stdin(fixture("routes/minimal-definitions.yaml")).succeeds();
            let wait = ["wait", "--for=condition=Established", "crd", "--all"];
            cluster.kubectl(wait).succeeds();
            cluster
        })
    }

    /// Another cluster, whose API server may be restarted: nobody else's work is disturbed by that.
    ///
    /// # Panics
    /// Where no control plane can be started, and in offline tests.
    #[track_caller]
    pub fn restartable() -> &'static Self {
        static RESTARTABLE: OnceLock<Cluster> = OnceLock::new();
        offline::assert_allowed("a control plane");
        RESTARTABLE.get_or_init(|| {
            let (driver, environment) = Driver::serve();
            let cluster = Self::from(&environment, Some(driver));
            if !cluster.is_private() {
                ignore("nobody's own API server is restarted");
            }
            cluster
        })
    }

    /// Kills the API server, and waits until another has taken its place.
    ///
    /// # Panics
    /// Where the cluster is shared, or the server does not come back.
    pub fn restart_api_server(&self) {
        self.driver.as_ref().expect("it is this process's own").restart_api_server();
    }

    fn from(environment: &HashMap<String, String>, driver: Option<Driver>) -> Self {
        let get = |name| {
            environment
                .get(name)
                .unwrap_or_else(|| panic!("the control plane's driver sets {name}"))
        };
        let folder = PathBuf::from(get(FOLDER));
        // In the cluster's folder, because that one is removed at the end.
        let home = folder.join(format!("home-{}", process::id()));
        fs::create_dir_all(&home).expect("the cluster's folder is writable");
        // With the plugin on PATH, `kubectl snapshot` finds it too.
        let path = [plugin_folder().to_owned()].into_iter().chain(env::split_paths(get("PATH")));
        Self {
            kubeconfig: get("KUBECONFIG").into(),
            kubectl: get("KUBECTL").into(),
            path: env::join_paths(path).expect("PATH was split just now"),
            folder,
            home,
            driver,
        }
    }

    /// A run of kubectl, as the administrator.
    pub fn kubectl<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Invocation {
        self.invocation(&self.kubectl, "kubectl", arguments)
    }

    /// A run of the plugin.
    ///
    /// # Panics
    /// Where it is not built.
    pub fn plugin<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Invocation {
        self.invocation(plugin_program(), "kubectl snapshot", arguments)
    }

    /// A run of any other program in the same environment, for what the two
    /// above do not cover: `git`, a script.
    pub fn command<'a>(
        &self,
        program: &str,
        arguments: impl IntoIterator<Item = &'a str>,
    ) -> Invocation {
        self.invocation(Path::new(program), program, arguments)
    }

    fn invocation<'a>(
        &self,
        program: &Path,
        title: &str,
        arguments: impl IntoIterator<Item = &'a str>,
    ) -> Invocation {
        Invocation::new(program, title, arguments, self.redaction())
            .env("PATH", &self.path)
            .env("HOME", &self.home)
            .env("KUBECONFIG", &self.kubeconfig)
    }

    /// Redaction of what differs between two runs on this cluster.
    #[must_use]
    pub fn redaction(&self) -> Redaction {
        Redaction::default()
            .path(&self.home, "[home]")
            .path(&self.folder, "[cluster]")
            .path(&env::temp_dir(), "[temp]")
    }

    /// The kubectl that tests run.
    #[must_use]
    pub fn kubectl_program(&self) -> &Path {
        &self.kubectl
    }

    /// The administrator's kubeconfig.
    pub(crate) fn kubeconfig(&self) -> &Path {
        &self.kubeconfig
    }

    /// The folder of its files: logs, and `audit.log` where it is private.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// True for a control plane of our own: one where every image can be pulled unless its
    /// name contains `broken`, and that writes down what it was asked. The opposite is a
    /// cluster that the user named.
    #[must_use]
    pub fn is_private(&self) -> bool {
        self.folder.join("audit.log").exists()
    }
}
