//! Writer of a stage's records, one after the other.

use std::time::{Duration, Instant};

use snapshot_core::{
    outcome::Outcome,
    promotion::Actor,
    record::{Chain, Completion, Decided, Ended, Event, Note, Record},
};

use tokio::time::sleep;

use crate::{
    app::{App, AppError, Failure},
    cluster,
    store::{DecisionInputs, Store, StoreError},
};

/// The most times that the end of a promotion is written again, where others write as well.
const RACES: usize = 8;

/// Time for which the end is recorded again where the cluster does not answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// Pause before it is tried again.
const PAUSE: Duration = Duration::from_secs(2);

/// The writer of one run's records.
pub(super) struct RecordWriter<'a> {
    app: &'a App,
    store: &'a Store,
    actor: &'a Actor,
    /// The chain as it was when the decision was made.
    chain: Chain,
    numbers: Vec<u64>,
}

impl<'a> RecordWriter<'a> {
    /// A writer of records that follow a chain as it was.
    pub(super) fn new(app: &'a App, store: &'a Store, actor: &'a Actor, chain: Chain) -> Self {
        Self { app, store, actor, chain, numbers: Vec::new() }
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
        inputs: &DecisionInputs,
    ) -> Result<(), Failure> {
        let record = self.next(Event::Decided(Box::new(decided)));
        if self.store.append_record(&record, inputs).await? {
            self.numbers.push(record.number);
            return Ok(());
        }
        let (stage, number) = (self.chain.stage.clone(), record.number);
        Err(AppError::Overtaken { stage, number }.into())
    }

    /// Records an outcome; `false`, with a warning, where that did not work.
    pub(super) async fn end_of(&mut self, outcome: &Outcome) -> bool {
        let completion = outcome.completion();
        let Some(decision) = self.numbers.first().copied() else { return true };
        let ended = self.end(decision, completion, outcome.problems()).await;
        let Err(failure) = ended else { return true };
        self.app.observer.warning(&format!(
            "how it ended ({}) is not recorded: {}",
            completion.in_words(),
            failure.message
        ));
        false
    }

    /// Records the end of a decision, wherever the chain is by now.
    ///
    /// There is nothing else left to do, so what a network may mend is waited for.
    pub(super) async fn end(
        &mut self,
        decision: u64,
        result: Completion,
        details: Vec<String>,
    ) -> Result<(), Failure> {
        let ended = Ended { decision, result, details };
        let until = Instant::now() + PATIENCE;
        let mut races = RACES;
        loop {
            let failure = match self.try_end(&ended).await {
                Ok(true) => return Ok(()),
                Ok(false) if races > 0 => {
                    races -= 1;
                    continue;
                }
                Ok(false) => return Err(Failure::new("others write to the chain without a pause")),
                Err(error) => error,
            };
            let may_pass = matches!(&failure, StoreError::Cluster(error) if error.may_pass());
            if !may_pass || Instant::now() > until {
                return Err(failure.into());
            }
            self.app.observer.status("how it ended is not recorded yet: trying again");
            sleep(PAUSE).await;
        }
    }

    /// Records the end; `false` where others wrote meanwhile.
    async fn try_end(&mut self, ended: &Ended) -> Result<bool, StoreError> {
        self.chain = self.store.chain(&self.chain.stage).await?;
        // The answer of an attempt before may have been lost.
        let ours = self.chain.links.iter().rev().find(|link| {
            link.record.writer == cluster::identity()
                && matches!(&link.record.event, Event::Ended(one) if one == ended)
        });
        if let Some(link) = ours {
            self.numbers.push(link.record.number);
            return Ok(true);
        }
        let record = self.next(Event::Ended(ended.clone()));
        let written = self.store.append_record(&record, &DecisionInputs::default()).await?;
        if written {
            self.numbers.push(record.number);
        }
        Ok(written)
    }

    fn next(&self, event: Event) -> Record {
        let note = Note {
            at: self.app.clock.now(),
            actor: self.actor.clone(),
            writer: cluster::identity(),
        };
        self.chain.follow(note, event)
    }
}
