//! Ladders: stages, each after those that come before it.

use std::collections::{BTreeMap, BTreeSet};

use super::{name::StageName, stage::Stage};

/// Stages in their order, and which of them have no certain place in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ladder {
    stages: Vec<Stage>,
    faults: BTreeMap<StageName, LadderError>,
}

/// Error: a stage has no place in a ladder.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LadderError {
    /// A stage comes after one that is not there.
    #[error("stage {stage} comes after {missing}, and there is no stage {missing}")]
    Missing {
        /// The stage.
        stage: StageName,
        /// The one before it.
        missing: StageName,
    },
    /// A stage comes after one that cannot be read.
    #[error("stage {stage} comes after {unreadable}, and stage {unreadable} cannot be read")]
    Unreadable {
        /// The stage.
        stage: StageName,
        /// The one before it.
        unreadable: StageName,
    },
    /// A stage comes after itself.
    #[error("stage {0} would come after itself")]
    Circle(StageName),
}

impl Ladder {
    /// A ladder of stages, beside which there are others that cannot be read.
    ///
    /// Each comes after those before it, and else by name; those without a certain place come
    /// last.
    #[must_use]
    pub fn of(stages: Vec<Stage>, unreadable: &BTreeSet<StageName>) -> Self {
        let mut waiting: BTreeMap<StageName, Stage> =
            stages.into_iter().map(|stage| (stage.name.clone(), stage)).collect();
        let mut ladder = Self::default();
        let mut placed: BTreeSet<StageName> = BTreeSet::new();
        let is_next =
            |stage: &&Stage, placed: &BTreeSet<_>| stage.after.iter().all(|it| placed.contains(it));
        while let Some(name) =
            waiting.values().find(|stage| is_next(stage, &placed)).map(|stage| stage.name.clone())
        {
            ladder.stages.extend(waiting.remove(&name));
            placed.insert(name);
        }
        ladder.faults = faults(&waiting, unreadable, &placed);
        ladder.stages.extend(waiting.into_values());
        ladder
    }

    /// The stages, in their order.
    #[must_use]
    pub fn stages(&self) -> &[Stage] {
        &self.stages
    }

    /// The reason why a stage has no certain place: its own fault, or that of one before it.
    #[must_use]
    pub fn fault_of(&self, stage: &StageName) -> Option<&LadderError> {
        self.faults.get(stage)
    }

    /// The stages without a certain place, each with the reason.
    pub fn faults(&self) -> impl Iterator<Item = (&StageName, &LadderError)> {
        self.faults.iter()
    }
}

/// Faults of stages without a place, by stage; what keeps one from it keeps those after it, too.
fn faults(
    waiting: &BTreeMap<StageName, Stage>,
    unreadable: &BTreeSet<StageName>,
    placed: &BTreeSet<StageName>,
) -> BTreeMap<StageName, LadderError> {
    let own = |stage: &Stage| {
        let absent =
            stage.after.iter().find(|it| !placed.contains(*it) && !waiting.contains_key(*it))?;
        let (stage, before) = (stage.name.clone(), absent.clone());
        Some(if unreadable.contains(absent) {
            LadderError::Unreadable { stage, unreadable: before }
        } else {
            LadderError::Missing { stage, missing: before }
        })
    };
    let mut faults: BTreeMap<StageName, LadderError> =
        waiting.values().filter_map(|stage| Some((stage.name.clone(), own(stage)?))).collect();
    loop {
        let found =
            waiting.values().filter(|stage| !faults.contains_key(&stage.name)).find_map(|stage| {
                let fault = stage.after.iter().find_map(|before| faults.get(before))?;
                Some((stage.name.clone(), fault.clone()))
            });
        let Some((stage, fault)) = found else { break };
        faults.insert(stage, fault);
    }
    for name in waiting.keys() {
        faults.entry(name.clone()).or_insert_with(|| LadderError::Circle(name.clone()));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> StageName {
        text.parse().unwrap()
    }

    fn stage(called: &str, after: &[&str]) -> Stage {
        Stage {
            name: name(called),
            namespaces: called.parse().unwrap(),
            after: after.iter().map(|it| name(it)).collect(),
            variables: None,
            pin: None,
            via: None,
        }
    }

    fn names(ladder: &Ladder) -> Vec<&str> {
        ladder.stages().iter().map(|stage| stage.name.as_ref()).collect()
    }

    #[test]
    fn each_comes_after_those_before_it() {
        let stages = vec![
            stage("canary", &["qa"]),
            stage("dev", &[]),
            stage("prod", &["canary", "qa"]),
            stage("qa", &["dev"]),
        ];
        let ladder = Ladder::of(stages, &BTreeSet::new());
        assert_eq!(names(&ladder), ["dev", "qa", "canary", "prod"]);
        assert_eq!(ladder.faults().count(), 0);
        assert_eq!(Ladder::of(Vec::new(), &BTreeSet::new()), Ladder::default());
    }

    #[test]
    fn a_hole_and_a_circle_are_told_of_those_that_they_concern_alone() {
        let stages = vec![
            stage("dev", &[]),
            stage("qa", &["dev"]),
            stage("edge", &["lost"]),
            stage("far", &["edge", "dev"]),
            stage("north", &["south"]),
            stage("south", &["north"]),
            stage("prod", &["staging"]),
        ];
        let ladder = Ladder::of(stages, &BTreeSet::from([name("staging")]));
        assert_eq!(names(&ladder), ["dev", "qa", "edge", "far", "north", "prod", "south"]);
        let fault = |of: &str| ladder.fault_of(&name(of)).map(ToString::to_string);
        assert_eq!([fault("dev"), fault("qa")], [None, None]);
        let lost = "stage edge comes after lost, and there is no stage lost";
        assert_eq!(fault("edge").as_deref(), Some(lost));
        assert_eq!(fault("far").as_deref(), Some(lost));
        assert_eq!(fault("north").as_deref(), Some("stage north would come after itself"));
        let unread = "stage prod comes after staging, and stage staging cannot be read";
        assert_eq!(fault("prod").as_deref(), Some(unread));
    }
}
