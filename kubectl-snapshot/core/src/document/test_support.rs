//! A shop of any size, for tests of what size does.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{
    digest::Digest,
    manifest::{Kind, Manifest},
    snapshot::{Container, EnvValue, Instance, Metadata, Snapshot, Spec},
};

/// A set of `services`, each with a Deployment, a Service, a ServiceAccount and a ConfigMap.
#[must_use]
pub fn shop(services: usize) -> Snapshot {
    let mut spec = Spec::default();
    for service in 0..services {
        release(&mut spec, service, 0);
    }
    let metadata = Metadata {
        name: Some("rel-42".to_owned()),
        created: Some("2024-01-15T10:30:00Z".to_owned()),
        author: Some("ada".to_owned()),
        source: Some("live:kind/dev".to_owned()),
        ..Metadata::default()
    };
    Snapshot { metadata, spec }
}

/// Puts another build of one service into the set.
pub fn release(spec: &mut Spec, service: usize, build: usize) {
    let name = format!("service-{service:05}");
    let image = Image::built(&name, build);
    let config = config_map(&name, service);
    let manifest = deployment(&name, &image, service);
    let instance = Instance {
        kind: Kind::Deployment,
        containers: BTreeMap::from([("main".to_owned(), container(&image, &manifest))]),
        requires: Vec::new(),
        unreadable_requires: None,
        configs: BTreeMap::from([(format!("{name}-config"), put(spec, &config))]),
        manifest: put(spec, &manifest),
        extra: BTreeMap::new(),
    };
    put(spec, &json!({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name}}));
    put(
        spec,
        &json!({
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": name},
            "spec": {"selector": {"app.kubernetes.io/name": name}, "ports": [{"port": 80, "targetPort": "http"}]},
        }),
    );
    let former = spec
        .services
        .insert(name.clone(), BTreeMap::from([(name.as_str().into(), instance.clone())]));
    let former = former.and_then(|mut instances| instances.remove(name.as_str()));
    if let Some(former) = former.filter(|former| former.manifest != instance.manifest) {
        spec.objects.remove(&former.manifest);
    }
}

/// Identity of one build in a registry: nothing about it can be guessed from another.
struct Image {
    repository: String,
    version: String,
    commit: String,
    digest: String,
}

impl Image {
    fn built(name: &str, build: usize) -> Self {
        let digest = Digest::of(format!("{name} {build}").as_bytes());
        Self {
            repository: format!("registry.example.com/shop/{name}"),
            version: format!("1.{build}.0"),
            commit: digest.hex()[..12].to_owned(),
            digest: digest.to_string(),
        }
    }

    fn tag(&self) -> String {
        format!("{}-{}", self.version, self.commit)
    }
}

fn put(spec: &mut Spec, object: &Value) -> Digest {
    let manifest = Manifest::new(object);
    let digest = manifest.digest();
    spec.objects.insert(digest, manifest);
    digest
}

fn config_map(name: &str, service: usize) -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": format!("{name}-config")},
        "data": {"log": "info", "app.yaml": format!("timeout: {}s\nretries: 3\nshard: {service}\n", service % 30)},
    })
}

fn deployment(name: &str, image: &Image, service: usize) -> Value {
    let settings = (0..6)
        .map(|n| json!({"name": format!("SETTING_{n}"), "value": format!("{}-{n}", service % 13)}));
    let env: Vec<Value> = [
        json!({"name": "DB_HOST", "value": format!("postgres-{}.db", service % 7)}),
        json!({"name": "LOG_LEVEL", "valueFrom": {"configMapKeyRef": {"name": format!("{name}-config"), "key": "log"}}}),
    ]
    .into_iter()
    .chain(settings)
    .collect();
    json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "labels": {
            "app.kubernetes.io/name": name,
            "app.kubernetes.io/part-of": "shop",
            "app.kubernetes.io/version": image.version,
            "team": format!("team-{}", service % 40),
        }},
        "spec": {
            "selector": {"matchLabels": {"app.kubernetes.io/name": name}},
            "template": {
                "metadata": {
                    "labels": {"app.kubernetes.io/name": name, "app.kubernetes.io/version": image.version},
                    "annotations": {"prometheus.io/scrape": "true", "prometheus.io/port": "8080"},
                },
                "spec": {
                    "serviceAccountName": name,
                    "containers": [{
                        "name": "main",
                        "image": format!("{}:{}", image.repository, image.tag()),
                        "ports": [{"containerPort": 8080, "name": "http"}],
                        "env": env,
                        "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "256Mi"}},
                        "readinessProbe": {"httpGet": {"path": "/ready", "port": "http"}, "periodSeconds": 5},
                        "livenessProbe": {"httpGet": {"path": "/live", "port": "http"}},
                        "securityContext": {"runAsNonRoot": true, "capabilities": {"drop": ["ALL"]}},
                        "volumeMounts": [{"name": "config", "mountPath": "/etc/config"}],
                    }],
                    "volumes": [{"name": "config", "configMap": {"name": format!("{name}-config")}}],
                },
            },
        },
    })
}

fn container(image: &Image, deployment: &Value) -> Container {
    let env = deployment["spec"]["template"]["spec"]["containers"][0]["env"]
        .as_array()
        .into_iter()
        .flatten();
    let env = env.map(|variable| {
        let name = variable["name"].as_str().unwrap_or_default().to_owned();
        let value = match (&variable["value"], &variable["valueFrom"]) {
            (Value::String(_), _) if name == "DB_HOST" => {
                EnvValue::Variable { variable: name.clone() }
            }
            (Value::String(text), _) => EnvValue::Literal(text.clone()),
            (_, reference) => EnvValue::Reference(reference.clone()),
        };
        (name, value)
    });
    Container {
        image: image.repository.clone(),
        tag: Some(image.tag()),
        digest: Some(image.digest.clone()),
        commit: Some(image.commit.clone()),
        version: Some(image.version.clone()),
        env: env.collect(),
        ..Container::default()
    }
}
