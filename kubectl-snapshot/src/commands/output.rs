//! The flag `-o`, alike for every command.

use clap::Args;

use crate::{
    commands::complete,
    render::{Format, FormatChoice},
};

/// Output flag.
#[derive(Args, Debug)]
pub struct OutputArgs {
    #[arg(
        short = 'o',
        long = "output",
        value_name = "FORMAT",
        value_parser = |text: &str| FormatChoice::Common.read(text),
        default_value = "table",
        hide_default_value = true,
        help = help(FormatChoice::Common),
        add = complete::format(FormatChoice::Common)
    )]
    pub format: Format,
}

/// Output flag of a command whose report is worth a file.
#[derive(Args, Debug)]
pub struct FileOutputArgs {
    #[arg(
        short = 'o',
        long = "output",
        value_name = "FORMAT",
        value_parser = |text: &str| FormatChoice::All.read(text),
        default_value = "table",
        hide_default_value = true,
        help = help(FormatChoice::All),
        add = complete::format(FormatChoice::All)
    )]
    pub format: Format,
}

/// Output flag of a command that has no format of its own where nobody asks for one.
#[derive(Args, Debug)]
pub struct OptionalOutputArgs {
    #[arg(
        short = 'o',
        long = "output",
        value_name = "FORMAT",
        value_parser = |text: &str| FormatChoice::Common.read(text),
        help = help(FormatChoice::Common),
        add = complete::format(FormatChoice::Common)
    )]
    pub format: Option<Format>,
}

/// Help of the flag.
fn help(choice: FormatChoice) -> String {
    format!("How to print it: {}", choice.list())
}
