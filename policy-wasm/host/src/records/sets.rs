//! Parts of the sets that are looked up one by one.

use super::{Actor, Deployment, Evidence, Stage};
use serde::Serialize;
use wasmtime::component::{ComponentType, Lift, Lower};

/// Side of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ComponentType, Lift)]
#[expect(dead_code, reason = "policies make them")]
#[component(enum)]
#[repr(u8)]
pub(crate) enum Side {
    #[component(name = "candidate")]
    Candidate,
    #[component(name = "running")]
    Running,
}

/// A set in numbers.
#[derive(Debug, Clone, PartialEq, Eq, ComponentType, Lower)]
#[component(record)]
pub(crate) struct Summary {
    pub(crate) name: String,
    pub(crate) digest: String,
    pub(crate) services: u32,
    pub(crate) instances: u32,
    #[component(name = "feature-flags")]
    pub(crate) feature_flags: u32,
}

/// A compatibility question without its lists.
#[derive(Debug, Clone, PartialEq, Serialize, ComponentType, Lower)]
#[component(record)]
pub(crate) struct CompatibilityByLookUps {
    pub(crate) settings: String,
    pub(crate) now: u64,
}

/// A promotion question without the lists of the sets.
#[derive(Debug, Clone, PartialEq, Serialize, ComponentType, Lower)]
#[component(record)]
pub(crate) struct PromotionByLookUps {
    pub(crate) target: Stage,
    pub(crate) ladder: Vec<Stage>,
    pub(crate) deployments: Vec<Deployment>,
    pub(crate) evidence: Vec<Evidence>,
    pub(crate) actor: Actor,
    pub(crate) reason: Option<String>,
    pub(crate) settings: String,
    pub(crate) now: u64,
}
