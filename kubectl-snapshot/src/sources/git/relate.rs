//! The order of pairs of commits, all of them in one walk.

use std::collections::HashMap;

use gix::ObjectId;
use snapshot_core::{
    ancestry::{Gap, Relation},
    git_repository::GitRepository,
};

use super::opened::Opened;
use crate::blocking::blocking;

/// Choice whether the commits between two are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    /// Commits are counted: somebody is shown them.
    Counted,
    /// The order is enough.
    OrderAlone,
}

/// The relation of the second of each pair to the first.
pub async fn relate(
    config: &GitRepository,
    pairs: Vec<(String, String)>,
    counting: Counting,
) -> Vec<Result<Relation, Gap>> {
    let config = config.clone();
    blocking(move || relate_here(&config, &pairs, counting)).await
}

/// Opens a repository, to say what keeps it from telling an order.
pub async fn check(config: &GitRepository) -> Result<(), Gap> {
    let config = config.clone();
    blocking(move || Opened::open(&config).map(drop)).await
}

type Resolved<'a> = HashMap<&'a str, Result<ObjectId, Gap>>;

fn relate_here(
    config: &GitRepository,
    pairs: &[(String, String)],
    counting: Counting,
) -> Vec<Result<Relation, Gap>> {
    let opened = match Opened::open(config) {
        Ok(opened) => opened,
        Err(gap) => return vec![Err(gap); pairs.len()],
    };
    let mut resolved = Resolved::new();
    for text in pairs.iter().flat_map(|(first, second)| [first, second]) {
        resolved.entry(text).or_insert_with(|| opened.commit(text));
    }
    let both = |(first, second): &(String, String)| {
        Ok::<_, Gap>((resolved[first.as_str()].clone()?, resolved[second.as_str()].clone()?))
    };
    let pairs: Vec<Result<(ObjectId, ObjectId), Gap>> = pairs.iter().map(both).collect();
    let known: Vec<(ObjectId, ObjectId)> =
        pairs.iter().filter_map(|pair| pair.as_ref().ok().copied()).collect();
    let graph = match opened.history(known.iter().flat_map(|(first, second)| [*first, *second])) {
        Ok(graph) => graph,
        Err(gap) => {
            return pairs.into_iter().map(|pair| Err(pair.err().unwrap_or(gap.clone()))).collect();
        }
    };
    let mut relations = match counting {
        Counting::OrderAlone => {
            graph.orders(&known).into_iter().map(Relation::from).collect::<Vec<_>>()
        }
        Counting::Counted => graph.relations(&known),
    }
    .into_iter();
    let answer = |pair: Result<_, Gap>| match pair {
        Ok(_) => Ok(relations.next().expect("each known pair has its relation")),
        Err(gap) => Err(gap),
    };
    pairs.into_iter().map(answer).collect()
}
