//! Details about routes: how requests are shared among instances.

use serde::{Deserialize, Serialize};
use wasmtime::component::{ComponentType, Lower};

/// Share of a backend in the requests of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lower)]
#[component(record)]
pub struct RouteShare {
    /// The backend, as the route names it.
    pub backend: String,
    /// The subset of its pods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subset: Option<String>,
    /// Weight of the backend.
    pub weight: u64,
    /// Sum of all weights of the rule.
    pub sum: u64,
    /// `service/instance` of those who get the requests.
    pub instances: Vec<String>,
}

/// Rule of a route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lower)]
#[component(record)]
pub struct RouteRule {
    /// The requests that it is about, in words.
    pub requests: String,
    /// Use of the requests where no backend gets them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<String>,
    /// Shares of its backends.
    pub shares: Vec<RouteShare>,
}

/// A route, with the shares of each of its rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lower)]
#[component(record)]
pub struct Route {
    /// Kind of the object.
    pub kind: String,
    /// Name of the object.
    pub name: String,
    /// The hosts whose requests it shares.
    pub hosts: Vec<String>,
    /// The rules, in the order in which they are tried.
    pub rules: Vec<RouteRule>,
}

/// Routes of both sets, each list sorted by kind, then name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Routes {
    /// Routes of the candidate.
    pub candidate: Vec<Route>,
    /// Routes of what runs where it would go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub running: Option<Vec<Route>>,
}
