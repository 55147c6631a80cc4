//! Flag sources, as plain entries that people may write by hand.

use std::{fmt::Display, str::FromStr};

use snapshot_core::{flag_source::FlagSource, name::FlagSourceName};

use super::{
    Store, StoreError,
    entry::{Entry, Fields, Section},
};

/// The flag sources of a store.
#[derive(Debug, Default)]
pub struct FlagSources {
    /// Those that can be read, by name.
    pub readable: Vec<FlagSource>,
    /// The faults of those that cannot.
    pub broken: Vec<StoreError>,
}

impl Store {
    /// Every flag source.
    pub async fn flag_sources(&self) -> Result<FlagSources, StoreError> {
        let mut found = FlagSources::default();
        for entry in &self.entries(Section::FlagSources).await? {
            match self.read_flag_source(entry) {
                Ok(source) => found.readable.push(source),
                Err(error) => found.broken.push(error),
            }
        }
        Ok(found)
    }

    pub(super) fn read_flag_source(&self, entry: &Entry) -> Result<FlagSource, StoreError> {
        read(entry).map_err(|cause| StoreError::BrokenFlagSource {
            name: entry.name.clone(),
            place: self.place(),
            cause: cause.into(),
        })
    }

    /// Writes a flag source; one of that name is replaced.
    pub async fn put_flag_source(&self, source: &FlagSource) -> Result<(), StoreError> {
        let fields = fields(source);
        let mut change = |_| Ok(fields.clone());
        self.update(Section::FlagSources, source.name.as_ref(), &mut change).await?;
        Ok(())
    }

    /// Forgets a flag source; the system is not touched.
    pub async fn delete_flag_source(&self, name: &FlagSourceName) -> Result<(), StoreError> {
        self.delete_entry(Section::FlagSources, name.as_ref()).await
    }
}

fn fields(source: &FlagSource) -> Fields {
    let at: Vec<String> = source.at.iter().map(ToString::to_string).collect();
    let members = [
        ("type", Some(source.system.to_string())),
        ("url", Some(source.url.to_string())),
        ("at", Some(at.join(","))),
        ("environment", source.environment.clone()),
        ("project", source.project.clone()),
        ("namespace", source.namespace.clone()),
        ("secret", source.secret.as_ref().map(ToString::to_string)),
    ];
    members.into_iter().filter_map(|(member, value)| Some((member.to_owned(), value?))).collect()
}

fn read(entry: &Entry) -> Result<FlagSource, String> {
    let text =
        |member: &str| entry.fields.get(member).map(|text| text.trim()).filter(|it| !it.is_empty());
    let needed = |member: &str| text(member).ok_or_else(|| format!("it has no {member}"));
    let at = needed("at")?.split(',').map(str::trim).filter(|place| !place.is_empty());
    Ok(FlagSource {
        name: parsed(&entry.name)?,
        system: parsed(needed("type")?)?,
        url: parsed(needed("url")?)?,
        at: at.map(parsed).collect::<Result<_, _>>()?,
        environment: text("environment").map(str::to_owned),
        project: text("project").map(str::to_owned),
        namespace: text("namespace").map(str::to_owned),
        secret: text("secret").map(parsed).transpose()?,
    })
}

fn parsed<T: FromStr<Err: Display>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error: T::Err| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::block_on;
    use snapshot_core::flag_source::SystemType;

    #[test]
    fn what_is_written_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::in_directory(folder.path());
        let source = [FlagSource {
            name: "prod-unleash".parse().unwrap(),
            system: SystemType::Unleash,
            url: "https://unleash.example".parse().unwrap(),
            at: vec!["stage:prod".parse().unwrap(), "kind-b/shop".parse().unwrap()],
            environment: Some("production".to_owned()),
            project: None,
            namespace: None,
            secret: Some("flags/unleash".parse().unwrap()),
        }];
        block_on(store.put_flag_source(&source[0])).unwrap();
        assert_eq!(block_on(store.flag_sources()).unwrap().readable, source);
        block_on(store.delete_flag_source(&source[0].name)).unwrap();
        assert!(block_on(store.flag_sources()).unwrap().readable.is_empty());
    }

    #[test]
    fn what_somebody_wrote_by_hand_is_checked_and_hides_no_other() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("flagsources")).unwrap();
        let write = |name: &str, text: &str| {
            std::fs::write(folder.path().join(format!("flagsources/{name}.json")), text).unwrap();
        };
        let store = Store::in_directory(folder.path());
        write("good", r#"{"type": "flipt", "url": "http://flipt:8080", "at": "prod"}"#);
        for (text, problem) in [
            (r#"{"url": "https://a", "at": "prod"}"#, "it has no type"),
            (r#"{"type": "flagr", "url": "https://a", "at": "prod"}"#, "no type of a flag system"),
            (r#"{"type": "flipt", "url": "https://x:hunter2@a", "at": "prod"}"#, "credentials"),
            (r#"{"type": "flipt", "url": "https://a", "at": "Prod"}"#, "cannot be"),
            (
                r#"{"type": "flipt", "url": "https://a", "at": "prod", "secret": "a/b/c"}"#,
                "names no Secret",
            ),
        ] {
            write("wrong", text);
            let found = block_on(store.flag_sources()).unwrap();
            assert_eq!(found.readable.len(), 1);
            let said = found.broken[0].to_string();
            assert!(said.starts_with("flag source wrong in ") && said.contains(problem), "{said}");
            assert!(!said.contains("hunter2"), "{said}");
        }
    }
}
