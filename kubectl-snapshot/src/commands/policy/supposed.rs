//! A promotion that is supposed: what would be asked if somebody wanted it.

use std::str::FromStr;

use clap::Args;
use snapshot_core::{
    evidence::{APPROVAL, Evidence, METRIC, Measure, Outcome, TEST},
    name::StageName,
    promotion::Actor,
};

use crate::{
    app::{Failure, deploy::Supposed},
    commands::{complete, session::Session},
};

/// Arguments of a promotion that is supposed.
#[derive(Args, Debug)]
pub(super) struct SupposedArgs {
    /// Ask whether it may be promoted to this stage
    #[arg(long, value_name = "STAGE", requires = "reference", add = complete::stage())]
    to: Option<StageName>,
    /// Who would promote it, and in which groups they are [default: you]
    #[arg(long, value_name = "NAME[=GROUP,…]", requires = "to")]
    actor: Option<Person>,
    /// Why, in their words
    #[arg(long, value_name = "TEXT", requires = "to")]
    reason: Option<String>,
    /// A fact to suppose beside those recorded, such as test/e2e=passed@qa or metric/p95=120ms; can be repeated
    #[arg(long, value_name = "[KIND/]NAME=OUTCOME|VALUE[@STAGE]", requires = "to")]
    evidence: Vec<SupposedFact>,
    /// Somebody who would have approved it, and in which groups they are; can be repeated
    #[arg(long = "approved-by", value_name = "NAME[=GROUP,…]", requires = "to")]
    approved_by: Vec<Person>,
}

/// A person, perhaps with groups.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Person {
    name: String,
    groups: Option<Vec<String>>,
}

/// A fact, still without the one who recorded it.
#[derive(Clone, Debug, PartialEq)]
struct SupposedFact {
    kind: String,
    name: String,
    outcome: Outcome,
    value: Option<Measure>,
    stage: Option<StageName>,
}

impl FromStr for Person {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, groups) = match text.split_once('=') {
            Some((name, groups)) => (name, Some(groups.split(',').map(str::to_owned).collect())),
            None => (text, None),
        };
        if name.is_empty() {
            return Err("expected NAME or NAME=GROUP,GROUP".to_owned());
        }
        Ok(Self { name: name.to_owned(), groups })
    }
}

impl FromStr for SupposedFact {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = || {
            "expected [KIND/]NAME=passed|failed|VALUE[@STAGE], such as test/e2e=passed@qa or metric/p95=120ms"
                .to_owned()
        };
        let (what, told) = text.split_once('=').ok_or_else(expected)?;
        let (told, stage) = match told.rsplit_once('@') {
            Some((told, stage)) => (told, Some(stage.parse().map_err(|error| format!("{error}"))?)),
            None => (told, None),
        };
        let (kind, name) = match what.split_once('/') {
            Some((kind, name)) => (Some(kind), name),
            None => (None, what),
        };
        let (default, outcome, value) = match told {
            "passed" => (TEST, Outcome::Passed, None),
            "failed" => (TEST, Outcome::Failed, None),
            value => (METRIC, Outcome::Passed, Some(value.parse().map_err(|_| expected())?)),
        };
        let kind = kind.unwrap_or(default).to_owned();
        if kind == APPROVAL {
            return Err("an approval is supposed with --approved-by NAME".to_owned());
        }
        Ok(Self { kind, name: name.to_owned(), outcome, value, stage })
    }
}

impl SupposedArgs {
    /// The promotion, where one is supposed.
    pub(super) fn promotion(&self, session: &Session) -> Result<Option<Supposed>, Failure> {
        let Some(stage) = &self.to else { return Ok(None) };
        let at = session.app.clock.unix_seconds();
        let recorder = "supposed".to_owned();
        let fact = |fact: &SupposedFact| Evidence {
            kind: fact.kind.clone(),
            name: fact.name.clone(),
            outcome: fact.outcome,
            value: fact.value.clone(),
            stage: fact.stage.clone(),
            actor: recorder.clone(),
            groups: None,
            at,
            detail: None,
            link: None,
        };
        let approval = |person: &Person| Evidence {
            kind: APPROVAL.to_owned(),
            name: "promotion".to_owned(),
            outcome: Outcome::Passed,
            value: None,
            stage: Some(stage.clone()),
            actor: person.name.clone(),
            groups: person.groups.clone(),
            at,
            detail: None,
            link: None,
        };
        let facts = self.evidence.iter().map(fact);
        let evidence: Vec<Evidence> = facts.chain(self.approved_by.iter().map(approval)).collect();
        for fact in &evidence {
            fact.check()?;
        }
        let actor = self
            .actor
            .clone()
            .map(|person| Actor { name: person.name, groups: person.groups.unwrap_or_default() });
        Ok(Some(Supposed { stage: stage.clone(), actor, reason: self.reason.clone(), evidence }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_written_in_a_word() {
        let read = |text: &str| text.parse::<SupposedFact>();
        let fact = read("test/e2e=passed@qa").unwrap();
        assert_eq!((fact.kind.as_str(), fact.name.as_str()), ("test", "e2e"));
        assert_eq!(fact.stage.unwrap().as_ref(), "qa");
        assert_eq!(read("e2e=failed").unwrap().outcome, Outcome::Failed);
        let metric = read("p95=120ms").unwrap();
        assert_eq!((metric.kind.as_str(), metric.value.is_some()), ("metric", true));
        assert_eq!(read("scan/cve=passed").unwrap().kind, "scan");
        for wrong in ["e2e", "e2e=perhaps", "e2e=passed@Not A Stage", "approval/x=passed"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn people_may_be_in_groups() {
        let read = |text: &str| text.parse::<Person>();
        assert_eq!(read("ada"), Ok(Person { name: "ada".to_owned(), groups: None }));
        let groups = Some(vec!["release".to_owned(), "ops".to_owned()]);
        assert_eq!(read("grace=release,ops"), Ok(Person { name: "grace".to_owned(), groups }));
        assert!(read("=release").is_err());
    }
}
