//! Questions: the pairs of commits whose order matters.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    iter,
};

use super::Built;
use crate::{
    container,
    image::base_name,
    manifest::Kind,
    requirement::{Condition, Dependency},
    snapshot::{Container, InstanceRef, Spec},
    version::same_commit,
};

/// Software whose commits are compared: a service, and where its images come from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Software {
    /// The service's name.
    pub service: String,
    /// Repository of the images.
    pub image: String,
}

/// A pair of commits of one software, whose order its git repository knows.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Question {
    /// The software.
    pub software: Software,
    /// The first commit, whole or abbreviated.
    pub before: String,
    /// The second commit.
    pub after: String,
}

impl Question {
    /// The question that two containers of a service ask; none where commits do not decide.
    ///
    /// Another registry may mirror an image under its name; another name is other software.
    #[must_use]
    pub fn about(
        built: &Built,
        service: &str,
        before: &Container,
        after: &Container,
    ) -> Option<Self> {
        let commits = [built.commit(before)?, built.commit(after)?];
        let comparable = base_name(&before.image) == base_name(&after.image);
        (comparable && !same_commit(commits[0], commits[1]))
            .then(|| Self::new(service, &after.image, commits))
    }

    /// The question whether a container of a service runs a commit or a later one.
    ///
    /// Its repository knows the service by its own name, also where a part's stands before it.
    #[must_use]
    pub(crate) fn at_or_after(service: &str, wanted: &str, image: &str, commit: &str) -> Self {
        Self::new(own_name(service), image, [wanted, commit])
    }

    fn new(service: &str, image: &str, [before, after]: [&str; 2]) -> Self {
        Self {
            software: Software { service: service.to_owned(), image: image.to_owned() },
            before: before.to_owned(),
            after: after.to_owned(),
        }
    }
}

/// The questions that sets raise by themselves, and each compared with the one before it.
///
/// Each part of a set is a pair: what one requires another may have. What a set requires may be
/// met by what it leaves where it goes.
#[must_use]
pub fn questions(pairs: &[(Option<&Spec>, &Spec)], built: &Built) -> BTreeSet<Question> {
    let sets: Vec<&Spec> =
        pairs.iter().flat_map(|(before, after)| before.iter().chain([after])).copied().collect();
    let mut questions = required(&sets, built);
    for (before, after) in pairs {
        questions.extend(before.iter().flat_map(|before| compared(before, after, built)));
    }
    questions
}

/// A service's own name, without the part's that tells it apart: neither has a slash in it.
fn own_name(service: &str) -> &str {
    service.rsplit('/').next().unwrap_or(service)
}

/// Commits that requirements name, and those that run.
fn required(sets: &[&Spec], built: &Built) -> BTreeSet<Question> {
    let of_flags = sets.iter().flat_map(|spec| spec.flags.values()).flat_map(|one| &one.requires);
    let instances = sets.iter().flat_map(|spec| spec.instances());
    let of_instances = instances.flat_map(|one| &one.instance.requires);
    let wanted: BTreeSet<(&str, &String)> = of_flags
        .chain(of_instances)
        .filter_map(|one| match (&one.dependency, &one.condition) {
            (Dependency::Service(service), Some(Condition::Commit(commit))) => {
                Some((own_name(service), commit))
            }
            _ => None,
        })
        .collect();
    let mut questions = BTreeSet::new();
    for (service, wanted) in wanted {
        let running = sets.iter().filter_map(|spec| spec.services.get(service)).flatten();
        for (_, instance) in running {
            for running in instance.containers.values().flat_map(all_images) {
                if let Some(commit) = built.commit(&running)
                    && !same_commit(commit, wanted)
                {
                    questions.insert(Question::at_or_after(
                        service,
                        wanted,
                        &running.image,
                        commit,
                    ));
                }
            }
        }
    }
    questions
}

/// Commits of the same containers in two sets.
fn compared(before: &Spec, after: &Spec, built: &Built) -> BTreeSet<Question> {
    let identity = |one: &InstanceRef<'_>| (one.instance.kind, one.workload().to_owned());
    let left: HashMap<(Kind, String), InstanceRef<'_>> =
        before.instances().map(|one| (identity(&one), one)).collect();
    let mut questions = BTreeSet::new();
    for right in after.instances() {
        let Some(left) = left.get(&identity(&right)) else { continue };
        for (name, after) in &right.instance.containers {
            let Some(before) = left.instance.containers.get(name) else { continue };
            for before in all_images(before) {
                for after in all_images(after) {
                    questions.extend(Question::about(built, right.service, &before, &after));
                }
            }
        }
    }
    questions
}

/// A container as its template asks for it, and as pods of other templates run it.
fn all_images(container: &Container) -> impl Iterator<Item = Container> + '_ {
    let template = Container { env: BTreeMap::new(), ..container.clone() };
    let others = container.also_running.iter().map(|image| container::of_text(image));
    iter::once(template).chain(others)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn container(image: &str) -> Container {
        container::of_text(image)
    }

    #[test]
    fn only_commits_that_differ_are_asked_about() {
        let about = |before: &str, after: &str| {
            Question::about(&Built::default(), "tax", &container(before), &container(after))
                .map(|question| (question.software.image, question.before, question.after))
        };
        assert_eq!(
            about("shop/tax:3f2a91c", "shop/tax:main-7d1f0c9"),
            Some(("shop/tax".to_owned(), "3f2a91c".to_owned(), "7d1f0c9".to_owned()))
        );
        assert_eq!(about("dev.io/tax:3f2a91c", "prod.io/tax:7d1f0c9").unwrap().0, "prod.io/tax");
        for (before, after) in [
            ("shop/tax:3f2a91c", "shop/tax:3f2a91c5"),
            ("shop/tax:3f2a91c", "shop/tax:1.4.0"),
            ("shop/tax:3f2a91c", "shop/pricing:7d1f0c9"),
        ] {
            assert_eq!(about(before, after), None, "{before} → {after}");
        }
    }

    #[test]
    fn what_pods_run_beside_the_template_is_asked_about_too() {
        let mut mixed = container("shop/tax:3f2a91c");
        mixed.also_running = vec!["shop/tax:1b2c3d4".to_owned()];
        let tags: Vec<_> = all_images(&mixed).map(|one| one.tag.unwrap()).collect();
        assert_eq!(tags, ["3f2a91c", "1b2c3d4"]);
    }
}
