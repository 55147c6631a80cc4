//! Policies, asked about each mix before it is run.

use std::collections::BTreeSet;

use snapshot_core::{
    ancestry::Ancestry,
    policy::Mode,
    snapshot::Snapshot,
    verdict::{Outcome, PolicyReport, Severity},
};

use crate::{
    app::{
        App, Failure,
        evaluate::{PolicyChoice, PolicyLookup},
        resolved::ResolvedSnapshot,
    },
    policies::{Facts, Question},
};

/// The compatibility policies, and what they say of both ends already.
pub(super) struct Gate<'a> {
    app: &'a App,
    policies: &'a PolicyChoice,
    ancestry: Ancestry,
    lookup: PolicyLookup,
    /// Refusals of the ends themselves: they are run all the same, and so is what has no more.
    known: BTreeSet<String>,
}

impl<'a> Gate<'a> {
    /// Asks about both ends first, and says what speaks against them.
    pub(super) async fn of(
        app: &'a App,
        policies: &'a PolicyChoice,
        ancestry: Ancestry,
        only_files: bool,
        ends: [&ResolvedSnapshot; 2],
    ) -> Result<Self, Failure> {
        let lookup = if only_files { PolicyLookup::Optional } else { PolicyLookup::Needed };
        let mut gate = Self { app, policies, ancestry, lookup, known: BTreeSet::new() };
        for end in ends {
            let refusals = gate.refusals(&end.label, &end.snapshot).await?;
            for refusal in &refusals {
                app.observer.warning(&format!("{}: {refusal}", end.label));
            }
            gate.known.extend(refusals);
        }
        Ok(gate)
    }

    /// Objection of the policies to a mix that is none to the ends.
    pub(super) async fn refusal(&self, mix: &Snapshot) -> Result<Option<String>, Failure> {
        let refusals = self.refusals("the mix", mix).await?;
        Ok(refusals.into_iter().find(|one| !self.known.contains(one)))
    }

    async fn refusals(&self, name: &str, set: &Snapshot) -> Result<Vec<String>, Failure> {
        let facts = Facts {
            name,
            candidate: set,
            running: None,
            ancestry: &self.ancestry,
            now: self.app.clock.unix_seconds(),
            captured: self.app.clock.captured(&set.metadata, None),
            past: None,
            place: None,
        };
        let question = Question::compatibility(&facts);
        let reports = self.policies.ask(self.app, question, &facts, None, self.lookup).await?;
        Ok(reports.iter().filter(|one| one.mode == Mode::Enforce).flat_map(against).collect())
    }
}

fn against(report: &PolicyReport) -> Vec<String> {
    let name = &report.policy;
    match &report.outcome {
        Outcome::Decided { findings } => findings
            .iter()
            .filter(|finding| finding.severity >= Severity::Undecided)
            .map(|finding| format!("policy {name}: {}", finding.message))
            .collect(),
        Outcome::Undecided { reason } => vec![format!("policy {name} is undecided: {reason}")],
        Outcome::NotAsked { .. } => Vec::new(),
    }
}
