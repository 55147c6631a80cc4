//! Order of images by the history of their commits.

use std::mem::discriminant;

use super::{Diff, ImageDiff, PartDiff, PartsDiff};
use crate::{
    ancestry::{Ancestry, Gap, Relation},
    version::Order,
};

impl Diff {
    /// The diff, with the order of commits as git knows it.
    ///
    /// It goes before the order of tags. What git does not know says why, where the tags do not
    /// tell either.
    #[must_use]
    pub fn ordered_by(mut self, ancestry: &Ancestry) -> Self {
        for one in &mut self.instances {
            for image in &mut one.images {
                let question = ancestry.question(&one.service, &image.before, &image.after);
                if let Some(answer) = question.and_then(|question| ancestry.answer(&question)) {
                    image.take(answer);
                }
            }
        }
        self
    }

    /// The reasons why git does not tell the order of images, those alike together.
    #[must_use]
    pub fn gaps(&self) -> Vec<Gaps<'_>> {
        gaps([self])
    }
}

impl PartsDiff {
    /// The diff, with the order of commits as git knows it in each part.
    #[must_use]
    pub fn ordered_by(self, ancestry: &Ancestry) -> Self {
        let parts = self.parts.into_iter();
        let parts = parts.map(|one| PartDiff { diff: one.diff.ordered_by(ancestry), ..one });
        Self { parts: parts.collect(), ..self }
    }

    /// The reasons why git does not tell the order of images in any part, those alike together.
    #[must_use]
    pub fn gaps(&self) -> Vec<Gaps<'_>> {
        gaps(self.parts.iter().map(|one| &one.diff))
    }
}

fn gaps<'a>(diffs: impl IntoIterator<Item = &'a Diff>) -> Vec<Gaps<'a>> {
    let mut alike: Vec<(_, Gaps<'_>)> = Vec::new();
    let images = diffs.into_iter().flat_map(|diff| &diff.instances).flat_map(|one| &one.images);
    for gap in images.filter_map(|image| image.gap.as_ref()) {
        let kind = (discriminant(gap), gap.repository());
        match alike.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, gaps)) => gaps.images += 1,
            None => alike.push((kind, Gaps { first: gap, images: 1 })),
        }
    }
    alike.into_iter().map(|(_, gaps)| gaps).collect()
}

/// Gaps of one kind, in one repository.
#[derive(Clone, Copy, Debug)]
pub struct Gaps<'a> {
    /// The first of them.
    pub first: &'a Gap,
    /// Number of images whose order they leave open.
    pub images: usize,
}

impl ImageDiff {
    fn take(&mut self, answer: &Result<Relation, Gap>) {
        match answer {
            // One commit, built twice: what differs is not in git.
            Ok(Relation { order: Order::Same, .. }) => {}
            Ok(relation) => {
                self.order = relation.order;
                self.ahead = relation.ahead;
                self.behind = relation.behind;
            }
            Err(gap) if self.order == Order::Unknown => self.gap = Some(gap.clone()),
            Err(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ancestry::{Built, Question},
        container,
        diff::Presence,
        manifest::Kind,
    };

    fn diff(before: &str, after: &str, answer: Result<Relation, Gap>) -> ImageDiff {
        let [before, after] = [before, after].map(container::of_text);
        let question = Question::about(&Built::default(), "tax", &before, &after);
        let ancestry: Ancestry = question.map(|question| (question, answer)).into_iter().collect();
        let order = crate::version::compare(&before, &after);
        let image = ImageDiff {
            container: "tax".into(),
            before,
            after,
            order,
            ahead: None,
            behind: None,
            gap: None,
        };
        let one = super::super::InstanceDiff {
            service: "tax".into(),
            instance: "tax".into(),
            kind: Kind::Deployment,
            change: Presence::Changed,
            images: vec![image],
            environment: Vec::new(),
            containers_added: Vec::new(),
            containers_removed: Vec::new(),
            fields: Vec::new(),
        };
        let nothing = crate::snapshot::Snapshot::default();
        let mut diff = crate::diff::compare(["a", "b"], &nothing, &nothing);
        diff.instances.push(one);
        diff.ordered_by(&ancestry).instances.remove(0).images.remove(0)
    }

    #[test]
    fn git_goes_before_tags_and_counts() {
        let found = diff("tax:1.4.0-3f2a91c", "tax:1.4.1-7d1f0c9", Ok(Relation::of(2, 1)));
        assert_eq!((found.order, found.ahead, found.behind), (Order::Diverged, Some(2), Some(1)));
        let found = diff("tax:3f2a91c", "tax:7d1f0c9", Ok(Relation::of(0, 3)));
        assert_eq!((found.order, found.behind), (Order::Older, Some(3)));
    }

    #[test]
    fn tags_tell_where_git_does_not() {
        let gap = Gap::NoRepository { service: "tax".into() };
        let found = diff("tax:1.4.0-3f2a91c", "tax:1.4.1-7d1f0c9", Err(gap.clone()));
        assert_eq!((found.order, found.gap), (Order::Newer, None));
        let found = diff("tax:3f2a91c", "tax:7d1f0c9", Err(gap.clone()));
        assert_eq!((found.order, found.gap), (Order::Unknown, Some(gap)));
        let found = diff("tax:1.4.0-3f2a91c", "tax:1.4.1-7d1f0c9", Ok(Relation::of(0, 0)));
        assert_eq!((found.order, found.ahead), (Order::Newer, None));
    }
}
