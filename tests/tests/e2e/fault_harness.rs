//! Faults at random requests of each command that writes: what it tells is true, and the next run
//! ends what it left.
//!
//! A failure names the number of its run; `KUBECTL_SNAPSHOT_TEST_FAULTS=1000-1999` tries others, and
//! `KUBECTL_SNAPSHOT_TEST_FAULTS_OF=promote` one command alone. A command joins by a line in the table.

mod random_sets;
mod scenarios;
mod tally;

use std::{
    env,
    hash::{DefaultHasher, Hash, Hasher},
    ops::RangeInclusive,
    sync::{Arc, Mutex},
};

use end_to_end::{Cluster, Fault, FaultyApiServer, Invocation, test};

use scenarios::{Place, SCENARIOS};
use tally::Tally;

/// Every fault, as often as it is here.
const FAULTS: &[Fault] = &[
    Fault::Dropped,
    Fault::Lost,
    Fault::Late,
    Fault::Cut,
    Fault::Garbage,
    Fault::Silent,
    Fault::Status(429),
    Fault::Status(500),
    Fault::Status(503),
    Fault::Page(504),
];

/// A number that follows from a run's and a purpose.
fn drawn(run: u64, purpose: &str, below: u64) -> u64 {
    let mut hasher = DefaultHasher::new();
    (run, purpose).hash(&mut hasher);
    hasher.finish() % below
}

/// One run: a server with a fault at one request, or at all from one on.
pub(super) struct Run {
    number: u64,
    fault: Fault,
    first: u64,
    pub(super) forever: bool,
    server: FaultyApiServer,
    met: Arc<Mutex<Option<String>>>,
}

impl Run {
    fn new(number: u64, requests: u64) -> Self {
        let at = usize::try_from(drawn(number, "fault", FAULTS.len() as u64)).expect("it is small");
        let (fault, first) = (FAULTS[at], drawn(number, "request", requests));
        // A server that is gone for good.
        let forever = fault == Fault::Dropped && drawn(number, "forever", 2) == 0;
        let met = Arc::new(Mutex::new(None));
        let (mut count, noted) = (0, Arc::clone(&met));
        let server = FaultyApiServer::new(Cluster::shared(), move |request| {
            count += 1;
            let meets = count == first + 1 || (forever && count > first);
            meets.then(|| {
                let mut noted = noted.lock().expect("nobody panics with it");
                noted.get_or_insert(format!("{} {}", request.method, request.target));
                fault
            })
        });
        Self { number, fault, first, forever, server, met }
    }

    /// The request that met the fault.
    fn met(&self) -> Option<String> {
        self.met.lock().expect("nobody panics with it").clone()
    }

    /// The plugin, through the server.
    pub(super) fn through(&self, invocation: Invocation) -> Invocation {
        invocation.through(&self.server)
    }

    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// The run in words.
    pub(super) fn what(&self) -> String {
        format!(
            "run {}: {:?}{} at request {} ({})",
            self.number,
            self.fault,
            if self.forever { " for good" } else { "" },
            self.first + 1,
            self.met().unwrap_or_else(|| "made fewer".to_owned()),
        )
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "the counts are for whoever asks for more runs")]
fn what_is_told_is_true_and_the_next_run_is_whole() {
    let mut places: Vec<Option<Place>> = SCENARIOS.iter().map(|_| None).collect();
    let mut tally = Tally::default();
    let wanted = env::var("KUBECTL_SNAPSHOT_TEST_FAULTS_OF").ok().map(|wanted| {
        let at = SCENARIOS.iter().position(|(name, ..)| *name == wanted);
        at.expect("a command of the table")
    });
    for number in numbers() {
        let drawn = usize::try_from(number).expect("it is small") % SCENARIOS.len();
        let at = wanted.unwrap_or(drawn);
        let (name, requests, check) = SCENARIOS[at];
        let place = places[at].get_or_insert_with(Place::new);
        let run = Run::new(number, requests);
        let output = check(place, &run);
        tally.add(name, run.fault, run.met().is_some(), output.exit);
    }
    println!("{tally}");
}

fn numbers() -> RangeInclusive<u64> {
    let Ok(range) = env::var("KUBECTL_SNAPSHOT_TEST_FAULTS") else { return 1..=20 };
    let ends =
        range.split_once('-').and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
    let (from, to) = ends.expect("a range of numbers, as in 1000-1999");
    from..=to
}
