//! Help texts that call the program what it is called here.

use clap::Command;

use crate::ui::Program;

/// The commands as they are typed here: usage, descriptions and examples say that name.
pub(super) fn named(command: Command, program: &Program) -> Command {
    if *program == Program::default() {
        return command;
    }
    rewritten(command.name(program.typed.clone()).bin_name(&program.typed), program)
}

fn rewritten(mut command: Command, program: &Program) -> Command {
    let here = |text: &clap::builder::StyledStr| {
        program.with_program_name(&text.ansi().to_string()).into_owned()
    };
    if let Some(about) = command.get_about().map(here) {
        command = command.about(about);
    }
    if let Some(about) = command.get_long_about().map(here) {
        command = command.long_about(about);
    }
    if let Some(after) = command.get_after_help().map(here) {
        command = command.after_help(after);
    }
    command.mut_subcommands(|below| rewritten(below, program))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_of_a_renamed_plugin_says_its_name() {
        let kit = Program { file: "kubectl-kit".to_owned(), typed: "kubectl kit".to_owned() };
        let below = Command::new("list")
            .about("kubectl snapshot lists")
            .after_help("kubectl snapshot list");
        let command = named(Command::new("kubectl snapshot").subcommand(below), &kit);
        let help = command.clone().try_get_matches_from(["kubectl-kit", "list", "--help"]);
        let help = help.unwrap_err().to_string();
        assert!(help.contains("Usage: kubectl kit list"), "{help}");
        assert!(!help.contains("snapshot"), "{help}");
    }
}
