//! Empty records, for tests that fill in what they are about.

use crate::{
    Actor, CompatibilityQuestion, Container, Description, FeatureFlag, Instance, PromotionQuestion,
    Snapshot, Stage,
};

/// Empty description.
impl Default for Description {
    fn default() -> Self {
        Self {
            name: String::new(),
            version: String::new(),
            summary: String::new(),
            settings_schema: None,
        }
    }
}

/// An unnamed container of which nothing is known.
impl Default for Container {
    fn default() -> Self {
        Self {
            name: String::new(),
            image: String::new(),
            tag: None,
            digest: None,
            commit: None,
            version: None,
        }
    }
}

/// A `Deployment` without a name or containers.
impl Default for Instance {
    fn default() -> Self {
        Self {
            service: String::new(),
            name: String::new(),
            kind: "Deployment".to_owned(),
            containers: Vec::new(),
            labels: Vec::new(),
            annotations: Vec::new(),
            environment: Vec::new(),
        }
    }
}

/// A flag that is off.
impl Default for FeatureFlag {
    fn default() -> Self {
        Self {
            key: String::new(),
            enabled: false,
            value: "false".to_owned(),
            service: None,
            source: String::new(),
        }
    }
}

/// A set of nothing.
impl Default for Snapshot {
    fn default() -> Self {
        Self {
            name: String::new(),
            digest: String::new(),
            instances: Vec::new(),
            feature_flags: Vec::new(),
        }
    }
}

/// A question about nothing, with empty settings.
impl Default for CompatibilityQuestion {
    fn default() -> Self {
        Self {
            candidate: Snapshot::default(),
            running: None,
            changes: Vec::new(),
            requirements: Vec::new(),
            settings: "{}".to_owned(),
            now: 0,
        }
    }
}

/// A stage without a name, before which nothing comes.
impl Default for Stage {
    fn default() -> Self {
        Self { name: String::new(), after: Vec::new() }
    }
}

/// Actor in no group.
impl Default for Actor {
    fn default() -> Self {
        Self { name: String::new(), groups: Vec::new() }
    }
}

/// A question about nothing, with empty settings.
impl Default for PromotionQuestion {
    fn default() -> Self {
        Self {
            candidate: Snapshot::default(),
            target: Stage::default(),
            ladder: Vec::new(),
            running: None,
            changes: Vec::new(),
            requirements: Vec::new(),
            deployments: Vec::new(),
            evidence: Vec::new(),
            actor: Actor::default(),
            reason: None,
            settings: "{}".to_owned(),
            now: 0,
        }
    }
}
