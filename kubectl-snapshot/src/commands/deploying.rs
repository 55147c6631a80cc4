//! Deployments: the arguments that apply, promote and rollback share, and what they show.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use clap::{
    Args,
    builder::{PossibleValuesParser, TypedValueParser},
};
use snapshot_core::{
    outcome::{Conclusion, Outcome},
    parts::PartName,
    pin::Pin,
    plan::{KeptPlan, PlannedOperation, Plans},
    reference::Reference,
    via::Via,
};

use super::{
    confirm::confirm, exit::Exit, global::duration, output::OutputArgs, policy_args::PolicyArgs,
    session::Session,
};
use crate::{
    app::{
        Failure,
        deploy::{
            Candidate, Deployment, Destination, DryRun, Export, Milestone, OnFailure, Request,
            deploy,
        },
    },
    commands::complete,
    files,
    render::{
        AppliedReport, ApplyReport, CheckReport, Format, PartsApplyReport, PartsPlan, PlanReport,
        PromotionReport, Report, json_text,
    },
    sources::read_plan,
};

/// Arguments of every deployment.
#[derive(Args, Debug)]
pub struct DeployArgs {
    #[command(flatten)]
    pub policies: PolicyArgs,
    /// Write nothing: client shows the plan, server also has the API server check each write
    #[arg(long, value_name = "WHERE", value_enum)]
    pub dry_run: Option<DryRunArg>,
    /// Write images as repository:tag@digest: auto, those written anyway that no deployer writes again; always, all; never, none [default: the stage's, else auto]
    #[arg(long, value_name = "WHICH", value_parser = pin())]
    pub pin: Option<Pin>,
    /// Remove what this tool has created there and the set lacks, unless a deployer owns it by now; what only earlier snapshots brought to a stage, promote removes anyway
    #[arg(long)]
    pub prune: bool,
    /// Do not ask
    #[arg(short, long)]
    pub yes: bool,
    /// How long the rollouts may take altogether; going back may take as long again, and a minute at least
    #[arg(long, value_name = "DURATION", env = "KUBECTL_SNAPSHOT_TIMEOUT", default_value = "5m", value_parser = duration)]
    pub timeout: Duration,
    #[command(flatten)]
    pub on_failure: OnFailureArgs,
    /// Who the API server records as the fields' owner; what a deployer has applied on the server stays that deployer's
    #[arg(
        long,
        value_name = "NAME",
        env = "KUBECTL_SNAPSHOT_FIELD_MANAGER",
        default_value = "kubectl-snapshot"
    )]
    pub field_manager: String,
    #[command(flatten)]
    pub kept: KeptPlanArgs,
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Arguments for plans that are kept in files.
#[derive(Args, Debug)]
pub struct KeptPlanArgs {
    /// Write the plan to a file, and nothing to the cluster
    #[arg(long, value_name = "FILE", conflicts_with = "plan", add = complete::file())]
    plan_out: Option<PathBuf>,
    /// Carry out the plan in a file exactly as it was made, or exit with 5 and say what has moved since
    #[arg(long, value_name = "FILE", add = complete::file())]
    plan: Option<PathBuf>,
}

impl KeptPlanArgs {
    /// True where a plan is to be kept, or carried out.
    pub fn is_asked_for(&self) -> bool {
        self.plan.is_some() || self.plan_out.is_some()
    }

    /// The plan that is to be carried out, if one is.
    pub async fn read(&self) -> Result<Option<KeptPlan>, Failure> {
        match &self.plan {
            Some(file) => Ok(Some(read_plan(file).await?)),
            None => Ok(None),
        }
    }
}

/// The set that the user names, else that of a plan.
pub fn candidate(
    named: Option<(Reference, Option<PartName>)>,
    planned: Option<&KeptPlan>,
) -> Option<Candidate> {
    named
        .map(|(reference, part)| Candidate::Named { reference, part })
        .or_else(|| planned.map(|planned| Candidate::Planned(planned.snapshot.digest)))
}

/// Arguments for what is done where something goes wrong.
#[derive(Args, Clone, Copy, Debug)]
pub struct OnFailureArgs {
    /// Leave what was written where a write or a rollout fails, instead of going back to what ran before
    #[arg(long)]
    no_rollback: bool,
    /// Go on with the other writes and rollouts where one fails, and do not go back
    #[arg(long, conflicts_with = "no_rollback")]
    keep_going: bool,
}

impl From<OnFailureArgs> for OnFailure {
    fn from(args: OnFailureArgs) -> Self {
        match args {
            OnFailureArgs { keep_going: true, .. } => Self::KeepGoing,
            OnFailureArgs { no_rollback: true, .. } => Self::Leave,
            OnFailureArgs { .. } => Self::GoBack,
        }
    }
}

/// Reads a way of pinning images.
pub fn pin() -> impl TypedValueParser<Value = Pin> {
    let names = Pin::ALL.map(Pin::name);
    PossibleValuesParser::new(names).try_map(|name| name.parse::<Pin>())
}

/// Reads a way to a stage.
pub fn via() -> impl TypedValueParser<Value = Via> {
    let names = Via::ALL.map(Via::name);
    PossibleValuesParser::new(names).try_map(|name| name.parse::<Via>())
}

/// The place where the writes of a dry run are checked.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub enum DryRunArg {
    Client,
    Server,
}

/// Deploys, shows what happened, and tells the exit code.
pub async fn run(
    args: &DeployArgs,
    (candidate, destination): (Candidate, Destination),
    planned: Option<KeptPlan>,
    wait: bool,
    session: &Session,
) -> Result<Exit, Failure> {
    let plan_out = args.kept.plan_out.as_deref();
    // The plan names a stored set by its digest, and another one has to be named again.
    let named = match &candidate {
        Candidate::Named { reference: Reference::Stdin, .. } => "- ".to_owned(),
        Candidate::Named { reference, .. }
            if reference.is_file() || matches!(reference, Reference::Live { .. }) =>
        {
            format!("{reference} ")
        }
        Candidate::Named { .. }
        | Candidate::Planned(_)
        | Candidate::Before
        | Candidate::Switched { .. } => String::new(),
    };
    let dry_run = args.dry_run.map(|place| match place {
        DryRunArg::Client => DryRun::Client,
        DryRunArg::Server => DryRun::Server,
    });
    let request = Request {
        candidate,
        destination,
        field_manager: args.field_manager.clone(),
        policies: args.policies.choice(),
        pin: args.pin,
        prune: args.prune,
        planned,
        keeps_plan: plan_out.is_some(),
        dry_run: dry_run.or(plan_out.map(|_| DryRun::Client)),
        wait,
        timeout: args.timeout,
        on_failure: args.on_failure.into(),
    };
    let screen = Screen { session, format: &args.output.format };
    let confirmed = async |plans: &Plans| {
        if args.yes { Ok(true) } else { confirm(plans, session).await }
    };
    let deployment =
        deploy(&session.app, request, |milestone| screen.milestone(milestone), confirmed).await?;
    let exit = Exit::from(&deployment);
    let kept = deployment.kept.clone().zip(plan_out);
    let is_refused = deployment.is_refused();
    screen.end(deployment)?;
    if let Some((kept, file)) = kept {
        keep(&kept, file, (is_refused, &named), session).await?;
    }
    Ok(exit)
}

/// Writes a plan to a file, and says how it is carried out.
async fn keep(
    plan: &KeptPlan,
    file: &Path,
    (is_refused, named): (bool, &str),
    session: &Session,
) -> Result<(), Failure> {
    let name = file.display();
    let text = json_text(&plan.document())?;
    files::save(file, text).await.map_err(|error| {
        Failure::new(format!("the plan {name} cannot be written: {error}")).because(error)
    })?;
    session.ui.status(&format!("the plan is in {name}"));
    let command = match plan.operation {
        PlannedOperation::Apply => "apply".to_owned(),
        PlannedOperation::Promotion => "promote".to_owned(),
        PlannedOperation::Rollback => {
            let stage = plan.stage.as_ref().map(ToString::to_string).unwrap_or_default();
            format!("rollback {stage}")
        }
    };
    let when = if is_refused { "once the policies let it through, " } else { "" };
    let command = format!("{command} {named}--plan {name}");
    session.ui.hint(&format!("{when}carry it out with: kubectl snapshot {command}"));
    Ok(())
}

/// The output of a deployment: people read each part as it is known, machines get one document.
struct Screen<'a> {
    session: &'a Session,
    format: &'a Format,
}

impl Screen<'_> {
    fn has_people(&self) -> bool {
        matches!(self.format, Format::Table | Format::Wide)
    }

    fn milestone(&self, milestone: Milestone<'_>) -> Result<(), Failure> {
        if !self.has_people() {
            return Ok(());
        }
        match milestone {
            Milestone::Planned(plans) => self.plans(plans),
            Milestone::Decided(deployment) => {
                self.decision(deployment)?;
                if !deployment.plans.is_empty() {
                    self.export(deployment);
                }
                Ok(())
            }
        }
    }

    /// The commands that make a commit of the set, where the stage's own deployer brings it.
    fn export(&self, deployment: &Deployment) {
        let Some(Export { variables, pin, parts }) = &deployment.awaited else { return };
        let variables = variables.as_ref().map(|set| format!(" --variables {set}"));
        let pin = pin.map(|pin| format!(" --pin {pin}"));
        let options = [variables, pin].into_iter().flatten().collect::<String>();
        let command = format!("kubectl snapshot export {}", deployment.candidate.name);
        let parts: Vec<String> = match parts.as_slice() {
            [] => vec![String::new()],
            parts => parts.iter().map(|part| format!(" --part {part}")).collect(),
        };
        for part in parts {
            self.session.ui.hint(&format!(
                "the commit is made with: {command}{part} -o kustomize{options}; or -o manifests, \
                 or -o helm-values --mapping FILE"
            ));
        }
    }

    /// Output that is left for the end.
    fn end(&self, deployment: Deployment) -> Result<(), Failure> {
        if deployment.is_refused() {
            self.decision(&deployment)?;
            self.session.ui.status("nothing was written");
            if let Some(stage) = &deployment.stage_passed_by {
                let candidate = &deployment.candidate.name;
                self.session.ui.hint(&format!(
                    "the namespace is that of stage {stage}: kubectl snapshot promote {candidate} \
                     --to {stage} asks the same, records it, and can override"
                ));
            }
            return Ok(());
        }
        if !self.has_people() {
            return self.document(deployment);
        }
        let Some(outcome) = deployment.outcome.clone() else { return Ok(()) };
        let has_arrived = outcome.conclusion() == Conclusion::Arrived;
        self.print_blank()?;
        self.outcome(outcome)?;
        if let Some(recorded) =
            PromotionReport::of(&deployment, false).and_then(|report| report.recorded())
        {
            self.session.ui.status(&recorded);
        }
        if let (Some(_), Some((stage, _)), false) =
            (&deployment.awaited, &deployment.stage, has_arrived)
        {
            let set = &deployment.candidate.name;
            self.session.ui.hint(&format!(
                "it may still come: kubectl snapshot promote {set} --to {stage} --await waits for \
                 it once more, and records that"
            ));
        }
        Ok(())
    }

    /// The decision: by a report of its own at a stage, else as check has it.
    fn decision(&self, deployment: &Deployment) -> Result<(), Failure> {
        match PromotionReport::of(deployment, !self.has_people()) {
            Some(report) => self.below(&report),
            None => self.below(&CheckReport {
                candidate: deployment.candidate.clone(),
                against: Some(deployment.running.clone()),
                verdict: deployment.verdict,
                policies: deployment.policies.clone(),
                requirements: None,
            }),
        }
    }

    /// The one document for machines.
    fn document(&self, deployment: Deployment) -> Result<(), Failure> {
        if let Some(report) = PromotionReport::of(&deployment, true) {
            return self.session.show(&report, self.format);
        }
        match deployment.outcome {
            Some(outcome) => self.outcome(outcome),
            None => self.plans(&deployment.plans),
        }
    }

    /// The plan, of one namespace or of each part.
    fn plans(&self, plans: &Plans) -> Result<(), Failure> {
        match plans.one() {
            Some(plan) => self.session.show(plan, self.format),
            None => self.session.show(&PartsPlan::from(plans.clone()), self.format),
        }
    }

    /// The outcome, in one namespace or of each part.
    fn outcome(&self, outcome: Outcome) -> Result<(), Failure> {
        match outcome.into_one() {
            Ok(one) => self.session.show(&ApplyReport::from(one), self.format),
            Err(parts) => self.session.show(&PartsApplyReport::from(parts), self.format),
        }
    }

    /// Shows a report below another, with a blank line between them.
    fn below<R: Report>(&self, report: &R) -> Result<(), Failure> {
        self.print_blank()?;
        self.session.show(report, self.format)
    }

    /// A blank line, where people read.
    fn print_blank(&self) -> Result<(), Failure> {
        if self.has_people() {
            self.session.print(|out| Ok(writeln!(out)?))?;
        }
        Ok(())
    }
}

impl PromotionReport {
    /// The report of a promotion or rollback, with its plan and outcome for machines.
    fn of(deployment: &Deployment, whole: bool) -> Option<Self> {
        let (stage, operation) = deployment.stage.clone()?;
        Some(Self {
            stage,
            operation,
            snapshot: deployment.candidate.clone(),
            running: deployment.running.clone(),
            decision: deployment.decision,
            verdict: deployment.verdict,
            reason: deployment.reason.clone(),
            policies: deployment.policies.clone(),
            plan: whole.then(|| PlanReport::from(deployment.plans.clone())),
            awaited: deployment.awaited.is_some(),
            records: deployment.records.clone(),
            applied: deployment.outcome.clone().filter(|_| whole).map(AppliedReport::from),
        })
    }
}
