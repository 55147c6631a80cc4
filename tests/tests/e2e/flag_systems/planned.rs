//! Kept plans with switches: carried out as they are, or refused with the flag that moved.

use end_to_end::{Folder, Invocation, test};

use super::{Place, service, tax_call};

/// A place with a plan that switches a flag on.
struct Desk {
    prod: Place,
    folder: Folder,
}

impl Desk {
    fn new() -> Self {
        let qa = Place::new("qa");
        qa.flipt.set_flag("default", "tax-call", tax_call(true));
        qa.run(&(service("cart", "1.8.0", "") + &service("tax", "1.4.1", "")));
        qa.plugin("capture rel-42").succeeds();
        let prod = qa.beside("prod");
        prod.flipt.set_flag("default", "tax-call", tax_call(false));
        prod.run(&(service("cart", "1.7.0", "") + &service("tax", "1.4.1", "")));
        let folder = Folder::new(prod.namespace.cluster());
        let desk = Self { prod, folder };
        desk.plugin("apply rel-42 --plan-out plan.json").exits(0);
        desk
    }

    fn plugin(&self, line: &str) -> Invocation {
        self.prod.plugin(line).current_dir(self.folder.path())
    }
}

#[test]
fn a_kept_plan_switches_the_flag() {
    let desk = Desk::new();
    desk.plugin("apply --plan plan.json --yes").exits(0);
    assert_eq!(desk.prod.flipt.flag("tax-call")["enabled"], true);
    assert_eq!(desk.prod.tag("cart"), "1.8.0");
}

#[test]
fn a_flag_that_somebody_has_switched_since_is_named() {
    let desk = Desk::new();
    desk.prod.flipt.set_flag("default", "tax-call", tax_call(true));
    let refused = desk.plugin("apply --plan plan.json --yes").exits(5);
    let says = "flag tax-call: planned to be switched from off to on, now as it is to be";
    assert!(refused.stderr.contains(says), "{}", refused.transcript());
    assert_eq!(desk.prod.flipt.requests("PUT"), 0);
    crate::apply::assert_untouched(&desk.prod.namespace);
}
