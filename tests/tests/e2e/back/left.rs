//! Objects that do not go back, and are told.

use end_to_end::{Cluster, Fault, FaultyApiServer, Folder, Namespace, Output, test, wait_for};

use super::{image, running, service, services, wait_for_tag};

#[test]
fn what_somebody_else_has_written_since_is_left_and_told() {
    let prod = running("prod", &services(&[("cart", "1.0.0"), ("tax", "1.0.0")]));
    let folder = Folder::new(Cluster::shared());
    let slow = "spec:\n  minReadySeconds: 3600\n  progressDeadlineSeconds: 7200\n  replicas";
    let next = services(&[("cart", "2.0.0"), ("tax", "2.0.0")]).replace("spec:\n  replicas", slow);
    folder.write("next.yaml", next);
    let apply = prod.plugin(["apply", "./next.yaml", "--yes"]).current_dir(folder.path()).start();
    wait_for_tag(&prod, "cart", "2.0.0");
    wait_for_tag(&prod, "tax", "2.0.0");
    let theirs = "cart=registry.example/shop/cart:1.9.0";
    prod.kubectl(["set", "image", "deployment/cart", theirs]).succeeds();
    apply.interrupt();
    let output = apply.finish();
    assert_eq!(output.exit, 130, "{}", output.transcript());
    // What comes on stderr meanwhile has no order.
    let transcript = output.to_string();
    insta::assert_snapshot!("somebody_elses", transcript.split_once("-- stderr --").unwrap().0);
    assert!(image(&prod, "cart").ends_with("1.9.0") && image(&prod, "tax").ends_with("1.0.0"));
}

/// An apply of a newer cart that is left at once, half done: the ConfigMap and the Deployment are
/// written; going back meets a server that is silent.
pub(super) fn leaves_at_once(prod: &Namespace) -> Output {
    let folder = Folder::new(Cluster::shared());
    let slow = "spec:\n  minReadySeconds: 3600\n  progressDeadlineSeconds: 7200\n  replicas";
    folder.write("next.yaml", service("cart", "2.0.0").replace("spec:\n  replicas", slow));
    let mut patches = 0;
    let server = FaultyApiServer::new(Cluster::shared(), move |request| {
        patches += usize::from(request.writes_by("PATCH"));
        (request.writes_by("PATCH") && patches > 2).then_some(Fault::Silent)
    });
    let apply = prod.plugin(["apply", "./next.yaml", "--yes"]).current_dir(folder.path());
    let apply = apply.through(&server).start();
    wait_for_tag(prod, "cart", "2.0.0");
    apply.interrupt();
    std::thread::sleep(std::time::Duration::from_secs(1));
    apply.interrupt();
    let output = apply.finish();
    assert_eq!(output.exit, 130, "{}", output.transcript());
    output
}

#[test]
fn who_leaves_at_once_says_what_is_left() {
    let prod = running("prod", &services(&[("cart", "1.0.0"), ("tax", "1.0.0")]));
    let output = leaves_at_once(&prod);
    let told = "left at once, half done: ConfigMap cart-rates, Deployment cart were written";
    assert!(output.stderr.contains(told), "{}", output.transcript());
}

#[test]
fn who_has_lost_the_lease_writes_nothing_back() {
    let prod = running("prod", &service("cart", "1.0.0"));
    let folder = Folder::new(Cluster::shared());
    let slow = "spec:\n  minReadySeconds: 3600\n  progressDeadlineSeconds: 7200\n  replicas";
    folder.write("next.yaml", service("cart", "2.0.0").replace("spec:\n  replicas", slow));
    let apply = prod.plugin(["apply", "./next.yaml", "--yes"]).current_dir(folder.path()).start();
    wait_for_tag(&prod, "cart", "2.0.0");
    wait_for("the theft", || {
        let steal = r#"{"spec": {"holderIdentity": "eve@elsewhere/1"}}"#;
        let patch = ["patch", "lease", "kubectl-snapshot", "--type=merge", "-p", steal];
        (prod.kubectl(patch).run().exit == 0).then_some(())
    });
    let output = apply.finish();
    assert_eq!(output.exit, 5, "{}", output.transcript());
    assert!(
        output.stderr.contains("nothing is taken back without the lock"),
        "{}",
        output.transcript()
    );
    assert!(image(&prod, "cart").ends_with("2.0.0"));
}
