//! Scripts that have kubectl or a shell call this program on Tab.

use std::io::{self, Write};

use clap_complete::env::{EnvCompleter, Fish, Powershell, Zsh};

use super::{Target, bash::Bash};

/// Set by a shell's script: which shell asks.
pub(super) const SHELL: &str = "_KUBECTL_SNAPSHOT_COMPLETE";

/// The shells that complete the bare binary.
pub(super) const SHELLS: [&dyn EnvCompleter; 4] = [&Bash, &Zsh, &Fish, &Powershell];

/// kubectl runs `kubectl_complete-snapshot` with the words typed so far. The
/// plugin is called directly: kubectl takes longer to start than the plugin to answer.
const KUBECTL: &str = "\
#!/bin/sh
# kubectl calls this on Tab with the words typed so far.
exec PROGRAM __complete \"$@\"
";

/// Batch file: Go's `LookPath` finds an executable by the endings of PATHEXT.
const KUBECTL_ON_WINDOWS: &str = "\
@rem kubectl calls this on Tab with the words typed so far.\r
@PROGRAM.exe __complete %*\r
";

/// Writes the script of `target` for a program, by its file's name on the PATH.
pub(super) fn write(target: Target, program: &str, out: &mut dyn Write) -> io::Result<()> {
    let shell: &dyn EnvCompleter = match target {
        Target::Kubectl if !cfg!(windows) => {
            return out.write_all(KUBECTL.replace("PROGRAM", program).as_bytes());
        }
        Target::Kubectl | Target::KubectlOnWindows => {
            return out.write_all(KUBECTL_ON_WINDOWS.replace("PROGRAM", program).as_bytes());
        }
        Target::Bash => &Bash,
        Target::Zsh => &Zsh,
        Target::Fish => &Fish,
        Target::PowerShell => &Powershell,
    };
    shell.write_registration(SHELL, program, program, program, out)
}
