//! krew, which installs plugins of kubectl, and the validator of its index.

use std::path::PathBuf;
use std::sync::OnceLock;

use crate::{go, ignore};

/// The two programs, built from `tests/krew`.
#[derive(Debug)]
pub struct Krew {
    /// krew itself.
    pub program: PathBuf,
    /// Validator that the index runs on every manifest that is proposed to it.
    pub validator: PathBuf,
}

impl Krew {
    /// Both, built once. Where their sources cannot be had, the test is ignored.
    ///
    /// # Panics
    /// Where they do not compile.
    #[must_use]
    pub fn built() -> &'static Self {
        static BUILT: OnceLock<Result<Krew, String>> = OnceLock::new();
        let built = BUILT.get_or_init(|| {
            go::download("krew")?;
            Ok(Self {
                program: go::build("krew", "sigs.k8s.io/krew/cmd/krew", "test-krew"),
                validator: go::build(
                    "krew",
                    "sigs.k8s.io/krew/cmd/validate-krew-manifest",
                    "test-validate-krew-manifest",
                ),
            })
        });
        match built {
            Ok(krew) => krew,
            Err(reason) => ignore(format!("krew cannot be built: {reason}")),
        }
    }
}
