//! Ancestry: what git tells about pairs of commits.
//!
//! A commit id has no order of its own. So a comparison first lists the pairs whose order
//! matters, as [`Question`]s; whoever has the repositories answers all of them at once; and
//! diffs and requirements then take the answers from an [`Ancestry`], which is data.

mod built;
mod counts;
mod gap;
mod graph;
mod links;
mod notes;
mod position;
mod question;
mod reach;
mod relation;
mod source;

use std::collections::HashMap;

pub use built::Built;
pub use gap::Gap;
pub use graph::{Between, Graph};
pub use notes::{LoggedCommit, Notes};
pub use position::Position;
pub use question::{Question, Software, questions};
pub use relation::Relation;
pub use source::sources;

use crate::{
    snapshot::Container,
    version::{self, Order},
};

/// The answers that repositories gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ancestry {
    answers: HashMap<Question, Result<Relation, Gap>>,
    built: Built,
}

impl Ancestry {
    /// The ancestry with commits of images that their sets do not say.
    #[must_use]
    pub fn with_built(self, built: Built) -> Self {
        Self { built, ..self }
    }

    /// The commit that a container's image is built from.
    #[must_use]
    pub fn commit<'a>(&'a self, container: &'a Container) -> Option<&'a str> {
        self.built.commit(container)
    }

    /// The question that two containers of a service ask; none where commits do not decide.
    #[must_use]
    pub fn question(
        &self,
        service: &str,
        before: &Container,
        after: &Container,
    ) -> Option<Question> {
        Question::about(&self.built, service, before, after)
    }

    /// The answer to a question; none where it was never asked.
    #[must_use]
    pub fn answer(&self, question: &Question) -> Option<&Result<Relation, Gap>> {
        self.answers.get(question)
    }

    /// The order of a container of a service relative to one before it: as git knows it, else as
    /// the tags tell.
    #[must_use]
    pub fn order(&self, service: &str, before: &Container, after: &Container) -> Order {
        let question = self.question(service, before, after);
        match question.and_then(|question| self.answer(&question)) {
            // One commit, built twice: what differs is not in git.
            Some(Ok(relation)) if relation.order != Order::Same => relation.order,
            _ => version::compare(before, after),
        }
    }
}

impl FromIterator<(Question, Result<Relation, Gap>)> for Ancestry {
    fn from_iter<I: IntoIterator<Item = (Question, Result<Relation, Gap>)>>(answers: I) -> Self {
        Self { answers: answers.into_iter().collect(), built: Built::default() }
    }
}
