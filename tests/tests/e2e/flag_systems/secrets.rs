//! Tokens in Secrets, which say themselves where they may be sent.

use end_to_end::{Cluster, FliptStandIn, Namespace, test};

use super::{Place, service, tax_call};

const TOKEN: &str = "flipt-token-4712-secret";

/// A place whose Flipt wants a token, and a Secret there for an address.
fn dev(url: impl Fn(&FliptStandIn) -> String) -> Place {
    let flipt = FliptStandIn::with_token(TOKEN);
    let dev = Place { namespace: Namespace::new(Cluster::shared(), "dev"), flipt };
    dev.flipt.set_flag("default", "tax-call", tax_call(false));
    let (token, url) = (
        format!("--from-literal=token={TOKEN}"),
        format!("--from-literal=url={}", url(&dev.flipt)),
    );
    let create = ["create", "secret", "generic", "flipt", &token, &url];
    dev.namespace.kubectl(create).succeeds();
    dev
}

#[test]
fn a_secret_for_the_address_is_used() {
    let dev = dev(|flipt| flipt.url() + "/");
    let secret = format!("{}/flipt", dev.namespace.name());
    let added = dev.add_source("dev", &dev.flipt.url(), &["--secret", &secret]).succeeds();
    assert!(added.stderr.contains("it serves 1 flag of"), "{}", added.transcript());
    let captured = dev.plugin("capture --require-flags -v -v").exits(0);
    assert_eq!(captured.json()["spec"]["flags"]["tax-call"]["enabled"], false);
    assert!(!captured.transcript().contains(TOKEN), "{}", captured.transcript());
    dev.run(&service("tax", "1.4.1", ""));
    let switched = dev.plugin("flags set tax-call=on --yes -v -v").exits(0);
    assert!(!switched.transcript().contains(TOKEN), "{}", switched.transcript());
    assert_eq!(dev.flipt.flag("tax-call")["enabled"], true);
}

#[test]
fn a_secret_for_another_address_is_sent_nowhere() {
    let dev = dev(|_| "https://flipt.example".to_owned());
    let name = format!("{}/flipt", dev.namespace.name());
    dev.add_source("dev", &dev.flipt.url(), &["--secret", &name]).exits(0);
    let refused = dev.plugin("capture --require-flags -v -v").exits(1);
    let says = format!("flag source dev: Secret {name} is for another address");
    assert!(refused.stderr.contains(&says), "{}", refused.transcript());
    let captured = dev.plugin("capture -v -v").exits(0);
    assert!(captured.stderr.contains(&says), "{}", captured.transcript());
    for output in [&refused, &captured] {
        assert!(!output.transcript().contains(TOKEN), "{}", output.transcript());
        assert!(!output.transcript().contains("flipt.example"), "{}", output.transcript());
    }
    assert!(!dev.flipt.has_seen(TOKEN));
    assert_eq!(dev.flipt.requests("GET"), 0);
}

#[test]
fn a_secret_that_is_not_there_or_says_no_address_is_named() {
    let dev = dev(FliptStandIn::url);
    let name = |of: &str| format!("{}/{of}", dev.namespace.name());
    let refused = |of: &str| {
        dev.add_source("dev", &dev.flipt.url(), &["--secret", &name(of), "--force"]).exits(0);
        dev.plugin("capture --require-flags").exits(1).stderr
    };
    let missing = refused("none");
    assert!(missing.contains(&format!("Secret {} is not there", name("none"))), "{missing}");
    let token = format!("--from-literal=token={TOKEN}");
    dev.namespace.kubectl(["create", "secret", "generic", "bare", &token]).succeeds();
    let bare = refused("bare");
    let says = format!("Secret {} does not say by its member url", name("bare"));
    assert!(bare.contains(&says), "{bare}");
    assert!(!dev.flipt.has_seen(TOKEN));
}

#[test]
fn a_secret_without_a_namespace_is_the_stores() {
    let dev = dev(FliptStandIn::url);
    dev.add_source("dev", &dev.flipt.url(), &["--secret", "flipt"]).exits(0);
    let refused = dev.plugin("capture --require-flags").exits(1);
    let says = format!("Secret {}/flipt is not there", dev.namespace.store());
    assert!(refused.stderr.contains(&says), "{}", refused.transcript());
    let (token, url) = (
        format!("--from-literal=token={TOKEN}"),
        format!("--from-literal=url={}", dev.flipt.url()),
    );
    let store = dev.namespace.store();
    let create = ["create", "secret", "generic", "flipt", "-n", store, &token, &url];
    dev.namespace.cluster().kubectl(create).succeeds();
    dev.plugin("capture --require-flags").exits(0);
}
