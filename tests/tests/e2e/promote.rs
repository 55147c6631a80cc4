//! Promotions by way of dev and qa to production, and rollbacks: decided by policies,
//! recorded, and carried out.

mod awaited;
mod beside;
mod chain;
mod failing;
mod refused;
mod train;
mod verifying;
mod waiting;

use end_to_end::{Cluster, Namespace, Output, fixture};

use crate::shop::{self, DEV, PROD};

/// The shop in three stages, each in a namespace of its own.
pub(crate) struct Stages {
    pub(crate) dev: Namespace,
    qa: Namespace,
    prod: Namespace,
}

impl Stages {
    /// Dev runs the new set, with a tax that suits it; the others the old one.
    pub(crate) fn new() -> Self {
        let dev = Namespace::new(Cluster::shared(), "dev");
        let (qa, prod) = (dev.beside("qa"), dev.beside("prod"));
        shop::fill(&dev, &fixture(DEV).replace("shop/tax:1.3.9", "shop/tax:1.4.1"));
        shop::fill(&qa, &fixture(PROD));
        shop::fill(&prod, &fixture(PROD));
        let stages = Self { dev, qa, prod };
        for (stage, place, after) in [
            ("dev", &stages.dev, ""),
            ("qa", &stages.qa, "--after dev"),
            ("prod", &stages.prod, "--after qa"),
        ] {
            stages.succeeds(&format!("variables set {stage} DB_HOST=orders-db.{stage}"));
            let at = place.name();
            stages.succeeds(&format!("stage set {stage} --at {at} {after} --variables {stage}"));
        }
        stages.succeeds("capture rel-42");
        stages
    }

    /// The namespace of qa.
    pub(crate) fn qa_name(&self) -> &str {
        self.qa.name()
    }

    /// Runs the plugin in dev's namespace.
    pub(crate) fn plugin(&self, line: &str) -> end_to_end::Invocation {
        self.dev.plugin(line.split_whitespace())
    }

    pub(crate) fn succeeds(&self, line: &str) -> Output {
        self.plugin(line).succeeds()
    }

    /// Promotes rel-42 to the stages before production.
    pub(crate) fn up_to_qa(&self) {
        self.succeeds("promote rel-42 --to dev --yes");
        self.succeeds("promote rel-42 --to qa --yes");
    }

    /// The image of a Deployment's first container in production, without its digest.
    fn in_prod(&self, deployment: &str) -> String {
        let path = "jsonpath={.spec.template.spec.containers[0].image}";
        let image = self.prod.kubectl(["get", "deployment", deployment, "-o", path]).succeeds();
        // Which of them are written with their digest is a matter of its own.
        image.stdout.split('@').next().unwrap_or_default().to_owned()
    }
}
