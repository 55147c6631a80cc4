//! A proxy as companies have them: it answers CONNECT, and knows names that nobody else does.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

/// An HTTP proxy on a free loopback port. Whatever host it is asked for, it
/// connects to this machine, at the port that was named.
#[derive(Debug)]
pub struct Proxy {
    address: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// Starts one that anybody may use.
    ///
    /// # Panics
    /// Where no port can be had.
    #[must_use]
    pub fn new() -> Self {
        Self::with(None)
    }

    /// Starts one that wants this `Proxy-Authorization`.
    ///
    /// # Panics
    /// Where no port can be had.
    #[must_use]
    pub fn asking_for(authorization: &'static str) -> Self {
        Self::with(Some(authorization))
    }

    fn with(authorization: Option<&'static str>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
        let address = listener.local_addr().expect("it is bound").to_string();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&asked);
        // It ends with the process; whom it serves notices nothing earlier.
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let noted = Arc::clone(&noted);
                thread::spawn(move || drop(serve(client, authorization, &noted)));
            }
        });
        Self { address, asked }
    }

    /// `127.0.0.1:PORT`.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The hosts that it was asked for, with their ports.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Default for Proxy {
    fn default() -> Self {
        Self::new()
    }
}

fn serve(
    mut client: TcpStream,
    authorization: Option<&str>,
    asked: &Mutex<Vec<String>>,
) -> io::Result<()> {
    let mut reader = BufReader::new(client.try_clone()?);
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line == "\r\n" {
            break;
        }
        head.push(line.trim_end().to_owned());
    }
    let request = head.first().map(String::as_str).unwrap_or_default();
    let Some(host) = request.strip_prefix("CONNECT ").and_then(|rest| rest.split(' ').next())
    else {
        return client.write_all(b"HTTP/1.1 405 Method Not Allowed\r\n\r\n");
    };
    let has = |wanted: &str| {
        head.iter().any(|line| {
            line.split_once(": ").is_some_and(|(name, value)| {
                name.eq_ignore_ascii_case("proxy-authorization") && value == wanted
            })
        })
    };
    if !authorization.is_none_or(has) {
        return client.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    }
    asked.lock().unwrap_or_else(PoisonError::into_inner).push(host.to_owned());
    let port = host.rsplit_once(':').map_or("443", |(_, port)| port);
    let server = TcpStream::connect(format!("127.0.0.1:{port}"))?;
    client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
    let (to_server, mut from_server) = (server.try_clone()?, server);
    let upwards = thread::spawn(move || copy(reader, to_server));
    copy(&mut from_server, client)?;
    drop(upwards.join());
    Ok(())
}

/// Copies until one side ends, and tells the other.
fn copy(mut from: impl Read, mut to: TcpStream) -> io::Result<()> {
    let copied = io::copy(&mut from, &mut to);
    to.shutdown(Shutdown::Write)?;
    copied.map(drop)
}
