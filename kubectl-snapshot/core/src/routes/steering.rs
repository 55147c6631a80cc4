//! Steering of routes: the controllers that own their weights, or the whole of them.
//!
//! What a controller writes while it shifts traffic belongs to the place, as replicas do. In a set,
//! a route that a Rollout steers is as it is at rest: everything to the stable version. One that a
//! controller makes is none of the set's at all.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::lists::{elements, texts};
use crate::manifest::{Kind, ROLLOUT_HASH};

/// Weights at rest.
const AT_REST: [u64; 2] = [100, 0];

/// The manager under whose name Argo Rollouts writes.
pub const STEERED_BY_ROLLOUTS: &str = "rollouts-controller";

/// Steered objects, by kind and name.
pub(crate) type Steerings = BTreeMap<(Kind, String), Steered>;

/// An object that a controller steers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Steered {
    /// The controller's object: `Rollout cart`.
    pub(crate) by: String,
    reach: Reach,
}

/// The part of an object that belongs to its controller.
#[derive(Clone, Debug, PartialEq)]
enum Reach {
    /// All of it.
    Whole,
    /// Weights of the stable and the canary version, in the rules of these names.
    Weights { versions: Vec<[Version; 2]>, rules: Vec<String>, managed: Vec<String> },
    /// Labels of subsets.
    Labels,
    /// Weights, and nobody has said which.
    Unknown,
}

/// A version that gets a share: a backend's name or host, or a subset.
#[derive(Clone, Debug, PartialEq)]
enum Version {
    Backend(String),
    Subset(String),
}

/// Routes that one controller's object steers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Steering(Vec<((Kind, String), Steered)>);

impl Steering {
    /// The steering that an object of another kind says: a Rollout of Argo, a Canary of Flagger.
    #[must_use]
    pub fn of(group: &str, kind: &str, object: &Value) -> Option<Self> {
        let name = object.pointer("/metadata/name").and_then(Value::as_str)?;
        let by = format!("{kind} {name}");
        let found = match (group, kind) {
            ("argoproj.io", "Rollout") => of_rollout(object, &by),
            ("flagger.app", "Canary") => of_canary(object, &by),
            _ => return None,
        };
        (!found.is_empty()).then_some(Self(found))
    }

    /// The steering of an object that a controller has made: `by` is the controller's object.
    #[must_use]
    pub fn of_made(kind: Kind, name: &str, by: String) -> Self {
        Self(vec![((kind, name.to_owned()), Steered { by, reach: Reach::Whole })])
    }

    /// The steering of an object that Argo Rollouts has written, where no Rollout says how.
    #[must_use]
    pub fn of_written(kind: Kind, name: &str) -> Self {
        let by = "a Rollout".to_owned();
        Self(vec![((kind, name.to_owned()), Steered { by, reach: Reach::Unknown })])
    }

    /// Puts it among others; what is known in full goes before what is not.
    pub(crate) fn add_to(self, steerings: &mut Steerings) {
        for (key, steered) in self.0 {
            let is_known = |there: &Steered| there.reach != Reach::Unknown;
            if steered.reach != Reach::Unknown || !steerings.get(&key).is_some_and(is_known) {
                steerings.insert(key, steered);
            }
        }
    }
}

impl Steered {
    /// True if the object is the controller's as a whole.
    pub(crate) fn is_made(&self) -> bool {
        self.reach == Reach::Whole
    }

    /// Part of the object that belongs to the place, in words.
    pub(crate) fn part(&self) -> &'static str {
        match self.reach {
            Reach::Whole => "",
            Reach::Labels => "labels of the subsets of ",
            Reach::Weights { .. } | Reach::Unknown => "weights of ",
        }
    }

    /// Makes a route what it is while its controller has nothing to do.
    pub(crate) fn rest(&self, tree: &mut Value) {
        match &self.reach {
            Reach::Whole | Reach::Unknown => {}
            Reach::Labels => {
                for subset in elements_mut(tree, "/spec/subsets") {
                    if let Some(Value::Object(labels)) = subset.get_mut("labels") {
                        labels.remove(ROLLOUT_HASH);
                    }
                    if subset.get("labels").and_then(Value::as_object).is_some_and(Map::is_empty)
                        && let Some(subset) = subset.as_object_mut()
                    {
                        subset.remove("labels");
                    }
                }
            }
            Reach::Weights { versions, rules, managed } => {
                rest_weights(tree, versions, rules, managed);
            }
        }
    }
}

fn rest_weights(tree: &mut Value, versions: &[[Version; 2]], rules: &[String], managed: &[String]) {
    let is_named = |rule: &Value, names: &[String]| {
        let name = rule.get("name").and_then(Value::as_str);
        name.is_some_and(|name| names.iter().any(|one| one == name))
    };
    for list in ["rules", "http", "tls", "tcp"] {
        let Some(Value::Array(all)) = tree.pointer_mut(&format!("/spec/{list}")) else { continue };
        // Routes by header that the controller has put in front.
        all.retain(|rule| !is_named(rule, managed));
        for rule in all.iter_mut().filter(|rule| rules.is_empty() || is_named(rule, rules)) {
            for backends in ["backendRefs", "route"] {
                for backend in elements_mut(rule, &format!("/{backends}")) {
                    let weight = versions.iter().find_map(|pair| {
                        let at = pair.iter().position(|version| version.is(backend))?;
                        AT_REST.get(at)
                    });
                    if let (Some(weight), Some(backend)) = (weight, backend.as_object_mut()) {
                        backend.insert("weight".into(), (*weight).into());
                    }
                }
            }
        }
    }
}

impl Version {
    fn is(&self, backend: &Value) -> bool {
        let text = |pointer: &str| backend.pointer(pointer).and_then(Value::as_str);
        match self {
            Self::Subset(name) => text("/destination/subset") == Some(name),
            Self::Backend(name) => {
                let host = text("/destination/host").and_then(super::backend::service_of_host);
                text("/name").or(host) == Some(name)
            }
        }
    }
}

fn of_rollout(rollout: &Value, by: &str) -> Vec<((Kind, String), Steered)> {
    let Some(canary) = rollout.pointer("/spec/strategy/canary") else { return Vec::new() };
    let text = |owner: &Value, pointer: &str| {
        owner.pointer(pointer).and_then(Value::as_str).map(str::to_owned)
    };
    let Some(routing) = canary.get("trafficRouting") else { return Vec::new() };
    let pair = |owner: &Value, of: [&str; 2], to: fn(String) -> Version| {
        Some([to(text(owner, of[0])?), to(text(owner, of[1])?)])
    };
    let services = pair(canary, ["/stableService", "/canaryService"], Version::Backend);
    let rule = routing.pointer("/istio/destinationRule");
    let subsets = rule
        .and_then(|rule| pair(rule, ["/stableSubsetName", "/canarySubsetName"], Version::Subset));
    let versions: Vec<[Version; 2]> = services.into_iter().chain(subsets).collect();
    let managed: Vec<String> =
        elements(routing, "/managedRoutes").filter_map(|route| text(route, "/name")).collect();
    let weights = |rules: Vec<String>| Reach::Weights {
        versions: versions.clone(),
        rules,
        managed: managed.clone(),
    };
    let mut found = Vec::new();
    let mut add = |kind: Kind, name: Option<String>, reach: Reach| {
        let steered = Steered { by: by.to_owned(), reach };
        found.extend(name.map(|name| ((kind, name), steered)));
    };
    let own = text(rollout, "/metadata/namespace");
    let one = routing.pointer("/istio/virtualService");
    for route in one.into_iter().chain(elements(routing, "/istio/virtualServices")) {
        let name = text(route, "/name").and_then(|name| name_here(&name, own.as_deref()));
        add(Kind::VirtualService, name, weights(texts(route, "/routes")));
    }
    if let Some(rule) = rule {
        add(Kind::DestinationRule, text(rule, "/name"), Reach::Labels);
    }
    // The plugin for the Gateway API, by whatever name it is configured.
    let plugins = routing.get("plugins").and_then(Value::as_object).into_iter().flatten();
    for (_, plugin) in plugins {
        for (kind, member) in [(Kind::HTTPRoute, "httpRoute"), (Kind::GRPCRoute, "grpcRoute")] {
            add(kind, text(plugin, &format!("/{member}")), weights(Vec::new()));
            for route in elements(plugin, &format!("/{member}s")) {
                add(kind, text(route, "/name"), weights(Vec::new()));
            }
        }
    }
    found
}

/// Name of a VirtualService that a Rollout writes as `NAME` or `NAME.NAMESPACE`; none where that is
/// another namespace than its own.
fn name_here(name: &str, own: Option<&str>) -> Option<String> {
    let Some((name, namespace)) = name.split_once('.') else { return Some(name.to_owned()) };
    own.is_none_or(|own| own == namespace).then(|| name.to_owned())
}

/// The routes of the name that a Canary gives to what it makes.
fn of_canary(canary: &Value, by: &str) -> Vec<((Kind, String), Steered)> {
    let text = |pointer: &str| canary.pointer(pointer).and_then(Value::as_str);
    let Some(name) = text("/spec/service/name").or_else(|| text("/spec/targetRef/name")) else {
        return Vec::new();
    };
    let made = |kind: Kind, name: String| {
        ((kind, name), Steered { by: by.to_owned(), reach: Reach::Whole })
    };
    let routes = [Kind::HTTPRoute, Kind::GRPCRoute, Kind::VirtualService];
    let routes = routes.into_iter().map(|kind| made(kind, name.to_owned()));
    let rules = ["", "-canary", "-primary"];
    let rules = rules.into_iter().map(|end| made(Kind::DestinationRule, format!("{name}{end}")));
    routes.chain(rules).collect()
}

fn elements_mut<'a>(owner: &'a mut Value, pointer: &str) -> impl Iterator<Item = &'a mut Value> {
    owner.pointer_mut(pointer).and_then(Value::as_array_mut).into_iter().flatten()
}
