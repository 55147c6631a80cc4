//! No cluster, or no answer.

use std::net::TcpListener;

use end_to_end::{TAX, TestEnvironment, test};

#[test]
fn no_kubeconfig_at_all() {
    let environment = TestEnvironment::new();
    environment.write("tax.yaml", TAX);
    let run = |words: &str| environment.plugin(words.split(' ')).env("KUBECONFIG", "");
    insta::assert_snapshot!(run("list").run(), @r"
    $ kubectl snapshot list
    exit: 1
    -- stderr --
    error: no cluster: there is no kubeconfig with a context
    hint: set KUBECONFIG, or name one with --kubeconfig or --context
    ");
    insta::assert_snapshot!(run("diff ./tax.yaml").run(), @r"
    $ kubectl snapshot diff ./tax.yaml
    exit: 2
    -- stderr --
    error: no cluster: there is no kubeconfig with a context
    hint: set KUBECONFIG, or name one with --kubeconfig or --context
    ");
    // Files alone need none.
    run("diff ./tax.yaml ./tax.yaml").succeeds();
    run("capture rel-42 --from ./tax.yaml --store snapshots").succeeds();
}

#[test]
fn a_kubeconfig_that_is_not_there() {
    let environment = TestEnvironment::new();
    insta::assert_snapshot!(environment.plugin(["list", "--kubeconfig", "./config"]).run(), @r"
    $ kubectl snapshot list --kubeconfig ./config
    exit: 1
    -- stderr --
    error: kubeconfig: ./config cannot be read: No such file or directory (os error 2)
    ");
}

#[test]
fn a_server_that_does_not_answer() {
    // Nobody listens there any more.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let server = format!("https://127.0.0.1:{port}");
    let environment = TestEnvironment::new();
    for command in ["list", "capture"] {
        let output = environment.plugin([command, "--server", &server]).exits(1);
        insta::allow_duplicates! {
            insta::assert_snapshot!(output.to_string().split_once('\n').unwrap().1, @r"
            exit: 1
            -- stderr --
            error: Unable to connect to the server https://127.0.0.1:[port]: Connection refused (os error 111)
            hint: is it running, and is this the right context?
            ");
        }
    }
    // The message tells the innermost cause; who asks for more is told the others, too.
    let list = environment.plugin(["list", "--server", &server, "-v"]).exits(1);
    let causes: Vec<&str> =
        list.stderr.lines().filter_map(|line| line.strip_prefix("caused by: ")).collect();
    assert!(causes.contains(&"client error (Connect)"), "{list}");
    assert_eq!(causes.last(), Some(&"Connection refused (os error 111)"), "{list}");
}

#[test]
fn a_server_that_never_answers() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = format!("https://{}", silent.local_addr().unwrap());
    let environment = TestEnvironment::new();
    let list = ["list", "--server", &server, "--request-timeout", "1s"];
    let output = environment.plugin(list).exits(1);
    insta::assert_snapshot!(output.to_string().split_once('\n').unwrap().1, @r"
    exit: 1
    -- stderr --
    error: Unable to connect to the server https://127.0.0.1:[port]: deadline has elapsed
    hint: is it running? --request-timeout says how long to wait
    ");
}
