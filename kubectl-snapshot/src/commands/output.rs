//! `-o`, for commands whose arguments are members of an enum.

use clap::Args;

use crate::commands::complete;
use crate::render::Format;

/// Output flag.
#[derive(Args, Debug)]
pub(super) struct OutputArgs {
    /// How to print it: table, wide, json, yaml, name, jsonpath=TEMPLATE, markdown
    #[arg(
        short = 'o',
        long = "output",
        value_name = "FORMAT",
        default_value = "table",
        hide_default_value = true,
        add = complete::format()
    )]
    pub(super) format: Format,
}
