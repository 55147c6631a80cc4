//! Helm, which deploys charts beside the plugin.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::{Invocation, Namespace, go, ignore};

/// Helm 4, built from `tests/helm`, working in one namespace.
#[derive(Clone, Copy, Debug)]
pub struct Helm<'a> {
    program: &'static Path,
    place: &'a Namespace,
}

impl<'a> Helm<'a> {
    /// Helm, built once. Where its sources cannot be had, the test is ignored.
    ///
    /// # Panics
    /// Where it does not compile.
    #[must_use]
    pub fn at(place: &'a Namespace) -> Self {
        static BUILT: OnceLock<Result<PathBuf, String>> = OnceLock::new();
        let built = BUILT.get_or_init(|| {
            go::download("helm")?;
            // By its own name: that is what it writes fields under.
            Ok(go::build("helm", "helm.sh/helm/v4/cmd/helm", "helm"))
        });
        match built {
            Ok(program) => Self { program, place },
            Err(reason) => ignore(format!("Helm cannot be built: {reason}")),
        }
    }

    /// A run of Helm, with the words of a command line.
    ///
    /// # Panics
    /// Where the program's path is no text.
    pub fn run(&self, words: &str) -> Invocation {
        let chart = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/shop-chart");
        let text = |path: &Path| path.to_str().expect("paths of tests are text").to_owned();
        let words = words.replace("CHART", &text(&chart));
        let namespace = ["--namespace", self.place.name()];
        let arguments = words.split(' ').chain(namespace);
        self.place.cluster().command(&text(self.program), arguments)
    }
}
