//! Proxies, of the kubeconfig and of the environment.

use end_to_end::{Folder, Proxy, test};
use serde_json::{Value, json};

use super::{kubeconfig, with_snapshot, write};

/// The cluster under a name that only a proxy knows: the certificate has it, no name server does.
fn behind_proxy() -> (Value, String) {
    let mut file = kubeconfig();
    let cluster = &mut file["clusters"][0]["cluster"];
    let port = cluster["server"].as_str().unwrap().rsplit_once(':').unwrap().1.to_owned();
    let name = format!("kubernetes.default.svc:{port}");
    cluster["server"] = format!("https://{name}").into();
    (file, name)
}

#[test]
fn the_kubeconfigs_proxy() {
    let dev = with_snapshot();
    let folder = Folder::new(dev.cluster());
    let (mut file, name) = behind_proxy();
    let proxy = Proxy::new();
    file["clusters"][0]["cluster"]["proxy-url"] = json!(format!("http://{}", proxy.address()));
    let path = write(&folder, "config", &file);
    let list = || dev.plugin(["list", "-o", "name"]).env("KUBECONFIG", &path);
    assert_eq!(list().succeeds().stdout, "rel-41\n");
    assert_eq!(proxy.asked(), std::slice::from_ref(&name));
    // As kubectl has it: the environment does not take it away.
    assert_eq!(list().env("NO_PROXY", "*").succeeds().stdout, "rel-41\n");
    assert_eq!(proxy.asked(), [name.clone(), name]);
}

#[test]
fn the_environments_proxy() {
    let dev = with_snapshot();
    let folder = Folder::new(dev.cluster());
    let (file, name) = behind_proxy();
    let path = write(&folder, "config", &file);
    let proxy = Proxy::new();
    for (variable, address) in [
        ("HTTPS_PROXY", format!("http://{}", proxy.address())),
        ("https_proxy", proxy.address().to_owned()),
    ] {
        let list = dev.plugin(["list", "-o", "name"]).env("KUBECONFIG", &path);
        let list = list.env(variable, &address).env("NO_PROXY", "10.0.0.0/8,.corp.example");
        assert_eq!(list.succeeds().stdout, "rel-41\n", "{variable}");
    }
    assert_eq!(proxy.asked(), [name.clone(), name]);
    // What is excepted is not found without it.
    let list = dev.plugin(["list"]).env("KUBECONFIG", &path);
    let list = list.env("HTTPS_PROXY", proxy.address()).env("NO_PROXY", "localhost, .svc");
    let stderr = list.exits(1).stderr;
    assert!(
        stderr.contains("Unable to connect to the server https://kubernetes.default.svc"),
        "{stderr}"
    );
    // A cluster on this machine is not looked for elsewhere.
    let proxy = Proxy::new();
    dev.plugin(["list"]).env("HTTPS_PROXY", proxy.address()).succeeds();
    assert_eq!(proxy.asked(), Vec::<String>::new());
}

#[test]
fn a_proxy_that_wants_a_password() {
    let dev = with_snapshot();
    let folder = Folder::new(dev.cluster());
    // `ada:open sesame`, as the header carries it.
    let proxy = Proxy::asking_for("Basic YWRhOm9wZW4gc2VzYW1l");
    let list = |password: &str| {
        let (mut file, _) = behind_proxy();
        let address = format!("http://ada:{password}@{}", proxy.address());
        file["clusters"][0]["cluster"]["proxy-url"] = json!(address);
        dev.plugin(["list"]).env("KUBECONFIG", write(&folder, "config", &file))
    };
    list("open%20sesame").succeeds();
    let refused = list("wrongly-guessed").exits(1);
    assert!(refused.stderr.contains("proxy"), "{}", refused.stderr);
    assert!(!refused.stderr.contains("guessed"), "{}", refused.stderr);
}
