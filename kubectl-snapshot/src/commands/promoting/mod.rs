//! Deciding whether a snapshot may go to a stage, bringing it there, and
//! recording both: what promote and rollback have in common.

mod brought;
mod candidate;
mod keep;
mod ledger;
mod patience;
mod question;

use std::sync::Arc;

use clap::Args;

use super::{
    asking::Answers,
    check::exit_of,
    deploying::{
        Carried, Carrying, DeployArgs, DryRun, Place, Prepared, carry_out, confirm, prepare,
        refuse_blocked,
    },
    exit::Exit,
    failure::Failure,
    session::Session,
};
use crate::{
    cluster::ClusterError,
    domain::{
        canonical,
        diff::Side,
        digest::Digest,
        name::StageName,
        plan::{ApprovedPlan, MayOverride, gate},
        promotion::Actor,
        record::{Chain, Decided, Decision, Named, Result as Ending, Way},
        stage::{Stage, in_order},
        verdict::Verdict,
    },
    policies::Question,
    render::PromotionReport,
    store::{Grounds, Store},
};
pub(super) use candidate::Wanted;
use ledger::Ledger;

/// How a stage is changed.
#[derive(Args, Debug)]
pub(super) struct PromotingArgs {
    /// Why, in a sentence: it is recorded, and policies may ask for it
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Do it although policies refuse it; needs a reason, and the right to override at the stage
    #[arg(long = "override", requires = "reason")]
    overriding: bool,
    #[command(flatten)]
    deploy: DeployArgs,
}

/// What is to be brought where.
pub(super) struct Request<'a> {
    pub(super) way: Way,
    pub(super) wanted: Wanted,
    pub(super) stage: &'a StageName,
    /// How long to wait for evidence.
    pub(super) patience: Option<std::time::Duration>,
    pub(super) args: &'a PromotingArgs,
}

/// A decision, before it is carried out.
struct Review {
    answers: Answers,
    questions: Vec<Arc<Question>>,
    verdict: Verdict,
}

impl Review {
    /// What it rests on, to be kept with its record.
    fn grounds(&self) -> Grounds {
        let text = |question: &Arc<Question>| {
            (question.decision().to_string(), canonical::text(&question.to_value()))
        };
        Grounds {
            questions: self.questions.iter().map(text).collect(),
            policies: self.answers.policies.clone(),
        }
    }
}

/// Reads, asks, decides, records, brings, and records again.
pub(super) async fn run(request: Request<'_>, session: &Session) -> Result<Exit, Failure> {
    let deploy = &request.args.deploy;
    let store = session.store().await?;
    let ladder = in_order(store.stages().await?)?;
    let stage = session.stage(request.stage).await?;
    let place = Place::of_stage(session, &store, &deploy.field_manager, stage.clone()).await?;
    let chain = store.chain(&stage.name).await?;
    let found = request.wanted.find(session, &store, &place, &chain).await?;
    let brought = brought::objects(session, &store, &chain, &found).await?;
    let prepared = prepare(session, &place, found, &brought).await?;
    let actor = session.actor().await?;
    let case =
        Case { request: &request, session, store, ladder, stage, chain, place, prepared, actor };

    if deploy.is_table() {
        session.show(&case.prepared.plan, &deploy.output)?;
    }
    refuse_blocked(&case.prepared.plan)?;
    let review = case.review().await?;
    let review = match request.patience {
        Some(patience) if deploy.dry_run.is_none() => case.wait(review, patience).await?,
        _ => review,
    };
    case.decide(review).await
}

/// Everything that is known of one promotion.
struct Case<'a> {
    request: &'a Request<'a>,
    session: &'a Session,
    store: Store,
    ladder: Vec<Stage>,
    stage: Stage,
    /// As it was before anything was decided: whoever adds to it meanwhile is noticed.
    chain: Chain,
    place: Place,
    prepared: Prepared,
    actor: Actor,
}

impl Case<'_> {
    fn deploy(&self) -> &DeployArgs {
        &self.request.args.deploy
    }

    async fn decide(&self, review: Review) -> Result<Exit, Failure> {
        let deploy = self.deploy();
        let refused = matches!(review.verdict, Verdict::Deny | Verdict::Undecided);
        let overriding = if refused { self.overriding().await? } else { None };
        let decision = match (refused, overriding) {
            (false, _) => Decision::Approved,
            (true, Some(_)) => Decision::Overridden,
            (true, None) => Decision::Refused,
        };
        let mut report = self.report(&review, decision);
        let reports = review.answers.reports.clone();
        let Ok(approved) = gate(self.prepared.plan.clone(), reports, overriding) else {
            if deploy.dry_run.is_none() {
                let before = Named { name: None, digest: self.running() };
                let mut ledger = self.ledger();
                let grounds = review.grounds();
                let decided = self.decided(&review, &grounds, decision, [self.candidate(), before]);
                ledger.decide(decided, &grounds).await?;
                report.records = ledger.numbers();
            }
            deploy.show_below(self.session, &report)?;
            self.session.ui.status("nothing was written");
            return Ok(exit_of(review.verdict));
        };
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
        let (carried, records) = self.bring(&approved, &review, decision, trial).await?;
        report.records = records;
        if deploy.is_table() {
            deploy.show_below(self.session, &carried.report)?;
            if let Some(recorded) = report.recorded() {
                self.session.ui.status(&recorded);
            }
        } else {
            report.applied = Some(carried.report);
            deploy.show_below(self.session, &report)?;
        }
        Ok(carried.exit)
    }

    /// Records the decision, carries it out, and records how that ended.
    async fn bring(
        &self,
        approved: &ApprovedPlan,
        review: &Review,
        decision: Decision,
        trial: bool,
    ) -> Result<(Carried, Vec<u64>), Failure> {
        let carrying = Carrying { trial, wait: true, timeout: self.deploy().timeout };
        let (session, place, found) = (self.session, &self.place, &self.prepared.found);
        if trial {
            let carried =
                carry_out(carrying, session, place, approved, found, async || Ok(())).await?;
            return Ok((carried, Vec::new()));
        }
        let (candidate, before) = self.keep().await?;
        let grounds = review.grounds();
        let decided = self.decided(review, &grounds, decision, [candidate, before]);
        let mut ledger = self.ledger();
        let carried = carry_out(carrying, session, place, approved, found, async || {
            ledger.decide(decided, &grounds).await
        })
        .await;
        // Nothing was decided, so nothing has to end.
        if ledger.numbers().is_empty() {
            return carried.map(|carried| (carried, Vec::new()));
        }
        let (ending, details) = match &carried {
            Ok(carried) => (ending(carried), carried.report.problems()),
            Err(failure) if failure.exit == Exit::Conflict => {
                (Ending::Conflict, vec![failure.message.clone()])
            }
            Err(failure) => (Ending::Failed, vec![failure.message.clone()]),
        };
        if let Err(unrecorded) = ledger.end(ending, details).await {
            session.ui.warning(&format!(
                "how it ended ({}) is not recorded: {}",
                ending.in_words(),
                unrecorded.message
            ));
        }
        Ok((carried?, ledger.numbers()))
    }

    /// Whether the caller wants to override, and may.
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
                "that takes a role in namespace {namespace} with the verb override on stages of {}",
                crate::cluster::RIGHTS
            ))
        })
    }

    fn ledger(&self) -> Ledger<'_> {
        Ledger::new(self.session, &self.store, &self.actor, self.chain.clone())
    }

    fn decided(
        &self,
        review: &Review,
        grounds: &Grounds,
        decision: Decision,
        [snapshot, before]: [Named; 2],
    ) -> Decided {
        let digest =
            |(decision, text): (&String, &String)| (decision.clone(), Digest::of(text.as_bytes()));
        Decided {
            way: self.request.way,
            snapshot,
            target: self.place.target(),
            before,
            reason: self.request.args.reason.clone(),
            verdict: review.verdict,
            decision,
            policies: review.answers.reports.clone(),
            questions: grounds.questions.iter().map(digest).collect(),
            summary: self.prepared.diff.summary,
            changes: self.prepared.diff.headlines(HEADLINES),
        }
    }

    fn report(&self, review: &Review, decision: Decision) -> PromotionReport {
        let found = &self.prepared.found;
        PromotionReport {
            stage: self.stage.name.clone(),
            way: self.request.way,
            snapshot: Side { name: found.label.clone(), digest: found.snapshot.spec.digest() },
            running: Side { name: self.place.label.clone(), digest: self.running() },
            decision,
            verdict: review.verdict,
            reason: self.request.args.reason.clone(),
            policies: review.answers.reports.clone(),
            plan: (!self.deploy().is_table()).then(|| self.prepared.plan.clone()),
            records: Vec::new(),
            applied: None,
        }
    }

    /// The candidate by the name that the user gave, where it has not been kept.
    fn candidate(&self) -> Named {
        let found = &self.prepared.found;
        Named { name: Some(found.label.clone()), digest: found.snapshot.spec.digest() }
    }

    fn running(&self) -> Digest {
        self.prepared.running.spec.digest()
    }
}

/// The changes that a record tells.
const HEADLINES: usize = 20;

fn ending(carried: &Carried) -> Ending {
    match carried.exit {
        Exit::Done => Ending::Succeeded,
        Exit::Conflict => Ending::Conflict,
        Exit::TimedOut => Ending::TimedOut,
        Exit::Interrupted => Ending::Interrupted,
        _ => Ending::Failed,
    }
}

/// What the stages' chains tell, for the question.
fn untrusted(chain: &Chain) -> Option<String> {
    let first = chain.faults.first()?;
    Some(format!(
        "the records of {} cannot be trusted: {first}; kubectl snapshot history {} --verify says more",
        chain.stage, chain.stage
    ))
}

impl Session {
    /// Who asks, as the API server knows them.
    async fn actor(&self) -> Result<Actor, ClusterError> {
        self.connected().await?.actor().await
    }
}
