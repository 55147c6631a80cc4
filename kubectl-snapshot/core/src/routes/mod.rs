//! Routes of a set: how requests are shared among its instances.
//!
//! A set holds the objects that say so, as it holds its Services. What they come to is worked out
//! where it is asked for: a share is of one rule of a route, and goes to the instances whose pods
//! the backend's Service, and the subset's labels, select.

mod backend;
mod gateway;
mod lists;
mod matches;
mod mesh;
mod resolve;
mod steering;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeSet;

use serde::Serialize;

use super::{instance_name::InstanceName, manifest::Kind, snapshot::Spec};

pub(crate) use steering::Steerings;
pub use steering::{STEERED_BY_ROLLOUTS, Steering};
pub use words::{percent, shares_in_words};

/// A route, with the shares of each of its rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Route {
    /// Kind of the object.
    pub kind: Kind,
    /// Name of the object.
    pub name: String,
    /// The hosts whose requests it shares; all, where none is named.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<String>,
    /// The rules, in the order in which they are tried.
    pub rules: Vec<Rule>,
}

/// A rule of a route.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rule {
    /// The requests that it is about, in words.
    pub requests: String,
    /// Use of the requests where no backend gets them: `redirected`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<String>,
    /// Share of each backend.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shares: Vec<Share>,
}

/// The share of a backend in the requests of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Share {
    /// The backend, as the route names it: `cart`, `cart.other-namespace`.
    pub backend: String,
    /// The subset of its pods.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subset: Option<String>,
    /// Weight of the backend.
    pub weight: u64,
    /// Sum of all weights of the rule; 0 where every request fails.
    pub sum: u64,
    /// Instances of the set that get the requests; none where its backend is none of the set's,
    /// or selects nothing.
    pub instances: Vec<Receiver>,
}

/// An instance that gets requests.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Receiver {
    /// The service's name.
    pub service: String,
    /// The instance's name.
    pub instance: InstanceName,
    /// The version that it runs, or its tag, where one of them is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// The routes of a set, by kind and name.
#[must_use]
pub fn of(spec: &Spec) -> Vec<Route> {
    let objects =
        spec.objects.values().filter_map(|manifest| Some((manifest.identity()?, manifest)));
    let mut found: Vec<_> = objects.filter(|((kind, _), _)| kind.is_of_routes()).collect();
    if found.is_empty() {
        return Vec::new();
    }
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    let receivers = resolve::Receivers::of(spec);
    let routes = found.into_iter().filter_map(|((kind, name), manifest)| {
        let tree = manifest.tree();
        let (hosts, rules) = match kind {
            Kind::HTTPRoute | Kind::GRPCRoute => gateway::read(&tree),
            Kind::VirtualService => mesh::read(&tree),
            _ => return None,
        };
        let rules = rules.into_iter().map(|rule| receivers.resolve(rule)).collect();
        Some(Route { kind, name, hosts, rules })
    });
    routes.collect()
}

impl Route {
    /// The services that get its requests.
    #[must_use]
    pub fn services(&self) -> BTreeSet<&str> {
        let shares = self.rules.iter().flat_map(|rule| &rule.shares);
        let receivers = shares.flat_map(|share| &share.instances);
        receivers.map(|receiver| receiver.service.as_str()).collect()
    }
}
