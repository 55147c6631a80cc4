//! Policies that are bound in a cluster.

mod bound;

use end_to_end::fixture;

use crate::shop::DEV;

/// The dev shop's manifests with another version of tax.
fn shop(tax: &str) -> String {
    fixture(DEV).replace("shop/tax:1.3.9", &format!("shop/tax:{tax}"))
}
