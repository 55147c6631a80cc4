//! An API server that fails where a test wants it to.
//!
//! The real one answers, through `kubectl proxy`; in front of it stands a
//! loopback proxy that answers chosen requests itself.

use std::{
    collections::BTreeSet,
    io::{self, BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

use crate::{Cluster, Invocation};

/// A request that is about to be made.
#[derive(Debug)]
pub struct ApiRequest {
    /// `GET`, `PATCH`, …
    pub method: String,
    /// The path and query.
    pub target: String,
}

impl ApiRequest {
    /// True if it reads a list, or watches one, of a namespace's resource.
    #[must_use]
    pub fn lists(&self, namespace: &str, resource: &str) -> bool {
        self.method == "GET" && self.is_about(namespace, resource)
    }

    /// True if it changes something that is kept; a review is only answered, and a trial only judged.
    #[must_use]
    pub fn writes(&self) -> bool {
        self.method != "GET" && !self.target.contains("reviews") && !self.is_trial()
    }

    /// True if it changes something by that method, and it is kept.
    #[must_use]
    pub fn writes_by(&self, method: &str) -> bool {
        self.method == method && self.writes()
    }

    /// True if the server is to judge it, and to keep nothing.
    #[must_use]
    pub fn is_trial(&self) -> bool {
        self.target.contains("dryRun=")
    }

    /// True if it creates a namespace's resource.
    #[must_use]
    pub fn creates(&self, namespace: &str, resource: &str) -> bool {
        self.method == "POST" && self.is_about(namespace, resource)
    }

    fn is_about(&self, namespace: &str, resource: &str) -> bool {
        let path = self.target.split('?').next().unwrap_or_default();
        path.ends_with(&format!("/namespaces/{namespace}/{resource}"))
    }
}

/// The failure that a chosen request meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Answer with this HTTP status; the request is never made.
    Status(u16),
    /// Answer of a load balancer with this HTTP status, a page of HTML; the request is never made.
    Page(u16),
    /// Answer half a second late.
    Late,
    /// Answer that ends in its middle; the request is made.
    Cut,
    /// Answer that is no JSON; the request is made.
    Garbage,
    /// No answer for some seconds, and then the end of the connection; the request is never made.
    Silent,
    /// The connection ends without an answer; the request is never made.
    Dropped,
    /// The connection ends without an answer; the request is made.
    Lost,
}

type Choice = Box<dyn FnMut(&ApiRequest) -> Option<Fault> + Send>;

/// The API server of a cluster, as the administrator, with faults.
#[derive(Debug)]
pub struct FaultyApiServer {
    address: String,
    upstream: Child,
}

impl FaultyApiServer {
    /// Starts one that fails the requests for which `choose` returns a fault.
    /// It is asked in the order of the requests.
    ///
    /// # Panics
    /// Where it cannot be started.
    #[must_use]
    pub fn new(
        cluster: &Cluster,
        choose: impl FnMut(&ApiRequest) -> Option<Fault> + Send + 'static,
    ) -> Self {
        let (upstream, behind) = kubectl_proxy(cluster);
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
        let address = listener.local_addr().expect("it is bound").to_string();
        let choose: Arc<Mutex<Choice>> = Arc::new(Mutex::new(Box::new(choose)));
        // It ends with the process; whom it serves notices nothing earlier.
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (choose, behind) = (Arc::clone(&choose), behind.clone());
                thread::spawn(move || drop(serve(client, &behind, &choose)));
            }
        });
        Self { address, upstream }
    }

    /// Starts one where the first of all like requests that `is_chosen` names meets a fault.
    ///
    /// # Panics
    /// Where it cannot be started.
    #[must_use]
    pub fn once_each(
        cluster: &Cluster,
        fault: Fault,
        is_chosen: impl Fn(&ApiRequest) -> bool + Send + 'static,
    ) -> Self {
        let mut met = BTreeSet::new();
        Self::new(cluster, move |request| {
            let is_first =
                is_chosen(request) && met.insert((request.method.clone(), request.target.clone()));
            is_first.then_some(fault)
        })
    }

    /// Starts one that fails the requests that `is_chosen` names, once a
    /// workload or a ConfigMap has been changed through it.
    ///
    /// # Panics
    /// Where it cannot be started.
    #[must_use]
    pub fn after_the_first_patch(
        cluster: &Cluster,
        fault: Fault,
        is_chosen: impl Fn(&ApiRequest) -> bool + Send + 'static,
    ) -> Self {
        let mut has_patched = false;
        Self::new(cluster, move |request| {
            has_patched |= request.writes_by("PATCH");
            (has_patched && is_chosen(request)).then_some(fault)
        })
    }
}

impl Drop for FaultyApiServer {
    fn drop(&mut self) {
        let _ = self.upstream.kill();
        let _ = self.upstream.wait();
    }
}

impl Invocation {
    /// Runs against such a server.
    pub fn through(self, server: &FaultyApiServer) -> Self {
        self.hidden(["--server", &format!("http://{}", server.address)])
    }
}

/// The real API server without TLS and credentials, at a loopback port.
fn kubectl_proxy(cluster: &Cluster) -> (Child, String) {
    let mut child = Command::new(cluster.kubectl_program())
        .args(["proxy", "--port=0"])
        .env_clear()
        .env("KUBECONFIG", cluster.kubeconfig())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("kubectl can be started");
    let mut line = String::new();
    let stdout = child.stdout.take().expect("stdout is piped");
    BufReader::new(stdout).read_line(&mut line).expect("kubectl proxy says where it serves");
    let address = line.trim().rsplit(' ').next().unwrap_or_default().to_owned();
    assert!(address.starts_with("127.0.0.1:"), "kubectl proxy said: {line}");
    (child, address)
}

/// Serves one request: the connection ends with its answer.
fn serve(mut client: TcpStream, behind: &str, choose: &Mutex<Choice>) -> io::Result<()> {
    let mut reader = BufReader::new(client.try_clone()?);
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line == "\r\n" {
            break;
        }
        head.push(line.trim_end().to_owned());
    }
    let mut words = head.first().map(String::as_str).unwrap_or_default().split(' ');
    let (Some(method), Some(target)) = (words.next(), words.next()) else { return Ok(()) };
    let request = ApiRequest { method: method.to_owned(), target: target.to_owned() };
    let header = |name: &str| {
        head.iter().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then(|| value.to_owned())
        })
    };
    let length = header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let chosen = choose.lock().unwrap_or_else(PoisonError::into_inner)(&request);
    match chosen {
        Some(Fault::Status(code)) => return client.write_all(refusal(code).as_bytes()),
        Some(Fault::Page(code)) => {
            return client.write_all(answer(code, "text/html", "<html><b>gateway</b>").as_bytes());
        }
        Some(Fault::Dropped) => return Ok(()),
        Some(Fault::Silent) => {
            thread::sleep(SILENCE);
            return Ok(());
        }
        Some(Fault::Late) => thread::sleep(DELAY),
        Some(Fault::Lost | Fault::Cut | Fault::Garbage) | None => {}
    }
    let mut server = TcpStream::connect(behind)?;
    head.retain(|line| !line.to_ascii_lowercase().starts_with("connection:"));
    head.push("Connection: close".to_owned());
    server.write_all(format!("{}\r\n\r\n", head.join("\r\n")).as_bytes())?;
    server.write_all(&body)?;
    match chosen {
        Some(Fault::Lost) => io::copy(&mut server, &mut io::sink()).map(drop),
        Some(Fault::Cut) => {
            let mut whole = Vec::new();
            server.read_to_end(&mut whole)?;
            client.write_all(&whole[..whole.len() / 2])
        }
        Some(Fault::Garbage) => {
            io::copy(&mut server, &mut io::sink())?;
            client.write_all(answer(200, "application/json", "{\"kind\": garbage").as_bytes())
        }
        _ => io::copy(&mut server, &mut client).map(drop),
    }
}

/// Time for which a silent server keeps the connection: longer than any request may take.
const SILENCE: Duration = Duration::from_secs(8);
/// Time by which a late answer is late.
const DELAY: Duration = Duration::from_millis(500);

/// An API server's answer of that HTTP status.
fn refusal(code: u16) -> String {
    let reason = match code {
        401 => "Unauthorized",
        403 => "Forbidden",
        429 => "TooManyRequests",
        503 => "ServiceUnavailable",
        _ => "InternalError",
    };
    let status = serde_json::json!({
        "apiVersion": "v1", "kind": "Status", "status": "Failure", "code": code,
        "reason": reason, "message": "the test has chosen this request to fail",
    })
    .to_string();
    answer(code, "application/json", &status)
}

fn answer(code: u16, kind: &str, body: &str) -> String {
    let wait = if code == 429 { "Retry-After: 1\r\n" } else { "" };
    format!(
        "HTTP/1.1 {code} Status\r\nContent-Type: {kind}\r\n{wait}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}
