//! Fixtures as files.

use std::{collections::BTreeMap, fs, path::Path};

use serde::Deserialize as _;
use serde_json::Value;
use snapshot_core::{
    ancestry::Ancestry,
    environment::PlaceValues,
    member_path::Path as MemberPath,
    plan::WrittenImages,
    policy::{
        Decision, RecordedDecision,
        fixture::{Expectation, Fixture, FixtureError, SetText},
    },
    reference::Reference,
    snapshot::Snapshot,
    yaml::line_of,
};

use crate::{
    app::{
        Failure,
        read::{ReadOptions, read_files},
        resolved::ResolvedDocument,
    },
    blocking::blocking,
    commands::session::Session,
    policies::{Facts, Loaded, OfFixture, Past, Place, Question, recorded_question},
    sources,
};

/// Contents of a fixture's file.
pub(super) enum FixtureFile {
    /// A decision that was recorded.
    Recorded(Box<RecordedDecision>),
    /// Fixture that somebody wrote.
    Written(Box<Fixture>),
}

/// Reads a fixture.
pub(super) async fn read_fixture(path: &Path) -> Result<FixtureFile, Failure> {
    let document: Value = sources::read_document(path).await?;
    if RecordedDecision::is_one(&document) {
        return RecordedDecision::deserialize(document)
            .map(|decision| FixtureFile::Recorded(Box::new(decision)))
            .map_err(|error| refused(path, &format!("it is not a recorded decision: {error}")));
    }
    match Fixture::from_value(document) {
        Ok(fixture) => Ok(FixtureFile::Written(Box::new(fixture))),
        Err(error) => Err(misplaced(path, error.path(), error.to_string()).await),
    }
}

/// Refusal of a fixture.
fn refused(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::new(format!("{}: {error}", path.display()))
}

/// Refusal of a fixture for one of its members, with the line that it stands in.
async fn misplaced(path: &Path, member: Option<MemberPath>, error: String) -> Failure {
    let Some(member) = member else { return refused(path, &error) };
    let file = path.to_owned();
    let line = blocking(move || {
        let text = fs::read_to_string(file).ok()?;
        line_of(&text, &member.0)
    });
    match line.await {
        Some(line) => Failure::new(format!("{}:{line}: {error}", path.display())),
        None => refused(path, &error),
    }
}

impl FixtureFile {
    /// Description in a line.
    pub(super) fn description(&self) -> Option<String> {
        match self {
            Self::Recorded(decision) => Some(format!("recorded from {}", decision.policy)),
            Self::Written(fixture) => fixture.description.clone(),
        }
    }

    /// The answer that it expects, if it says one yet.
    pub(super) fn expectation(&self) -> Option<Expectation> {
        match self {
            Self::Recorded(decision) => Some(Expectation::from(&decision.answer)),
            Self::Written(fixture) => fixture.expect.clone(),
        }
    }

    /// Names of the ConfigMaps that the policy is told of.
    fn config_maps(&self) -> Vec<String> {
        match self {
            Self::Recorded(_) => Vec::new(),
            Self::Written(fixture) => fixture.config_maps.clone(),
        }
    }

    /// The question that it asks of a policy.
    pub(super) async fn question(
        &self,
        path: &Path,
        policy: &Loaded,
        session: &Session,
    ) -> Result<Question, Failure> {
        let fixture = match self {
            Self::Recorded(decision) => {
                return recorded_question(decision).map_err(|error| refused(path, &error));
            }
            Self::Written(fixture) => fixture,
        };
        let decisions = policy.decisions();
        let ((Some(decision), _) | (None, &[decision])) = (fixture.decision, &*decisions) else {
            return Err(refused(
                path,
                &"the policy makes two decisions; say which: decision: compatibility",
            ));
        };
        if decision == Decision::Compatibility
            && let Err(error) = fixture.only_compatibility()
        {
            return Err(misplaced(path, error.path(), error.to_string()).await);
        }
        let candidate = set("candidate", &fixture.candidate, path, session).await?;
        let running = match &fixture.running {
            Some(text) => Some(set("running", text, path, session).await?),
            None => None,
        };
        match self.asked(fixture, decision, (&candidate, running.as_ref()), policy, session) {
            Ok(question) => Ok(question),
            Err(error) => Err(misplaced(path, error.path(), error.to_string()).await),
        }
    }

    fn asked(
        &self,
        fixture: &Fixture,
        decision: Decision,
        (candidate, running): (&Snapshot, Option<&Snapshot>),
        policy: &Loaded,
        session: &Session,
    ) -> Result<Question, FixtureError> {
        let clock = &session.app.clock;
        let read_time = |text: &str| clock.read(text);
        let now = fixture.now(&read_time)?;
        fixture.check(&read_time)?;
        let written = match &fixture.candidate {
            SetText::Inline(set) => set.written(),
            SetText::File(_) | SetText::Document(_) => WrittenImages::new(),
        };
        let (values, pins) = (PlaceValues::default(), BTreeMap::new());
        let will_run = match (&fixture.running, running) {
            (Some(SetText::Inline(set)), Some(running)) => {
                set.staying(&running.spec, &candidate.spec)
            }
            _ => None,
        };
        let is_placed = !written.is_empty() || will_run.is_some();
        let written = (!written.is_empty()).then_some(&written);
        let place = Place { values: &values, pins: &pins, written, will_run: will_run.as_ref() };
        let place = is_placed.then_some(place);
        let ancestry = Ancestry::default();
        let facts = |past| Facts {
            ancestry: &ancestry,
            name: "candidate",
            candidate,
            running: running.map(|running| ("running", running)),
            now,
            captured: clock.captured(&candidate.metadata, running.map(|one| &one.metadata)),
            place,
            past,
        };
        let settings = fixture.settings()?;
        let wanted = policy.wanted(self.config_maps());
        let question = match decision {
            Decision::Promotion => {
                let digests = (candidate.spec.digest(), running.map(|one| one.spec.digest()));
                let promotion = fixture.promotion(digests.0, digests.1, &read_time)?;
                let stages = fixture.stage_states(digests.0, digests.1, &read_time)?;
                let past = Past { stages: &stages, evidence: &promotion.evidence };
                let facts = facts(Some(past));
                Question::promotion(&facts, &promotion).tell(&OfFixture(&facts), &wanted)
            }
            Decision::Compatibility => {
                let facts = facts(None);
                Question::compatibility(&facts).tell(&OfFixture(&facts), &wanted)
            }
        };
        Ok(question.with(&settings).into_owned())
    }
}

/// The set that a member of a fixture names, or describes.
async fn set(
    member: &str,
    text: &SetText,
    fixture: &Path,
    session: &Session,
) -> Result<Snapshot, Failure> {
    match text {
        SetText::Inline(set) => match set.assemble() {
            Ok(set) => Ok(set),
            Err(error) => {
                let at = error.path_in(member);
                let told = format!("{at}: {error}");
                Err(misplaced(fixture, Some(at), told).await)
            }
        },
        SetText::Document(document) => {
            let document = snapshot_core::document::from_value(document);
            let document = document.map_err(|error| refused(fixture, &error))?;
            document.into_one().map_err(|error| refused(fixture, &error))
        }
        SetText::File(file) => {
            let file = fixture.parent().unwrap_or(Path::new(".")).join(file);
            let file = Reference::Path(file);
            let document = match read_files(&session.app, &file, &ReadOptions::default()).await {
                Ok(document) => document,
                Err(failure) => {
                    let told = format!("{member}: {}", failure.message);
                    return Err(misplaced(fixture, Some(MemberPath::top(member)), told).await);
                }
            };
            ResolvedDocument { label: file.to_string(), document }.one().map(|one| one.snapshot)
        }
    }
}
