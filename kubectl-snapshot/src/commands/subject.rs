//! Subject of evidence, and the name of its recorder.

use snapshot_core::{diff::Side, digest::Digest, evidence::Evidence, reference::Reference};

use super::session::Session;
use crate::{
    app::{App, Clock, Failure, resolve::resolve},
    render::{EvidenceList, EvidenceRow, Format},
    store::Store,
};

/// A digest, and what the user calls it.
pub struct Subject {
    /// Name as the user gave it.
    pub label: String,
    /// The digest of its set.
    pub digest: Digest,
}

impl Subject {
    /// The digest that a reference names, without its document where the store can tell it.
    pub async fn of(app: &App, store: &Store, reference: &Reference) -> Result<Self, Failure> {
        let label = reference.to_string();
        if let Reference::Name(text) | Reference::Digest(text) = reference {
            return Ok(Self { label, digest: store.find(text).await?.digest });
        }
        let found = resolve(app, &[reference]).await?;
        let digest = found.first().map(|found| found.document.digest());
        let digest = digest.ok_or_else(|| Failure::new(format!("{label} names nothing")))?;
        if !store.list().await?.heads.iter().any(|head| head.digest == digest) {
            app.observer.warning(&format!(
                "no stored snapshot has the digest of {label}, {digest}; to keep it: kubectl snapshot tag {label} NAME"
            ));
        }
        Ok(Self { label, digest })
    }

    /// `rel-42 (sha256:1f3a…)`.
    pub fn shown(&self) -> String {
        format!("{} ({})", self.label, self.digest.short())
    }

    /// Facts about it, as they are listed.
    pub fn list(self, facts: Vec<Evidence>, session: &Session) -> EvidenceList {
        let items = facts
            .into_iter()
            .map(|fact| {
                let at = Clock::standing_at(fact.at).now();
                EvidenceRow { age: session.app.clock.age(&at), at, fact }
            })
            .collect();
        EvidenceList { snapshot: Side { name: self.label, digest: self.digest }, items }
    }

    /// Says that facts were recorded: to people in `sentences`, to machines as a list of them.
    pub fn tell(
        self,
        facts: Vec<Evidence>,
        sentences: &[String],
        output: &Format,
        session: &Session,
    ) -> Result<(), Failure> {
        if !matches!(output, Format::Table | Format::Wide) {
            return session.show(&self.list(facts, session), output);
        }
        session
            .print(|out| sentences.iter().try_for_each(|sentence| Ok(writeln!(out, "{sentence}")?)))
    }

    /// Records facts about it, all of which are sound, and says so.
    pub async fn record(
        self,
        facts: Vec<Evidence>,
        store: &Store,
        output: &Format,
        session: &Session,
    ) -> Result<(), Failure> {
        let mut recorded = Vec::new();
        let mut ended = Ok(());
        for fact in facts {
            if let Err(error) = store.add_evidence(&self.digest, &fact).await {
                ended = Err(error.into());
                break;
            }
            recorded.push(fact);
        }
        // Also where one could not be recorded: the others are.
        if !recorded.is_empty() {
            let sentences: Vec<String> = recorded.iter().map(|fact| self.sentence(fact)).collect();
            self.tell(recorded, &sentences, output, session)?;
        }
        ended
    }

    /// `evidence/test/e2e recorded: passed at qa, rel-42 (sha256:1f3a…)`.
    fn sentence(&self, fact: &Evidence) -> String {
        let mut text = format!("evidence/{}/{} recorded: {}", fact.kind, fact.name, fact.ended());
        for (before, part) in [
            (" ", fact.value.as_ref().map(ToString::to_string)),
            (" at ", fact.stage.as_ref().map(ToString::to_string)),
        ] {
            if let Some(part) = part {
                text.push_str(before);
                text.push_str(&part);
            }
        }
        format!("{text}, {}", self.shown())
    }
}
