//! Snapshots, chunks and settings under the guard: what the plugin's own commands meet.

use end_to_end::{Folder, HOSTILE_POLICY, Output, test};
use serde_json::json;

use super::{Shop, TAX, part, passes, refusal};

/// The plugin on manifests of tax at a version, as some user.
fn plugin(shop: &Shop, user: &str, line: &str, version: &str) -> Output {
    let plugin = shop.place.plugin(line.split_whitespace()).as_user(user);
    plugin.stdin(TAX.replace("1.4.1", version)).run()
}

#[test]
fn a_developer_stores_snapshots_and_nobody_replaces_one() {
    let shop = Shop::guarded();
    passes(&plugin(&shop, "developer", "capture rel-41 --from -", "1.4.1"));
    passes(&plugin(&shop, "developer", "tag rel-41 released", ""));
    for user in ["developer", "admin"] {
        let forced = plugin(&shop, user, "capture rel-41 --from - --force", "1.5.0");
        assert!(refusal(&forced).contains("choose another name"));
        let tagged = plugin(&shop, user, "tag - rel-41 --force", "1.5.0");
        assert!(refusal(&tagged).contains("choose another name"));
    }
    insta::assert_snapshot!(
        "capture_forced",
        plugin(&shop, "developer", "capture rel-41 --from - --force", "1.5.0")
    );
    // Replacing it by what it is changes nothing, and is no failure.
    let listed = plugin(&shop, "reader", "get rel-41 -o jsonpath={.metadata.digest}", "");
    passes(&listed);
    passes(&plugin(&shop, "reader", "diff rel-41 released", ""));
    for patch in [
        r#"{"data":{"chunks":"[]"}}"#,
        r#"{"binaryData":{"pieces":"AA=="}}"#,
        r#"{"immutable":true}"#,
        r#"{"metadata":{"labels":{"team":"a"}}}"#,
        r#"{"metadata":{"annotations":{"kubectl-snapshot.dev/digest":"sha256:1f3a"}}}"#,
    ] {
        let line = format!("patch configmap snapshot.rel-41 --type=merge -p {patch}");
        assert!(refusal(&shop.kubectl("admin", &line)).contains("is written once"), "{patch}");
    }
}

#[test]
fn deleting_a_snapshot_takes_the_right_to() {
    let shop = Shop::guarded();
    passes(&plugin(&shop, "developer", "capture rel-41 --from -", "1.4.1"));
    insta::assert_snapshot!("delete_refused", plugin(&shop, "developer", "delete rel-41", ""));
    let chunks =
        shop.kubectl("reader", "get configmaps -l kubectl-snapshot.dev/part=chunk -o name");
    let chunk = chunks.stdout.lines().next().expect("there is a chunk").to_owned();
    let why = shop.kubectl("developer", &format!("delete {chunk}"));
    assert!(refusal(&why).starts_with("developer may not delete snapshots;"));
    refusal(&shop.kubectl("admin", &format!("annotate {chunk} note=a")));
    // For one name, and then for all.
    shop.grant("developer", "delete", "snapshots", "rel-41");
    refusal(&shop.kubectl("developer", &format!("delete {chunk}")));
    passes(&plugin(&shop, "developer", "delete rel-41", ""));
    shop.bind("nobody", "snapshot-administrator");
    passes(&shop.kubectl("nobody", &format!("delete {chunk}")));
    // A finalizer that the API server adds by itself is taken away again.
    passes(&plugin(&shop, "developer", "capture rel-41 --from -", "1.4.1"));
    passes(&shop.kubectl("nobody", "delete configmap snapshot.rel-41 --cascade=foreground"));
}

#[test]
fn what_is_no_part_by_its_content_gets_no_name_of_one() {
    let shop = Shop::guarded();
    let mut chunk = part("chunk.1f3a", &json!({}));
    chunk["immutable"] = true.into();
    assert!(refusal(&shop.create("developer", &chunk)).contains("is no chunk"));
    chunk["metadata"]["name"] = format!("chunk.{}", "1f".repeat(32)).into();
    chunk["immutable"] = false.into();
    assert!(refusal(&shop.create("developer", &chunk)).contains("immutable: true"));
    // The reader's role has no right to write ConfigMaps at all.
    assert!(shop.create("reader", &chunk).stderr.contains("cannot create"));
}

#[test]
fn the_largest_part_is_compared_within_the_servers_budget() {
    let shop = Shop::guarded();
    let name = format!("chunk.{}", "1f".repeat(32));
    let mut chunk = part(&name, &json!({}));
    chunk["immutable"] = true.into();
    chunk["binaryData"] = json!({"chunk": "AAAA".repeat(1_000_000 / 3)});
    passes(&shop.create("developer", &chunk));
    let why = shop.kubectl("admin", &format!("annotate configmap {name} note=a"));
    assert!(refusal(&why).contains("is written once"));
    passes(&shop.send("developer", "replace", &chunk));
}

#[test]
fn stages_variables_and_policies_are_the_administrators() {
    let shop = Shop::guarded();
    let folder = Folder::new(shop.place.cluster());
    folder.write("ours.wasm", &*HOSTILE_POLICY);
    let run = |user: &str, line: &str| {
        let plugin = shop.place.plugin(line.split_whitespace()).as_user(user);
        plugin.current_dir(folder.path()).run()
    };
    shop.bind("nobody", "snapshot-administrator");
    passes(&run("nobody", "variables set prod DB_HOST=db.prod"));
    passes(&run("nobody", "stage set prod --at prod"));
    passes(&run("nobody", "stage set spare --at spare"));
    passes(&run("nobody", "policy add ./ours.wasm --name ours --stage prod --force"));
    for user in ["developer", "promoter"] {
        for line in [
            "variables set prod DB_HOST=elsewhere",
            "variables set dev DB_HOST=elsewhere",
            "variables remove prod",
            "stage set prod --at elsewhere",
            "stage set qa --at elsewhere",
            "stage remove spare",
            "policy add ./ours.wasm --name ours --mode warn --force",
            "policy add ./ours.wasm --name mine --force",
            "policy remove ours",
        ] {
            let output = run(user, line);
            assert!(refusal(&output).contains(" may not "), "{}", output.transcript());
        }
    }
    insta::assert_snapshot!("policy_unbound_by_a_promoter", run("promoter", "policy remove ours"));
    insta::assert_snapshot!(
        "stage_moved_by_a_developer",
        run("developer", "stage set prod --at here")
    );
    passes(&run("reader", "stage list"));
    // The rights may be given one by one.
    shop.grant("developer", "update", "stages", "prod");
    passes(&run("developer", "stage set prod --at elsewhere"));
    passes(&run("nobody", "policy remove ours"));
    refusal(&run("developer", "stage remove prod"));
    passes(&run("nobody", "stage remove prod"));
}
