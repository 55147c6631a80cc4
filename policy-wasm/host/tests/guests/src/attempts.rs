//! Attempts of a policy to reach the outside, with their results.

use std::net::{TcpStream, ToSocketAddrs, UdpSocket};

pub fn all() -> Vec<String> {
    let variables = std::env::vars().count();
    let arguments = std::env::args().count();
    let input = std::io::read_to_string(std::io::stdin());
    vec![
        format!("variables: {variables}, arguments: {arguments}"),
        format!("standard input: {:?}", input.map_err(|error| error.kind())),
        outcome("read a file", std::fs::read("/etc/passwd")),
        outcome("list a directory", std::fs::read_dir(".")),
        outcome("write a file", std::fs::write("left-behind", "x")),
        outcome("resolve a name", ("localhost", 80).to_socket_addrs()),
        outcome("connect", TcpStream::connect("127.0.0.1:80")),
        outcome("bind", UdpSocket::bind("127.0.0.1:0")),
    ]
}

fn outcome<T>(what: &str, result: std::io::Result<T>) -> String {
    format!("{what}: {}", if result.is_ok() { "done" } else { "refused" })
}
