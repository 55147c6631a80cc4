//! Ctrl-C, while something is under way.

use std::net::TcpListener;

use end_to_end::{TestEnvironment, test};

#[test]
fn while_a_server_takes_its_time() {
    // It accepts, and never says a word.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = format!("http://{}", silent.local_addr().unwrap());
    let environment = TestEnvironment::new();
    let capture = environment.plugin(["capture", "rel-42", "--server", &server]).start();
    let _connection = silent.accept().unwrap();
    capture.interrupt();
    let output = capture.finish();
    insta::assert_snapshot!(output, @r"
    $ kubectl snapshot capture rel-42 --server http://127.0.0.1:[port]
    exit: 130
    -- stderr --
    error: interrupted
    ");
}
