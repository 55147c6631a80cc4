//! The program in `control-plane/` that starts control planes.

use std::collections::HashMap;
use std::env;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{Mutex, OnceLock};

use crate::offline;

/// A driver that serves a control plane until this process ends.
///
/// Nobody has to end it: it lives for as long as the other end of its stdin is
/// open, and the kernel closes that when this process dies, however it dies.
#[derive(Debug)]
pub struct Driver {
    process: Mutex<Child>,
    answers: Mutex<BufReader<ChildStdout>>,
}

impl Driver {
    /// The driver's executable, freshly built: once Go has compiled it, that
    /// takes well under a second.
    ///
    /// # Panics
    /// Where Go is missing or the driver does not compile.
    pub fn program() -> &'static Path {
        static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
        offline::assert_allowed("the driver of control planes");
        PROGRAM.get_or_init(|| {
            let program = build_folder().join("control-plane");
            let built = Command::new("go")
                .args(["build", "-C", concat!(env!("CARGO_MANIFEST_DIR"), "/control-plane")])
                // Whose commit it is does not matter, and finding out can fail.
                .args(["-buildvcs=false", "-o"])
                .arg(&program)
                .arg(".")
                .status();
            match built {
                Ok(status) if status.success() => program,
                Ok(status) => panic!("go build of tests/control-plane: {status}"),
                Err(error) => panic!(
                    "end-to-end tests build their control plane with Go 1.26 or newer, \
                     see https://go.dev/dl: {error}"
                ),
            }
        })
    }

    /// Starts a control plane; returns its driver and the environment that
    /// commands need to use it.
    pub(crate) fn serve() -> (Self, HashMap<String, String>) {
        let mut process = Command::new(Self::program())
            .arg("serve")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the driver that was just built starts");
        let stdout = process.stdout.take().expect("stdout is piped");
        let mut answers = BufReader::new(stdout);
        let environment: HashMap<_, _> = answers
            .by_ref()
            .lines()
            .map_while(Result::ok)
            .take_while(|line| !line.is_empty())
            .filter_map(|line| line.split_once('=').map(|(n, v)| (n.to_owned(), v.to_owned())))
            .collect();
        assert!(!environment.is_empty(), "the control plane did not start; stderr says why");
        (Self { process: Mutex::new(process), answers: Mutex::new(answers) }, environment)
    }

    /// Has the API server killed and started again, and waits until it is healthy.
    pub(crate) fn restart_api_server(&self) {
        let wish = "restart kube-apiserver";
        let mut process = self.process.lock().expect("nobody panics with it");
        let stdin = process.stdin.as_mut().expect("stdin is piped");
        writeln!(stdin, "{wish}").expect("the driver lives");
        let mut answer = String::new();
        let mut answers = self.answers.lock().expect("nobody panics with it");
        answers.read_line(&mut answer).expect("the driver answers");
        assert_eq!(answer.trim_end(), format!("{wish}: done"));
    }
}

/// The folder where cargo puts executables.
pub(crate) fn build_folder() -> PathBuf {
    let test = env::current_exe().expect("a test knows its executable");
    test.parent().and_then(Path::parent).expect("it is in target/<profile>/deps").to_owned()
}
