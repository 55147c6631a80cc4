//! The roles give what they say, and no more is asked of those who have them.

use end_to_end::{test, wait_for};

use super::{Shop, TAX, passes};

/// A ConfigMap beside it.
const RATES: &str = "---
apiVersion: v1
kind: ConfigMap
metadata: {name: rates}
data: {vat: '19'}
";

fn tax_and_rates() -> String {
    [TAX, RATES].concat()
}

/// Gives a user one of the roles for namespaces where services run.
fn bind(shop: &Shop, user: &str, role: &str) {
    let role = format!("--clusterrole=kubectl-snapshot-{role}.{}", shop.store());
    let name = format!("{user}-{}", role.len());
    let user_flag = format!("--user={user}");
    shop.place.kubectl(["create", "rolebinding", &name, &role, &user_flag]).succeeds();
    wait_for("the role", || {
        let may = shop.place.kubectl(["auth", "can-i", "list", "deployments.apps"]);
        (may.as_user(user).run().exit == 0).then_some(())
    });
}

#[test]
fn with_the_role_for_it_a_developer_captures_what_runs() {
    let shop = Shop::guarded();
    shop.place.apply(&tax_and_rates());
    shop.place.wait_rollouts();
    bind(&shop, "developer", "capture");
    let capture = shop.place.plugin(["capture", "rel-41"]).as_user("developer").succeeds();
    assert_eq!(capture.stderr, "", "nothing is left out");
    let list = shop.place.plugin(["list", "-o", "name"]).as_user("reader").succeeds();
    assert_eq!(list.stdout, "rel-41\n");
    let diff = shop.place.plugin(["diff", "rel-41"]).as_user("developer").succeeds();
    assert_eq!(diff.stderr, "");
    let denied = shop.place.plugin(["apply", "-", "--yes"]).as_user("developer");
    denied.stdin(tax_and_rates().replace("1.4.1", "1.5.0")).exits(1);
    let secrets = shop.place.kubectl(["get", "secrets"]).as_user("developer").exits(1);
    assert!(secrets.stderr.contains("cannot list resource \"secrets\""));
}

#[test]
fn with_the_role_for_it_a_promoter_applies() {
    let shop = Shop::guarded();
    bind(&shop, "promoter", "apply");
    let apply = |manifests: String| {
        let apply = shop.place.plugin(["apply", "-", "--yes"]).as_user("promoter");
        let applied = apply.stdin(manifests).succeeds();
        assert!(!applied.stderr.contains("Warning"), "{}", applied.transcript());
    };
    apply(tax_and_rates());
    apply(tax_and_rates().replace("1.4.1", "1.5.0").replace("19", "21"));
    let image = "jsonpath={.spec.template.spec.containers[0].image}";
    let image = shop.place.kubectl(["get", "deployment", "tax", "-o", image]).succeeds();
    assert_eq!(image.stdout, "registry.example/shop/tax:1.5.0");
    let secrets = shop.place.kubectl(["get", "secrets"]).as_user("promoter").exits(1);
    assert!(secrets.stderr.contains("cannot list resource \"secrets\""));
}

#[test]
fn the_commands_that_init_prints_bind_them() {
    let shop = Shop::with_roles();
    let printed = shop.place.plugin(["init"]).succeeds().stderr;
    let commands: Vec<_> =
        printed.lines().filter_map(|line| line.trim().strip_prefix("kubectl ")).collect();
    assert_eq!(commands.len(), 6, "{printed}");
    for command in commands {
        let command = command.replace("GROUP", "shop").replace("NAMESPACE", shop.place.name());
        passes(&shop.place.cluster().kubectl(command.split(' ')).run());
    }
    let team = ["--as=anna", "--as-group=shop"];
    wait_for("the roles", || {
        let list = shop.place.plugin(["list"].into_iter().chain(team));
        (list.run().exit == 0).then_some(())
    });
    let role = "jsonpath={.roleRef.name}";
    let get = ["get", "rolebinding", "snapshot-apply", "-o", role];
    let bound = shop.place.kubectl(get).succeeds().stdout;
    passes(&shop.place.kubectl(["get", "clusterrole", &bound]).run());
}
