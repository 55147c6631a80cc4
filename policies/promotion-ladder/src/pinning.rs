//! Pinning rule: image names that cannot come to mean another image.

use crate::settings::{Pinned, Settings};
use snapshot_policy::{Container, Finding, Instance, Snapshot, enumerate, lookup};

/// The containers whose image may be another one tomorrow, as one finding.
///
/// What will be written decides, where that is known: a digest that ran elsewhere pins nothing
/// that is pulled by its tag.
pub(crate) fn judge(settings: &Settings, candidate: &Snapshot) -> Option<Finding> {
    let needs_digest = |container: &Container| match settings.pinned {
        Pinned::No => false,
        Pinned::Digest => true,
        Pinned::Tag => !is_settled(container, settings),
    };
    let mut images = Vec::new();
    let mut instances: Vec<&Instance> = Vec::new();
    let mut is_left_by_tag = false;
    for instance in &candidate.instances {
        if !instance.containers.iter().any(needs_digest) {
            continue;
        }
        let before = images.len();
        let written = lookup::images(instance);
        for container in instance.containers.iter().filter(|container| needs_digest(container)) {
            let all = written.as_ref();
            let written =
                all.and_then(|all| all.iter().find(|one| one.container == container.name));
            match written {
                Some(written) if written.will_be_pinned() => {}
                Some(written) if written.ran.is_some() => {
                    is_left_by_tag = true;
                    images.push(format!("{} will run {}", instance.key(), written.after));
                }
                None if has(container.digest.as_ref()) => {}
                Some(_) | None => {
                    images.push(format!("{} runs {}", instance.key(), image(container)));
                }
            }
        }
        if images.len() > before {
            instances.push(instance);
        }
    }
    if images.is_empty() {
        return None;
    }
    let (asked, hint) = match settings.pinned {
        _ if is_left_by_tag => (
            "whose tag can come to mean another image",
            "the digest is known: have it written, with --pin=always",
        ),
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
    use snapshot_policy::{
        Instance, PromotionQuestion, Subject,
        lookup::{self, Details, Image, InstanceImages},
    };

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
    fn what_will_be_written_decides() {
        let digest = r#"{"pinned": "digest"}"#;
        let question = running(digest, vec![instance("tax", Some("latest"), Some("sha256:ab"))]);
        let written = |after: &str| {
            let image = Image {
                container: "tax".to_owned(),
                manifest: "shop/tax:latest".to_owned(),
                ran: Some("sha256:ab".to_owned()),
                before: None,
                after: after.to_owned(),
            };
            let (instance, images) = ("tax/tax".to_owned(), vec![image]);
            let images = Some(vec![InstanceImages { instance, images }]);
            lookup::tell(Details { images, ..Details::default() });
            said(&question)
        };
        assert!(written("shop/tax:latest@sha256:ab").is_empty());
        assert_eq!(
            written("shop/tax:latest"),
            [
                "deny image-not-pinned: tax/tax will run shop/tax:latest, whose tag can come to mean \
                 another image"
            ]
        );
        lookup::tell(Details::default());
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
