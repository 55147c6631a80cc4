//! Differences between a namespace and the next release.

use end_to_end::{Cluster, DIFFERENCES, Namespace, Release, test};

use super::published::{create_without_pods, plugin};

#[test]
fn what_runs_differs_from_the_next_release_by_the_same() {
    for difference in DIFFERENCES {
        let [from, to] = [difference.from, difference.to].map(Release::at);
        let shop = Namespace::new(Cluster::with_routes(), "shop");
        create_without_pods(&from, &shop);
        let live = format!("live:{}", shop.name());
        difference.check(&plugin(&shop, ["diff", &live, to.path(), "-o", "json"]).exits(1).json());
    }
}
