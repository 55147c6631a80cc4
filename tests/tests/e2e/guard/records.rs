//! Records: written once, in order, in one's own name, by those who may promote.

use end_to_end::test;

use serde_json::{Value, json};

use super::{OF, PART, Shop, passes, record, refusal, written};

#[test]
fn a_promoter_writes_records_in_their_own_name() {
    let shop = Shop::guarded();
    passes(&shop.create("promoter", &record("prod", "000001", "promoter")));
    let mut ended = record("prod", "000002", "promoter");
    ended["data"] = json!({
        "actor": "promoter", "stage": "prod", "number": "000002", "event": "ended",
    });
    written(&mut ended);
    passes(&shop.create("promoter", &ended));
    // A stage's name may have dots.
    passes(&shop.create("promoter", &record("prod.eu", "000001", "promoter")));

    insta::assert_snapshot!(
        "record_forged",
        shop.create("promoter", &record("prod", "000003", "admin"))
    );
    let mut nobody = record("prod", "000003", "promoter");
    nobody["data"].as_object_mut().unwrap().remove("actor");
    assert_eq!(
        refusal(&shop.create("promoter", &nobody)),
        "records.prod.000003 says that its actor is \"\", but it is promoter who writes it"
    );
    // An administrator is no exception, and kubectl apply no other way.
    let forged = record("prod", "000003", "promoter");
    for verb in ["create", "apply", "apply --server-side"] {
        assert!(refusal(&shop.send("admin", verb, &forged)).contains("it is admin who writes it"));
    }
}

#[test]
fn who_may_not_promote_writes_no_record() {
    let shop = Shop::guarded();
    assert_eq!(
        refusal(&shop.create("developer", &record("prod", "000001", "developer"))),
        format!(
            "developer may not promote stages/prod; ask for a role with the verb promote \
             on stages.kubectl-snapshot.dev in namespace {}",
            shop.store()
        )
    );
    // One who may promote to qa alone.
    shop.grant("developer", "promote", "stages", "qa");
    passes(&shop.create("developer", &record("qa", "000001", "developer")));
    let refused = shop.create("developer", &record("prod", "000001", "developer"));
    assert!(refusal(&refused).starts_with("developer may not promote stages/prod;"));
    // The stage that counts is the one that the record is kept under.
    let mut disguised = record("prod", "000001", "developer");
    disguised["data"]["stage"] = "qa".into();
    assert!(refusal(&shop.create("developer", &disguised)).contains("is not the name of record"));
    disguised["metadata"]["name"] = "records.qa.000002".into();
    assert!(refusal(&shop.create("developer", &disguised)).contains("is not the name of record"));
}

#[test]
fn a_records_name_number_and_label_agree() {
    let shop = Shop::guarded();
    let refused = |name: &str, change: &dyn Fn(&mut Value)| {
        let mut wrong = record("prod", "000008", "promoter");
        wrong["metadata"]["name"] = name.into();
        change(&mut wrong);
        refusal(&shop.create("promoter", &wrong)).to_owned()
    };
    for (name, number) in [
        ("records.prod.8", "8"),
        ("records.prod.00008", "00008"),
        ("records.prod.0000008", "0000008"),
        ("records.prod.00000a", "00000a"),
        ("records.prod.000009", "000008"),
        ("records.prod.000008.x", "000008"),
        ("records.qa.000008", "000008"),
        ("records.000008", "000008"),
    ] {
        let why = refused(name, &|wrong| wrong["data"]["number"] = number.into());
        assert!(why.contains("is not the name of record"), "{name}: {why}");
    }
    let why = refused("records.prod.000008", &|wrong| {
        wrong["metadata"]["labels"][OF] = "qa".into();
    });
    assert!(why.contains("the label kubectl-snapshot.dev/of is STAGE"), "{why}");
    let why = refused("records.prod.000008", &|wrong| wrong["immutable"] = false.into());
    assert_eq!(why, "records.prod.000008 has to be written with immutable: true");
}

#[test]
fn what_the_policies_did_not_allow_is_approved_by_nobody_alone() {
    let shop = Shop::guarded();
    let with = |number: &str, verdict: &str, overridden: Option<&str>| {
        let mut record = record("prod", number, "promoter");
        record["data"]["verdict"] = verdict.into();
        if let Some(overridden) = overridden {
            record["data"]["overridden"] = overridden.into();
        }
        written(&mut record);
        record
    };
    for verdict in ["deny", "undecided"] {
        let why = shop.create("promoter", &with("000001", verdict, None));
        assert!(refusal(&why).contains(&format!("did not allow ({verdict})")));
    }
    insta::assert_snapshot!(
        "record_overridden",
        shop.create("promoter", &with("000001", "deny", Some("true")))
    );
    let mut refused = with("000001", "deny", None);
    refused["data"]["outcome"] = "refused".into();
    written(&mut refused);
    passes(&shop.create("promoter", &refused));

    shop.grant("promoter", "override", "stages", "prod");
    passes(&shop.create("promoter", &with("000002", "deny", Some("true"))));
    let mut elsewhere = record("qa", "000001", "promoter");
    elsewhere["data"]["overridden"] = "true".into();
    written(&mut elsewhere);
    assert!(refusal(&shop.create("promoter", &elsewhere)).contains("may not override stages/qa"));

    // Words that no reader knows would let a reader guess.
    for (member, word) in [
        ("verdict", "Deny"),
        ("verdict", ""),
        ("outcome", "approved "),
        ("event", "promoted"),
        ("overridden", "false"),
    ] {
        let mut wrong = record("prod", "000003", "promoter");
        wrong["data"][member] = word.into();
        let why = shop.create("promoter", &wrong);
        assert!(refusal(&why).contains("is no record"), "{member}: {word:?}");
    }
}

#[test]
fn nobody_changes_a_record() {
    let shop = Shop::guarded();
    passes(&shop.create("promoter", &record("prod", "000001", "promoter")));
    let before = shop.get("records.prod.000001");
    let name = "configmap/records.prod.000001";
    let patches = [
        r#"{"metadata":{"labels":{"team":"a"}}}"#,
        r#"{"metadata":{"annotations":{"note":"a"}}}"#,
        r#"{"metadata":{"labels":{"kubectl-snapshot.dev/part":null}}}"#,
        r#"{"metadata":{"labels":{"kubectl-snapshot.dev/part":"evidence"}}}"#,
        r#"{"metadata":{"labels":{"kubectl-snapshot.dev/of":"qa"}}}"#,
        r#"{"metadata":{"finalizers":["example.com/keep"]}}"#,
        r#"{"metadata":{"ownerReferences":[{"apiVersion":"v1","kind":"ConfigMap","name":"kube-root-ca.crt","uid":"1"}]}}"#,
    ];
    for user in ["promoter", "admin"] {
        for (kind, patch) in patches.iter().flat_map(|p| [("merge", p), ("strategic", p)]) {
            let line = format!("patch {name} --type={kind} -p {patch}");
            refusal(&shop.kubectl(user, &line));
        }
        let json = r#"[{"op":"add","path":"/metadata/annotations","value":{"note":"a"}}]"#;
        refusal(&shop.kubectl(user, &format!("patch {name} --type=json -p {json}")));
        refusal(&shop.kubectl(user, &format!("annotate {name} note=a")));
        refusal(&shop.kubectl(user, &format!("label {name} {PART}-")));

        let mut changed = before.clone();
        changed["metadata"]["annotations"] = json!({"note": "a"});
        refusal(&shop.send(user, "replace", &changed));
        let mut applied = record("prod", "000001", "promoter");
        applied["metadata"]["annotations"] = json!({"note": "a"});
        refusal(&shop.send(user, "apply --server-side --force-conflicts", &applied));
        refusal(&shop.send(user, "apply", &applied));
        // Content is refused before the guard is asked: the record is immutable.
        for patch in [
            r#"{"data":{"verdict":"warn"}}"#,
            r#"{"immutable":false}"#,
            r#"{"binaryData":{"a":"AA=="}}"#,
        ] {
            let output = shop.kubectl(user, &format!("patch {name} --type=merge -p {patch}"));
            assert_eq!(output.exit, 1, "{}", output.transcript());
        }
        let edit = shop.place.cluster().kubectl(["-n", shop.store(), "edit", name]);
        let edit = edit.as_user(user).env("KUBE_EDITOR", "sed -i s/allow/warn/");
        let edited = edit.env("TMPDIR", shop.place.cluster().folder()).run();
        assert!(edited.stderr.contains("is invalid"), "{}", edited.transcript());
    }
    insta::assert_snapshot!(
        "record_changed",
        shop.kubectl("admin", &format!("annotate {name} note=a"))
    );
    assert_eq!(shop.get("records.prod.000001"), before);
}

#[test]
fn nobody_deletes_a_record() {
    let shop = Shop::guarded();
    passes(&shop.create("promoter", &record("prod", "000001", "promoter")));
    let before = shop.get("records.prod.000001");
    for user in ["promoter", "admin"] {
        for line in [
            "delete configmap records.prod.000001",
            "delete configmap records.prod.000001 --cascade=foreground",
            "delete configmap records.prod.000001 --cascade=orphan --grace-period=0 --force",
            "delete configmap -l kubectl-snapshot.dev/part=records",
        ] {
            let why = shop.kubectl(user, line);
            assert_eq!(
                refusal(&why),
                "records.prod.000001 is not deleted by anybody while the guard is there"
            );
        }
    }
    // One request that deletes many.
    let url = format!("/api/v1/namespaces/{}/configmaps", shop.store());
    assert_eq!(shop.kubectl("admin", &format!("delete --raw {url}")).exit, 1);
    // Deleting and writing anew in one command.
    let anew = shop.send("admin", "replace --force", &record("prod", "000001", "admin"));
    assert_eq!(anew.exit, 1, "{}", anew.transcript());
    insta::assert_snapshot!(
        "record_deleted",
        shop.kubectl("admin", "delete configmap records.prod.000001")
    );
    assert_eq!(shop.get("records.prod.000001"), before);
}
