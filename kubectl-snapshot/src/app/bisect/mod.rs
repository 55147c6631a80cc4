//! Bisecting: which of the changes between two sets makes a command fail.

mod error;
mod kept_log;
mod memory;
mod mixes;
mod policies;
mod process;
mod progress;

use std::{
    collections::{BTreeSet, HashMap},
    path::PathBuf,
};

use snapshot_core::{
    bisect::{
        Blocked, Colour, Conclusion, End, Mix, Report, Search, Step, Trial, Trials, Tried, Units,
    },
    compose::Mixing,
    diff::Side,
    parts::Aliases,
    reference::Reference,
};

pub use error::BisectError;

use super::{
    App, Failure, evaluate::PolicyChoice, history::Histories, read::variable_names_if_allowed,
    resolve::resolve_to_compare, resolved::ResolvedSnapshot,
};
use crate::{blocking::blocking, sources::git::Counting};
use memory::Memory;
use mixes::Made;
use policies::Gate;
use progress::Watched;

/// A bisection that is asked for.
#[derive(Clone, Debug)]
pub struct Bisection {
    /// The set for which the command does not fail.
    pub good: Reference,
    /// The set for which it fails.
    pub bad: Reference,
    /// The command with its arguments.
    pub command: Vec<String>,
    /// Odds from which on a step is sure, between 0 and 1.
    pub sure: f64,
    /// Runs of GOOD and of BAD before the search.
    pub calibrate: u32,
    /// Runs after which it ends, found or not.
    pub most_runs: usize,
    /// The file that results are kept in, if any.
    pub log: Option<PathBuf>,
    /// The policies to ask about each mix.
    pub policies: PolicyChoice,
}

/// A bisection under way.
struct Run<'a> {
    app: &'a App,
    wanted: &'a Bisection,
    sides: [Side; 2],
    units: Units,
    mixing: Mixing,
    gate: Gate<'a>,
    memory: Memory,
    trials: Trials,
    tried: Vec<Tried>,
    blocked: Vec<Blocked>,
    made: HashMap<Mix, Made>,
}

/// Finds what makes a command fail for one set and not for another.
///
/// # Errors
/// One of the sets is not what it is called, both are one, or the command cannot be run.
pub async fn bisect(app: &App, wanted: &Bisection) -> Result<Report, Failure> {
    let [good, bad] = resolved(app, wanted).await?;
    let only_files = wanted.good.is_file() && wanted.bad.is_file();
    let with_store = !only_files || app.connections.store_is_directory();
    let store = if with_store { Some(app.connections.store().await?) } else { None };
    let variables = match &store {
        Some(store) => variable_names_if_allowed(app, store).await?,
        None => BTreeSet::new(),
    };
    let side = |one: &ResolvedSnapshot| Side {
        name: one.label.clone(),
        digest: one.snapshot.spec.digest(),
    };
    let sides = [side(&good), side(&bad)];
    if sides[0].digest == sides[1].digest {
        return Err(BisectError::Equal { good: good.label, bad: bad.label }.into());
    }
    let pairs = [(Some(&good.snapshot.spec), &bad.snapshot.spec)];
    let histories = Histories::of_pairs(app, store.as_ref(), &pairs).await;
    let ancestry = histories.ancestry(&pairs, Counting::OrderAlone).await;
    let gate = Gate::of(app, &wanted.policies, ancestry.clone(), only_files, [&good, &bad]).await?;
    let (mixing, units) = blocking(move || {
        let mixing =
            Mixing::of((&good.label, good.snapshot), (&bad.label, bad.snapshot), variables);
        let units = Units::of(&mixing, &ancestry);
        (mixing, units)
    })
    .await;
    if units.units.is_empty() {
        let [good, bad] = sides.map(|side| side.name);
        return Err(BisectError::Indivisible { good, bad }.into());
    }
    let memory = Memory::open(app, store, wanted).await?;
    let run = Run {
        app,
        wanted,
        sides,
        units,
        mixing,
        gate,
        memory,
        trials: Trials::default(),
        tried: Vec::new(),
        blocked: Vec::new(),
        made: HashMap::new(),
    };
    run.go().await
}

/// Both sets as they would be captured now, each of one namespace.
async fn resolved(app: &App, wanted: &Bisection) -> Result<[ResolvedSnapshot; 2], Failure> {
    let references = [&wanted.good, &wanted.bad];
    let mut found = resolve_to_compare(app, &references, &Aliases::default()).await?.into_iter();
    let (Some(good), Some(bad)) = (found.next(), found.next()) else {
        return Err(Failure::new("there is nothing to bisect"));
    };
    Ok([good.one()?, bad.one()?])
}

impl Run<'_> {
    async fn go(mut self) -> Result<Report, Failure> {
        let search = Search {
            needs: self.units.needs.clone(),
            suspicion: self.units.units.iter().map(|unit| unit.suspicion).collect(),
            sure: self.wanted.sure,
            calibrate: self.wanted.calibrate,
            most_runs: self.wanted.most_runs,
        };
        let [good, bad] = self.sides.each_ref().map(|side| side.name.clone());
        self.app.observer.status(&progress::beginning(&good, &bad, &self.units));
        loop {
            let (mix, candidates) = match search.next(&self.trials) {
                Step::End(conclusion) => return self.end(&conclusion),
                Step::Try { mix, candidates } => (mix, candidates),
            };
            let watched = Watched { runs: self.tried.len(), candidates };
            self.attempt(mix, watched).await.inspect_err(|_| {
                self.app.observer.status(&watched.interrupted(self.units.units.len()));
            })?;
        }
    }

    /// Takes the next result of a mix from memory, or else runs the command against it.
    async fn attempt(&mut self, mix: Mix, watched: Watched) -> Result<(), Failure> {
        let Some(made) = self.make(&mix).await? else { return Ok(()) };
        let seen = self.trials.of(&mix).runs();
        let known = self.memory.results(self.app, &made.digest).await?;
        let remembered = known.get(seen as usize).copied();
        let code = if let Some(code) = remembered {
            code
        } else {
            let code = process::run(self.app, &self.wanted.command, &made).await?;
            self.memory.keep(self.app, &made.digest, code).await?;
            code
        };
        let Some(colour) = process::colour(code) else {
            let reason = "the command says that it cannot be tested: exit code 125";
            if let Some(end) = self.end_of(&mix) {
                let (set, reason) = (self.sides[end].name.clone(), reason.to_owned());
                return Err(BisectError::Untestable { set, reason }.into());
            }
            self.block(mix, reason);
            return Ok(());
        };
        let units = mix.len();
        let (all, green) = (self.units.units.len(), colour == Colour::Green);
        self.app.observer.status(&watched.result(units, all, green, remembered.is_some()));
        self.tried.push(Tried {
            digest: made.digest,
            units,
            green,
            exit_code: code,
            remembered: remembered.is_some(),
        });
        self.trials.run.push(Trial { mix, colour });
        Ok(())
    }

    /// The mix as a set that the policies let through; none where it is blocked from now on.
    async fn make(&mut self, mix: &Mix) -> Result<Option<Made>, Failure> {
        if let Some(made) = self.made.get(mix) {
            return Ok(Some(made.clone()));
        }
        let (wanted, mixing) = (self.units.differences(mix), self.mixing.clone());
        let composed = blocking(move || mixing.mix(&wanted)).await;
        let snapshot = match composed {
            Ok(snapshot) => snapshot,
            Err(error) => {
                self.block(mix.clone(), &format!("it cannot be composed: {error}"));
                return Ok(None);
            }
        };
        let end = self.end_of(mix);
        if end.is_none()
            && let Some(reason) = self.gate.refusal(&snapshot).await?
        {
            self.block(mix.clone(), &reason);
            return Ok(None);
        }
        let name = end.map(|end| self.sides[end].name.clone());
        let made = Made::of(snapshot, name)?;
        self.made.insert(mix.clone(), made.clone());
        Ok(Some(made))
    }

    /// The side that a mix is, where it is one.
    fn end_of(&self, mix: &Mix) -> Option<usize> {
        match mix.len() {
            0 => Some(0),
            units => (units == self.units.units.len()).then_some(1),
        }
    }

    fn block(&mut self, mix: Mix, reason: &str) {
        self.blocked.push(Blocked { units: mix.len(), reason: reason.to_owned() });
        self.trials.blocked.push(mix);
    }

    fn end(self, conclusion: &Conclusion) -> Result<Report, Failure> {
        let ends = [Mix::default(), Mix::all(self.units.units.len())];
        let [good, bad] = ends.each_ref().map(|mix| self.trials.of(mix));
        match conclusion.end {
            End::GoodIsRed => {
                let set = self.sides[0].name.clone();
                Err(BisectError::GoodIsRed { set, red: good.red, runs: good.runs() }.into())
            }
            End::BadIsGreen => {
                let set = self.sides[1].name.clone();
                Err(BisectError::BadIsGreen { set, runs: bad.runs() }.into())
            }
            End::Clean { .. } | End::Unchecked | End::Unclear { .. } => Ok(Report::new(
                self.sides,
                self.wanted.command.clone(),
                &self.units,
                conclusion,
                &self.trials,
                (self.tried, self.blocked),
            )),
        }
    }
}
