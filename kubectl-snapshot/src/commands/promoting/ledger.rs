//! Writer of a stage's records, one after the other.

use snapshot_core::{
    promotion::Actor,
    record::{Chain, Completion, Decided, Ended, Event, Note, Record},
};

use crate::{
    cluster,
    commands::{exit::Exit, failure::Failure, session::Session},
    store::{Grounds, Store},
};

/// Number of retries of the end's record, where others write as well.
const RACES: usize = 8;

/// The records of one run.
pub(super) struct Ledger<'a> {
    session: &'a Session,
    store: &'a Store,
    actor: &'a Actor,
    /// Chain as it was when the decision was made.
    chain: Chain,
    numbers: Vec<u64>,
}

impl<'a> Ledger<'a> {
    /// Records that follow a chain as it was.
    pub(super) fn new(
        session: &'a Session,
        store: &'a Store,
        actor: &'a Actor,
        chain: Chain,
    ) -> Self {
        Self { session, store, actor, chain, numbers: Vec::new() }
    }

    /// The numbers of what was written.
    pub(super) fn numbers(&self) -> Vec<u64> {
        self.numbers.clone()
    }

    /// Records a decision. Of two that are made at once, one is refused: it was
    /// made without knowing of the other.
    pub(super) async fn decide(
        &mut self,
        decided: Decided,
        grounds: &Grounds,
    ) -> Result<(), Failure> {
        let record = self.next(Event::Decided(Box::new(decided)));
        if self.store.append_record(&record, grounds).await? {
            self.numbers.push(record.number);
            return Ok(());
        }
        Err(Failure::new(format!(
            "somebody else was faster: record {}/{} is written already, and nothing was done",
            self.chain.stage, record.number
        ))
        .hint(format!("look at it with: kubectl snapshot history {}", self.chain.stage))
        .hint("then run the command again")
        .with_exit(Exit::Conflict))
    }

    /// Records how it ended, wherever the chain is by now.
    pub(super) async fn end(
        &mut self,
        result: Completion,
        details: Vec<String>,
    ) -> Result<(), Failure> {
        let Some(decision) = self.numbers.first().copied() else { return Ok(()) };
        for _ in 0..RACES {
            self.chain = self.store.chain(&self.chain.stage).await?;
            let ended = Ended { decision, result, details: details.clone() };
            let record = self.next(Event::Ended(ended));
            if self.store.append_record(&record, &Grounds::default()).await? {
                self.numbers.push(record.number);
                return Ok(());
            }
        }
        Err(Failure::new("others write to the chain without a pause"))
    }

    fn next(&self, event: Event) -> Record {
        let note = Note {
            at: self.session.clock.now(),
            actor: self.actor.clone(),
            writer: cluster::identity(),
        };
        Record::after(self.chain.last(), &self.chain.stage, note, event)
    }
}
