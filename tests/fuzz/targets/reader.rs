//! The reader that this target is named after, on whatever bytes come.
#![no_main]

use kubectl_snapshot::readers::{READERS, Reader};
use libfuzzer_sys::fuzz_target;

const NAME: &str = env!("CARGO_BIN_NAME");

fuzz_target!(|bytes: &[u8]| reader()(bytes));

fn reader() -> Reader {
    if NAME == "answer" {
        return snapshot_policy_host::readers::answer;
    }
    let named = READERS.iter().find(|(name, _)| *name == NAME);
    named.expect("each target is named after a reader").1
}
