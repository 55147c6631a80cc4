//! A policy that does what its settings say: `{"do": "loop"}`.

mod attempts;
mod lookups;
mod readings;

use serde::Deserialize;
use snapshot_policy::{
    CompatibilityPolicy, CompatibilityQuestion, Description, Finding, Policy, PromotionPolicy,
    PromotionQuestion, Severity, Subject, parse_settings, register,
};
use std::hint::black_box;
use std::time::Duration;

struct Hostile;

#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
enum Deed {
    /// One finding that holds all of the question.
    Echo,
    /// One finding of each severity.
    SayAll,
    Decline {
        with: String,
    },
    Loop,
    Sleep {
        seconds: u64,
    },
    SleepForEver,
    /// Waits, without sleeping, until the monotonic clock has moved on.
    AwaitTheClock,
    Grow,
    Allocate {
        mebibytes: usize,
    },
    Recurse,
    RecurseWithMuch,
    Panic,
    Exit {
        status: i32,
    },
    Print {
        bytes: usize,
    },
    Find {
        findings: usize,
    },
    FindLong {
        bytes: usize,
    },
    FindText {
        text: String,
    },
    /// Readings of clocks and random numbers.
    Read,
    /// Attempts on environment, files and network.
    Attempt,
    /// Everything that can be looked up beside the question.
    LookUp,
    /// Everything that can be looked up of the sets.
    LookUpSets,
    /// Findings that may pass by themselves.
    Wait,
}

impl Policy for Hostile {
    fn describe() -> Description {
        Description {
            name: "hostile".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            summary: "Does what its settings say,\u{1b}[31m whatever that is.".to_owned(),
            settings_schema: Some(r#"{"type": "object"}"#.to_owned()),
        }
    }
}

impl CompatibilityPolicy for Hostile {
    fn check(question: &CompatibilityQuestion) -> Result<Vec<Finding>, String> {
        act(&question.settings, question)
    }
}

impl PromotionPolicy for Hostile {
    fn review(question: &PromotionQuestion) -> Result<Vec<Finding>, String> {
        act(&question.settings, question)
    }
}

register!(Hostile: compatibility, promotion);

fn act(settings: &str, question: &impl std::fmt::Debug) -> Result<Vec<Finding>, String> {
    let finding = |message: String| Finding::info("done", message);
    Ok(match parse_settings(settings)? {
        Deed::Echo => vec![finding(format!("{question:?}"))],
        Deed::SayAll => say_all(),
        Deed::Decline { with } => return Err(with),
        Deed::Loop => loop {
            black_box(());
        },
        Deed::Sleep { seconds } => {
            std::thread::sleep(Duration::from_secs(seconds));
            vec![finding(format!("slept {seconds} s"))]
        }
        Deed::SleepForEver => loop {
            std::thread::sleep(Duration::from_secs(3600));
        },
        Deed::AwaitTheClock => {
            let start = std::time::Instant::now();
            while start.elapsed() < Duration::from_micros(100) {}
            vec![finding("it moved on".to_owned())]
        }
        Deed::Grow => {
            let mut hoard = Vec::new();
            loop {
                hoard.push(black_box(vec![1_u8; 1 << 20]));
            }
        }
        Deed::Allocate { mebibytes } => {
            black_box(vec![1_u8; mebibytes << 20]);
            vec![finding(format!("had {mebibytes} MiB"))]
        }
        Deed::Recurse => vec![finding(recurse(1).to_string())],
        Deed::RecurseWithMuch => vec![finding(recurse_with_much(1).to_string())],
        Deed::Panic => panic!("the tax is too damn high"),
        Deed::Exit { status } => std::process::exit(status),
        Deed::Print { bytes } => {
            eprint!("{}", "x".repeat(bytes));
            println!("\u{1b}[2Jlast words");
            vec![finding(format!("printed {bytes} bytes"))]
        }
        Deed::Find { findings } => vec![finding(String::new()); findings],
        Deed::FindLong { bytes } => vec![Finding::deny("long", "x".repeat(bytes))],
        Deed::FindText { text } => vec![
            Finding::deny(&text, text.clone()).about(Subject::Service(text.clone())).hint(text),
        ],
        Deed::Read => readings::all().into_iter().map(finding).collect(),
        Deed::Attempt => attempts::all().into_iter().map(finding).collect(),
        Deed::LookUp => lookups::all().into_iter().map(finding).collect(),
        Deed::LookUpSets => lookups::of_sets().into_iter().map(finding).collect(),
        Deed::Wait => lookups::waiting(),
    })
}

fn say_all() -> Vec<Finding> {
    [Severity::Info, Severity::Warning, Severity::Deny, Severity::Undecided]
        .map(|severity| {
            Finding::new(severity, "said", "as asked")
                .about(Subject::Service("tax".to_owned()))
                .about(Subject::Instance("cart/cart".to_owned()))
                .about(Subject::FeatureFlag("tax-call".to_owned()))
                .hint("ask for less")
        })
        .into()
}

/// Uses up the stack of the engine: nothing here has an address.
#[allow(unconditional_recursion)]
fn recurse(depth: u64) -> u64 {
    recurse(depth + 1).rotate_left(7) ^ depth
}

/// Uses up the guest's own stack, in its memory, long before.
#[allow(unconditional_recursion)]
fn recurse_with_much(depth: u64) -> u64 {
    let frame = black_box([depth; 64]);
    recurse_with_much(depth + 1).rotate_left(7) ^ frame[(depth % 64) as usize]
}
