//! Stages, as plain entries that people may write by hand.

use snapshot_core::{
    cluster_namespace::ClusterNamespace,
    name::StageName,
    parts::{Namespaces, PartNamespaces},
    pin::NotAPin,
    stage::Stage,
};

use super::{
    Store, StoreError,
    entry::{Entry, Fields, Section},
};

impl Store {
    /// Every stage, by name.
    pub async fn stages(&self) -> Result<Vec<Stage>, StoreError> {
        let entries = self.entries(Section::Stages).await?;
        entries.iter().map(|entry| self.read_stage(entry)).collect()
    }

    pub(super) fn read_stage(&self, entry: &Entry) -> Result<Stage, StoreError> {
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
    })
}

#[cfg(test)]
mod tests {
    use snapshot_core::pin::Pin;

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
        };
        block_on(store.put_stage(&prod)).unwrap();
        let name = prod.name.clone();
        assert_eq!(block_on(store.stages()).unwrap(), std::slice::from_ref(&prod));
        let namespaces = "shop=shop-prod,payments=eu-west/pay-prod".parse().unwrap();
        let parts = Stage { namespaces, ..prod };
        block_on(store.put_stage(&parts)).unwrap();
        assert_eq!(block_on(store.stages()).unwrap(), [parts]);
        block_on(store.delete_stage(&name)).unwrap();
        assert_eq!(block_on(store.stages()).unwrap(), []);
    }

    #[test]
    fn what_somebody_wrote_by_hand_is_checked() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("stages")).unwrap();
        let file = folder.path().join("stages/qa.json");
        std::fs::write(&file, r#"{"namespace": " qa ", "after": "dev, staging"}"#).unwrap();
        let store = Store::in_directory(folder.path());
        let found = &block_on(store.stages()).unwrap()[0];
        assert_eq!((found.namespaces.to_string().as_str(), found.after.len()), ("qa", 2));
        assert_eq!(found.pin, None);
        std::fs::write(&file, r#"{"namespace": "qa", "pin": "ever"}"#).unwrap();
        let error = block_on(store.stages()).unwrap_err();
        let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
        assert!(format!("{error} {cause}").contains("no way of pinning images"), "{error}");
        for (text, says) in [
            (r#"{"after": "dev"}"#, "names no namespace"),
            (r#"{"parts": "shop=qa"}"#, "shop would be the only part"),
            (r#"{"namespace": "qa", "parts": "a=b,c=d"}"#, "and the namespaces of parts"),
        ] {
            std::fs::write(&file, text).unwrap();
            let error = block_on(store.stages()).unwrap_err().to_string();
            assert!(error.starts_with("stage qa in ") && error.contains(says), "{error}");
        }
    }
}
