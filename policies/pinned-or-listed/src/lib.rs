//! Production runs images that are pinned by digest, or of a repository that is listed.
//!
//! What will be written decides: a digest that pods ran where the set was captured pins nothing
//! that is pulled by its tag.

use serde::Deserialize;
use snapshot_policy::{
    Description, Finding, Policy, PromotionPolicy, PromotionQuestion, Subject,
    lookup::{self, Image},
    parse_settings, register,
};

/// Images pinned by digest, or listed.
pub struct PinnedOrListed;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Settings {
    stages: Vec<String>,
    listed: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { stages: vec!["prod".to_owned()], listed: Vec::new() }
    }
}

impl Policy for PinnedOrListed {
    fn describe() -> Description {
        Description {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            summary: "Images of production are pinned by digest, or listed.".to_owned(),
            settings_schema: Some(include_str!("../settings.schema.json").to_owned()),
        }
    }
}

impl PromotionPolicy for PinnedOrListed {
    fn review(question: &PromotionQuestion) -> Result<Vec<Finding>, String> {
        let settings: Settings = parse_settings(&question.settings)?;
        if !question.ladder.iter().any(|one| settings.stages.contains(&one.name)) {
            let message = format!("no stage of the ladder is {}", settings.stages.join(" or "));
            let hint = "name the stages that are production in the setting stages";
            return Ok(vec![Finding::undecided("stage-unknown", message).hint(hint)]);
        }
        if !settings.stages.contains(&question.target.name) {
            return Ok(Vec::new());
        }
        let Some(all) = lookup::all_images() else {
            let message = "nobody knows how the images will be written";
            return Ok(vec![Finding::undecided("images-unknown", message)]);
        };
        let mut findings = Vec::new();
        for one in &all {
            let is_fine = |image: &Image| image.will_be_pinned() || is_listed(image, &settings);
            for image in one.images.iter().filter(|image| !is_fine(image)) {
                let (instance, after) = (&one.instance, &image.after);
                let message = format!(
                    "container {} of {instance} will run {after}, which is neither pinned nor listed",
                    image.container
                );
                let hint = if image.ran.is_some() {
                    "its digest is known: promote with --pin=always, or list its repository"
                } else {
                    "name it by digest, or list its repository"
                };
                findings.push(
                    Finding::deny("image-by-tag", message)
                        .about(Subject::Instance(instance.clone()))
                        .hint(hint),
                );
            }
        }
        Ok(findings)
    }
}

fn is_listed(image: &Image, settings: &Settings) -> bool {
    settings.listed.iter().any(|listed| listed == repository(&image.after))
}

/// `registry:5000/shop/tax` of `registry:5000/shop/tax:1.4.0@sha256:…`
fn repository(image: &str) -> &str {
    let name = image.split_once('@').map_or(image, |(name, _)| name);
    match name.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') => repository,
        _ => name,
    }
}

register!(PinnedOrListed: promotion);

#[cfg(test)]
mod tests {
    use super::repository;

    #[test]
    fn a_repository_is_what_stands_before_tag_and_digest() {
        for image in ["reg:5000/shop/tax", "reg:5000/shop/tax:1.4", "reg:5000/shop/tax:1@sha256:ab"]
        {
            assert_eq!(repository(image), "reg:5000/shop/tax");
        }
    }
}
