//! Ctrl-C, while something is under way.

use end_to_end::{Cluster, Folder, Namespace, Running, TAX, test, wait_for};

#[test]
fn while_a_rollout_takes_its_time() {
    let transcript = while_waiting(Running::interrupt);
    insta::assert_snapshot!(transcript, @r"
    $ kubectl snapshot apply ./tax.yaml --yes
    exit: 6
    -- stdout --
    ./tax.yaml (sha256:[1]) → admin/[dev]
    1 object to change

    WRITES
    ~ change Deployment tax
        spec.minReadySeconds          + 3600
        spec.progressDeadlineSeconds  + 7200
        image                         1.3.9 → 1.4.0

    OWNERS
    kubectl apply: Deployment tax
        the next one of the old manifests takes back what is changed and removed, and leaves what is added
        so it takes back image of Deployment tax, and leaves spec.minReadySeconds of Deployment tax, spec.progressDeadlineSeconds of Deployment tax
        to keep the set, bring this into the manifests:
          Deployment/tax spec.minReadySeconds: 3600
          Deployment/tax spec.progressDeadlineSeconds: 7200
          Deployment/tax containers[tax].image: registry.example/shop/tax:1.4.0

    ALLOWED  ./tax.yaml (sha256:[1]) may run together, while it replaces live:[dev] (sha256:[2])

    flag-compatibility  allow

    ROLLED BACK  ./tax.yaml (sha256:[1]) was taken back from admin/[dev]
    1 object changed, 1 rollout not waited for
    Gone back: 1 object as before, 1 rollout done, verified

    ROLLOUTS
    deployment.apps/tax  not waited for
    ");
    // As pipelines and Jobs end it: the same.
    assert_eq!(while_waiting(Running::terminate), transcript);
}

/// Ends an apply that waits for a rollout, and returns what it says on stdout.
fn while_waiting(end: impl FnOnce(&Running)) -> String {
    let dev = Namespace::new(Cluster::shared(), "dev");
    dev.apply(TAX);
    dev.wait_rollouts();
    // A pod counts as available only after an hour.
    let slow = TAX.replace(
        "spec:\n  selector",
        "spec:\n  minReadySeconds: 3600\n  progressDeadlineSeconds: 7200\n  selector",
    );
    let next = slow.replace("1.3.9", "1.4.0");
    let folder = Folder::new(Cluster::shared());
    folder.write("tax.yaml", next);
    let apply = dev.plugin(["apply", "./tax.yaml", "--yes"]).current_dir(folder.path()).start();
    let image = "jsonpath={.spec.template.spec.containers[0].image}";
    wait_for("the write", || {
        let now = dev.kubectl(["get", "deployment", "tax", "-o", image]).succeeds().stdout;
        now.ends_with("1.4.0").then_some(())
    });
    let holder = || {
        let holder = "jsonpath={.items[*].spec.holderIdentity}";
        dev.kubectl(["get", "leases", "-o", holder]).succeeds().stdout
    };
    assert_ne!(holder(), "", "apply holds the namespace's Lease");
    end(&apply);
    let output = apply.finish();
    assert!(output.stderr.contains("stopping: what is under way is finished"), "{}", output.stderr);
    let transcript = output.to_string();
    assert_eq!(holder(), "", "the Lease was given back");
    // The next one begins anew.
    dev.plugin(["apply", "./tax.yaml", "--yes", "--wait=false"])
        .current_dir(folder.path())
        .succeeds();
    transcript.split_once("-- stderr --").unwrap().0.to_owned()
}
