//! Reports of a plan.

use std::collections::{BTreeMap, BTreeSet};

use snapshot_core::{
    cluster_namespace::ClusterNamespace,
    manifest::{Kind, PlaceMarks},
    owner::{Deployer, Owner},
    pin::Pin,
    plan::{Blocked, Existing, Intent, Plan, plan},
    snapshot::Snapshot,
};

use super::{assert_text, at, machine, story};

pub(super) fn between(live: &Snapshot, wanted: &Snapshot) -> Plan {
    choosing(&[("DB_HOST", "db.qa")], live, wanted)
}

/// A plan where what is wanted is there already.
pub(super) fn settled() -> Plan {
    choosing(&[], &story::rel_42(), &story::rel_42())
}

fn choosing(chosen: &[(&str, &str)], live: &Snapshot, wanted: &Snapshot) -> Plan {
    let owner = Owner { deployer: Deployer::HelmClientSide, name: "shop".into() };
    let existing = Existing {
        generation: Some(1),
        deployer: Some("Helm"),
        owner: Some(owner),
        ..Existing::default()
    };
    let existing = BTreeMap::from([((Kind::Deployment, "cart".to_owned()), existing)]);
    let chosen =
        chosen.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let mut plan = plan(Intent {
        name: wanted.metadata.name.as_deref().unwrap(),
        digest: wanted.spec.digest(),
        target: &ClusterNamespace::new("kind-dev", "qa"),
        set: &wanted.spec,
        live: &live.spec,
        unused: &[],
        unserved: &[],
        pins: &BTreeMap::new(),
        pin: Pin::Auto,
        existing: &existing,
        chosen: &chosen,
        marks: &PlaceMarks::default(),
        now: "",
        deployed: &BTreeSet::new(),
    })
    .unwrap();
    plan.heed_owners(&existing, &BTreeMap::new());
    plan
}

#[test]
fn at_80_columns() {
    assert_text(
        &at(80, &between(&story::rel_42(), &story::rel_43())),
        r#"
rel-43 (sha256:7ea633f61439) → kind-dev/qa
3 objects to change, 2 objects to create; 1 object left alone

WRITES
~ change ConfigMap app-config
    data.LOG_LEVEL     info → debug
    data[nginx.conf]   6 lines → 6 lines, 1 of them changed
+ create ConfigMap tax-config
~ change Deployment cart
    env[DB_HOST]       + db.qa
    env[TAX_TIMEOUT]   500ms → 1500ms
    env[DB_PASSWORD]   configMap app-config/DB_PASSWORD → secret db/password
    env[TAX_URL]       + http://tax:8080
    image              1.8.0 → 1.9.0
    resources          + {"limits":{"memory":"256Mi"}}
    containers[proxy]  + {"image":"envoyproxy/envoy:v1.30.1","name":"proxy"}
~ change Deployment search
    image              main-a1b2a1b2a1b2 → main-c3d4c3d4c3d4
+ create Deployment tax

LEFT ALONE  the set does not have it
Deployment legacy

OWNERS
Helm release shop: Deployment cart
    the next helm upgrade or rollback takes back in silence what is changed and
    removed, and leaves what is added; where somebody else has written over all
    that Helm 4 applied, it ends with a conflict
    so it takes back env[TAX_TIMEOUT] of Deployment cart, image of Deployment
    cart, and leaves env[DB_HOST] of Deployment cart, env[TAX_URL] of Deployment
    cart, resources of Deployment cart, 1 more
    the API server refuses its next write, until that takes these from where the
    set does: env[DB_PASSWORD] of Deployment cart
    to keep the set, bring this into its values:
      Deployment/cart containers[cart].env[DB_HOST].value: db.qa
      Deployment/cart containers[cart].env[TAX_TIMEOUT].value: 1500ms
      Deployment/cart
    containers[cart].env[DB_PASSWORD].valueFrom.configMapKeyRef: null
      Deployment/cart containers[cart].env[DB_PASSWORD].valueFrom.secretKeyRef:
    {"key":"password","name":"db"}
      Deployment/cart containers[cart].env[TAX_URL]:
    {"name":"TAX_URL","value":"http://tax:8080"}
      … and 3 more, which -o json has

NOTES
no Helm release here has ConfigMap tax-config, Deployment tax: the helm upgrade
of release shop that brings them needs --take-ownership, and --force-conflicts
where its values differ
"#,
    );
}

#[test]
fn at_200_columns() {
    assert_text(
        &at(200, &between(&story::rel_42(), &story::rel_43())),
        r#"
rel-43 (sha256:7ea633f61439) → kind-dev/qa
3 objects to change, 2 objects to create; 1 object left alone

WRITES
~ change ConfigMap app-config
    data.LOG_LEVEL     info → debug
    data[nginx.conf]   6 lines → 6 lines, 1 of them changed
+ create ConfigMap tax-config
~ change Deployment cart
    env[DB_HOST]       + db.qa
    env[TAX_TIMEOUT]   500ms → 1500ms
    env[DB_PASSWORD]   configMap app-config/DB_PASSWORD → secret db/password
    env[TAX_URL]       + http://tax:8080
    image              1.8.0 → 1.9.0
    resources          + {"limits":{"memory":"256Mi"}}
    containers[proxy]  + {"image":"envoyproxy/envoy:v1.30.1","name":"proxy"}
~ change Deployment search
    image              main-a1b2a1b2a1b2 → main-c3d4c3d4c3d4
+ create Deployment tax

LEFT ALONE  the set does not have it
Deployment legacy

OWNERS
Helm release shop: Deployment cart
    the next helm upgrade or rollback takes back in silence what is changed and removed, and leaves what is added; where somebody else has written over all that Helm 4 applied, it ends with a conflict
    so it takes back env[TAX_TIMEOUT] of Deployment cart, image of Deployment cart, and leaves env[DB_HOST] of Deployment cart, env[TAX_URL] of Deployment cart, resources of Deployment cart, 1 more
    the API server refuses its next write, until that takes these from where the set does: env[DB_PASSWORD] of Deployment cart
    to keep the set, bring this into its values:
      Deployment/cart containers[cart].env[DB_HOST].value: db.qa
      Deployment/cart containers[cart].env[TAX_TIMEOUT].value: 1500ms
      Deployment/cart containers[cart].env[DB_PASSWORD].valueFrom.configMapKeyRef: null
      Deployment/cart containers[cart].env[DB_PASSWORD].valueFrom.secretKeyRef: {"key":"password","name":"db"}
      Deployment/cart containers[cart].env[TAX_URL]: {"name":"TAX_URL","value":"http://tax:8080"}
      … and 3 more, which -o json has

NOTES
no Helm release here has ConfigMap tax-config, Deployment tax: the helm upgrade of release shop that brings them needs --take-ownership, and --force-conflicts where its values differ
"#,
    );
}

#[test]
fn what_the_api_would_refuse_comes_first() {
    let reason = "spec.serviceName cannot be changed; delete the StatefulSet (with --cascade=orphan its pods keep running), and the next apply creates it anew";
    let blocked =
        vec![Blocked { kind: Kind::StatefulSet, name: "db".into(), reason: reason.into() }];
    let plan = Plan { blocked, ..settled() };
    assert_text(
        &at(80, &plan),
        "
rel-42 (sha256:d54a02ae3da2) → kind-dev/qa
nothing to write; 1 change that the API would refuse

BLOCKED
StatefulSet db  spec.serviceName cannot be changed; delete the StatefulSet (with
                --cascade=orphan its pods keep running), and the next apply
                creates it anew
",
    );
}

#[test]
fn nothing_to_write_is_said() {
    assert_text(
        &at(80, &settled()),
        "
rel-42 (sha256:d54a02ae3da2) → kind-dev/qa
nothing to write
",
    );
}

#[test]
fn names_are_those_of_kubectl() {
    assert_text(
        &machine("name", &between(&story::rel_42(), &story::rel_43())),
        "
configmap/app-config
configmap/tax-config
deployment.apps/cart
deployment.apps/search
deployment.apps/tax
",
    );
}
