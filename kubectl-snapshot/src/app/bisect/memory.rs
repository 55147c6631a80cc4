//! Memory: the results of earlier runs, which belong to the digest of a mix.

use std::{collections::HashMap, path::Path};

use snapshot_core::{
    digest::Digest,
    evidence::{Evidence, Outcome, TRIAL},
    visible,
};

use super::{Bisection, kept_log::KeptLog};
use crate::{
    app::{App, Failure, author::Recorder, recorder},
    store::Store,
};

/// The digits of a command's digest that tell its results from those of other commands.
const DIGITS: usize = 12;
/// The most characters of a command that a fact's name shows.
const SHOWN: usize = 120;
/// The most bytes of a program that is read, to know it again when it has changed.
const LARGEST_PROGRAM: u64 = 1 << 20;

/// The results that are known of mixes, and where new ones are kept.
pub(super) struct Memory {
    home: Home,
    /// The command, as results name it.
    command: String,
    known: HashMap<Digest, Vec<i32>>,
}

enum Home {
    Nowhere,
    Log(KeptLog),
    Store(Box<(Store, Recorder)>),
}

impl Memory {
    /// Opens the home of results: the file that the user names, else the store.
    pub(super) async fn open(
        app: &App,
        store: Option<Store>,
        wanted: &Bisection,
    ) -> Result<Self, Failure> {
        let command = name_of(&wanted.command);
        let mut known = HashMap::new();
        let home = match (&wanted.log, store) {
            (Some(file), _) => {
                let (log, found) = KeptLog::open(file, &command)?;
                if let Some(first) = found.unread.first() {
                    let lines = match found.unread.len() {
                        1 => "1 line that is no result".to_owned(),
                        several => format!("{several} lines that are no results"),
                    };
                    let file = file.display();
                    app.observer.warning(&format!("{file} has {lines}, first of all line {first}"));
                }
                known = found.results;
                Home::Log(log)
            }
            (None, Some(store)) => match recorder(app).await {
                Ok(recorder) => Home::Store(Box::new((store, recorder))),
                Err(failure) => {
                    app.observer.failure("no result is kept", &failure);
                    Home::Nowhere
                }
            },
            (None, None) => {
                app.observer.status("without a store no result is kept for another run");
                Home::Nowhere
            }
        };
        Ok(Self { home, command, known })
    }

    /// The results that are known of a mix, as exit codes in their order.
    pub(super) async fn results(&mut self, app: &App, mix: &Digest) -> Result<Vec<i32>, Failure> {
        if let Some(known) = self.known.get(mix) {
            return Ok(known.clone());
        }
        let mut results = Vec::new();
        if let Home::Store(home) = &self.home {
            match home.0.evidence(mix).await {
                Ok(known) => {
                    let own = |fact: &&Evidence| fact.kind == TRIAL && fact.name == self.command;
                    results = known.facts.iter().filter(own).filter_map(code_of).collect();
                }
                Err(error) => {
                    app.observer.failure("no result is kept", &Failure::from(error));
                    self.home = Home::Nowhere;
                }
            }
        }
        self.known.insert(*mix, results.clone());
        Ok(results)
    }

    /// Keeps a result as soon as it is known.
    pub(super) async fn keep(&mut self, app: &App, mix: &Digest, code: i32) -> Result<(), Failure> {
        let results = self.known.entry(*mix).or_default();
        results.push(code);
        let now = app.clock.unix_seconds();
        match &mut self.home {
            Home::Nowhere => {}
            Home::Log(log) => log.append(&self.command, mix, code, now)?,
            Home::Store(home) => {
                let (store, recorder) = &**home;
                let fact = Evidence {
                    kind: TRIAL.to_owned(),
                    name: self.command.clone(),
                    outcome: if code == 0 { Outcome::Passed } else { Outcome::Failed },
                    value: code.to_string().parse().ok(),
                    stage: None,
                    actor: recorder.name.clone(),
                    groups: recorder.groups.clone(),
                    at: now,
                    // Two runs in one second are two facts.
                    detail: Some(format!("run {} of this mix, exit code {code}", results.len())),
                    link: None,
                };
                if let Err(error) = store.add_evidence(mix, &fact).await {
                    app.observer.failure("no result is kept", &Failure::from(error));
                    self.home = Home::Nowhere;
                }
            }
        }
        Ok(())
    }
}

/// The exit code that a fact tells; those that are no exit code are somebody else's.
fn code_of(fact: &Evidence) -> Option<i32> {
    let written = fact.value.as_ref()?.to_string();
    written.parse().ok().filter(|code| (0..=125).contains(code))
}

/// Name of a command's results: its program, and a digest of what was typed and of the program
/// where it is a file of the user's own, for another one has other results. Arguments are not
/// shown: they may be secrets.
fn name_of(command: &[String]) -> String {
    let mut text = command.join("\0").into_bytes();
    for word in command.iter().filter(|word| word.contains('/')) {
        let file = Path::new(word);
        let small = file.metadata().is_ok_and(|it| it.is_file() && it.len() <= LARGEST_PROGRAM);
        if small && let Ok(content) = std::fs::read(file) {
            text.extend(Digest::of(&content).bytes());
        }
    }
    let program = command.first().and_then(|program| Path::new(program).file_name());
    let program = program.map(|name| name.to_string_lossy()).unwrap_or_default();
    let shown: String = visible::line(&program).chars().take(SHOWN).collect();
    format!("{} {shown}", &Digest::of(&text).hex()[..DIGITS])
}
