//! Version of an instance, as far as its containers tell.

use crate::{line::Line, settings::Settings};
use snapshot_policy::{Container, Instance, enumerate};

/// An instance, and the version that speaks for it.
#[derive(Clone)]
pub(crate) struct Running<'a> {
    pub(crate) instance: &'a Instance,
    /// Line of its version; none where that cannot be compared.
    pub(crate) line: Option<Line>,
    speaker: Speaker<'a>,
}

/// Source of an instance's version.
#[derive(Clone)]
enum Speaker<'a> {
    Container(&'a Container),
    /// Several that tell different things.
    Several(Vec<&'a str>),
    /// The one that the settings name is not there.
    Missing(&'a str),
    Nothing,
}

impl<'a> Running<'a> {
    pub(crate) fn of(instance: &'a Instance, settings: &'a Settings) -> Self {
        let told = |container: &Container| {
            container.version.as_deref().and_then(|version| Line::of(version, settings.zero))
        };
        let chosen = settings.containers.get(&instance.service);
        // As a rule there is nothing to choose from.
        if let ([only], None) = (&instance.containers[..], chosen) {
            return Self { instance, line: told(only), speaker: Speaker::Container(only) };
        }
        let speakers = match chosen {
            Some(name) => instance.containers.iter().filter(|it| it.name == *name).collect(),
            None => speakers(instance),
        };
        let (line, speaker) = match (&speakers[..], chosen) {
            ([first, rest @ ..], _) if rest.iter().all(|it| told(it) == told(first)) => {
                (told(first), Speaker::Container(first))
            }
            ([], Some(name)) => (None, Speaker::Missing(name)),
            ([], None) => (None, Speaker::Nothing),
            (several, _) => {
                let names = several.iter().map(|container| container.name.as_str()).collect();
                (None, Speaker::Several(names))
            }
        };
        Self { instance, line, speaker }
    }

    /// `cart/cart 1.9.0`, or `cart/cart` where that cannot be told.
    pub(crate) fn versioned(&self) -> String {
        let key = self.instance.key();
        match (&self.speaker, self.line) {
            (Speaker::Container(Container { version: Some(version), .. }), Some(_)) => {
                format!("{key} {version}")
            }
            _ => key,
        }
    }

    /// True if it is unknown which container to look at.
    pub(crate) fn is_ambiguous(&self) -> bool {
        matches!(self.speaker, Speaker::Several(_) | Speaker::Missing(_))
    }

    /// Reason why the version cannot be compared.
    pub(crate) fn obstacle(&self) -> String {
        let key = self.instance.key();
        match &self.speaker {
            Speaker::Container(container) => format!("{key} runs {}", shown(container)),
            Speaker::Several(names) => {
                format!("{key} runs different versions in its containers {}", enumerate(names))
            }
            Speaker::Missing(name) => {
                format!("{key} has no container {name}, which the setting `containers` names")
            }
            Speaker::Nothing => format!("{key} has no container"),
        }
    }
}

/// The containers that may be the service, as the plugin finds them too: the one
/// named like it, else like its workload; else those whose image is named like
/// it; else all, for a list of containers does not say which is a proxy.
fn speakers(instance: &Instance) -> Vec<&Container> {
    let containers = &instance.containers;
    let named = [&instance.service, &instance.name]
        .into_iter()
        .find_map(|name| containers.iter().find(|container| container.name == *name));
    if let Some(container) = named {
        return vec![container];
    }
    let is_it = |container: &&Container| {
        container.image.rsplit('/').next() == Some(instance.service.as_str())
    };
    let of_image: Vec<&Container> = containers.iter().filter(is_it).collect();
    if of_image.is_empty() { containers.iter().collect() } else { of_image }
}

fn shown(container: &Container) -> String {
    let Container { image, tag, commit, version, .. } = container;
    match (version, commit, tag) {
        (Some(version), ..) => format!("{version}, which is no semantic version"),
        (_, Some(commit), _) => format!("commit {}", commit.get(..7).unwrap_or(commit)),
        (_, _, Some(tag)) => format!("{image}:{tag}"),
        _ => format!("{image} without a tag"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::{container, instance};
    use snapshot_policy::parse_settings;

    fn of(containers: Vec<Container>) -> Instance {
        Instance { containers, ..instance("cart/cart-canary", "1.0.0") }
    }

    fn line(instance: &Instance) -> Option<Line> {
        Running::of(instance, &Settings::default()).line
    }

    #[test]
    fn the_container_that_is_the_service_speaks() {
        let proxy = || container("proxy", "mesh/proxy:3.0.0", "3.0.0");
        for own in [
            container("cart", "shop/x", "1.9.0"),
            container("cart-canary", "shop/x", "1.9.0"),
            container("app", "registry:5000/shop/cart", "1.9.0"),
        ] {
            assert_eq!(line(&of(vec![proxy(), own])), Some(Line::Major(1)));
        }
        assert_eq!(line(&of(vec![container("app", "shop/x", "1.9.0")])), Some(Line::Major(1)));
    }

    #[test]
    fn a_proxy_never_speaks_for_a_service_without_a_version() {
        let proxy = container("proxy", "mesh/proxy", "3.0.0");
        let app = Container { version: None, ..container("app", "shop/x", "") };
        let instance = of(vec![app, proxy]);
        let settings = Settings::default();
        let running = Running::of(&instance, &settings);
        assert_eq!(running.line, None);
        assert_eq!(
            running.obstacle(),
            "cart/cart-canary runs different versions in its containers app and proxy"
        );
    }

    #[test]
    fn containers_of_one_major_version_speak_together() {
        let instance =
            of(vec![container("web", "shop/x", "1.9.0"), container("worker", "shop/x", "1.8.2")]);
        assert_eq!(line(&instance), Some(Line::Major(1)));
    }

    #[test]
    fn the_settings_may_name_the_container() {
        let settings: Settings = parse_settings(r#"{"containers": {"cart": "app"}}"#).unwrap();
        let app = container("app", "shop/x", "2.0.0");
        let instance = of(vec![app, container("cart", "shop/cart", "1.0.0")]);
        assert_eq!(Running::of(&instance, &settings).line, Some(Line::Major(2)));
        let instance = of(vec![container("cart", "shop/cart", "1.0.0")]);
        assert_eq!(
            Running::of(&instance, &settings).obstacle(),
            "cart/cart-canary has no container app, which the setting `containers` names"
        );
    }
}
