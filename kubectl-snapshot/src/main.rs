//! `kubectl snapshot`.

use std::process::ExitCode;

fn main() -> ExitCode {
    kubectl_snapshot::run::main()
}
