//! Commands of the plugin, as its help lists them.

/// Every command that people type, those below others with both words, as the help of each lists
/// them. `help` returns the help of a command, by its words.
pub fn commands(help: impl Fn(&str) -> String) -> Vec<String> {
    let mut commands = Vec::new();
    for command in listed(&help("")) {
        let below = listed(&help(&command));
        let below = below.into_iter().map(|word| format!("{command} {word}")).collect::<Vec<_>>();
        commands.push(command);
        commands.extend(below);
    }
    commands
}

/// The first words of the indented lines below `Commands:`, or of several such parts.
fn listed(help: &str) -> Vec<String> {
    let mut lines = help.lines();
    let mut commands = Vec::new();
    while lines.any(|line| line.ends_with("ommands:")) {
        let block = lines.by_ref().take_while(|line| line.starts_with("  "));
        // A description that goes on in the next line is indented further.
        let first = block.filter(|line| !line.starts_with("   "));
        let words = first.filter_map(|line| line.split_whitespace().next().map(str::to_owned));
        commands.extend(words.filter(|word| word != "help"));
    }
    commands
}
