//! Promoting under the guard, by those who may and those who may not.

use end_to_end::{fixture, test};

use super::Shop;
use crate::shop::{self, DEV};

impl Shop {
    /// The plugin, as some user.
    fn plugin_as(&self, user: &str, line: &str) -> end_to_end::Invocation {
        self.place.plugin(line.split_whitespace()).as_user(user)
    }

    /// Lets a user write where the services run.
    fn lets_apply(&self, user: &str) {
        let (name, role) = (self.place.name(), format!("kubectl-snapshot-apply.{}", self.store()));
        let words = ["create", "rolebinding", user, "-n", name, "--clusterrole", &role];
        let binding = words.into_iter().chain(["--user", user]);
        self.place.cluster().kubectl(binding).succeeds();
        let may = ["auth", "can-i", "patch", "deployments", "-n", name];
        end_to_end::wait_for("the binding", || {
            (self.place.cluster().kubectl(may).as_user(user).run().exit == 0).then_some(())
        });
    }

    fn tax(&self) -> String {
        let path = "jsonpath={.spec.template.spec.containers[0].image}";
        let image = self.place.kubectl(["get", "deployment", "tax", "-o", path]).succeeds().stdout;
        image.split('@').next().unwrap_or_default().to_owned()
    }
}

#[test]
fn a_promoter_promotes_what_others_approve_and_gets_round_nothing() {
    let shop = Shop::guarded();
    shop::fill(&shop.place, &fixture(DEV));
    for user in ["developer", "promoter"] {
        shop.lets_apply(user);
    }
    let better = fixture(DEV).replace("shop/tax:1.3.9", "shop/tax:1.4.1");
    let capture = shop.place.plugin(["capture", "rel-42", "--from", "-"]).as_user("developer");
    capture.stdin(better).succeeds();
    let admin = |line: &str| shop.place.plugin(line.split_whitespace()).succeeds();
    admin(&format!("stage set qa --at {}", shop.place.name()));
    admin(r#"policy add promotion-ladder --settings {"approvals":{"qa":1}}"#);

    // Nobody has approved it, and who promotes may not be the one who does.
    let promote = || shop.plugin_as("promoter", "promote rel-42 --to qa --yes");
    promote().exits(4);
    shop.plugin_as("promoter", "approve rel-42 --to qa").succeeds();
    let undecided = promote().exits(4);
    assert!(undecided.stdout.contains("approval-missing"), "{}", undecided.transcript());
    insta::assert_snapshot!(
        "approve_without_the_right",
        shop.plugin_as("developer", "approve rel-42 --to qa").exits(1)
    );
    shop.plugin_as("promoter", "policy remove promotion-ladder").exits(1);
    shop.plugin_as("promoter", "stage set qa --at elsewhere").exits(1);
    insta::assert_snapshot!(
        "override_without_the_right",
        shop.plugin_as("promoter", "promote rel-42 --to qa --yes --override --reason now").exits(1)
    );
    assert_eq!(shop.tax(), "registry.example/shop/tax:1.3.9");

    admin("approve rel-42 --to qa");
    // A developer may write there, and still may not promote: the record comes first.
    let refused = shop.plugin_as("developer", "promote rel-42 --to qa --yes").exits(1);
    assert!(refused.stderr.contains("kubectl-snapshot-guard"), "{}", refused.transcript());
    assert_eq!(shop.tax(), "registry.example/shop/tax:1.3.9");

    promote().succeeds();
    assert_eq!(shop.tax(), "registry.example/shop/tax:1.4.1");
    shop.plugin_as("promoter", "rollback qa --yes --reason back").exits(3);
    shop.plugin_as("reader", "history qa --verify").succeeds();
    admin("rollback qa --yes --reason back --override");
    assert_eq!(shop.tax(), "registry.example/shop/tax:1.3.9");
    let history = shop.plugin_as("reader", "history qa").succeeds();
    for word in ["promoter", "undecided", "promoted", "rolled back, overridden"] {
        assert!(history.stdout.contains(word), "{word}:\n{}", history.stdout);
    }
}
