//! Decision on a promotion.

use snapshot_core::{
    diff::Side,
    plan::{MayOverride, gate},
    record::{Named, Ruling},
    verdict::Verdict,
};

use super::{Case, review::Review};
use crate::{
    cluster::RIGHTS,
    commands::{
        check::exit_of,
        deploying::{DryRun, confirm},
        exit::Exit,
        failure::Failure,
    },
    render::{ApplyReport, PromotionReport},
};

impl Case<'_> {
    /// Lets it through or not, and does what follows from that.
    pub(super) async fn decide(&self, review: Review) -> Result<Exit, Failure> {
        let deploy = self.deploy();
        let reports = review.answers.reports.clone();
        let overriding = match review.verdict {
            Verdict::Allow | Verdict::Warn => None,
            Verdict::Undecided | Verdict::Deny => self.overriding().await?,
        };
        let Ok(approved) = gate(self.prepared.plan.clone(), reports, overriding) else {
            return self.refuse(&review).await;
        };
        let ruling = if approved.is_overridden() { Ruling::Overridden } else { Ruling::Approved };
        let mut report = self.report(&review, ruling);
        if deploy.is_table() {
            deploy.show_below(self.session, &report)?;
        }
        if deploy.dry_run == Some(DryRun::Client) {
            if !deploy.is_table() {
                deploy.show_below(self.session, &report)?;
            }
            return Ok(Exit::Done);
        }
        let trial = deploy.dry_run.is_some();
        let ask = !deploy.yes && !trial && !approved.plan().steps.is_empty();
        if ask && !confirm(approved.plan(), self.session).await? {
            return Err(Failure::new("nothing was written"));
        }
        let brought = self.bring(&approved, &review, ruling, trial).await?;
        let exit = brought.exit();
        report.records = brought.records;
        let applied = ApplyReport::from(brought.outcome);
        if deploy.is_table() {
            deploy.show_below(self.session, &applied)?;
            if let Some(recorded) = report.recorded() {
                self.session.ui.status(&recorded);
            }
        } else {
            report.applied = Some(applied);
            deploy.show_below(self.session, &report)?;
        }
        Ok(exit)
    }

    /// Records that it may not go there, and says so.
    async fn refuse(&self, review: &Review) -> Result<Exit, Failure> {
        let mut report = self.report(review, Ruling::Refused);
        if self.deploy().dry_run.is_none() {
            let found = &self.prepared.found;
            let digest = found.snapshot.spec.digest();
            // Neither is kept: nothing comes of it that somebody may want to go back from.
            let candidate = Named { name: Some(found.label.clone()), digest };
            let before = Named { name: None, digest: self.running() };
            let grounds = review.grounds();
            let decided = self.decided(review, &grounds, Ruling::Refused, [candidate, before]);
            let mut ledger = self.ledger();
            let _hold = self.session.signals.hold()?;
            ledger.decide(decided, &grounds).await?;
            report.records = ledger.numbers();
        }
        self.deploy().show_below(self.session, &report)?;
        self.session.ui.status("nothing was written");
        Ok(exit_of(review.verdict))
    }

    /// Right to override, if the caller asks for it and has it.
    async fn overriding(&self) -> Result<Option<MayOverride>, Failure> {
        if !self.request.args.overriding {
            return Ok(None);
        }
        let namespace = self.session.store_namespace().ok_or_else(|| {
            Failure::usage("--override needs a store in a cluster, whose roles say who may")
        })?;
        let may = self.session.cluster().await?.may_override(&self.stage.name, namespace).await?;
        may.map(Some).ok_or_else(|| {
            Failure::new(format!(
                "{} may not override at stage {}",
                self.actor.name, self.stage.name
            ))
            .hint(format!(
                "that takes a role in namespace {namespace} with the verb override on stages of {RIGHTS}"
            ))
        })
    }

    fn report(&self, review: &Review, ruling: Ruling) -> PromotionReport {
        let found = &self.prepared.found;
        PromotionReport {
            stage: self.stage.name.clone(),
            way: self.request.way,
            snapshot: Side { name: found.label.clone(), digest: found.snapshot.spec.digest() },
            running: Side { name: self.place.label.clone(), digest: self.running() },
            decision: ruling,
            verdict: review.verdict,
            reason: self.request.args.reason.clone(),
            policies: review.answers.reports.clone(),
            plan: (!self.deploy().is_table()).then(|| self.prepared.plan.clone()),
            records: Vec::new(),
            applied: None,
        }
    }
}
