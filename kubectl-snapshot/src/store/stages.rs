//! Stages, as plain entries that people may write by hand.

use std::collections::BTreeSet;

use snapshot_core::{
    cluster_namespace::ClusterNamespace,
    ladder::Ladder,
    name::{SetName, StageName},
    parts::{Namespaces, PartNamespaces},
    pin::NotAPin,
    stage::Stage,
    via::NotAWay,
};

use super::{
    Store, StoreError,
    entry::{Entry, Fields, Section},
};

/// Separators of the words of a stage's places.
const SEPARATORS: [char; 4] = [',', '=', '/', ' '];

/// The stages of a store.
#[derive(Debug, Default)]
pub struct Stages {
    /// Those that can be read, by name.
    pub readable: Vec<Stage>,
    /// Those that cannot: what may be theirs must not be taken for nobody's.
    pub broken: Vec<BrokenStage>,
}

/// A stage that cannot be read.
#[derive(Debug)]
pub struct BrokenStage {
    /// Name of the entry.
    pub name: String,
    /// The words by which it names places and its variable set, as far as they can be told.
    places: BTreeSet<String>,
    variables: Option<String>,
    /// The fault.
    pub error: StoreError,
}

impl Stages {
    /// The ladder that they make.
    #[must_use]
    pub fn ladder(&self) -> Ladder {
        let unreadable = self.broken.iter().filter_map(|broken| broken.name.parse().ok());
        Ladder::of(self.readable.clone(), &unreadable.collect())
    }

    /// True where there is not one, be it broken.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.readable.is_empty() && self.broken.is_empty()
    }

    /// True if there is a stage of that name, be it broken.
    #[must_use]
    pub fn has(&self, name: &StageName) -> bool {
        self.readable.iter().any(|stage| stage.name == *name)
            || self.broken.iter().any(|broken| broken.name == name.as_ref())
    }
}

impl BrokenStage {
    fn of(entry: &Entry, error: StoreError) -> Self {
        let text = |member: &str| entry.fields.get(member).map_or("", String::as_str);
        let words = text("namespace").split(SEPARATORS).chain(text("parts").split(SEPARATORS));
        let variables = text("variables").trim();
        Self {
            name: entry.name.clone(),
            places: words.map(str::trim).map(str::to_owned).collect(),
            variables: (!variables.is_empty()).then(|| variables.to_owned()),
            error,
        }
    }

    /// True if the stage names a namespace of that name, in whatever cluster.
    #[must_use]
    pub fn names(&self, namespace: &str) -> bool {
        self.places.contains(namespace)
    }

    /// True where the stage names no namespace at all, as far as it can be read.
    #[must_use]
    pub fn is_nowhere(&self) -> bool {
        self.places.iter().all(String::is_empty)
    }

    /// True if the stage takes its values from that variable set.
    #[must_use]
    pub fn takes(&self, set: &SetName) -> bool {
        self.variables.as_deref() == Some(set.as_ref())
    }
}

impl Store {
    /// Every stage.
    pub async fn stages(&self) -> Result<Stages, StoreError> {
        Ok(self.read_stages(&self.entries(Section::Stages).await?))
    }

    pub(super) fn read_stages(&self, entries: &[Entry]) -> Stages {
        let mut found = Stages::default();
        for entry in entries {
            match self.read_stage(entry) {
                Ok(stage) => found.readable.push(stage),
                Err(error) => found.broken.push(BrokenStage::of(entry, error)),
            }
        }
        found
    }

    fn read_stage(&self, entry: &Entry) -> Result<Stage, StoreError> {
        read(entry).map_err(|cause| StoreError::BrokenStage {
            name: entry.name.clone(),
            place: self.place(),
            cause: cause.into(),
        })
    }

    /// Writes a stage; one of that name is replaced.
    pub async fn put_stage(&self, stage: &Stage) -> Result<(), StoreError> {
        let fields = fields(stage);
        let mut change = |_| Ok(fields.clone());
        self.update(Section::Stages, stage.name.as_ref(), &mut change).await?;
        Ok(())
    }

    /// Deletes a stage; its namespace stays as it is.
    pub async fn delete_stage(&self, name: &StageName) -> Result<(), StoreError> {
        self.delete_entry(Section::Stages, name.as_ref()).await
    }
}

fn fields(stage: &Stage) -> Fields {
    let after: Vec<&str> = stage.after.iter().map(AsRef::as_ref).collect();
    let (namespace, context, parts) = match &stage.namespaces {
        Namespaces::One(one) => (Some(one.namespace.clone()), one.context.clone(), None),
        Namespaces::Parts(parts) => (None, None, Some(parts.to_string())),
    };
    let members = [
        ("namespace", namespace),
        ("context", context),
        ("parts", parts),
        ("after", (!after.is_empty()).then(|| after.join(","))),
        ("variables", stage.variables.as_ref().map(ToString::to_string)),
        ("pin", stage.pin.map(|pin| pin.to_string())),
        ("via", stage.via.map(|via| via.to_string())),
    ];
    members.into_iter().filter_map(|(member, value)| Some((member.to_owned(), value?))).collect()
}

fn read(entry: &Entry) -> Result<Stage, String> {
    let text =
        |member: &str| entry.fields.get(member).map(|text| text.trim()).filter(|it| !it.is_empty());
    let name = |text: &str| text.parse().map_err(|error| format!("{error}"));
    let after = text("after").unwrap_or_default().split(',').map(str::trim);
    Ok(Stage {
        name: name(&entry.name)?,
        namespaces: match (text("namespace"), text("parts")) {
            (Some(namespace), None) => Namespaces::One(ClusterNamespace {
                context: text("context").map(str::to_owned),
                namespace: namespace.to_owned(),
            }),
            (None, Some(parts)) => {
                let parts: PartNamespaces = parts.parse().map_err(|error| format!("{error}"))?;
                Namespaces::Parts(parts)
            }
            (None, None) => return Err("it names no namespace".to_owned()),
            (Some(_), Some(_)) => {
                return Err("it names a namespace, and the namespaces of parts".to_owned());
            }
        },
        after: after.filter(|stage| !stage.is_empty()).map(name).collect::<Result<_, _>>()?,
        variables: text("variables")
            .map(|set| set.parse().map_err(|error| format!("{error}")))
            .transpose()?,
        pin: text("pin")
            .map(|pin| pin.parse().map_err(|error: NotAPin| error.to_string()))
            .transpose()?,
        via: text("via")
            .map(|via| via.parse().map_err(|error: NotAWay| error.to_string()))
            .transpose()?,
    })
}

#[cfg(test)]
mod tests {
    use snapshot_core::{pin::Pin, via::Via};

    use super::*;
    use crate::store::tests::block_on;

    #[test]
    fn what_is_written_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::in_directory(folder.path());
        let prod = Stage {
            name: "prod".parse().unwrap(),
            namespaces: "eu-west/shop-prod".parse().unwrap(),
            after: vec!["qa".parse().unwrap(), "canary".parse().unwrap()],
            variables: Some("prod".parse().unwrap()),
            pin: Some(Pin::Always),
            via: Some(Via::Export),
        };
        block_on(store.put_stage(&prod)).unwrap();
        let name = prod.name.clone();
        assert_eq!(block_on(store.stages()).unwrap().readable, std::slice::from_ref(&prod));
        let namespaces = "shop=shop-prod,payments=eu-west/pay-prod".parse().unwrap();
        let parts = Stage { namespaces, ..prod };
        block_on(store.put_stage(&parts)).unwrap();
        assert_eq!(block_on(store.stages()).unwrap().readable, [parts]);
        block_on(store.delete_stage(&name)).unwrap();
        assert!(block_on(store.stages()).unwrap().is_empty());
    }

    #[test]
    fn what_somebody_wrote_by_hand_is_checked() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("stages")).unwrap();
        let file = folder.path().join("stages/qa.json");
        std::fs::write(&file, r#"{"namespace": " qa ", "after": "dev, staging"}"#).unwrap();
        let store = Store::in_directory(folder.path());
        let found = &block_on(store.stages()).unwrap().readable[0];
        assert_eq!((found.namespaces.to_string().as_str(), found.after.len()), ("qa", 2));
        assert_eq!(found.pin, None);
        std::fs::write(&file, r#"{"namespace": "qa", "pin": "ever"}"#).unwrap();
        let broken = || {
            let mut found = block_on(store.stages()).unwrap();
            assert!(found.readable.is_empty());
            found.broken.remove(0)
        };
        let error = broken().error;
        let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
        assert!(format!("{error} {cause}").contains("no way of pinning images"), "{error}");
        for (text, says) in [
            (r#"{"after": "dev"}"#, "names no namespace"),
            (r#"{"namespace": "qa", "via": "git"}"#, "is no way to a stage"),
            (r#"{"parts": "shop=qa"}"#, "shop would be the only part"),
            (r#"{"namespace": "qa", "parts": "a=b,c=d"}"#, "and the namespaces of parts"),
        ] {
            std::fs::write(&file, text).unwrap();
            let error = broken().error.to_string();
            assert!(error.starts_with("stage qa in ") && error.contains(says), "{error}");
        }
    }

    #[test]
    fn one_that_cannot_be_read_stops_no_other_and_is_known_by_what_it_names() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("stages")).unwrap();
        let write = |name: &str, text: &str| {
            std::fs::write(folder.path().join(format!("stages/{name}.json")), text).unwrap();
        };
        write("dev", r#"{"namespace": "dev"}"#);
        write("qa", r#"{"namespace": "qa", "variables": "test", "pin": "ever"}"#);
        write("prod", r#"{"namespace": "prod", "after": "qa"}"#);
        write("parts", r#"{"parts": "shop=shop-edge,payments=eu/pay-edge,x"}"#);
        let store = Store::in_directory(folder.path());
        let found = block_on(store.stages()).unwrap();
        let names = |stages: &[Stage]| -> Vec<String> {
            stages.iter().map(|stage| stage.name.to_string()).collect()
        };
        assert_eq!(names(&found.readable), ["dev", "prod"]);
        let has = |name: &str| found.has(&name.parse().unwrap());
        assert!(has("dev") && has("qa") && !has("edge"));
        let qa = &found.broken[1];
        assert!(qa.names("qa") && !qa.names("prod"));
        assert!(qa.takes(&"test".parse().unwrap()) && !qa.takes(&"qa".parse().unwrap()));
        let parts = &found.broken[0];
        assert!(parts.names("shop-edge") && parts.names("pay-edge") && !parts.names("edge"));
        let ladder = found.ladder();
        assert_eq!(names(ladder.stages()), ["dev", "prod"]);
        let fault = ladder.fault_of(&"prod".parse().unwrap()).unwrap().to_string();
        assert!(fault.ends_with("and stage qa cannot be read"), "{fault}");
    }
}
