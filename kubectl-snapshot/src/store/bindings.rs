//! Bindings of policies, and the policies' bytes.

use std::{collections::BTreeMap, fmt::Display, str::FromStr};

use serde_json::Value;
use snapshot_core::{
    digest::Digest,
    name::{PolicyName, StageName},
    policy::{About, Binding, Decision, Mode, Settings},
};

use super::{
    Store, StoreError,
    entry::{Entry, Fields, Section},
};

/// The member that lists the chunks of the policy's bytes, in a cluster.
const CHUNKS: &str = "chunks";

/// The bindings of a store.
#[derive(Debug, Default)]
pub struct Bindings {
    /// Those that can be read, by name.
    pub bound: Vec<Binding>,
    /// Those that cannot: whoever asks policies must not pass them over.
    pub broken: Vec<BrokenBinding>,
}

/// A binding that cannot be read.
#[derive(Debug)]
pub struct BrokenBinding {
    /// Name of the binding.
    pub name: String,
    /// The stages that it names; all, where it names none or nobody knows them.
    stages: Vec<StageName>,
    /// The fault.
    pub error: StoreError,
}

impl Bindings {
    /// True where there is not one, be it broken.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bound.is_empty() && self.broken.is_empty()
    }

    /// True if there is a binding of that name, be it broken.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.bound.iter().any(|binding| binding.name.as_ref() == name)
            || self.broken.iter().any(|broken| broken.name == name)
    }
}

impl BrokenBinding {
    fn of(entry: &Entry, error: StoreError) -> Self {
        Self { name: entry.name.clone(), stages: stages(entry).unwrap_or_default(), error }
    }

    /// True if the policy would be asked at `stage`, as [`Binding::applies_at`] has it.
    #[must_use]
    pub fn applies_at(&self, stage: Option<&StageName>) -> bool {
        self.stages.is_empty() || stage.is_some_and(|stage| self.stages.contains(stage))
    }
}

impl Store {
    /// Every binding.
    pub async fn bindings(&self) -> Result<Bindings, StoreError> {
        let mut found = Bindings::default();
        for entry in self.entries(Section::Policies).await? {
            match self.read_binding(&entry) {
                Ok(binding) => found.bound.push(binding),
                Err(error) => found.broken.push(BrokenBinding::of(&entry, error)),
            }
        }
        Ok(found)
    }

    /// One binding.
    pub async fn binding(&self, name: &PolicyName) -> Result<Binding, StoreError> {
        let fields = self.existing_entry(Section::Policies, name.as_ref()).await?;
        self.read_binding(&Entry { name: name.to_string(), fields, sealed: false })
    }

    /// Stores a policy's bytes, and binds it. A binding of that name is replaced.
    pub async fn bind(&self, binding: &Binding, bytes: &[u8]) -> Result<(), StoreError> {
        let chunks = match self {
            Self::ConfigMaps(home) => Some(home.put_blob(bytes).await?),
            Self::Directory(home) => {
                let (digest, bytes) = (binding.policy, bytes.to_vec());
                home.on(move |files| files.put_blob(digest, &bytes)).await?;
                None
            }
        };
        let mut fields = fields(binding);
        fields.extend(chunks.map(|chunks| (CHUNKS.to_owned(), chunks)));
        self.update(Section::Policies, binding.name.as_ref(), &mut |_| Ok(fields.clone())).await?;
        Ok(())
    }

    /// Deletes a binding. The policy's bytes are garbage unless another has them too.
    pub async fn unbind(&self, name: &PolicyName) -> Result<(), StoreError> {
        self.delete_entry(Section::Policies, name.as_ref()).await
    }

    /// The bytes of a bound policy, verified.
    pub async fn policy(&self, binding: &Binding) -> Result<Vec<u8>, StoreError> {
        let name = binding.name.as_ref();
        let (bytes, object) = match self {
            Self::ConfigMaps(home) => {
                let fields = self.existing_entry(Section::Policies, name).await?;
                let chunks = fields.get(CHUNKS).map_or("", String::as_str);
                let object = home.describe_entry(Section::Policies, name);
                let broken = |cause: String| self.broken_binding(name, cause);
                let bytes = home.blob(chunks, name).await.map_err(|error| match error {
                    StoreError::Corrupted { object, cause, .. } => {
                        StoreError::PolicyDamaged { name: name.to_owned(), object, cause }
                    }
                    other => other,
                })?;
                (Some(bytes.map_err(broken)?), object)
            }
            Self::Directory(home) => {
                let digest = binding.policy;
                home.on(move |files| {
                    let file = files.blob_file(digest).display().to_string();
                    Ok::<_, StoreError>((files.blob(digest)?, file))
                })
                .await?
            }
        };
        let cause = match bytes {
            None => "is missing".to_owned(),
            Some(bytes) => match Digest::of(&bytes) {
                found if found == binding.policy => return Ok(bytes),
                found => format!("holds bytes of the digest {found} instead of {}", binding.policy),
            },
        };
        Err(StoreError::PolicyDamaged { name: name.to_owned(), object, cause: cause.into() })
    }

    /// The chunks of every bound policy's bytes, by their digest.
    pub(super) async fn chunks_of_bindings(&self) -> Result<BTreeMap<Digest, String>, StoreError> {
        let entries = self.entries(Section::Policies).await?;
        let chunks = |fields: &Fields| {
            Some((fields.get("policy")?.parse().ok()?, fields.get(CHUNKS)?.clone()))
        };
        Ok(entries.iter().filter_map(|entry| chunks(&entry.fields)).collect())
    }

    pub(super) fn read_binding(&self, entry: &Entry) -> Result<Binding, StoreError> {
        read(entry).map_err(|cause| self.broken_binding(&entry.name, cause))
    }

    fn broken_binding(&self, name: &str, cause: String) -> StoreError {
        StoreError::BrokenBinding {
            name: name.to_owned(),
            place: self.place(),
            cause: cause.into(),
        }
    }
}

fn fields(binding: &Binding) -> Fields {
    let stages: Vec<&str> = binding.stages.iter().map(AsRef::as_ref).collect();
    let members = [
        ("policy", Some(binding.policy.to_string())),
        ("mode", Some(binding.mode.to_string())),
        ("stages", (!stages.is_empty()).then(|| stages.join(","))),
        ("settings", (!binding.settings.is_empty()).then(|| binding.settings.to_json())),
        ("configMaps", (!binding.config_maps.is_empty()).then(|| binding.config_maps.join(","))),
        ("key", binding.key.as_ref().map(ToString::to_string)),
        ("signature", binding.signature.as_ref().map(ToString::to_string)),
        ("source", binding.source.clone()),
        ("title", Some(binding.about.name.clone())),
        ("version", Some(binding.about.version.clone())),
        ("summary", Some(binding.about.summary.clone())),
        ("decisions", Some(Decision::join(&binding.about.decisions, ","))),
    ];
    members.into_iter().filter_map(|(member, value)| Some((member.to_owned(), value?))).collect()
}

/// Reads a binding, which people may have written by hand.
fn read(entry: &Entry) -> Result<Binding, String> {
    let text = |member: &str| entry.fields.get(member).cloned();
    let list = |member: &str| words(entry, member).map(str::to_owned).collect::<Vec<_>>();
    let policy = text("policy").ok_or("it has no member policy, the digest of the policy")?;
    let mode = match text("mode") {
        None => Mode::default(),
        Some(word) => Mode::named(&word)
            .ok_or_else(|| format!("its mode is {word:?}; expected enforce or warn"))?,
    };
    let settings = match text("settings") {
        None => Value::Null,
        Some(text) => serde_json::from_str(&text)
            .map_err(|error| format!("its settings are not JSON: {error}"))?,
    };
    let about = About {
        name: text("title").unwrap_or_default(),
        version: text("version").unwrap_or_default(),
        summary: text("summary").unwrap_or_default(),
        decisions: list("decisions")
            .iter()
            .map(|word| word.parse().map_err(|error| format!("its decisions: {error}")))
            .collect::<Result<_, _>>()?,
    };
    Ok(Binding {
        name: entry.name.parse().map_err(|error| format!("{error}"))?,
        policy: policy.parse().map_err(|_| format!("its policy {policy:?} is not a digest"))?,
        stages: stages(entry)?,
        mode,
        settings: Settings::try_from(settings).map_err(|error| error.to_string())?,
        config_maps: list("configMaps"),
        key: parsed(text("key"))?,
        signature: parsed(text("signature"))?,
        about,
        source: text("source"),
    })
}

/// The words of a member, between commas.
fn words<'a>(entry: &'a Entry, member: &str) -> impl Iterator<Item = &'a str> {
    let text = entry.fields.get(member).map_or("", String::as_str);
    text.split(',').map(str::trim).filter(|word| !word.is_empty())
}

fn stages(entry: &Entry) -> Result<Vec<StageName>, String> {
    let stage = |word: &str| word.parse().map_err(|error| format!("{error}"));
    words(entry, "stages").map(stage).collect()
}

fn parsed<T: FromStr<Err: Display>>(text: Option<String>) -> Result<Option<T>, String> {
    text.map(|text| text.parse().map_err(|error| format!("{error}"))).transpose()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::store::tests::block_on;
    use snapshot_core::signature::PublicKey;

    fn binding() -> Binding {
        Binding {
            name: "our-rules".parse().unwrap(),
            policy: Digest::of(b"\0asm"),
            stages: vec!["qa".parse().unwrap(), "prod".parse().unwrap()],
            mode: Mode::Warn,
            settings: json!({"unknown": "warn"}).try_into().unwrap(),
            config_maps: vec!["schema".to_owned(), "shop".to_owned()],
            key: Some(PublicKey::from_bytes([7; 32])),
            signature: Some([9; 64].into()),
            about: About {
                name: "flag-compatibility".to_owned(),
                version: "0.1.0".to_owned(),
                summary: "Flags have what they need.".to_owned(),
                decisions: Decision::ALL.to_vec(),
            },
            source: Some("./rules.wasm".to_owned()),
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let entry =
            Entry { name: "our-rules".to_owned(), fields: fields(&binding()), sealed: false };
        assert_eq!(read(&entry), Ok(binding()));
    }

    #[test]
    fn what_somebody_wrote_by_hand_needs_a_digest_and_is_checked() {
        let entry = |fields: &[(&str, &str)]| Entry {
            name: "our-rules".to_owned(),
            sealed: false,
            fields: fields
                .iter()
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
                .collect(),
        };
        let digest = Digest::of(b"\0asm").to_string();
        let found = read(&entry(&[("policy", &digest)])).unwrap();
        assert_eq!((found.mode, found.settings.is_empty()), (Mode::Enforce, true));
        for (fields, error) in [
            (vec![], "it has no member policy, the digest of the policy"),
            (vec![("policy", "latest")], "its policy \"latest\" is not a digest"),
            (
                vec![("policy", digest.as_str()), ("mode", "off")],
                "its mode is \"off\"; expected enforce or warn",
            ),
            (
                vec![("policy", digest.as_str()), ("settings", "[]")],
                "settings are an object, such as {\"unknown\": \"warn\"}, not a list",
            ),
        ] {
            assert_eq!(read(&entry(&fields)).unwrap_err(), error);
        }
    }

    #[test]
    fn one_that_cannot_be_read_stops_no_other_and_counts_where_it_names() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::in_directory(folder.path());
        block_on(store.bind(&binding(), b"\0asm")).unwrap();
        let file = folder.path().join("policies/theirs.json");
        let stage = |name: &str| name.parse::<StageName>().unwrap();
        for (stages, everywhere) in [("prod", false), ("", true), ("prod,A B", true)] {
            let text = json!({"policy": "latest", "stages": stages}).to_string();
            std::fs::write(&file, text).unwrap();
            let found = block_on(store.bindings()).unwrap();
            assert_eq!(found.bound, [binding()]);
            let [broken] = &found.broken[..] else { panic!("{:?}", found.broken) };
            assert_eq!(broken.name, "theirs");
            assert!(broken.applies_at(Some(&stage("prod"))));
            assert_eq!(broken.applies_at(Some(&stage("qa"))), everywhere, "{stages}");
            assert_eq!(broken.applies_at(None), everywhere, "{stages}");
        }
    }

    #[test]
    fn a_bound_policy_comes_back_or_is_said_to_be_damaged() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::in_directory(folder.path());
        block_on(store.bind(&binding(), b"\0asm")).unwrap();
        assert_eq!(block_on(store.bindings()).unwrap().bound, [binding()]);
        assert_eq!(block_on(store.policy(&binding())).unwrap(), b"\0asm");

        let blob = folder.path().join("blobs").join(binding().policy.hex());
        std::fs::write(&blob, b"\0asn").unwrap();
        let error = block_on(store.policy(&binding())).unwrap_err().to_string();
        assert!(
            error.contains("policy our-rules cannot be loaded: ") && error.contains("instead of"),
            "{error}"
        );

        block_on(store.unbind(&binding().name)).unwrap();
        let error = block_on(store.unbind(&binding().name)).unwrap_err().to_string();
        assert!(error.starts_with("there is no policy binding our-rules in "), "{error}");
    }
}
