//! Test harness of the end-to-end tests: tests are registered by [`#[test]`](crate::test), and may
//! find out while they run that they cannot run here.
//!
//! The built-in harness knows only passed and failed at that point, and a test that could not run
//! would count as passed.

use std::cell::{Cell, RefCell};
use std::panic::{catch_unwind, resume_unwind, set_hook, take_hook};
use std::path::Path;
use std::process::ExitCode;
use std::{fs, io};

use libtest_mimic::{Arguments, Completion, Failed, Trial};

use crate::{environment, offline};

/// A test, as the attribute registers it.
#[derive(Debug)]
pub struct Test {
    path: &'static str,
    run: fn(),
}

impl Test {
    /// A test by its path in its binary.
    #[must_use]
    pub const fn new(path: &'static str, run: fn()) -> Self {
        Self { path, run }
    }

    /// The path without the binary's name, as the built-in harness has it.
    fn name(&self) -> &'static str {
        self.path.split_once("::").map_or(self.path, |(_, name)| name)
    }
}

inventory::collect!(Test);

/// Registers a function as a test; [`#[test]`](crate::test) expands to it.
#[macro_export]
macro_rules! register {
    ($function:ident) => {
        $crate::inventory::submit! {
            $crate::Test::new(concat!(module_path!(), "::", stringify!($function)), $function)
        }
    };
}

/// Reason why a test cannot run here; the payload of a panic that is none.
struct Ignored(String);

/// Ends the running test and reports it as ignored, with the reason.
pub fn ignore(reason: impl Into<String>) -> ! {
    resume_unwind(Box::new(Ignored(reason.into())))
}

/// Runs the tests that are registered in this binary, as the command line asks for.
#[must_use]
pub fn run() -> ExitCode {
    note_panics();
    let arguments = Arguments::from_args();
    let mut tests: Vec<&Test> = inventory::iter::<Test>().collect();
    tests.sort_by_key(|test| test.name());
    let trials = tests.into_iter().map(|test| {
        let run = test.run;
        Trial::ignorable_test(test.name(), move || outcome(run))
    });
    let conclusion = libtest_mimic::run(&arguments, trials.collect());
    environment::clean_up();
    conclusion.exit_code()
}

/// Runs the tests that are registered in this binary, none of which may need a cluster, or Go.
#[must_use]
pub fn run_offline() -> ExitCode {
    offline::begin();
    run()
}

fn outcome(test: fn()) -> Result<Completion, Failed> {
    RUNS_TEST.set(true);
    let ended = catch_unwind(test);
    RUNS_TEST.set(false);
    let Err(payload) = ended else { return Ok(Completion::Completed) };
    match payload.downcast::<Ignored>() {
        Ok(ignored) => Ok(Completion::ignored_with(ignored.0)),
        Err(_) => Err(LAST_PANIC.take().into()),
    }
}

thread_local! {
    /// True while this thread runs a test.
    static RUNS_TEST: Cell<bool> = const { Cell::new(false) };
    /// The last panic of a test on this thread, with the place where it happened.
    static LAST_PANIC: RefCell<String> = RefCell::default();
}

/// Keeps what a panicking test says for the report at the end: printed at once, panics of tests
/// that run side by side mix, and those that a test expects look like failures.
fn note_panics() {
    let print = take_hook();
    set_hook(Box::new(move |panic| {
        if RUNS_TEST.get() {
            LAST_PANIC.replace(panic.to_string());
        } else {
            print(panic);
        }
    }));
}

/// Fails where a function below `folder` that is marked `#[test]` is not registered: its file is
/// not declared, or lacks `use end_to_end::test`, without which the built-in attribute drops it.
///
/// # Panics
/// Where one is missing, or the sources cannot be read.
#[track_caller]
pub fn assert_all_registered(folder: &Path) {
    let mut marked = Vec::new();
    marked_below(folder, &mut marked)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let last = |test: &'static Test| test.path.rsplit("::").next().unwrap_or(test.path).to_owned();
    let mut registered: Vec<String> = inventory::iter::<Test>().map(last).collect();
    marked.sort();
    registered.sort();
    assert_eq!(marked, registered, "tests in {}, and those that run", folder.display());
}

/// The names of the functions that are marked `#[test]` in the files below a folder.
fn marked_below(folder: &Path, marked: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            marked_below(&path, marked)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(path)?;
            let mut lines = text.lines().map(str::trim);
            while lines.any(|line| line == "#[test]") {
                let function = lines.find_map(|line| line.strip_prefix("fn "));
                marked.extend(function.and_then(|rest| rest.split('(').next()).map(str::to_owned));
            }
        }
    }
    Ok(())
}
