//! `-o` of the commands that make something.

use end_to_end::{TestEnvironment, test};

#[test]
fn what_a_new_policy_is() {
    let environment = TestEnvironment::new();
    let new = "policy new no-latest --language rust -o json".split(' ');
    let new = environment.plugin(new).succeeds().json();
    assert_eq!(new["items"][0]["name"], "no-latest");
    assert_eq!(new["items"][0]["action"], "created");
}
