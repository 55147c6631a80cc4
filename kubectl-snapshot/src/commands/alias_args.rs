//! `--at`: aliases of namespaces that have their own names at a place.

use clap::Args;
use snapshot_core::parts::Aliases;

/// The aliases of what runs.
#[derive(Args, Debug)]
pub(super) struct AliasArgs {
    /// Which namespaces the parts are at a place that has its own names: shop=shop-prod,payments=pay-prod
    #[arg(long, value_name = "PART=NAMESPACE,PART=NAMESPACE")]
    at: Option<Aliases>,
}

impl AliasArgs {
    /// The aliases.
    pub(super) fn aliases(&self) -> Aliases {
        self.at.clone().unwrap_or_default()
    }
}
