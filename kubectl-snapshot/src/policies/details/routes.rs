//! Routes of both sets, in the contract's words.

use snapshot_core::{
    routes::{self, Route, Rule, Share},
    snapshot::Spec,
};
use snapshot_policy_host::records;

use super::Facts;

/// Routes of both sets.
pub(super) fn routes(facts: &Facts<'_>) -> records::Routes {
    records::Routes {
        candidate: of_set(&facts.candidate.spec),
        running: facts.running.map(|(_, running)| of_set(&running.spec)),
    }
}

fn of_set(spec: &Spec) -> Vec<records::Route> {
    routes::of(spec).into_iter().map(route).collect()
}

fn route(Route { kind, name, hosts, rules }: Route) -> records::Route {
    let rules = rules.into_iter().map(rule).collect();
    records::Route { kind: kind.name().to_owned(), name, hosts, rules }
}

fn rule(Rule { requests, otherwise, shares }: Rule) -> records::RouteRule {
    let shares = shares.into_iter().map(share).collect();
    records::RouteRule { requests, otherwise, shares }
}

fn share(Share { backend, subset, weight, sum, instances }: Share) -> records::RouteShare {
    let instances = instances.iter().map(|one| format!("{}/{}", one.service, one.instance));
    records::RouteShare { backend, subset, weight, sum, instances: instances.collect() }
}
