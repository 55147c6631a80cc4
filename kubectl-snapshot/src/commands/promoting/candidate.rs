//! Candidate of a promotion: the set that is to go to a stage.

use snapshot_core::{record::Chain, reference::Reference};

use crate::{
    commands::{deploying::Place, failure::Failure, resolve::Found, session::Session},
    store::Store,
};

/// Candidate as asked for.
pub enum Wanted {
    /// The one that the user names.
    Reference(Reference),
    /// The one that ran there before.
    Before,
}

impl Wanted {
    /// The set.
    pub(super) async fn find(
        &self,
        session: &Session,
        store: &Store,
        place: &Place,
        chain: &Chain,
    ) -> Result<Found, Failure> {
        let reference = match self {
            Self::Reference(reference) => reference.clone(),
            Self::Before => {
                let before = chain.way_back().ok_or_else(|| {
                    Failure::new(format!("there is nothing to go back to at stage {}", chain.stage))
                        .hint(format!(
                            "kubectl snapshot history {} shows what ran there; --to names another snapshot",
                            chain.stage
                        ))
                })?;
                Reference::Digest(before.digest.to_string())
            }
        };
        let mut found = session.resolve_one(&reference, &place.reading, Some(store)).await?;
        if let (Self::Before, Some(name)) = (self, &found.snapshot.metadata.name) {
            found.label.clone_from(name);
        }
        session.as_captured_now(found, &place.reading).await
    }
}
