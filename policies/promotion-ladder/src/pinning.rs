//! Pinning rule: image names that cannot come to mean another image.

use crate::settings::{Pinned, Settings};
use snapshot_policy::{Container, Finding, Instance, Snapshot, enumerate};

/// The containers whose image may be another one tomorrow, as one finding.
pub(crate) fn judge(settings: &Settings, candidate: &Snapshot) -> Option<Finding> {
    let moves = |container: &Container| match settings.pinned {
        Pinned::No => false,
        Pinned::Digest => !has(container.digest.as_ref()),
        Pinned::Tag => !has(container.digest.as_ref()) && !is_settled(container, settings),
    };
    let mut images = Vec::new();
    let mut instances: Vec<&Instance> = Vec::new();
    for instance in &candidate.instances {
        let before = images.len();
        let of_instance = instance.containers.iter().filter(|container| moves(container));
        images.extend(
            of_instance.map(|container| format!("{} runs {}", instance.key(), image(container))),
        );
        if images.len() > before {
            instances.push(instance);
        }
    }
    if images.is_empty() {
        return None;
    }
    let (asked, hint) = match settings.pinned {
        Pinned::Digest => {
            ("without a digest", "name each image by digest, as in shop/tax@sha256:…")
        }
        _ => {
            ("with nothing that stays the same", "name each image by a version's tag, or by digest")
        }
    };
    let message = format!("{}, {asked}", enumerate(&images));
    let finding = Finding::deny("image-not-pinned", message).hint(hint);
    Some(instances.into_iter().map(Instance::subject).fold(finding, Finding::about))
}

fn has(text: Option<&String>) -> bool {
    text.is_some_and(|text| !text.is_empty())
}

/// No tag stands for `latest`.
fn is_settled(container: &Container, settings: &Settings) -> bool {
    let moves = |tag: &str| settings.moving_tags.iter().any(|it| it.eq_ignore_ascii_case(tag));
    container.tag.as_ref().is_some_and(|tag| !tag.is_empty() && !moves(tag))
}

/// `shop/tax:latest`
fn image(container: &Container) -> String {
    match container.tag.as_deref() {
        None | Some("") => format!("{} without a tag", container.image),
        Some(tag) => format!("{}:{tag}", container.image),
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::{findings, instance, promotion, said};
    use snapshot_policy::{Instance, PromotionQuestion, Subject};

    fn running(settings: &str, instances: Vec<Instance>) -> PromotionQuestion {
        let mut question = PromotionQuestion { settings: settings.to_owned(), ..promotion() };
        question.candidate.instances = instances;
        question
    }

    fn is_pinned(settings: &str, tag: Option<&str>, digest: Option<&str>) -> bool {
        said(&running(settings, vec![instance("tax", tag, digest)])).is_empty()
    }

    #[test]
    fn a_tag_that_stays_or_a_digest_pins() {
        let digest = Some("sha256:ab");
        for (tag, digest, pinned) in [
            (Some("1.4.1"), None, true),
            (Some("latest"), digest, true),
            (None, digest, true),
            (Some("latest"), None, false),
            (Some("Latest"), None, false),
            (Some(""), Some(""), false),
            (None, None, false),
        ] {
            assert_eq!(is_pinned("{}", tag, digest), pinned, "{tag:?} {digest:?}");
        }
    }

    #[test]
    fn the_settings_say_what_pins() {
        let digest = r#"{"pinned": "digest"}"#;
        assert!(!is_pinned(digest, Some("1.4.1"), None));
        assert!(is_pinned(digest, None, Some("sha256:ab")));
        assert!(is_pinned(r#"{"pinned": "no"}"#, None, None));
        let moving = r#"{"movingTags": ["main"]}"#;
        assert!(!is_pinned(moving, Some("main"), None));
        assert!(is_pinned(moving, Some("latest"), None));
    }

    #[test]
    fn all_of_them_are_one_finding() {
        let tax = instance("tax", Some("latest"), None);
        let question = running("{}", vec![instance("cart", None, None), tax]);
        assert_eq!(
            said(&question),
            ["deny image-not-pinned: cart/cart runs shop/cart without a tag and tax/tax runs \
                 shop/tax:latest, with nothing that stays the same"]
        );
        let subjects = ["cart/cart", "tax/tax"].map(|key| Subject::Instance(key.to_owned()));
        assert_eq!(findings(&question)[0].subjects, subjects);
    }
}
