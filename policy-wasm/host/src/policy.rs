//! A loaded policy, and asking it.

use crate::answer;
use crate::compilation::Code;
use crate::contract::{Exports, OtherTypes, Shape};
use crate::decision::{Answer, Question};
use crate::error::LoadError;
use crate::evaluation::{Evaluation, Undecided};
use crate::hashing;
use crate::isolation::Seed;
use crate::lookups;
use crate::records::{CompatibilityQuestion, Description, LookUps, PromotionQuestion, Topic};
use crate::sandbox::{Sandbox, Setting};
use crate::sets::Sets;
use crate::state::State;
use crate::stop;
use snapshot_core::digest::Digest;
use snapshot_core::policy::Decision;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::mpsc;
use wasmtime::Store;
use wasmtime::component::Instance;

/// A policy that is compiled, linked and checked.
///
/// Each call runs in a fresh instance, so that no call can leave anything
/// behind for the next, and calls may run at the same time. A call blocks; it
/// may be made from asynchronous code that can afford to wait.
#[derive(Clone)]
pub struct Policy {
    sandbox: Sandbox,
    exports: Exports,
    imports: Vec<String>,
    description: Description,
    code: Code,
}

impl Policy {
    /// Asks the policy what it is, and compares its types with the contract's.
    pub(crate) fn describe_itself(
        sandbox: Sandbox,
        exports: Exports,
        imports: Vec<String>,
        code: Code,
    ) -> Result<Self, LoadError> {
        let call = |store: &mut Store<State>, instance: &Instance| {
            let describe = instance
                .get_typed_func::<(), (Description,)>(&mut *store, exports.describe)
                .map_err(|error| OtherTypes::in_interface("about", &error))?;
            exports.check_types(&mut *store, instance)?;
            Ok(describe.call(store, ())?.0)
        };
        let (told, sets) = (LookUps::default(), Sets::default());
        let setting = Setting { now: 0, seed: Seed::None, told, sets };
        let (run, ()) = sandbox.run(setting, call, || ());
        let description = run.result.map_err(|error| match error.downcast_ref() {
            Some(OtherTypes { reason }) => LoadError::OtherTypes { reason: reason.clone() },
            None => LoadError::Failed(stop::explain(&error, &run.output, &sandbox.limits)),
        })?;
        let description = answer::describe(description, &sandbox.limits);
        Ok(Self { sandbox, exports, imports, description, code })
    }

    /// Origin of its machine code.
    #[must_use]
    pub fn code(&self) -> Code {
        self.code
    }

    /// The digest of its file: what a policy is known by.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.sandbox.policy
    }

    /// Description that the policy gives of itself.
    #[must_use]
    pub fn describe(&self) -> &Description {
        &self.description
    }

    /// Decisions that it makes: found from its exports, not from its description.
    pub fn decisions(&self) -> impl Iterator<Item = Decision> {
        Decision::ALL.into_iter().filter(|decision| self.exports.decide(*decision))
    }

    /// The interfaces it imports, all of which are isolated.
    #[must_use]
    pub fn imports(&self) -> &[String] {
        &self.imports
    }

    /// The contract's interfaces that it exports: `snapshot:policy/about@0.1.0`.
    #[must_use]
    pub fn exports(&self) -> Vec<String> {
        self.exports.interfaces()
    }

    /// The details that it looks up, found from its imports.
    #[must_use]
    pub fn topics(&self) -> Vec<Topic> {
        let mut topics: Vec<Topic> =
            self.imports.iter().filter_map(|name| lookups::topic(name)).collect();
        topics.sort_unstable();
        topics.dedup();
        topics
    }

    /// True if the policy looks the sets of this decision up, instead of being handed them over.
    #[must_use]
    pub fn looks_up(&self, decision: Decision) -> bool {
        self.exports.shape(decision) == Some(Shape::ByLookUps)
    }

    /// Asks whether a set fits together, where no details are known.
    #[must_use]
    pub fn check(&self, question: &CompatibilityQuestion) -> Evaluation {
        self.ask(question, &LookUps::default())
    }

    /// Asks whether a set fits together; `told` is what it may look up.
    #[must_use]
    pub fn check_with(&self, question: &CompatibilityQuestion, told: &LookUps) -> Evaluation {
        self.ask(question, told)
    }

    /// Asks whether a snapshot may be promoted, where no details are known.
    #[must_use]
    pub fn review(&self, question: &PromotionQuestion) -> Evaluation {
        self.ask(question, &LookUps::default())
    }

    /// Asks whether a snapshot may be promoted; `told` is what it may look up.
    #[must_use]
    pub fn review_with(&self, question: &PromotionQuestion, told: &LookUps) -> Evaluation {
        self.ask(question, told)
    }

    fn ask<Q: Question>(&self, question: &Q, told: &LookUps) -> Evaluation {
        let call = |store: &mut Store<State>, instance: &Instance| {
            let Some(answer) = self.call(&mut *store, instance, question)? else { return Ok(None) };
            let may_pass = match &answer {
                Ok(findings) => store.data().remarks.of(findings),
                Err(_) => BTreeMap::new(),
            };
            Ok(Some((answer, may_pass)))
        };
        let (sender, coming) = mpsc::channel();
        let (now, seed) = (question.now(), Seed::Coming(coming));
        let setting = Setting { now, seed, told: told.clone(), sets: question.sets() };
        let topics = self.topics();
        let looks_up = self.looks_up(Q::DECISION);
        let (run, digest) = self.sandbox.run(setting, call, || {
            // Nobody listens any more if the guest has answered without a seed.
            if looks_up {
                // Whoever reads a little does not wait until all has been read.
                let _ = sender.send(hashing::of_json(&question.by_look_ups()));
            }
            let digest = question.digest(&told.about(&topics));
            let _ = sender.send(digest);
            digest
        });
        let (result, may_pass) = match run.result {
            Ok(Some((answer, may_pass))) => (answer::read(answer, &self.sandbox.limits), may_pass),
            Ok(None) => (Err(Undecided::NotDecided(Q::DECISION)), BTreeMap::new()),
            Err(error) => {
                let undecided = stop::explain(&error, &run.output, &self.sandbox.limits);
                (Err(undecided), BTreeMap::new())
            }
        };
        Evaluation {
            result,
            may_pass,
            question: digest,
            output: run.output,
            duration: run.duration,
            peak_memory: run.peak_memory,
        }
    }

    /// Calls the function of a decision, in the shape that the component has.
    fn call<Q: Question>(
        &self,
        store: &mut Store<State>,
        instance: &Instance,
        question: &Q,
    ) -> wasmtime::Result<Option<Answer>> {
        let decision = Q::DECISION;
        match self.exports.shape(decision) {
            None => Ok(None),
            Some(Shape::Whole) => {
                let function =
                    self.exports.typed::<&Q>(decision, Shape::Whole, &mut *store, instance)?;
                function.map(|function| Ok(function.call(store, (question,))?.0)).transpose()
            }
            Some(shape @ Shape::ByLookUps) => {
                let function =
                    self.exports.typed::<&Q::ByLookUps>(decision, shape, &mut *store, instance)?;
                let question = question.by_look_ups();
                function.map(|function| Ok(function.call(store, (&question,))?.0)).transpose()
            }
        }
    }
}

impl fmt::Debug for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Policy")
            .field("digest", &self.digest())
            .field("description", &self.description)
            .finish_non_exhaustive()
    }
}
