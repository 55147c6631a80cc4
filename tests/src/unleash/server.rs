//! Unleash's server, which npm installs.

use std::env;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::tied::{End, Tied};
use super::{Missing, client, postgres};
use crate::process;

/// Version that is installed: later ones want a later Node.js than Debian's.
const VERSION: &str = "7.5.1";
/// Node.js that it needs at least.
const NODE: u32 = 20;

/// Token that may do everything.
pub(super) const ADMIN_TOKEN: &str = "*:*.unleash-admin";

/// Time that npm may take.
const AN_INSTALLATION: Duration = Duration::from_mins(10);

/// Token of a service in an environment.
pub(super) fn backend_token(environment: &str) -> String {
    format!("default:{environment}.unleash-{environment}")
}

/// Folder with the server's code and all that it needs.
#[derive(Debug)]
pub(super) struct Installation(PathBuf);

impl Installation {
    /// The one in the user's cache folder; made there where there is none.
    pub(super) fn get() -> Result<Self, Missing> {
        check_node()?;
        let tools = cache().ok_or_else(|| Missing("there is no home folder".to_owned()))?;
        let home = tools.join(format!("unleash-server-{VERSION}"));
        if !home.exists() {
            install(&tools, &home)?;
        }
        Ok(Self(home))
    }
}

fn check_node() -> Result<(), Missing> {
    let output = Command::new("node").arg("--version").output();
    let output = output.map_err(|_| Missing("there is no node".to_owned()))?;
    let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let major = version.trim_start_matches('v').split('.').next().and_then(|it| it.parse().ok());
    if major.is_some_and(|major: u32| major >= NODE) {
        return Ok(());
    }
    Err(Missing(format!("node is {version}, and Unleash {VERSION} needs {NODE} or newer")))
}

/// Folder in which the Makefile keeps its tools, too.
fn cache() -> Option<PathBuf> {
    let base = match env::var_os("XDG_CACHE_HOME").filter(|path| !path.is_empty()) {
        Some(path) => PathBuf::from(path),
        None => env::home_dir()?.join(".cache"),
    };
    Some(base.join("kubectl-snapshot/tools"))
}

/// Has npm install it beside its place, to which it is moved as a whole.
fn install(tools: &Path, home: &Path) -> Result<(), Missing> {
    let failed = |error: io::Error| Missing(format!("{}: {error}", tools.display()));
    fs::create_dir_all(tools).map_err(failed)?;
    // Another test, or another run, may be at it.
    let lock = File::create(tools.join("unleash-server.lock")).map_err(failed)?;
    lock.lock().map_err(failed)?;
    if home.exists() {
        return Ok(());
    }
    // Not by `eprintln!`, which a test that passes keeps to itself.
    let _ = writeln!(io::stderr(), "installing unleash-server {VERSION}; once, about a minute");
    let unfinished = tools.join("unleash-server.unfinished");
    // An installation that was killed has left it.
    let _ = fs::remove_dir_all(&unfinished);
    fs::create_dir(&unfinished).map_err(failed)?;
    run_npm(&unfinished)?;
    fs::rename(&unfinished, home).map_err(failed)
}

fn run_npm(folder: &Path) -> Result<(), Missing> {
    let mut npm = Command::new("npm");
    npm.args(["install", &format!("unleash-server@{VERSION}")])
        // No program of a package runs: it needs none of them.
        .args(["--ignore-scripts", "--no-audit", "--no-fund", "--prefix"])
        .arg(folder)
        .current_dir(folder);
    let child = npm.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let child = child.map_err(|_| Missing("there is no npm".to_owned()))?;
    let ended = process::finish(child, Some(String::new()), AN_INSTALLATION);
    if ended.exit == Some(0) {
        return Ok(());
    }
    let said = ended.stderr.lines().find(|line| line.starts_with("npm error"));
    let said = said.unwrap_or("it took too long");
    Err(Missing(format!("npm cannot install unleash-server {VERSION}: {said}")))
}

/// A running server.
#[derive(Debug)]
pub(super) struct Server {
    address: String,
    _process: Tied,
}

impl Server {
    /// Starts one with a database, by the folder of the database's socket.
    pub(super) fn start(installation: &Installation, database: &Path) -> Self {
        let code = installation.0.join("node_modules/unleash-server/dist/server.js");
        let backend_tokens = ["development", "production"].map(backend_token).join(",");
        let text = |text: &'static str| OsStr::new(text);
        let variables = [
            ("HTTP_HOST", text("127.0.0.1")),
            // The system chooses a free port, and the log says which.
            ("HTTP_PORT", text("0")),
            ("LOG_LEVEL", text("info")),
            ("DATABASE_HOST", database.as_os_str()),
            ("DATABASE_USERNAME", text(postgres::USER)),
            ("DATABASE_PASSWORD", text("none")),
            ("DATABASE_NAME", text(postgres::DATABASE)),
            ("DATABASE_SSL", text("false")),
            ("INIT_ADMIN_API_TOKENS", text(ADMIN_TOKEN)),
            ("INIT_BACKEND_API_TOKENS", OsStr::new(&backend_tokens)),
            // It asks nobody outside.
            ("CHECK_VERSION", text("false")),
            ("SEND_TELEMETRY", text("false")),
        ];
        let words = [OsStr::new("node"), code.as_os_str()];
        // There is nothing that it would have to bring in order.
        let end = End { signal: "KILL", removes: None };
        let mut process = Tied::start("unleash", database, words, &variables, end);
        let address = process.wait_for(healthy);
        Self { address, _process: process }
    }

    /// Address that it listens on: `127.0.0.1:PORT`.
    pub(super) fn address(&self) -> &str {
        &self.address
    }
}

/// The address that a log tells, once the server there is healthy.
fn healthy(log: &str) -> Option<String> {
    let (_, started) = log.split_once("Unleash has started.")?;
    let (_, port) = started.split_once("port: ")?;
    let (port, _) = port.split_once(' ')?;
    let address = format!("127.0.0.1:{port}");
    let answer = client::send(&address, "", "GET", "/health", None).ok()?;
    (answer.0 == 200).then_some(address)
}
