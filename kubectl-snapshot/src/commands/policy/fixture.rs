//! Fixtures as files.

use std::path::Path;

use serde::Deserialize as _;
use serde_json::Value;
use snapshot_core::{
    ancestry::Ancestry,
    policy::{
        Decision, RecordedDecision,
        fixture::{Expectation, Fixture, SetText},
    },
    reference::Reference,
    snapshot::Snapshot,
};

use crate::{
    app::{
        Failure,
        read::{ReadOptions, read_files},
    },
    commands::session::Session,
    policies::{Facts, Loaded, Question, recorded_question},
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
    let refuse =
        |error: &dyn std::fmt::Display| Failure::new(format!("{}: {error}", path.display()));
    if RecordedDecision::is_one(&document) {
        return RecordedDecision::deserialize(document)
            .map(|decision| FixtureFile::Recorded(Box::new(decision)))
            .map_err(|error| refuse(&format!("it is not a recorded decision: {error}")));
    }
    Fixture::from_value(document)
        .map(|fixture| FixtureFile::Written(Box::new(fixture)))
        .map_err(|error| refuse(&error))
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

    /// The question that it asks of a policy.
    pub(super) async fn question(
        &self,
        path: &Path,
        policy: &Loaded,
        session: &Session,
    ) -> Result<Question, Failure> {
        let refuse =
            |error: &dyn std::fmt::Display| Failure::new(format!("{}: {error}", path.display()));
        let fixture = match self {
            Self::Recorded(decision) => {
                return recorded_question(decision).map_err(|error| refuse(&error));
            }
            Self::Written(fixture) => fixture,
        };
        let decisions = policy.decisions();
        let ((Some(decision), _) | (None, &[decision])) = (fixture.decision, &*decisions) else {
            return Err(refuse(
                &"the policy makes two decisions; say which: decision: compatibility",
            ));
        };
        let candidate = set(&fixture.candidate, path, session).await?;
        let running = match &fixture.running {
            Some(text) => Some(set(text, path, session).await?),
            None => None,
        };
        let read_time = |text: &str| session.app.clock.read(text);
        let ancestry = Ancestry::default();
        let facts = Facts {
            ancestry: &ancestry,
            name: "candidate",
            candidate: &candidate,
            running: running.as_ref().map(|running| ("running", running)),
            now: fixture.now(&read_time).map_err(|error| refuse(&error))?,
            place: None,
        };
        let question = match decision {
            Decision::Promotion => {
                let running = running.as_ref().map(|one| one.spec.digest());
                let promotion = fixture
                    .promotion(candidate.spec.digest(), running, &read_time)
                    .map_err(|error| refuse(&error))?;
                Question::promotion(&facts, &promotion)
            }
            Decision::Compatibility => Question::compatibility(&facts),
        };
        let settings = fixture.settings().map_err(|error| refuse(&error))?;
        let question = question.tell(&facts, &policy.topics());
        Ok(question.with(&settings).into_owned())
    }
}

/// The set that a fixture names, or describes.
async fn set(text: &SetText, fixture: &Path, session: &Session) -> Result<Snapshot, Failure> {
    let refuse =
        |error: &dyn std::fmt::Display| Failure::new(format!("{}: {error}", fixture.display()));
    match text {
        SetText::Inline(set) => set.assemble().map_err(|error| refuse(&error)),
        SetText::Document(document) => {
            snapshot_core::document::from_value(document).map_err(|error| refuse(&error))
        }
        SetText::File(file) => {
            let file = fixture.parent().unwrap_or(Path::new(".")).join(file);
            read_files(&session.app, &Reference::Path(file), &ReadOptions::default()).await
        }
    }
}
