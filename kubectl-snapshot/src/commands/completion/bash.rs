//! bash, which breaks words where ours go on.

use std::{
    ffi::OsString,
    io::{self, Write},
    path::Path,
};

use clap::Command;
use clap_complete::{engine::complete, env::EnvCompleter};

/// Completes in bash.
///
/// clap's own script hands over bash's words, and bash ends a word at `:` and `=`:
/// `live:dev` and `--context=kind` would be three words each.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bash;

const SCRIPT: &str = r#"_clap_complete_NAME() {
    local line="${COMP_LINE:0:COMP_POINT}" words=() word rest i
    # bash ends words at some characters that are part of ours: what no blank parts is one word.
    for ((i = 0; i <= COMP_CWORD; i++)); do
        rest="${line#"${line%%[![:space:]]*}"}"
        if [[ $i -eq 0 || "$rest" != "$line" ]]; then words+=(""); fi
        line="$rest"
        word="${COMP_WORDS[i]}"
        # The cursor stands inside the last word.
        [[ "$line" == "$word"* ]] || word="$line"
        words[${#words[@]}-1]+="$word"
        line="${line:${#word}}"
    done
    # bash replaces what comes after the last of those characters.
    local last="${words[${#words[@]}-1]}" breaks="${COMP_WORDBREAKS//[^:=]/}" before=""
    if [[ -n "$breaks" ]]; then before="${last%"${last##*["$breaks"]}"}"; fi
    COMPREPLY=()
    while IFS= read -r word; do
        COMPREPLY+=("${word#"$before"}")
    done < <(VAR=bash COMPLETER -- "${words[@]}" 2>/dev/null)
    if [[ ${#COMPREPLY[@]} -eq 1 && "${COMPREPLY[0]}" == *[/:=] ]]; then
        compopt -o nospace 2>/dev/null
    fi
}
complete -o bashdefault -o nosort -F _clap_complete_NAME BIN 2>/dev/null ||
    complete -o bashdefault -F _clap_complete_NAME BIN
"#;

impl EnvCompleter for Bash {
    fn name(&self) -> &'static str {
        "bash"
    }

    fn is(&self, name: &str) -> bool {
        name == "bash"
    }

    fn write_registration(
        &self,
        var: &str,
        name: &str,
        bin: &str,
        completer: &str,
        buf: &mut dyn Write,
    ) -> io::Result<()> {
        let script = SCRIPT
            .replace("NAME", &name.replace('-', "_"))
            .replace("BIN", bin)
            .replace("COMPLETER", completer)
            .replace("VAR", var);
        buf.write_all(script.as_bytes())
    }

    fn write_complete(
        &self,
        cmd: &mut Command,
        args: Vec<OsString>,
        current_dir: Option<&Path>,
        buf: &mut dyn Write,
    ) -> io::Result<()> {
        let last = args.len().saturating_sub(1);
        for candidate in complete(cmd, args, last, current_dir)? {
            writeln!(buf, "{}", candidate.get_value().to_string_lossy())?;
        }
        Ok(())
    }
}
