//! A disk without room for a snapshot.

use std::fs;

use end_to_end::{TAX, TestEnvironment, ignore, test};

/// In a namespace of its own anybody may mount a file system, where the kernel
/// allows such namespaces.
const MOUNTED: [&str; 5] = ["--map-root-user", "--mount", "sh", "-ec", SCRIPT];

const SCRIPT: &str = "
mkdir disk
mount -t tmpfs -o size=16k tmpfs disk
code=0
kubectl-snapshot capture rel-41 --from ./tax.yaml --store disk || code=$?
kubectl-snapshot capture rel-42 --from ./large.yaml --store disk || code=$?
kubectl-snapshot list --store disk
find disk -type f
exit $code
";

#[test]
fn a_full_disk_leaves_nothing_half_written() {
    let environment = TestEnvironment::new();
    let run = |arguments| environment.command("unshare", arguments);
    let probe = ["--map-root-user", "--mount", "sh", "-ec", "mkdir x; mount -t tmpfs tmpfs x"];
    if run(probe).run().exit != 0 {
        ignore("no file system can be mounted here");
    }
    environment.write("tax.yaml", TAX);
    let large = (0..100)
        .map(|n| format!("{}---\n", TAX.replace("name: tax}\n", &format!("name: tax-{n}}}\n"))));
    environment.write("large.yaml", large.collect::<String>());
    let output = run(MOUNTED).exits(1);
    insta::assert_snapshot!(output.stderr, @r"
    error: disk/snapshots/rel-42.json cannot be written: No space left on device (os error 28)
    hint: make room on the disk, and repeat the command
    ");
    insta::assert_snapshot!(output.redact(&output.stdout), @r"
    snapshot/rel-41 captured: 1 service, 0 flags, sha256:[1]
    NAME    DIGEST               AGE  SERVICES  FLAGS  SOURCE      MESSAGE
    rel-41  sha256:[1]  [duration]  1         0      ./tax.yaml
    disk/snapshots/rel-41.json
    ");
    assert!(fs::read_dir(environment.path().join("disk")).unwrap().next().is_none());
}
