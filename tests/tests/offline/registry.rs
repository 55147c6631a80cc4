//! Registries that are not there.

use std::net::TcpListener;

use end_to_end::{TestEnvironment, test};

#[test]
fn nobody_there() {
    let environment = TestEnvironment::new();
    // Nobody listens there any more.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    for (name, host) in
        [("refused", format!("127.0.0.1:{port}")), ("no_host", "registry.invalid".to_owned())]
    {
        let reference = format!("oci://{host}/policies/tax:1.4");
        let pull = environment.plugin(["policy", "pull", &reference]);
        let said = pull.exits(1).stderr;
        assert!(
            said.starts_with(&format!("error: the registry {host} cannot be reached: ")),
            "{name}: {said}"
        );
        assert!(said.contains("hint: check the host's name"), "{said}");
    }
}

#[test]
fn one_that_is_silent() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let reference = format!("oci://{}/policies/tax:1.4", listener.local_addr().unwrap());
    let environment = TestEnvironment::new();
    let pull = ["policy", "pull", &reference, "--request-timeout", "1s"];
    let pull = environment.plugin(pull).exits(7);
    insta::assert_snapshot!("silent", pull);
}
