//! `PostgreSQL`, whose one database is empty: the tester's own program, in a folder of its own.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use std::{env, fs};

use tempfile::TempDir;

use super::Missing;
use super::tied::{End, Tied, only};
use crate::process;

/// The one user of the database.
pub(super) const USER: &str = "unleash";
/// Database that is there from the beginning.
pub(super) const DATABASE: &str = "postgres";

/// Time that making a database may take.
const A_DATABASE: Duration = Duration::from_mins(2);

/// Programs of `PostgreSQL`, and the user that they run as.
#[derive(Debug)]
pub(super) struct Programs {
    folder: PathBuf,
    account: Option<Account>,
}

/// Numbers of a user of this machine and of the group.
#[derive(Debug)]
struct Account {
    user: String,
    group: String,
}

impl Programs {
    /// Those of the newest version.
    pub(super) fn find() -> Result<Self, Missing> {
        let has_all = |folder: &PathBuf| {
            ["initdb", "postgres"].iter().all(|program| folder.join(program).is_file())
        };
        let folder = folders().into_iter().find(has_all);
        let folder = folder
            .ok_or_else(|| Missing("PostgreSQL's initdb and postgres are not there".to_owned()))?;
        Ok(Self { folder, account: account()? })
    }

    /// The words of a command line that runs a program.
    fn words(&self, program: &str) -> Vec<OsString> {
        let mut words = Vec::new();
        if let Some(Account { user, group }) = &self.account {
            words.extend(["setpriv".into(), "--clear-groups".into()]);
            words.extend([format!("--reuid={user}").into(), format!("--regid={group}").into()]);
        }
        words.push(self.folder.join(program).into());
        words
    }

    /// Gives a folder to the user that they run as.
    fn give(&self, folder: &Path) {
        if let Some(Account { user, group }) = &self.account {
            let given = Command::new("chown").arg(format!("{user}:{group}")).arg(folder).status();
            assert!(given.is_ok_and(|status| status.success()), "root can give a folder away");
        }
    }
}

/// Folders where the programs can be: Debian keeps those of servers out of PATH.
fn folders() -> Vec<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<PathBuf> = versions.map(|version| version.path()).collect();
    let number = |path: &PathBuf| path.file_name()?.to_str()?.parse::<u32>().ok();
    versions.sort_by_key(number);
    let debian = versions.into_iter().rev().map(|version| version.join("bin"));
    let path = env::var_os("PATH").unwrap_or_default();
    debian.chain(env::split_paths(&path)).collect()
}

/// Another user where this is root, whom `PostgreSQL` refuses.
fn account() -> Result<Option<Account>, Missing> {
    if id(&["-u"]).as_deref() != Some("0") {
        return Ok(None);
    }
    let of = |name| Some(Account { user: id(&["-u", name])?, group: id(&["-g", name])? });
    let other = ["postgres", "nobody"].into_iter().find_map(of);
    let other = other.filter(|_| Command::new("setpriv").arg("--version").output().is_ok());
    let why = "PostgreSQL does not run as root, and nobody else can be had with setpriv";
    other.map(Some).ok_or_else(|| Missing(why.to_owned()))
}

/// Answer of `id`, if it has one.
fn id(arguments: &[&str]) -> Option<String> {
    let output = Command::new("id").args(arguments).output().ok()?;
    let printed = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    output.status.success().then_some(printed)
}

/// A server that listens on a socket in its folder alone.
#[derive(Debug)]
pub(super) struct Postgres {
    // Ended before its folder is removed.
    _server: Tied,
    folder: TempDir,
}

impl Postgres {
    /// Makes a database, and starts a server for it.
    pub(super) fn start(programs: &Programs) -> Self {
        let folder = tempfile::Builder::new().prefix("unleash-").tempdir();
        let folder = folder.expect("the temporary folder is writable");
        programs.give(folder.path());
        initialise(programs, folder.path());
        let mut words = programs.words("postgres");
        words.extend(["-D".into(), folder.path().join("data").into()]);
        words.extend(["-k".into(), folder.path().into()]);
        // Not by TCP, and -F: nobody minds if a crash of the machine destroys it.
        words.extend(["-c", "listen_addresses=", "-F"].map(OsString::from));
        // The quick end, which leaves the data as they are. The shell removes the folder too:
        // where this process is killed, nobody else does.
        let end = End { signal: "QUIT", removes: Some(folder.path()) };
        let mut server = Tied::start("postgres", folder.path(), words, &[], end);
        server.wait_for(|log| log.contains("ready to accept connections").then_some(()));
        Self { _server: server, folder }
    }

    /// The folder of its socket, which is its address, and of the logs.
    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// Makes the files of a database in a folder.
fn initialise(programs: &Programs, folder: &Path) {
    let words = programs.words("initdb");
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]).arg("-D").arg(folder.join("data")).current_dir(folder);
    // Whoever reaches the socket is trusted: the folder is closed to others.
    command.args(["-U", USER, "--auth=trust", "--no-sync", "--locale=C", "--encoding=UTF8"]);
    only(&mut command, &[]);
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let ended = process::finish(child.expect("it is there"), Some(String::new()), A_DATABASE);
    assert_eq!(ended.exit, Some(0), "initdb: {}{}", ended.stdout, ended.stderr);
}
