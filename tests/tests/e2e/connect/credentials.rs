//! Credential plugins, as clouds have them.

use end_to_end::{Folder, Invocation, Namespace, Output, test};
use serde_json::{Value, json};

use super::{kubeconfig, token, with_snapshot, write};

/// Secret that must never be printed.
const SECRET: &str = "s3cr3t-of-the-plugin";

/// A run of the plugin, whose user's credentials come from a script.
fn run(dev: &Namespace, folder: &Folder, script: &str, settings: &Value) -> Invocation {
    folder.write("corp-login", format!("#!/bin/sh\n{script}\n"));
    let chmod = dev.cluster().command("chmod", ["+x", "corp-login"]);
    chmod.current_dir(folder.path()).succeeds();
    let mut exec = json!({
        "apiVersion": "client.authentication.k8s.io/v1",
        "command": "./corp-login",
        "env": [{"name": "CORP_SECRET", "value": SECRET}],
        "interactiveMode": "Never",
    });
    exec.as_object_mut().unwrap().extend(settings.as_object().unwrap().clone());
    let mut file = kubeconfig();
    file["users"] = json!([{"name": "admin", "user": {"exec": exec}}]);
    let path = write(folder, "config", &file);
    dev.plugin(["list", "-o", "name"]).env("KUBECONFIG", path)
}

/// A run without what differs between two.
fn shown(output: &Output, folder: &Folder) -> String {
    output.transcript().replace(&format!("{}/.", folder.path().display()), "[folder]")
}

fn credential(token: &str) -> String {
    let credential = json!({
        "apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential",
        "status": {"token": token},
    });
    format!("echo '{credential}'")
}

#[test]
fn a_plugin_gives_a_token() {
    let dev = with_snapshot();
    let folder = Folder::new(dev.cluster());
    let list = run(&dev, &folder, &credential(&token("admin")), &json!({}));
    assert_eq!(list.succeeds().stdout, "rel-41\n");
    // It is told which cluster it is for, where it asks.
    let script =
        format!("test -n \"$KUBERNETES_EXEC_INFO\" || exit 7\n{}", credential(&token("reader")));
    let list = run(&dev, &folder, &script, &json!({"provideClusterInfo": true})).exits(1);
    assert!(list.stderr.contains("Error from server (Forbidden)"), "{}", list.stderr);
    assert!(list.stderr.contains("User \"reader\""), "{}", list.stderr);
}

#[test]
fn a_plugin_that_fails_is_heard() {
    let dev = with_snapshot();
    let folder = Folder::new(dev.cluster());
    let script = format!("echo {SECRET}\necho 'session expired, run: corp login' >&2; exit 3");
    let failed = run(&dev, &folder, &script, &json!({})).exits(1);
    insta::assert_snapshot!(shown(&failed, &folder), @r"
    $ kubectl snapshot list -o name
    exit: 1
    -- stderr --
    error: kubeconfig: the credential plugin [folder]/corp-login failed (exit status: 3): session expired, run: corp login
    ");
    // One that may ask has the terminal, and says it there.
    let asking = run(&dev, &folder, &script, &json!({"interactiveMode": "IfAvailable"})).exits(1);
    insta::assert_snapshot!(shown(&asking, &folder), @r"
    $ kubectl snapshot list -o name
    exit: 1
    -- stderr --
    session expired, run: corp login
    error: kubeconfig: the credential plugin [folder]/corp-login failed (exit status: 3)
    ");
    for said in [failed, asking] {
        assert!(!said.transcript().contains(SECRET), "{}", said.transcript());
    }
}

#[test]
fn a_plugin_that_is_none() {
    let dev = with_snapshot();
    let folder = Folder::new(dev.cluster());
    let none = run(&dev, &folder, &format!("echo {SECRET}: [{SECRET}"), &json!({})).exits(1);
    insta::assert_snapshot!(shown(&none, &folder), @r"
    $ kubectl snapshot list -o name
    exit: 1
    -- stderr --
    error: kubeconfig: the credential plugin [folder]/corp-login printed something else than an ExecCredential
    ");
    assert!(!none.transcript().contains(SECRET), "{}", none.transcript());
    let hint =
        json!({"command": "corp-no-such-login", "installHint": "get it at corp.example/login"});
    let missing = run(&dev, &folder, "", &hint).exits(1);
    insta::assert_snapshot!(shown(&missing, &folder), @r"
    $ kubectl snapshot list -o name
    exit: 1
    -- stderr --
    error: kubeconfig: the credential plugin corp-no-such-login cannot be run: No such file or directory (os error 2); get it at corp.example/login
    ");
}

#[test]
fn a_token_is_taken_as_kubectl_takes_it_and_never_shown() {
    let dev = with_snapshot();
    let folder = Folder::new(dev.cluster());
    let run = |user: &Value| {
        let mut file = kubeconfig();
        file["users"] = json!([{"name": "admin", "user": user}]);
        let path = write(&folder, "config", &file);
        dev.plugin(["list", "-o", "name"]).env("KUBECONFIG", path)
    };
    let path = folder.path().join("token");
    let token_file = json!({"tokenFile": path});
    for (before, after) in [("", ""), ("", "\n"), (" ", "\r\n\n")] {
        folder.write("token", format!("{before}{}{after}", token("admin")));
        assert_eq!(run(&token_file).succeeds().stdout, "rel-41\n");
    }
    // What no header can hold, whatever way it comes.
    let broken = format!("{SECRET}\nmore");
    folder.write("token", &broken);
    let script = credential(&broken.replace('\n', "\\n"));
    let plugin = self::run(&dev, &folder, &script, &json!({}));
    let flag = dev.plugin(["list", "--token", &broken]);
    // One after the other: each has the kubeconfig to itself.
    let plugin = plugin.exits(1);
    let flag = flag.exits(1);
    for refused in
        [plugin, flag, run(&token_file).exits(1), run(&json!({"token": broken})).exits(1)]
    {
        assert!(refused.stderr.contains("no HTTP header can hold"), "{}", refused.transcript());
        assert!(!refused.stderr.contains(SECRET), "{}", refused.transcript());
        assert_eq!(refused.stderr.lines().count(), 1, "{}", refused.transcript());
    }
}

#[test]
fn a_mistake_in_a_kubeconfig_and_an_address_show_no_credential() {
    let dev = with_snapshot();
    let folder = Folder::new(dev.cluster());
    let users = format!(
        "users:\n- {{name: a, user: {{token: {SECRET}-1}}}}\n- {{name: b, user: {{token: {{x: 1}}}}}}\n- {{name: c, user: {{token: {SECRET}-2}}}}\n"
    );
    folder.write("config", &users);
    let config = folder.path().join("config").display().to_string();
    let server = format!("https://anna:{SECRET}@127.0.0.1:1");
    for line in [vec!["--kubeconfig", &config], vec!["--server", &server]] {
        for command in ["list", "doctor"] {
            let line = [command].into_iter().chain(line.iter().copied());
            let output = dev.plugin(line).exits(1);
            let said = format!("{}{}", output.stdout, output.stderr);
            assert!(!said.contains(SECRET), "{said}");
        }
    }
    let told = dev.plugin(["list", "--kubeconfig", &config]).exits(1).stderr;
    assert!(told.contains("line 3, column 27 is not what belongs there"), "{told}");
    assert_eq!(told.lines().count(), 1, "{told}");
}
