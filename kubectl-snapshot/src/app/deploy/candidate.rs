//! The candidate: the set that is to run.

use snapshot_core::{
    compose::Drafts, digest::Digest, parts::PartName, record::Chain, reference::Reference,
};

use super::Target;
use crate::{
    app::{
        App, AppError, Failure, document_as_captured_now,
        read::{in_parts, read_live},
        resolve::resolve_one,
        resolved::ResolvedDocument,
    },
    blocking::blocking,
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
    /// The one that runs, with a flag switched.
    Switched {
        /// The flag.
        flag: String,
        /// The value that it is to serve: `on`, `off`, or a variant.
        value: String,
    },
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
            Self::Switched { flag, value } => {
                return Box::pin(switched(app, target, flag, value)).await;
            }
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

/// The set that runs, with a flag switched.
async fn switched(
    app: &App,
    target: &Target,
    flag: &str,
    value: &str,
) -> Result<ResolvedDocument, Failure> {
    let mut sets = Vec::new();
    for one in &target.parts {
        sets.push((one.part.clone(), read_live(app, &one.cluster, &target.options).await?));
    }
    let base = if let [(None, _)] = sets.as_slice() {
        sets.remove(0).1.into()
    } else {
        let named = sets.into_iter().filter_map(|(part, set)| Some((part?, set)));
        in_parts(named.collect(), target.label.clone())?
    };
    let label = target.label.clone();
    let variables = target.options.variables.clone();
    let (wanted, to) = (flag.to_owned(), value.to_owned());
    let composed = blocking(move || {
        let mut drafts = Drafts::of(&label, base, None, variables)?;
        drafts.switch(&wanted, &to)?;
        drafts.finish()
    });
    let (document, warnings) = composed.await?;
    for warning in &warnings {
        app.observer.warning(warning);
    }
    let label = format!("{} with {flag}={value}", target.label);
    Ok(ResolvedDocument { label, document })
}
