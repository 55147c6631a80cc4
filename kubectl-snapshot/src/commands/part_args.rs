//! `--part`: one part of a set of several namespaces.

use clap::Args;
use snapshot_core::parts::{Document, PartName};

use crate::{
    app::{Failure, resolved::ResolvedDocument},
    commands::complete,
};

/// The part that is meant.
#[derive(Args, Debug)]
pub(super) struct PartArgs {
    /// Only this part of a snapshot of several namespaces
    #[arg(long, value_name = "PART", add = complete::part())]
    pub(super) part: Option<PartName>,
}

impl PartArgs {
    /// The part of each snapshot that has parts; one of them has it at least.
    pub(super) fn of(
        &self,
        found: Vec<ResolvedDocument>,
    ) -> Result<Vec<ResolvedDocument>, Failure> {
        let Some(part) = &self.part else { return Ok(found) };
        let has_parts = |one: &ResolvedDocument| matches!(one.document, Document::Several(_));
        let any = found.iter().any(has_parts);
        let chosen = found
            .into_iter()
            .map(|one| if any && !has_parts(&one) { Ok(one) } else { one.part(Some(part)) });
        chosen.collect()
    }
}
