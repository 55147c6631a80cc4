//! Policies as people deal with them: bound, inspected, run, tested.

mod bound;
mod hostile;
mod run;
mod test;

use std::path::{Path, PathBuf};

use end_to_end::{DEV, fixture};

/// The dev shop's manifests with another version of tax.
fn shop(tax: &str) -> String {
    fixture(DEV).replace("shop/tax:1.3.9", &format!("shop/tax:{tax}"))
}

/// The folder of a policy of this repository.
fn policy(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../policies").join(name)
}
