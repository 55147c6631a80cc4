//! Ways round the guard that somebody could think of.

use end_to_end::test;

use serde_json::json;

use super::{OF, PART, Shop, chain_end, part, passes, record, refusal};

#[test]
fn a_part_is_known_by_its_name_and_by_its_label() {
    let shop = Shop::guarded();
    // The name without the label, at once or later.
    let mut bare = record("prod", "000008", "promoter");
    bare["metadata"].as_object_mut().unwrap().remove("labels");
    insta::assert_snapshot!("unlabelled", shop.create("promoter", &bare));
    bare["metadata"]["labels"] = json!({PART: "evidence"});
    assert!(refusal(&shop.create("promoter", &bare)).contains("needs the label"));
    for name in ["snapshot.a", "stages.prod", "policies.ours", "variables.prod", "chains.prod"] {
        let mut bare = part(name, &json!({"number": "1"}));
        bare["metadata"].as_object_mut().unwrap().remove("labels");
        assert!(refusal(&shop.create("admin", &bare)).contains("needs the label"), "{name}");
    }
    // The label without the name, at once or later.
    let mut stray = part("stages.prod", &json!({"namespace": "x"}));
    stray["metadata"]["name"] = "notes".into();
    insta::assert_snapshot!("labelled", shop.create("admin", &stray));
    stray["metadata"].as_object_mut().unwrap().remove("labels");
    passes(&shop.create("developer", &stray));
    let later = format!("label configmap notes {PART}=records");
    assert!(refusal(&shop.kubectl("admin", &later)).contains("and notes is none"));
    passes(&shop.kubectl("developer", &format!("label configmap notes {OF}=prod")));
    passes(&shop.kubectl("developer", "delete configmap notes"));
}

#[test]
fn a_name_that_the_server_makes_up_is_seen() {
    let shop = Shop::guarded();
    let mut generated = record("prod", "000001", "promoter");
    generated["metadata"].as_object_mut().unwrap().remove("name");
    for prefix in ["records.prod.00000", "stages.p", "policies.x", "snapshot.x", "chains.prod-"] {
        generated["metadata"]["generateName"] = prefix.into();
        let output = shop.create("developer", &generated);
        assert!(refusal(&output).starts_with(prefix), "{}", output.transcript());
    }
}

#[test]
fn no_part_has_an_owner_that_would_take_it_along() {
    let shop = Shop::guarded();
    passes(&shop.create(
        "developer",
        &json!({
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "owner"},
        }),
    ));
    let owner = shop.get("owner");
    let owners = json!([{
        "apiVersion": "v1", "kind": "ConfigMap", "name": "owner", "uid": owner["metadata"]["uid"],
    }]);
    let mut taken = record("prod", "000001", "promoter");
    taken["metadata"]["ownerReferences"] = owners.clone();
    assert!(refusal(&shop.create("promoter", &taken)).contains("neither ownerReferences nor"));
    let mut held = record("prod", "000001", "promoter");
    held["metadata"]["finalizers"] = json!(["example.com/keep"]);
    assert!(refusal(&shop.create("promoter", &held)).contains("nor finalizers"));
    passes(&shop.create("promoter", &record("prod", "000001", "promoter")));
    passes(&shop.create("promoter", &chain_end("prod", "000001")));
    passes(&shop.create("admin", &part("stages.prod", &json!({"namespace": "prod"}))));
    let patch = json!({"metadata": {"ownerReferences": owners}, "data": {"number": "000002"}});
    for name in ["records.prod.000001", "chains.prod", "stages.prod"] {
        let mut patch = patch.clone();
        if name.starts_with("records") {
            patch.as_object_mut().unwrap().remove("data");
        }
        let line = format!("patch configmap {name} --type=merge -p {patch}");
        let why = shop.kubectl("admin", &line);
        assert!(refusal(&why).contains("neither ownerReferences nor finalizers"), "{name}");
    }
}

#[test]
fn the_namespace_stays_while_the_guard_is_there() {
    let shop = Shop::guarded();
    insta::assert_snapshot!(
        "namespace_deleted",
        shop.kubectl("admin", &format!("delete namespace {}", shop.store()))
    );
    // Its label is what the guard goes by, and the API server keeps it.
    let strip = format!("label namespace {} kubernetes.io/metadata.name-", shop.store());
    shop.kubectl("admin", &strip);
    let rename =
        format!("label namespace {} kubernetes.io/metadata.name=x --overwrite", shop.store());
    shop.kubectl("admin", &rename);
    refusal(&shop.kubectl("admin", &format!("delete namespace {}", shop.store())));
    refusal(&shop.create("admin", &record("prod", "000001", "promoter")));
}

#[test]
fn who_has_a_role_of_the_store_gives_none_away() {
    let shop = Shop::guarded();
    for user in ["developer", "promoter"] {
        let more = "create rolebinding more --role=snapshot-administrator --user=promoter";
        assert!(shop.kubectl(user, more).stderr.contains("cannot create"), "{user}");
        let guard = format!(
            "delete validatingadmissionpolicybinding kubectl-snapshot-guard.{}",
            shop.store()
        );
        assert!(shop.kubectl(user, &guard).stderr.contains("cannot delete"), "{user}");
    }
    // Not even one who may write roles: RBAC lets nobody give more than they have.
    let writes_roles = json!({
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role",
        "metadata": {"name": "writes-roles"},
        "rules": [{
            "apiGroups": ["rbac.authorization.k8s.io"], "resources": ["roles", "rolebindings"],
            "verbs": ["get", "create", "update", "patch"],
        }],
    });
    passes(&shop.create("admin", &writes_roles));
    shop.bind_role("developer", "writes-roles");
    let right = json!({
        "group": "rbac.authorization.k8s.io", "verb": "create", "resource": "rolebindings",
    });
    shop.wait_until_may("developer", &right);
    let more = "create rolebinding more --role=snapshot-promoter --user=developer";
    let output = shop.kubectl("developer", more);
    assert!(
        output.stderr.contains("attempting to grant RBAC permissions not currently held"),
        "{}",
        output.transcript()
    );
}

#[test]
fn a_guard_guards_its_own_store_alone() {
    let (one, two) = (Shop::guarded(), Shop::with_roles());
    let forged = record("prod", "000001", "somebody");
    refusal(&one.create("admin", &forged));
    passes(&two.create("admin", &forged));
    passes(&two.kubectl("admin", "delete configmap records.prod.000001"));
    // Without a guard, roles on what exists in roles alone mean nothing.
    passes(&two.create("developer", &part("stages.prod", &json!({"namespace": "prod"}))));
    // The other way round: a right in another store is none here.
    two.grant("reader", "promote", "stages", "prod");
    two.grant("developer", "promote", "stages", "prod");
    let why = one.create("developer", &record("prod", "000001", "developer"));
    assert!(refusal(&why).contains("may not promote stages/prod"));
}

#[test]
fn others_config_maps_in_the_namespace_are_left_alone() {
    let shop = Shop::guarded();
    passes(&shop.kubectl("developer", "create configmap settings --from-literal=a=b"));
    passes(&shop.kubectl("developer", "label configmap settings team=a"));
    passes(&shop.kubectl("developer", "annotate configmap kube-root-ca.crt note=a"));
    passes(&shop.kubectl("developer", "create configmap recordsx.prod --from-literal=a=b"));
    passes(&shop.kubectl("developer", "delete configmap settings recordsx.prod"));
}
