//! krew, which installs plugins of kubectl, and the validator of its index.

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::OnceLock;

use crate::go;

/// The two programs, built from `tests/krew`.
#[derive(Debug)]
pub struct Krew {
    /// krew itself.
    pub program: PathBuf,
    /// Validator that the index runs on every manifest that is proposed to it.
    pub validator: PathBuf,
}

impl Krew {
    /// Both, built once; nothing where their sources cannot be had, which a line says.
    ///
    /// # Panics
    /// Where they do not compile.
    #[must_use]
    pub fn built() -> Option<&'static Self> {
        static BUILT: OnceLock<Option<Krew>> = OnceLock::new();
        let built = BUILT.get_or_init(|| match go::download("krew") {
            Ok(()) => Some(Self {
                program: go::build("krew", "sigs.k8s.io/krew/cmd/krew", "test-krew"),
                validator: go::build(
                    "krew",
                    "sigs.k8s.io/krew/cmd/validate-krew-manifest",
                    "test-validate-krew-manifest",
                ),
            }),
            Err(reason) => {
                // Written past the test harness, which hides what a passing test prints.
                let _ = writeln!(io::stderr(), "skipped: krew cannot be built: {reason}");
                None
            }
        });
        built.as_ref()
    }
}
