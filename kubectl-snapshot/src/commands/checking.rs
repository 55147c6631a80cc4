//! Checking: the compatibility policies, asked about a set.

use std::collections::BTreeMap;

use snapshot_core::{
    ancestry::Ancestry,
    diff::Side,
    name::StageName,
    parts::pairs,
    requirement,
    snapshot::Spec,
    verdict::{PolicyReport, verdict},
};

use super::session::Session;
use crate::{
    app::{
        Failure,
        evaluate::{PolicyChoice, PolicyLookup},
        history::Histories,
        resolved::{Beside, ResolvedDocument},
        stages,
    },
    policies::{Facts, Lookup, PartsFacts, Place, Question},
    render::CheckReport,
    sources::git::Counting,
};

/// The compatibility policies, to be asked about a set.
pub(super) struct Checking {
    /// The policies.
    pub(super) policies: PolicyChoice,
    /// The stage that the set would go to.
    pub(super) stage: Option<StageName>,
    /// True where each requirement is wanted with its state.
    pub(super) explain: bool,
    /// True where the sets come from files alone, which need no cluster.
    pub(super) only_files: bool,
}

impl Checking {
    /// Asks about a set, beside the one that it would replace.
    pub(super) async fn report(
        &self,
        candidate: ResolvedDocument,
        against: Option<ResolvedDocument>,
        session: &Session,
    ) -> Result<CheckReport, Failure> {
        let (side_of_candidate, side_against) = (side(&candidate), against.as_ref().map(side));
        let values = match &self.stage {
            Some(stage) => Some(stages::values(&session.app, stage).await?),
            None => None,
        };
        let no_pins = BTreeMap::new();
        let place = values.as_ref().map(|values| Place {
            values,
            pins: &no_pins,
            written: None,
            will_run: None,
        });
        let now = session.app.clock.unix_seconds();
        let (policies, requirements) = match Beside::of(candidate, against)? {
            Beside::One(candidate, against) => {
                let (set, before) =
                    (&candidate.snapshot.spec, against.as_ref().map(|one| &one.snapshot.spec));
                let ancestry = ancestry(session, &[(before, set)]).await;
                let running = against.as_ref().map(|one| &one.snapshot.metadata);
                let facts = Facts {
                    name: &candidate.label,
                    candidate: &candidate.snapshot,
                    running: against.as_ref().map(|one| (one.label.as_str(), &one.snapshot)),
                    ancestry: &ancestry,
                    now,
                    captured: session.app.clock.captured(&candidate.snapshot.metadata, running),
                    past: None,
                    place,
                };
                let question = Question::compatibility(&facts);
                let requirements =
                    self.explain.then(|| requirement::resolve_against(set, set, &ancestry));
                (self.ask(question, &facts, session).await?, requirements)
            }
            Beside::Parts(candidate, against) => {
                let running = against.as_ref().map(|one| (one.label.as_str(), &one.snapshot));
                let before = running.map(|(_, running)| &running.parts);
                let pairs = pairs(before, &candidate.snapshot.parts);
                let ancestry = ancestry(session, &pairs).await;
                let facts = PartsFacts::new(
                    &candidate.label,
                    &candidate.snapshot,
                    running,
                    (now, place),
                    &ancestry,
                );
                let clock = &session.app.clock;
                let before = running.map(|(_, running)| &running.metadata);
                let facts = facts.known(clock.captured(&candidate.snapshot.metadata, before), None);
                let requirements = self.explain.then(|| facts.requirements());
                (self.ask(facts.question(), &facts, session).await?, requirements)
            }
        };
        let verdict = verdict(&policies);
        let (candidate, against) = (side_of_candidate, side_against);
        Ok(CheckReport { candidate, against, verdict, policies, requirements })
    }

    async fn ask(
        &self,
        question: Question,
        facts: &dyn Lookup,
        session: &Session,
    ) -> Result<Vec<PolicyReport>, Failure> {
        let only_files = self.stage.is_none() && self.only_files;
        let lookup = if only_files { PolicyLookup::Optional } else { PolicyLookup::Needed };
        self.policies.ask(&session.app, question, facts, self.stage.as_ref(), lookup).await
    }
}

/// The order of the commits of sets, as the repositories of the store know it.
async fn ancestry(session: &Session, pairs: &[(Option<&Spec>, &Spec)]) -> Ancestry {
    let store = session.app.connections.store_if_any().await.ok().flatten();
    let histories = Histories::of_pairs(&session.app, store.as_ref(), pairs).await;
    histories.ancestry(pairs, Counting::OrderAlone).await
}

fn side(found: &ResolvedDocument) -> Side {
    Side { name: found.label.clone(), digest: found.document.digest() }
}
