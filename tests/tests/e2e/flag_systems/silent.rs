//! Flag systems that do not answer: their flags are unknown, and nobody is stopped but who asks
//! for that.

use std::net::TcpListener;

use end_to_end::{FliptStandIn, Output, test};

use super::{Place, tax_call};

const TOKEN: &str = "flipt-token-4711-secret";

/// Captures as `dev` with a token, and expects that only the flags are unknown, and why.
#[track_caller]
fn assert_unknown(dev: &Place, says: &str) -> Output {
    let with_token = |line: &str| dev.plugin(line).env("KUBECTL_SNAPSHOT_TOKEN_DEV", TOKEN);
    let output = with_token("capture -v -v --force rel-42 -o json").exits(0);
    let told = output.stderr.lines().any(|line| {
        line.contains("Warning: the flags of dev are unknown: ") && line.contains(says)
    });
    assert!(told, "{}", output.transcript());
    let spec = &output.json()["spec"];
    assert!(spec.to_string().contains("flag source dev did not answer"), "{spec:#}");
    let refused = with_token("capture -v -v --force rel-43 --require-flags").run();
    assert!([1, 7].contains(&refused.exit), "{}", refused.transcript());
    let sentence = refused.stderr.lines().find(|line| line.starts_with("error: "));
    let sentence = sentence.unwrap_or_default();
    assert!(
        sentence.contains("flag source dev") && sentence.contains(says),
        "{}",
        refused.transcript()
    );
    assert!(dev.plugin("get rel-43").run().exit == 1, "it was stored");
    for one in [&output, &refused] {
        assert!(!one.transcript().contains(TOKEN), "{}", one.transcript());
    }
    refused
}

fn dev() -> Place {
    let dev = Place::new("dev");
    dev.flipt.set_flag("default", "tax-call", tax_call(true));
    dev
}

#[test]
fn nobody_listens() {
    let dev = dev();
    // A port that was free a moment ago.
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let address = listener.local_addr().expect("it is bound");
    drop(listener);
    let url = format!("http://{address}");
    // It is added all the same.
    let added = dev.add_source("dev", &url, &["--force"]).exits(0);
    assert!(added.stderr.contains("cannot be reached"), "{}", added.transcript());
    let refused = assert_unknown(&dev, "cannot be reached: Connection refused");
    assert_eq!(refused.exit, 1);
}

#[test]
fn a_proxy_answers_in_its_place() {
    let dev = dev();
    dev.flipt.be_unavailable();
    let refused = assert_unknown(&dev, "it answers 503: no healthy upstream");
    assert_eq!(refused.exit, 1);
    assert!(dev.flipt.has_seen(TOKEN), "the token was sent to where it belongs");
}

#[test]
fn a_login_page_is_named_by_its_host_and_not_followed() {
    let dev = dev();
    dev.flipt.redirect_to_login();
    let refused = assert_unknown(&dev, "it answers with a redirect to sso.example, ");
    assert_eq!(refused.exit, 1);
    assert!(!refused.stderr.contains("hunter2"), "{}", refused.transcript());
}

#[test]
fn a_token_that_is_not_known_is_told_and_not_shown() {
    let flipt = FliptStandIn::with_token("another");
    let dev =
        Place::of(end_to_end::Namespace::new(end_to_end::Cluster::shared(), "dev"), flipt, "dev");
    dev.flipt.set_flag("default", "tax-call", tax_call(true));
    let refused = assert_unknown(&dev, "it does not know the token (401)");
    assert_eq!(refused.exit, 1);
    // It is Flipt that is asked.
    assert!(!refused.stderr.contains("Unleash"), "{}", refused.transcript());
    assert!(refused.stderr.contains("KUBECTL_SNAPSHOT_TOKEN_DEV"), "{}", refused.transcript());
    let without = dev.plugin("capture --require-flags").exits(1);
    let says = "it wants a token, and none is known";
    assert!(without.stderr.contains(says), "{}", without.transcript());
    assert!(without.stderr.contains("KUBECTL_SNAPSHOT_TOKEN_DEV"), "{}", without.transcript());
    let known = dev.plugin("capture --require-flags").env("KUBECTL_SNAPSHOT_TOKEN_DEV", "another");
    assert_eq!(known.exits(0).json()["spec"]["flags"]["tax-call"]["value"], true);
}

#[test]
fn one_that_says_nothing_is_waited_for_no_longer_than_allowed() {
    let dev = dev();
    dev.flipt.stay_silent(1);
    let output = dev.plugin("capture --request-timeout 2s").exits(0);
    let says = "the flags of dev are unknown: ";
    assert!(output.stderr.contains(says), "{}", output.transcript());
    assert!(output.stderr.contains("it takes too long to answer"), "{}", output.transcript());
    dev.flipt.stay_silent(1);
    dev.plugin("capture --require-flags --request-timeout 2s").exits(7);
    assert_eq!(dev.captured()["spec"]["flags"]["tax-call"]["value"], true);
}
