//! Runs that are killed at any step: the next one knows, and makes it whole.

use end_to_end::{Cluster, Fault, FaultyApiServer, Folder, test};

use super::{image, running, services};

/// The Lease runs out in a minute, which no test waits for.
pub(super) const EXPIRED: &str = r#"{"spec": {"renewTime": "2020-01-01T00:00:00.000000Z"}}"#;

#[test]
fn the_next_run_knows_and_makes_it_whole() {
    let before = [("cart", "1.0.0"), ("tax", "1.0.0")];
    let prod = running("prod", &services(&before));
    let folder = Folder::new(Cluster::shared());
    let sets = [services(&[("cart", "2.0.0"), ("tax", "2.0.0")]), services(&before)];
    for (name, set) in ["next.yaml", "back.yaml"].iter().zip(&sets) {
        folder.write(name, set.clone());
    }
    let doctor = || prod.plugin(["doctor"]).run().stdout;
    assert!(!doctor().contains("was killed"));
    // Two ConfigMaps and two Deployments are written: it is killed at each of them.
    for step in 1..=4 {
        let mut patches = 0;
        let server = FaultyApiServer::new(Cluster::shared(), move |request| {
            patches += usize::from(request.writes_by("PATCH"));
            (request.writes_by("PATCH") && patches >= step).then_some(Fault::Silent)
        });
        let apply = prod.plugin(["apply", "./next.yaml", "--yes"]).current_dir(folder.path());
        let apply = apply.through(&server).start();
        end_to_end::wait_for("the lock", || {
            let holder =
                ["get", "lease", "kubectl-snapshot", "-o", "jsonpath={.spec.holderIdentity}"];
            let holder = prod.kubectl(holder).run();
            (holder.exit == 0 && !holder.stdout.is_empty()).then_some(())
        });
        std::thread::sleep(std::time::Duration::from_millis(700));
        apply.kill();
        let _ = apply.finish_unread();
        let expire = ["patch", "lease", "kubectl-snapshot", "--type=merge", "-p", EXPIRED];
        prod.kubectl(expire).succeeds();
        let told = doctor();
        assert!(
            told.contains("with ./next.yaml (sha256:") && told.contains("was killed"),
            "{told}"
        );
        // It goes on, or somebody goes back.
        let (set, tag) =
            if step % 2 == 0 { ("./next.yaml", "2.0.0") } else { ("./back.yaml", "1.0.0") };
        let next = prod.plugin(["apply", set, "--yes"]).current_dir(folder.path()).succeeds();
        let says = "has not come to its end: it may be half done";
        assert!(next.stderr.contains(says), "{}", next.transcript());
        assert!(image(&prod, "cart").ends_with(tag) && image(&prod, "tax").ends_with(tag));
        assert!(!doctor().contains("was killed"), "the next run has settled it");
        prod.plugin(["apply", "./back.yaml", "--yes"]).current_dir(folder.path()).succeeds();
    }
}
