//! Drift: what runs other than it was promoted, field by field.

use serde::Serialize;
use serde_json::Value;

use crate::{
    diff::{Diff, Presence},
    flag::Flag,
    image,
    manifest::Kind,
    owner::{Writer, writer},
    parts::PartName,
    snapshot::EnvValue,
    tree::member,
};

/// Something that is other than promoted.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Drift {
    /// The part, where the stage has several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<PartName>,
    /// The object, `Deployment tax`; or `flag tax-call`.
    pub object: String,
    /// Path of the field; none where the whole is not there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// True of a whole object that was promoted and is not there.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub missing: bool,
    /// Value as promoted; absent where the field is not in the set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub promoted: Option<Value>,
    /// Value as it runs; absent where the field is not there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runs: Option<Value>,
    /// Writer of the field, where the API server has noted one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<Writer>,
    /// The object as the cluster knows it.
    #[serde(skip)]
    pub key: Option<(Kind, String)>,
}

impl Drift {
    /// Notes who has written the field, by the object as it is with its managed fields.
    pub fn attribute(&mut self, object: &Value) {
        let Some(field) = &mut self.field else { return };
        self.by = writer(object, field);
        let of_init = field.replacen(".containers[", ".initContainers[", 1);
        if self.by.is_none()
            && let Some(by) = writer(object, &of_init)
        {
            (self.by, *field) = (Some(by), of_init);
        }
    }
}

/// Everything that runs other than promoted: the first side is the set, the second what runs.
#[must_use]
pub fn drifts(part: Option<&PartName>, diff: &Diff) -> Vec<Drift> {
    let mut found = Found { part, drifts: Vec::new() };
    for one in &diff.instances {
        let key = (one.kind, one.instance.workload().to_owned());
        if one.change == Presence::Removed {
            found.object(&key);
            continue;
        }
        let spec = one.kind.template_path().unwrap_or_default().replace('/', ".");
        let spec = format!("{}.spec", spec.trim_start_matches('.'));
        let container = |name: &str| format!("{spec}.containers[{name}]");
        for image in &one.images {
            let [before, after] =
                [&image.before, &image.after].map(|one| Some(image::written(one).into()));
            found.field(&key, format!("{}.image", container(&image.container)), before, after);
        }
        for entry in &one.environment {
            let path = format!("{}.env[{}]", container(&entry.container), entry.name);
            let [before, after] =
                [&entry.before, &entry.after].map(|value| value.as_ref().map(env));
            found.field(&key, path, before, after);
        }
        for added in &one.containers_added {
            let image = Some(added.image.clone().into());
            found.field(&key, container(&added.name), None, image);
        }
        for removed in &one.containers_removed {
            let image = Some(removed.image.clone().into());
            found.field(&key, container(&removed.name), image, None);
        }
        for field in &one.fields {
            found.field(&key, field.path.clone(), field.before.clone(), field.after.clone());
        }
    }
    for one in &diff.config_maps {
        let key = (Kind::ConfigMap, one.name.clone());
        if one.change == Presence::Removed {
            found.object(&key);
            continue;
        }
        for entry in &one.keys {
            let path = member("data", &entry.key);
            found.field(&key, path, entry.before.clone(), entry.after.clone());
        }
    }
    for one in &diff.objects {
        let key = (one.kind, one.name.clone());
        if one.change == Presence::Removed {
            found.object(&key);
            continue;
        }
        for field in &one.fields {
            found.field(&key, field.path.clone(), field.before.clone(), field.after.clone());
        }
    }
    found.rest(diff);
    found.drifts
}

struct Found<'a> {
    part: Option<&'a PartName>,
    drifts: Vec<Drift>,
}

impl Found<'_> {
    /// An object that is not there.
    fn object(&mut self, key: &(Kind, String)) {
        self.drifts.push(Drift {
            part: self.part.cloned(),
            object: format!("{} {}", key.0, key.1),
            field: None,
            missing: true,
            promoted: None,
            runs: None,
            by: None,
            key: None,
        });
    }

    fn field(
        &mut self,
        key: &(Kind, String),
        path: String,
        promoted: Option<Value>,
        runs: Option<Value>,
    ) {
        self.drifts.push(Drift {
            part: self.part.cloned(),
            object: format!("{} {}", key.0, key.1),
            field: Some(path),
            missing: false,
            promoted,
            runs,
            by: None,
            key: Some(key.clone()),
        });
    }

    /// Flags and requirements, which are of no object's field alone.
    fn rest(&mut self, diff: &Diff) {
        let value = |flag: &Flag| serde_json::to_value(flag).ok();
        for flag in &diff.flags {
            self.drifts.push(Drift {
                part: self.part.cloned(),
                object: format!("flag {}", flag.key),
                field: None,
                missing: false,
                promoted: flag.before.as_ref().and_then(value),
                runs: flag.after.as_ref().and_then(value),
                by: None,
                key: None,
            });
        }
        for one in &diff.requirements {
            let requirement = Some(Value::from(one.requirement.clone()));
            let (promoted, runs) =
                if one.added { (None, requirement) } else { (requirement, None) };
            self.drifts.push(Drift {
                part: self.part.cloned(),
                object: one.dependent.clone(),
                field: Some("requires".to_owned()),
                missing: false,
                promoted,
                runs,
                by: None,
                key: None,
            });
        }
    }
}

/// An environment entry: its value, or where that comes from.
fn env(value: &EnvValue) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}
