//! Plugin under test: the one that was built beside the tests, or another.

use std::env;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use crate::driver::build_folder;

/// Environment variable with the path of another plugin, such as the one that is released.
const OTHER: &str = "KUBECTL_SNAPSHOT_TEST_PLUGIN";

static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| {
    let name = format!("kubectl-snapshot{}", env::consts::EXE_SUFFIX);
    let Some(other) = env::var_os(OTHER).filter(|path| !path.is_empty()) else {
        let built = build_folder().join(name);
        let hint = "run `cargo build --workspace --bins` first";
        assert!(built.exists(), "{hint}: there is no {}", built.display());
        return built;
    };
    // Cargo runs tests in their crate's folder, and make is used in the one above.
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let other = root.join(other).canonicalize().unwrap_or_else(|error| panic!("{OTHER}: {error}"));
    // kubectl finds plugins by their names.
    assert!(other.ends_with(&name), "{OTHER} names {}, not a {name}", other.display());
    other
});

/// The executable of the plugin under test.
///
/// # Panics
/// Where it is not built, or `KUBECTL_SNAPSHOT_TEST_PLUGIN` names none.
#[must_use]
pub fn plugin_program() -> &'static Path {
    &PROGRAM
}

/// The folder that kubectl finds it in, once it is on PATH.
pub(crate) fn plugin_folder() -> &'static Path {
    PROGRAM.parent().expect("a file is in a folder")
}
