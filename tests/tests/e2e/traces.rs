//! Traces of `-v` and `-vv`, and credentials, which are in none.

use end_to_end::{Cluster, Folder, Namespace, fixture, test};

use crate::shop::DEV;

/// A token that nobody may see.
const TOKEN: &str = "must-never-be-traced-0815";

#[test]
fn requests_and_policies_are_traced() {
    let dev = Namespace::new(Cluster::shared(), "dev");
    let folder = Folder::new(Cluster::shared());
    folder.write("shop.yaml", fixture(DEV));
    let check = ["check", "./shop.yaml", "--against", "live", "-v"];
    let stderr = dev.plugin(check).current_dir(folder.path()).run().stderr;
    let line = |part: &str| {
        let found = stderr.lines().find(|line| line.contains(part));
        found.unwrap_or_else(|| panic!("no line has {part:?}:\n{stderr}")).to_owned()
    };
    let list = line("/deployments?limit=500 ");
    for part in ["GET /apis/apps/v1/namespaces/", " status=200 ", " bytes=", " time="] {
        assert!(list.contains(part), "{list}");
    }
    assert!(line("load policy flag-compatibility ").contains(" cache="));
    let asked = line("ask policy flag-compatibility about compatibility ");
    assert!(asked.contains(" memory=") && asked.contains(" findings="), "{asked}");
    assert!(!stderr.contains("\n< ") && !stderr.contains("\n> "), "{stderr}");
    let quiet = dev.plugin(check[..4].iter().copied()).current_dir(folder.path()).run().stderr;
    assert!(!quiet.contains("GET "), "{quiet}");
}

#[test]
fn credentials_are_never_traced() {
    let dev = Namespace::new(Cluster::shared(), "dev");
    let list = ["list", "-vv", "--token", TOKEN];
    let output = dev.plugin(list).run();
    assert_eq!(output.exit, 1, "{}", output.transcript());
    assert!(output.stderr.contains("\n< content-type: application/json"), "{}", output.stderr);
    assert!(output.stderr.contains(" status=401 "), "{}", output.stderr);
    assert!(!output.stderr.contains(TOKEN), "{}", output.stderr);
    let lowered = output.stderr.to_lowercase();
    assert!(!lowered.contains("bearer") && !lowered.contains("authorization:"), "{lowered}");
}
