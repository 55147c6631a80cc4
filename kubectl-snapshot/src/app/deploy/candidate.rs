//! The candidate: the set that is to run.

use snapshot_core::{digest::Digest, parts::PartName, record::Chain, reference::Reference};

use super::Target;
use crate::{
    app::{
        App, AppError, Failure, document_as_captured_now, resolve::resolve_one,
        resolved::ResolvedDocument,
    },
    store::Store,
};

/// The set that is to run.
#[derive(Debug)]
pub enum Candidate {
    /// The one that the user names, or a part of it.
    Named {
        /// The snapshot.
        reference: Reference,
        /// The part, where it has several.
        part: Option<PartName>,
    },
    /// The stored one that a plan was made for.
    Planned(Digest),
    /// The one that ran at the stage before.
    Before,
}

impl Candidate {
    /// The set, with the values of variables taken out, also of files.
    pub(super) async fn find(
        &self,
        app: &App,
        store: &Store,
        target: &Target,
        chain: Option<&Chain>,
    ) -> Result<ResolvedDocument, Failure> {
        let (reference, part) = match self {
            Self::Named { reference, part } => (reference.clone(), part.as_ref()),
            Self::Planned(digest) => (Reference::Digest(digest.to_string()), None),
            Self::Before => {
                let chain =
                    chain.ok_or_else(|| Failure::usage("only a stage can go back to a set"))?;
                let nothing = || AppError::NothingBefore { stage: chain.stage.clone() };
                let before = chain.way_back().ok_or_else(nothing)?;
                (Reference::Digest(before.digest.to_string()), None)
            }
        };
        let found = resolve_one(app, &reference, &target.options, Some(store)).await?;
        let mut found = found.part(part)?;
        if let (Self::Planned(_) | Self::Before, Some(name)) =
            (self, &found.document.metadata().name)
        {
            found.label.clone_from(name);
        }
        // What cannot go there is refused before anything else is said of it.
        target.sets(&found)?;
        document_as_captured_now(app, found, &target.options).await
    }
}
